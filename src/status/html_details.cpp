#include "html.hpp"

namespace dialogferry::status::html {

namespace {

std::string sentences(const RowStatus& row, Instant as_of, const Locale& locale) {
  auto out = fmt::format("<p>{}.", escape(standing(row, locale)));
  if (const auto next = outlook(row, as_of, locale); !next.empty()) out += ' ' + escape(next) + '.';
  if (const auto hold = hold_text(row, as_of, locale); !hold.empty())
    out += fmt::format(" <strong>{}: {}.</strong>", escape(state_text(row, locale)), escape(hold));
  return out + "</p>\n";
}

std::string source(const RowStatus& row, const StatusModel& model, const Locale& locale) {
  const auto whom = organisations_text(row, locale);
  return fmt::format(
      "<div class=\"source\" id=\"row-{}\">\n<h3>{} {}</h3>\n{}<p class=\"quiet\">{}</p>\n{}{}</div>\n",
      row.id, mark(mark_of(row)), escape(row_name(locale.language(), row.id)),
      sentences(row, model.as_of, locale), escape(row_about(locale.language(), row.id)),
      whom.empty() ? std::string{} : element("p", whom + "."),
      figures(row_figures(row, model, locale), "facts"));
}

std::string counts(const StatusModel& model, const Locale& locale) {
  std::vector<std::string> headers = {say(locale, Text::source), say(locale, Text::read)};
  for (std::size_t i = 0; i < outcome_count; ++i)
    headers.emplace_back(outcome_text(static_cast<Outcome>(i), locale));
  std::string rows;
  for (const auto& row : model.rows) {
    if (row.state == RowState::off || row.id == "dialog-services") continue;
    rows += fmt::format("<tr><th scope=\"row\">{}</th>", escape(row_name(locale.language(), row.id))) +
            number_cell(locale.number(row.counts.read()));
    for (const auto count : row.counts.of)
      rows += number_cell(locale.number(count));
    rows += "</tr>\n";
  }
  if (rows.empty()) return {};
  return element("h3", say(locale, Text::counts_heading)) +
         table(say(locale, Text::counts_caption), headers, rows, "numbers");
}

std::string engines(const StatusModel& model, const Locale& locale) {
  std::string rows;
  for (const auto& engine : model.engines) {
    rows += "<tr>";
    for (const auto& cell : engine_cells(engine, model, locale))
      rows += element("td", cell);
    rows += "</tr>\n";
  }
  if (rows.empty()) return {};
  return element("h3", say(locale, Text::engines_heading)) +
         table(say(locale, Text::engines_caption), engine_headers(locale), rows);
}

} // namespace

std::string details(const StatusModel& model, const Locale& locale) {
  auto content =
      heading("details", say(locale, Text::details)) + element("p", say(locale, Text::details_intro));
  std::string off;
  for (const auto& row : model.rows) {
    if (row.state == RowState::off)
      off += (off.empty() ? "" : ", ") + std::string(row_name(locale.language(), row.id));
    else
      content += source(row, model, locale);
  }
  if (!off.empty())
    content += fmt::format("<p class=\"quiet\">{}</p>\n", escape(say(locale, Text::off_sources, off)));
  return content + counts(model, locale) + engines(model, locale);
}

} // namespace dialogferry::status::html
