#pragma once

#include "wording.hpp"

#include <dialogferry/status/status.hpp>

#include <string>
#include <string_view>

namespace dialogferry::status::html {

/// Text as it may stand in an element or a quoted attribute.
std::string escape(std::string_view text);

/// `<tag>text</tag>`, escaped.
std::string element(std::string_view tag, std::string_view text);

/// `<time>` of a day or an instant, as the reader writes it.
std::string time(Day day, const Locale& locale);
std::string time(Instant at, const Locale& locale);

/// The page's style sheet.
std::string_view style();

// -- sections, each empty where there is nothing to show -----------------------------

std::string sources(const StatusModel& model, const Locale& locale);
std::string live(const StatusModel& model, const Locale& locale);
std::string days(const StatusModel& model, const Locale& locale);
std::string exceptions(const StatusModel& model, const Locale& locale);
std::string counts(const StatusModel& model, const Locale& locale);
std::string goals(const StatusModel& model, const Locale& locale);
std::string changelog(const StatusModel& model, const Locale& locale);
std::string notes(const StatusModel& model, const Locale& locale);
std::string words(const Locale& locale);

/// A table in a box that scrolls by itself: the caption, column headers, and the rows as `<tr>` elements.
std::string table(std::string_view caption, const std::vector<std::string>& headers, std::string_view rows,
                  std::string_view css_class = {});

} // namespace dialogferry::status::html
