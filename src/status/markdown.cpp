#include "wording.hpp"

#include <dialogferry/status/render.hpp>

#include <iterator>

namespace dialogferry::status {

namespace {

/// Text that Markdown takes as it is, within a table cell too.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n' || c == '\r') {
      out += ' ';
      continue;
    }
    if (std::string_view("\\`*_{}[]<>#|").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string cells(const std::vector<std::string>& texts) {
  std::string line = "|";
  for (const auto& text : texts)
    line += ' ' + text + " |";
  return line + '\n';
}

std::string header(const std::vector<std::string>& names) {
  std::string rule = "|";
  for (std::size_t i = 0; i < names.size(); ++i)
    rule += "---|";
  return cells(names) + rule + '\n';
}

/// `‖ On hold: Dialogporten does not answer, next try 14:33 UTC`
std::string state_cell(const RowStatus& row, Instant as_of, const Locale& locale) {
  auto text = fmt::format("{} {}", symbol(row.state), state_text(row, locale));
  if (row.wait) text += ": " + plain(wait_text(*row.wait, as_of, locale));
  return text;
}

/// A text, and whom the row speaks of.
std::string with_organisations(std::string text, const RowStatus& row, const Locale& locale) {
  const auto whom = plain(organisations_text(row, locale));
  return whom.empty() ? text : text + " (" + whom + ')';
}

std::string sources(const StatusModel& model, const Locale& locale) {
  std::string out =
      header({say(locale, Text::source), say(locale, Text::state), say(locale, Text::migrated_back_to),
              say(locale, Text::days_done), say(locale, Text::records), say(locale, Text::time_left)});
  for (const auto& row : model.rows) {
    if (!row.history && row.state != RowState::off) continue;
    const auto name = fmt::format("{}", row_name(locale.language(), row.id));
    const auto state = state_cell(row, model.as_of, locale);
    if (row.state == RowState::off) {
      out += cells({name, state, "", "", "", ""});
      continue;
    }
    const auto done = row.numbers.complete + row.numbers.parked;
    out += cells({name, state, with_organisations(plain(standing(row, locale)), row, locale),
                  row.history
                      ? say(locale, Text::days_of, locale.number(done), locale.number(row.numbers.planned))
                      : "",
                  locale.number(row.counts.read()), eta_text(row, model.as_of, locale)});
  }
  return out;
}

std::string live(const StatusModel& model, const Locale& locale) {
  std::string rows;
  for (const auto& row : model.rows) {
    if (row.history || row.state == RowState::off) continue;
    rows += cells({with_organisations(std::string(row_name(locale.language(), row.id)), row, locale),
                   state_cell(row, model.as_of, locale),
                   row.live_lag_seconds ? locale.duration(*row.live_lag_seconds) : say(locale, Text::not_yet),
                   row.last_carried_at ? locale.instant(*row.last_carried_at) : "–",
                   locale.number(row.waiting), locale.number(row.counts.read())});
  }
  if (rows.empty()) return {};
  return "\n## " + say(locale, Text::live_heading) + "\n\n" +
         header({say(locale, Text::source), say(locale, Text::state), say(locale, Text::live_lag),
                 say(locale, Text::last_carried), say(locale, Text::waiting), say(locale, Text::records)}) +
         rows;
}

std::string exceptions(const StatusModel& model, const Locale& locale) {
  std::string days;
  for (const auto& row : model.rows) {
    for (const auto& shard : row.parked) {
      days += cells({locale.day(shard.key.day), std::string(row_name(locale.language(), row.id)),
                     plain(shard.key.organisation), plain(reason_text(shard.reason, locale)),
                     locale.instant(shard.retry_at)});
    }
  }
  std::string out;
  if (!days.empty()) {
    out += "\n## " + say(locale, Text::parked_heading) + "\n\n" +
           header({say(locale, Text::day), say(locale, Text::source), say(locale, Text::organisation),
                   say(locale, Text::reason), say(locale, Text::retry_at)}) +
           days;
  }
  if (model.causes.empty()) return out;
  out += "\n## " + say(locale, Text::causes_heading) + "\n\n" +
         header({say(locale, Text::cause), say(locale, Text::http_status), say(locale, Text::source),
                 say(locale, Text::count)});
  for (const auto& cause : model.causes) {
    out += cells({plain(cause_text(cause.cause, locale)),
                  cause.http_status == 0 ? "–" : std::to_string(cause.http_status),
                  std::string(row_name(locale.language(), cause.row)), locale.number(cause.count)});
  }
  return out;
}

std::string counts(const StatusModel& model, const Locale& locale) {
  std::vector<std::string> names = {say(locale, Text::source), say(locale, Text::read)};
  for (std::size_t i = 0; i < outcome_count; ++i)
    names.emplace_back(outcome_text(static_cast<Outcome>(i), locale));
  std::string out = "\n## " + say(locale, Text::counts_heading) + "\n\n" + header(names);
  for (const auto& row : model.rows) {
    if (row.state == RowState::off) continue;
    std::vector<std::string> line = {std::string(row_name(locale.language(), row.id)),
                                     locale.number(row.counts.read())};
    for (const auto count : row.counts.of)
      line.push_back(locale.number(count));
    out += cells(line);
  }
  return out;
}

std::string goals(const StatusModel& model, const Locale& locale) {
  if (model.goals.empty()) return {};
  std::string out = "\n## " + say(locale, Text::goals) + "\n\n" +
                    header({say(locale, Text::goal), say(locale, Text::deadline),
                            say(locale, Text::time_left), say(locale, Text::state)});
  for (const auto& goal : model.goals) {
    out += cells({plain(goal_name(goal.goal, locale)), locale.day(goal.goal.deadline),
                  goal.eta ? eta_text(*goal.eta, model.as_of, locale) : "–",
                  std::string(goal_text(goal.state, locale))});
  }
  return out;
}

} // namespace

std::string render_markdown(const StatusModel& model, Language language) {
  const Locale locale(language);
  std::string out =
      fmt::format("# {}\n\n**{}.** {} · {}\n\n", say(locale, Text::title), plain(headline(model, locale)),
                  say(locale, Text::environment, model.environment),
                  say(locale, Text::as_of, locale.instant(model.as_of)));
  out += sources(model, locale) + live(model, locale) + exceptions(model, locale) + counts(model, locale) +
         goals(model, locale);
  if (!model.changelog.empty()) out += "\n## " + say(locale, Text::changelog) + "\n\n";
  for (const auto& change : model.changelog)
    out += fmt::format("- {}: {}\n", locale.day(day_of(change.at)), plain(change_text(change, locale)));
  if (!model.notes.empty()) out += "\n## " + say(locale, Text::notes) + "\n\n";
  for (const auto& note : model.notes)
    out += fmt::format("- {}: {}\n", locale.day(day_of(note.at)), plain(note_text(note, locale)));
  out += fmt::format("\n{}\n", say(locale, Text::footer_same));
  return out;
}

} // namespace dialogferry::status
