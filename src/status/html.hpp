#pragma once

#include "parts.hpp"
#include "wording.hpp"

#include <dialogferry/status/status.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::status::html {

/// Text as it may stand in an element or a quoted attribute.
std::string escape(std::string_view text);

/// `<tag>text</tag>`, escaped.
std::string element(std::string_view tag, std::string_view text);

/// `<time>` of a day or an instant, as the reader writes it.
std::string time(Day day, const Locale& locale);
std::string time(Instant at, const Locale& locale);

/// The sign of a state in its colour.
std::string mark(RowState state);

/// `<h2 id="NAME-h">text</h2>`
std::string heading(std::string_view name, std::string_view text);

/// A list of names and values.
std::string figures(const std::vector<Figure>& figures, std::string_view css_class);

/// A table in a box that scrolls by itself: the caption, column headers, and the rows as `<tr>` elements.
std::string table(std::string_view caption, const std::vector<std::string>& headers, std::string_view rows,
                  std::string_view css_class = {});

std::string number_cell(std::string_view text);

// -- what the sections hold, each empty where there is nothing to show ------------------

std::string status(const StatusModel& model, const Locale& locale);
std::string goals(const StatusModel& model, const Locale& locale);
std::string details(const StatusModel& model, const Locale& locale);
std::string missing(const StatusModel& model, const Locale& locale);
std::string throughput(const StatusModel& model, const Locale& locale);
std::string changelog(const StatusModel& model, const Locale& locale);
std::string notes(const StatusModel& model, const Locale& locale);
std::string words(const Locale& locale);

/// Every row with its years; the newest one shows its days. Served, the others name where theirs are to be
/// had; otherwise they show months.
std::string days(const StatusModel& model, const Locale& locale, bool served);

/// The parts within days(), and days() itself.
void add_day_parts(std::vector<Part>& parts, const StatusModel& model, const Locale& locale);

/// What the cells mean.
std::string legend(const Locale& locale);

/// A whole document around `body`; `served`: with the engine's style sheet, otherwise with its own.
std::string document(const Locale& locale, std::string_view title, std::string_view headline,
                     std::string_view body, bool served, bool live);

} // namespace dialogferry::status::html
