#pragma once

#include <dialogferry/status/locale.hpp>
#include <dialogferry/status/status.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::status {

/// A piece of the page that changes by itself: the content of the element with `data-part="name"`.
struct Part {
  std::string name;
  std::string html;
  std::string version;  ///< changes with what it shows
  bool fetched = false; ///< too large to be sent: the page asks for it, and `html` is empty
};

/// `Status of migration to Dialogporten · All history …`
std::string page_title(const StatusModel& model, const Locale& locale);

/// What tells two versions of a text apart.
std::string version_of(std::string_view text);

/// All parts of the page in one language.
std::vector<Part> page_parts(const StatusModel& model, Language language);

/// The data of an event `page`: title, headline, and the parts of `now` that `before` has not or has
/// otherwise; all of them where it is empty. Empty where none is.
std::string page_event(const StatusModel& model, Language language, const std::vector<Part>& now,
                       const std::vector<Part>& before);

/// The days of one year of one row: cells by month, and a table.
struct YearPage {
  std::string html;
  std::string version;
};
YearPage year_part(const RowStatus& row, int year, Language language);

/// The same as a page of its own, for readers without scripts.
std::string render_year(const StatusModel& model, const RowStatus& row, int year, Language language);

} // namespace dialogferry::status
