#include "html.hpp"

#include <dialogferry/status/render.hpp>

namespace dialogferry::status::html {

namespace {

std::string number_cell(std::string_view text) {
  return fmt::format("<td class=\"n\">{}</td>", escape(text));
}

std::string row_header(const Locale& locale, std::string_view row, std::string_view more = {}) {
  return fmt::format("<th scope=\"row\">{}{}</th>", escape(row_name(locale.language(), row)), more);
}

std::string small(std::string_view text) {
  return text.empty() ? std::string{} : "<br><small>" + escape(text) + "</small>";
}

std::string state_tag(const RowStatus& row, Instant as_of, const Locale& locale) {
  return fmt::format("<td><span class=\"state {}\"><span aria-hidden=\"true\">{}</span> {}</span>{}</td>",
                     name_of(row.state), symbol(row.state), state_text(row, locale),
                     row.wait ? small(wait_text(*row.wait, as_of, locale)) : "");
}

std::string back_to_cell(const RowStatus& row, const Locale& locale) {
  const auto whom = small(organisations_text(row, locale));
  if (!row.history || !row.migrated_back_to) return "<td>" + escape(standing(row, locale)) + whom + "</td>";
  const auto back_to = "<td><strong>" + time(*row.migrated_back_to, locale) + "</strong>";
  if (row.exceptions.empty()) return back_to + whom + "</td>";
  return back_to + "<br>" + escape(say(locale, Text::except_days, day_list(row.exceptions, locale))) + whom +
         "</td>";
}

std::string exceptions_cell(const RowStatus& row, const Locale& locale) {
  std::string text;
  if (row.numbers.parked > 0) text = days_text(row.numbers.parked, locale);
  if (row.open_exceptions > 0) {
    const auto records = records_text(row.open_exceptions, locale);
    text = text.empty() ? records : say(locale, Text::both, text, records);
  }
  if (text.empty()) return "<td>" + say(locale, Text::none) + "</td>";
  return "<td><a href=\"#exceptions\">" + escape(text) + "</a></td>";
}

std::string source(const RowStatus& row, Instant as_of, const Locale& locale) {
  const auto done = row.numbers.complete + row.numbers.parked;
  const auto days =
      row.history ? say(locale, Text::days_of, locale.number(done), locale.number(row.numbers.planned)) : "–";
  return "<tr>" + row_header(locale, row.id) + state_tag(row, as_of, locale) + back_to_cell(row, locale) +
         exceptions_cell(row, locale) + number_cell(days) + number_cell(locale.number(row.counts.read())) +
         number_cell(say(locale, Text::per_second, locale.rate(row.rate))) +
         element("td", eta_text(row, as_of, locale)) + "</tr>\n";
}

std::string live_source(const RowStatus& row, Instant as_of, const Locale& locale) {
  const auto lag = row.live_lag_seconds ? locale.duration(*row.live_lag_seconds) : say(locale, Text::not_yet);
  const auto last = row.last_carried_at ? time(*row.last_carried_at, locale) : "–";
  const auto whom = small(organisations_text(row, locale));
  return "<tr>" + row_header(locale, row.id, whom) + state_tag(row, as_of, locale) + element("td", lag) +
         "<td>" + last + "</td>" + number_cell(locale.number(row.waiting)) + exceptions_cell(row, locale) +
         number_cell(locale.number(row.counts.read())) +
         number_cell(say(locale, Text::per_second, locale.rate(row.rate))) + "</tr>\n";
}

std::string parked_table(const StatusModel& model, const Locale& locale) {
  std::string rows;
  for (const auto& row : model.rows) {
    for (const auto& shard : row.parked) {
      rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                          time(shard.key.day, locale), escape(row_name(locale.language(), row.id)),
                          escape(shard.key.organisation), escape(reason_text(shard.reason, locale)),
                          time(shard.retry_at, locale));
    }
  }
  if (rows.empty()) return {};
  return element("h3", say(locale, Text::parked_heading)) +
         table(say(locale, Text::parked_caption),
               {say(locale, Text::day), say(locale, Text::source), say(locale, Text::organisation),
                say(locale, Text::reason), say(locale, Text::retry_at)},
               rows);
}

std::string causes_table(const StatusModel& model, const Locale& locale) {
  if (model.causes.empty()) return {};
  std::string rows;
  for (const auto& cause : model.causes) {
    rows +=
        fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td>{}</tr>\n",
                    escape(cause_text(cause.cause, locale)),
                    cause.http_status == 0 ? say(locale, Text::no_answer) : std::to_string(cause.http_status),
                    escape(row_name(locale.language(), cause.row)), number_cell(locale.number(cause.count)));
  }
  return element("h3", say(locale, Text::causes_heading)) +
         table(say(locale, Text::causes_caption),
               {say(locale, Text::cause), say(locale, Text::http_status), say(locale, Text::source),
                say(locale, Text::count)},
               rows);
}

