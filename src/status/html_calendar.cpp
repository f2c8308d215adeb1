#include "calendar.hpp"
#include "html.hpp"

namespace dialogferry::status::html {

namespace {

struct Look {
  std::string_view css_class;
  Text name;
};

Look look_of(CellState state) {
  switch (state) {
  case CellState::complete: return {"c", Text::day_complete};
  case CellState::verified: return {"v", Text::day_verified};
  case CellState::failed: return {"f", Text::day_failed};
  case CellState::differs: return {"d", Text::day_differs};
  case CellState::parked: return {"p", Text::day_parked};
  case CellState::running: return {"r", Text::day_running};
  case CellState::waiting: break;
  }
  return {"w", Text::day_waiting};
}

// -- a month of cells -------------------------------------------------------------------

std::string cell_label(const ledger::DayTally& day, std::string_view state, const Locale& locale) {
  const auto name = locale.day_in_words(day.day);
  if (day.failed == 0) return say(locale, Text::day_label, name, state, locale.number(day.read));
  return say(locale, Text::day_label_failed, name, state, locale.number(day.read), locale.number(day.failed));
}

unsigned number_in_month(Day day) {
  return static_cast<unsigned>(
      std::chrono::year_month_day{std::chrono::sys_days{std::chrono::days{day.number}}}.day());
}

void add_cell(std::string& out, const ledger::DayTally& day, bool reachable, const Locale& locale) {
  const auto look = look_of(cell_state(day));
  fmt::format_to(std::back_inserter(out), "<td class=\"{}\" tabindex=\"{}\" aria-label=\"{}\">{}</td>",
                 look.css_class, reachable ? 0 : -1,
                 cell_label(day, wording(locale.language(), look.name), locale), number_in_month(day.day));
}

/// The table of one month, a line a week from Monday on.
void add_month(std::string& out, const std::vector<ledger::DayTally>& days, bool reachable,
               const Locale& locale) {
  const auto name = locale.month(days.front().day);
  out += fmt::format("<table role=\"grid\" aria-label=\"{0}\"><caption>{0}</caption><tbody><tr>", name);
  int line = weekday_of(days.front().day);
  for (int empty = 0; empty < line; ++empty)
    out += "<td></td>";
  for (const auto& day : days) {
    if (line == 7) out += "</tr>\n<tr>", line = 0;
    add_cell(out, day, reachable && &day == &days.front(), locale);
    ++line;
  }
  out += "</tr></tbody></table>\n";
}

// -- the same as a table -------------------------------------------------------------------

std::string month_table(const std::vector<std::vector<ledger::DayTally>>& months, std::string_view key,
                        bool open, const Locale& locale) {
  std::string rows;
  for (auto month = months.rbegin(); month != months.rend(); ++month) {
    DaySum sum;
    sum.planned = month->size();
    for (const auto& day : *month)
      sum.add(day);
    rows += fmt::format("<tr><th scope=\"row\">{}</th>", locale.month(month->front().day));
    for (const auto count :
         {sum.complete, sum.verified, sum.parked, sum.running, sum.waiting(), sum.read, sum.failed})
      rows += number_cell(locale.number(count));
    rows += "</tr>\n";
  }
  const auto caption = say(locale, Text::month_table);
  auto content =
      table(caption,
            {say(locale, Text::month), say(locale, Text::day_complete), say(locale, Text::verified_label),
             say(locale, Text::day_parked), say(locale, Text::day_running), say(locale, Text::day_waiting),
             say(locale, Text::read), say(locale, Text::outcome_failed)},
            rows, "numbers");
  if (open) return content;
  return fmt::format("<details data-key=\"{}\"><summary>{}</summary>\n{}</details>\n", key, escape(caption),
                     content);
}

std::string name_of_year(const RowStatus& row, int year) {
  return fmt::format("{}/{}", row.id, year);
}

/// Tells what the cells of a year show without drawing them.
std::string version_of_year(const std::vector<ledger::DayTally>& days) {
  std::string values;
  for (const auto& day : days)
    fmt::format_to(std::back_inserter(values), "{},{},{};", static_cast<int>(cell_state(day)), day.read,
                   day.failed);
  return version_of(values);
}

std::string year_summary(const DaySum& year, const Locale& locale) {
  auto text = say(locale, Text::year_summary, year_of(year.first), locale.number(year.complete),
                  locale.number(year.planned));
  if (year.parked > 0) text += ", " + say(locale, Text::year_parked, locale.number(year.parked));
  if (year.running > 0) text += ", " + say(locale, Text::year_running, locale.number(year.running));
  return text;
}

std::string row_summary(const RowStatus& row, const Locale& locale) {
  const auto& days = row.numbers;
  return say(locale, Text::days_summary, locale.day(*row.from), locale.day(*row.cutover),
             locale.number(days.complete), locale.number(days.planned), locale.number(days.parked),
             locale.number(days.running),
             locale.number(days.planned - days.complete - days.parked - days.running),
             locale.number(days.verified));
}

/// What a year holds when the page comes: its days, its months, or where its days are to be had.
std::string year_body(const RowStatus& row, int year, bool newest, bool served, const Locale& locale) {
  const auto name = name_of_year(row, year);
  const auto address =
      escape(fmt::format("/days?row={}&year={}&lang={}", row.id, year, name_of(locale.language())));
  if (!served) {
    if (newest) return "<div class=\"year\">" + year_part(row, year, locale.language()).html + "</div>";
    return month_table(by_month(days_of_year(row, year)), name, true, locale);
  }
  const auto open =
      fmt::format("<div class=\"year\" data-part=\"year/{}\" data-src=\"{}&amp;part=1\"", name, address);
  if (!newest)
    return fmt::format("{}><p><a href=\"{}\">{}</a></p></div>", open, address,
                       say(locale, Text::show_year, year));
  const auto part = year_part(row, year, locale.language());
  return fmt::format("{} data-v=\"{}\">{}</div>", open, part.version, part.html);
}

bool has_days(const RowStatus& row) {
  return row.history && row.state != RowState::off && row.numbers.planned > 0;
}

std::string row_days(const RowStatus& row, bool served, const Locale& locale) {
  const auto summary = escape(row_summary(row, locale));
  auto out = fmt::format("<h3>{}</h3>\n<p data-part=\"days/{}\" data-v=\"{}\">{}</p>\n",
                         escape(row_name(locale.language(), row.id)), row.id, version_of(summary), summary);
  bool newest = true;
  for (const auto& year : years_of(row)) {
    const auto name = name_of_year(row, year_of(year.first));
    const auto text = escape(year_summary(year, locale));
    out += fmt::format(
        "<details data-key=\"{0}\"{1}><summary><span data-part=\"days/{0}\" data-v=\"{2}\">{3}</span>"
        "</summary>\n{4}</details>\n",
        name, newest ? " open" : "", version_of(text), text,
        year_body(row, year_of(year.first), newest, served, locale));
    newest = false;
  }
  return out;
}

} // namespace

std::string legend(const Locale& locale) {
  std::string items;
  for (const auto state : {CellState::complete, CellState::verified, CellState::failed, CellState::differs,
                           CellState::parked, CellState::running, CellState::waiting}) {
    const auto look = look_of(state);
    items += fmt::format("<li><i class=\"{}\"></i>{}</li>\n", look.css_class, say(locale, look.name));
  }
  return fmt::format("<ul class=\"legend\" aria-label=\"{}\">\n{}</ul>\n", say(locale, Text::legend), items);
}

std::string days(const StatusModel& model, const Locale& locale, bool served) {
  std::string content;
  for (const auto& row : model.rows)
    if (has_days(row)) content += row_days(row, served, locale);
  if (content.empty()) return {};
  return heading("days", say(locale, Text::days)) + element("p", say(locale, Text::days_keys)) +
         legend(locale) + content;
}

void add_day_parts(std::vector<Part>& parts, const StatusModel& model, const Locale& locale) {
  std::string shape;
  for (const auto& row : model.rows) {
    if (!has_days(row)) continue;
    shape += fmt::format("{} {} {};", row.id, to_string(*row.from), to_string(*row.cutover));
    auto summary = escape(row_summary(row, locale));
    auto version = version_of(summary);
    parts.push_back({"days/" + row.id, std::move(summary), std::move(version)});
    for (const auto& year : years_of(row)) {
      const auto name = name_of_year(row, year_of(year.first));
      auto text = escape(year_summary(year, locale));
      auto text_version = version_of(text);
      parts.push_back({"days/" + name, std::move(text), std::move(text_version)});
      parts.push_back({"year/" + name, {}, version_of_year(days_of_year(row, year_of(year.first))), true});
    }
  }
  parts.push_back({"days", {}, version_of(shape), true});
}

} // namespace dialogferry::status::html

namespace dialogferry::status {

YearPage year_part(const RowStatus& row, int year, Language language) {
  const Locale locale(language);
  const auto days = days_of_year(row, year);
  const auto months = by_month(days);
  std::string out = "<div class=\"months\">\n";
  out.reserve(days.size() * 110);
  for (const auto& month : months)
    html::add_month(out, month, &month == &months.back(), locale);
  out += "</div>\n" + html::month_table(months, "table/" + html::name_of_year(row, year), false, locale);
  return {std::move(out), html::version_of_year(days)};
}

} // namespace dialogferry::status
