#include "day_grid.hpp"
#include "html.hpp"

namespace dialogferry::status::html {

namespace {

constexpr int step = 19;       ///< from square to square
constexpr int month_step = 34; ///< with room for its name
constexpr int left = 38;       ///< room for weekday names
constexpr int top = 20;        ///< room for month names

struct Look {
  std::string_view symbol; ///< id of the drawing
  Text name;
};

Look look_of(CellState state) {
  switch (state) {
  case CellState::complete: return {"c", Text::day_complete};
  case CellState::failed: return {"f", Text::day_failed};
  case CellState::parked: return {"p", Text::day_parked};
  case CellState::running: return {"r", Text::day_running};
  case CellState::waiting: return {"w", Text::day_waiting};
  }
  return {"w", Text::day_waiting};
}

/// The five squares; each has a form of its own, so that none is told by colour alone.
constexpr std::string_view drawings = R"(<svg width="0" height="0" class="defs" aria-hidden="true"><defs>
<g id="c"><rect class="sq-ok" width="16" height="16" rx="3.5"/></g>
<g id="f"><rect class="sq-ok" width="16" height="16" rx="3.5"/><circle class="sq-hole" cx="8" cy="8" r="3"/></g>
<g id="p"><rect class="sq-warning" width="16" height="16" rx="3.5"/><path class="sq-cross" d="M4.8 4.8l6.4 6.4M11.2 4.8l-6.4 6.4"/></g>
<g id="r"><rect class="sq-running" x=".75" y=".75" width="14.5" height="14.5" rx="3"/><path class="sq-half" d="M1 8h14v4a3 3 0 0 1-3 3H4a3 3 0 0 1-3-3z"/></g>
<g id="w"><rect class="sq-edge" x=".75" y=".75" width="14.5" height="14.5" rx="3"/></g>
</defs></svg>
)";

std::string legend(const Locale& locale) {
  std::string items;
  for (const auto state :
       {CellState::complete, CellState::failed, CellState::parked, CellState::running, CellState::waiting}) {
    const auto look = look_of(state);
    items += fmt::format(
        "<li><svg width=\"16\" height=\"16\" aria-hidden=\"true\"><use href=\"#{}\"/></svg> {}</li>\n",
        look.symbol, say(locale, look.name));
  }
  return fmt::format("<ul class=\"legend\" aria-label=\"{}\">\n{}</ul>\n", say(locale, Text::legend), items);
}

std::string cell_label(const Cell& cell, const Locale& locale, std::string_view name) {
  const auto state = say(locale, look_of(cell.state).name);
  if (cell.failed == 0) return say(locale, Text::day_label, name, state, locale.number(cell.read));
  return say(locale, Text::day_label_failed, name, state, locale.number(cell.read),
             locale.number(cell.failed));
}

std::string use(const Cell& cell, int x, int y, const std::string& label) {
  return fmt::format("<use href=\"#{}\" x=\"{}\" y=\"{}\"><title>{}</title></use>\n",
                     look_of(cell.state).symbol, x, y, escape(label));
}

/// A picture; a narrow one is drawn larger.
std::string svg(int width, int height, const std::string& label, const std::string& content) {
  const int tenths = width < 350 ? 15 : 10;
  return fmt::format("<svg class=\"grid\" role=\"img\" aria-label=\"{}\" width=\"{}\" height=\"{}\" "
                     "viewBox=\"0 0 {} {}\">\n{}</svg>\n",
                     escape(label), width * tenths / 10, height * tenths / 10, width, height, content);
}

// -- a square a day, a picture a year ------------------------------------------------

std::string weekday_names(const Locale& locale) {
  const bool nb = locale.language() == Language::nb;
  std::string out;
  int line = 0;
  for (const auto* name : {nb ? "man" : "Mon", "", nb ? "ons" : "Wed", "", nb ? "fre" : "Fri", "", ""}) {
    if (*name != 0) out += fmt::format("<text x=\"0\" y=\"{}\">{}</text>", top + line * step + 12, name);
    ++line;
  }
  return out + '\n';
}

std::string year_picture(const YearGrid& year, const Locale& locale, const std::string& name) {
  std::string content = weekday_names(locale);
  for (const auto& [column, day] : year.months) {
    content +=
        fmt::format("<text x=\"{}\" y=\"12\">{}</text>\n", left + column * step, month_of(day, locale));
  }
  for (const auto& cell : year.cells) {
    content += use(cell, left + cell.column * step, top + cell.line * step,
                   cell_label(cell, locale, locale.day(cell.day)));
  }
  const auto label = fmt::format("{}, {}", name, year.year);
  return fmt::format(
      "<h4>{}</h4>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">{}</div>\n",
      year.year, escape(label), svg(left + year.columns * step, top + 7 * step, label, content));
}

// -- a square a month, a line a year -----------------------------------------------------

std::string month_picture(const std::vector<Cell>& months, const Locale& locale, const std::string& name) {
  std::string content;
  for (int month = 0; month < 12; ++month) {
    const Day first{20089 + 31 * month}; // in each month of 2025
    content += fmt::format("<text x=\"{}\" y=\"12\">{}</text>\n", left + month * month_step,
                           month_of(first, locale));
  }
  int lines = 0;
  for (const auto& cell : months) {
    lines = std::max(lines, cell.line + 1);
    if (cell.column == 0 || &cell == &months.front())
      content +=
          fmt::format("<text x=\"0\" y=\"{}\">{}</text>\n", top + cell.line * step + 12, year_of(cell.day));
    content += use(cell, left + cell.column * month_step, top + cell.line * step,
                   cell_label(cell, locale, locale.month(cell.day)));
  }
  return fmt::format("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">{}</div>\n",
                     escape(name), svg(left + 12 * month_step, top + lines * step, name, content));
}

// -- the same as a table -------------------------------------------------------------------

std::string month_table(const std::vector<MonthTally>& months, const Locale& locale) {
  std::string rows;
  for (const auto& month : months) {
    rows += fmt::format("<tr><th scope=\"row\">{}</th>", locale.month(month.first));
    for (const auto count :
         {month.complete, month.parked, month.running, month.waiting, month.read, month.failed})
      rows += fmt::format("<td class=\"n\">{}</td>", locale.number(count));
    rows += "</tr>\n";
  }
  const auto caption = say(locale, Text::month_table);
  return fmt::format(
      "<details><summary>{}</summary>\n{}</details>\n", caption,
      table(caption,
            {say(locale, Text::month), say(locale, Text::day_complete), say(locale, Text::day_parked),
             say(locale, Text::day_running), say(locale, Text::day_waiting), say(locale, Text::read),
             say(locale, Text::outcome_failed)},
            rows, "numbers"));
}

std::string summary(const RowStatus& row, const Locale& locale, std::string_view name) {
  const auto& days = row.numbers;
  return say(locale, Text::days_summary, name, locale.day(*row.from), locale.day(*row.cutover),
             locale.number(days.complete), locale.number(days.planned), locale.number(days.parked),
             locale.number(days.running),
             locale.number(days.planned - days.complete - days.parked - days.running));
}

std::string row_days(const RowStatus& row, const Locale& locale) {
  const std::string name(row_name(locale.language(), row.id));
  const auto filled = fill_days(row);
  const bool by_day = filled.size() <= largest_day_grid;
  std::string pictures;
  if (by_day) {
    for (const auto& year : year_grids(filled))
      pictures += year_picture(year, locale, name);
  } else {
    pictures = month_picture(month_cells(filled), locale, name);
  }
  return element("h3", name) +
         element("p", summary(row, locale, name) + ' ' +
                          say(locale, by_day ? Text::days_hint : Text::months_hint)) +
         pictures + month_table(month_tallies(filled), locale);
}

} // namespace

std::string days(const StatusModel& model, const Locale& locale) {
  std::string content;
  for (const auto& row : model.rows)
    if (row.history && row.state != RowState::off && row.numbers.planned > 0)
      content += row_days(row, locale);
  if (content.empty()) return {};
  return fmt::format(
      "<section id=\"days\" aria-labelledby=\"days-h\">\n<h2 id=\"days-h\">{}</h2>\n{}{}{}</section>\n",
      say(locale, Text::days), drawings, legend(locale), content);
}

} // namespace dialogferry::status::html