std::string section(std::string_view id, std::string_view heading, std::string_view content) {
  return fmt::format(
      "<section id=\"{0}\" aria-labelledby=\"{0}-h\">\n<h2 id=\"{0}-h\">{1}</h2>\n{2}</section>\n", id,
      escape(heading), content);
}

} // namespace

std::string sources(const StatusModel& model, const Locale& locale) {
  std::string rows, off;
  for (const auto& row : model.rows) {
    if (row.state == RowState::off)
      off += (off.empty() ? "" : ", ") + std::string(row_name(locale.language(), row.id));
    else if (row.history)
      rows += source(row, model.as_of, locale);
  }
  std::string content;
  if (!rows.empty()) {
    content = table(say(locale, Text::sources_caption),
                    {say(locale, Text::source), say(locale, Text::state), say(locale, Text::migrated_back_to),
                     say(locale, Text::exceptions), say(locale, Text::days_done), say(locale, Text::records),
                     say(locale, Text::rate), say(locale, Text::time_left)},
                    rows, "sources");
  }
  if (!off.empty())
    content += fmt::format("<p class=\"quiet\">{}</p>\n", escape(say(locale, Text::off_sources, off)));
  return section("sources", say(locale, Text::sources), content);
}

std::string live(const StatusModel& model, const Locale& locale) {
  std::string rows;
  for (const auto& row : model.rows)
    if (row.state != RowState::off && !row.history) rows += live_source(row, model.as_of, locale);
  if (rows.empty()) return {};
  return section("live", say(locale, Text::live_heading),
                 table(say(locale, Text::live_caption),
                       {say(locale, Text::source), say(locale, Text::state), say(locale, Text::live_lag),
                        say(locale, Text::last_carried), say(locale, Text::waiting),
                        say(locale, Text::exceptions), say(locale, Text::records), say(locale, Text::rate)},
                       rows, "sources"));
}

std::string exceptions(const StatusModel& model, const Locale& locale) {
  auto content = parked_table(model, locale) + causes_table(model, locale);
  if (content.empty()) content = element("p", say(locale, Text::nothing_parked));
  return section("exceptions", say(locale, Text::exceptions), content);
}

std::string counts(const StatusModel& model, const Locale& locale) {
  std::vector<std::string> headers = {say(locale, Text::source), say(locale, Text::read)};
  for (std::size_t i = 0; i < outcome_count; ++i)
    headers.emplace_back(outcome_text(static_cast<Outcome>(i), locale));
  std::string rows;
  for (const auto& row : model.rows) {
    if (row.state == RowState::off) continue;
    rows += "<tr>" + row_header(locale, row.id) + number_cell(locale.number(row.counts.read()));
    for (const auto count : row.counts.of)
      rows += number_cell(locale.number(count));
    rows += "</tr>\n";
  }
  if (rows.empty()) return {};
  return section("counts", say(locale, Text::counts_heading),
                 table(say(locale, Text::counts_caption), headers, rows, "numbers"));
}

std::string goals(const StatusModel& model, const Locale& locale) {
  std::string rows;
  for (const auto& goal : model.goals) {
    rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td><span class=\"state "
                        "{}\">{}</span></td></tr>\n",
                        escape(goal_name(goal.goal, locale)), time(goal.goal.deadline, locale),
                        goal.eta ? eta_text(*goal.eta, model.as_of, locale) : "–", name_of(goal.state),
                        goal_text(goal.state, locale));
  }
  if (rows.empty()) return {};
  return section("goals", say(locale, Text::goals),
                 table(say(locale, Text::goals_caption),
                       {say(locale, Text::goal), say(locale, Text::deadline), say(locale, Text::time_left),
                        say(locale, Text::state)},
                       rows));
}

std::string changelog(const StatusModel& model, const Locale& locale) {
  std::string lines;
  for (const auto& change : model.changelog)
    lines += "<li>" + time(day_of(change.at), locale) + ' ' + escape(change_text(change, locale)) + "</li>\n";
  return section("changes", say(locale, Text::changelog),
                 lines.empty() ? element("p", say(locale, Text::changelog_empty))
                               : "<ul class=\"log\">\n" + lines + "</ul>\n");
}

std::string notes(const StatusModel& model, const Locale& locale) {
  std::string lines;
  for (const auto& note : model.notes)
    lines += "<li>" + time(day_of(note.at), locale) + ' ' + escape(note_text(note, locale)) + "</li>\n";
  if (lines.empty()) return {};
  return section("notes", say(locale, Text::notes), "<ul class=\"log\">\n" + lines + "</ul>\n");
}

std::string words(const Locale& locale) {
  return section(
      "words", say(locale, Text::words),
      element("p", say(locale, Text::words_migrated)) + element("p", say(locale, Text::words_lag)) +
          element("p", say(locale, Text::words_exception)) + element("p", say(locale, Text::words_record)));
}

} // namespace dialogferry::status::html
