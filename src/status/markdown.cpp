#include "calendar.hpp"
#include "wording.hpp"

#include <dialogferry/status/render.hpp>

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
    if (std::string_view("\\`*_{}[]<>#|~").find(c) != std::string_view::npos) out += '\\';
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

std::string section(std::string_view heading) {
  return fmt::format("\n## {}\n\n", heading);
}

std::string name(const RowStatus& row, const Locale& locale) {
  return std::string(row_name(locale.language(), row.id));
}

/// A text, and whom the row speaks of.
std::string with_organisations(std::string text, const RowStatus& row, const Locale& locale) {
  const auto whom = plain(organisations_text(row, locale));
  return whom.empty() ? text : text + " (" + whom + ')';
}

// -- status ------------------------------------------------------------------------------

std::string back_to(const RowStatus& row, const Locale& locale) {
  if (!row.migrated_back_to) return plain(standing(row, locale));
  const auto except = exception_text(row, locale);
  const auto day = locale.day(*row.migrated_back_to);
  return except.empty() ? day : day + ' ' + plain(say(locale, Text::except_days, except));
}

std::string history(const StatusModel& model, const Locale& locale) {
  std::string rows;
  for (const auto& row : model.rows) {
    if (!row.history || row.state == RowState::off) continue;
    rows += cells({fmt::format("{} {}", symbol(mark_of(row)), name(row, locale)),
                   with_organisations(back_to(row, locale), row, locale)});
  }
  const auto title = fmt::format("\n### {}\n\n", say(locale, Text::historic));
  if (rows.empty()) return title + say(locale, Text::no_history) + '\n';
  return title + header({say(locale, Text::source), say(locale, Text::migrated_back_to)}) + rows;
}

std::string status(const StatusModel& model, const Locale& locale) {
  const auto live = live_sentence(model, locale);
  auto out = section(say(locale, Text::status)) + fmt::format("{} **{}.**\n\n{}.{}\n", symbol(overall(model)),
                                                              plain(headline(model, locale)),
                                                              plain(live.text), live.claims ? "[^1]" : "");
  std::string troubles;
  for (const auto& [row, text] : live_troubles(model, locale))
    troubles += fmt::format("- {} {}.\n", symbol(mark_of(*row)), plain(text));
  if (!troubles.empty()) out += '\n' + troubles;
  if (live.claims) out += fmt::format("\n[^1]: {}\n", plain(say(locale, Text::live_except)));
  out += history(model, locale) + '\n';
  for (const auto& figure : first_figures(model, locale))
    out += fmt::format("- {}: {}\n", figure.name, plain(figure.value));
  return out;
}

std::string goals(const StatusModel& model, const Locale& locale) {
  auto out = section(say(locale, Text::goals)) + say(locale, Text::goals_plan) + "\n\n";
  if (model.goals.empty()) return out + say(locale, Text::goals_none) + '\n';
  out += header({say(locale, Text::goal), say(locale, Text::deadline), say(locale, Text::progress_label),
                 say(locale, Text::time_left), say(locale, Text::state)});
  for (const auto& goal : model.goals) {
    const auto progress = goal_progress(goal, locale);
    out += cells({plain(goal_name(goal.goal, locale)), locale.day(goal.goal.deadline),
                  progress.empty() ? "–" : progress,
                  goal.eta ? eta_text(*goal.eta, model.as_of, locale) : "–", goal_text(goal, locale)});
  }
  return out;
}

// -- details -----------------------------------------------------------------------------

std::string source(const RowStatus& row, const StatusModel& model, const Locale& locale) {
  auto out = fmt::format("\n### {} {}\n\n{}.", symbol(mark_of(row)), name(row, locale),
                         with_organisations(plain(standing(row, locale)), row, locale));
  if (const auto next = outlook(row, model.as_of, locale); !next.empty()) out += ' ' + plain(next) + '.';
  if (const auto hold = hold_text(row, model.as_of, locale); !hold.empty())
    out += fmt::format(" **{}: {}.**", state_text(row, locale), plain(hold));
  out += fmt::format("\n\n{}\n\n", plain(row_about(locale.language(), row.id)));
  for (const auto& figure : row_figures(row, model, locale))
    out += fmt::format("- {}: {}\n", figure.name, plain(figure.value));
  return out;
}

std::string details(const StatusModel& model, const Locale& locale) {
  auto out = section(say(locale, Text::details)) + plain(say(locale, Text::details_intro)) + '\n';
  std::string off;
  for (const auto& row : model.rows) {
    if (row.state == RowState::off)
      off += (off.empty() ? "" : ", ") + name(row, locale);
    else
      out += source(row, model, locale);
  }
  return off.empty() ? out : out + '\n' + say(locale, Text::off_sources, off) + '\n';
}

std::string engines(const StatusModel& model, const Locale& locale) {
  if (model.engines.empty()) return {};
  auto out = fmt::format("\n### {}\n\n", say(locale, Text::engines_heading)) + header(engine_headers(locale));
  for (const auto& engine : model.engines) {
    auto texts = engine_cells(engine, model, locale);
    for (auto& text : texts)
      text = plain(text);
    out += cells(texts);
  }
  return out;
}

// -- what is missing ------------------------------------------------------------------------

std::string parked(const StatusModel& model, const Locale& locale) {
  std::string days;
  for (const auto& row : model.rows) {
    if (row.state == RowState::off) continue;
    for (const auto& shard : row.parked) {
      const auto reason = reason_of(shard.reason);
      days += cells({locale.day(shard.key.day), name(row, locale), plain(shard.key.organisation),
                     plain(reason_words(reason, locale)), plain(next_step(locale.language(), reason.cause)),
                     locale.instant(shard.retry_at)});
    }
  }
  if (days.empty()) return {};
  return fmt::format("\n### {}\n\n", say(locale, Text::parked_heading)) +
         header({say(locale, Text::day), say(locale, Text::source), say(locale, Text::organisation),
                 say(locale, Text::reason), say(locale, Text::next_step), say(locale, Text::retry_at)}) +
         days;
}

std::string causes(const StatusModel& model, const Locale& locale) {
  std::string rows;
  for (const auto& group : grouped(model.causes))
    rows += cells({plain(cause_words(locale.language(), group.cause)),
                   std::string(row_name(locale.language(), group.row)), locale.number(group.records),
                   std::string(actor_words(locale.language(), actor_of(group.cause))),
                   plain(next_step(locale.language(), group.cause))});
  if (rows.empty()) return {};
  return fmt::format("\n### {}\n\n", say(locale, Text::causes_heading)) +
         header({say(locale, Text::cause), say(locale, Text::source), say(locale, Text::count),
                 say(locale, Text::who_acts), say(locale, Text::next_step)}) +
         rows;
}

std::string missing(const StatusModel& model, const Locale& locale) {
  auto content = parked(model, locale) + causes(model, locale);
  if (content.empty()) content = say(locale, Text::nothing_parked) + '\n';
  return section(say(locale, Text::missing)) + content;
}

// -- days and log ------------------------------------------------------------------------------

std::string days(const StatusModel& model, const Locale& locale) {
  std::string out;
  for (const auto& row : model.rows) {
    if (!row.history || row.state == RowState::off) continue;
    for (const auto& year : years_of(row))
      out += cells({name(row, locale), std::to_string(year_of(year.first)), locale.number(year.planned),
                    locale.number(year.complete), locale.number(year.verified), locale.number(year.parked),
                    locale.number(year.running), locale.number(year.read), locale.number(year.failed)});
  }
  if (out.empty()) return {};
  return section(say(locale, Text::days)) +
         header({say(locale, Text::source), say(locale, Text::year), say(locale, Text::range),
                 say(locale, Text::day_complete), say(locale, Text::verified_label),
                 say(locale, Text::day_parked), say(locale, Text::day_running), say(locale, Text::records),
                 say(locale, Text::outcome_failed)}) +
         out;
}

std::string log(const StatusModel& model, const Locale& locale) {
  auto out = section(say(locale, Text::changelog));
  if (model.changelog.empty()) out += say(locale, Text::changelog_empty) + '\n';
  for (const auto& line : model.changelog)
    out += fmt::format("- {}: {}\n", locale.day(day_of(line.at)), plain(log_text(line, model, locale)));
  if (!model.notes.empty()) out += section(say(locale, Text::notes));
  for (const auto& note : model.notes)
    out += fmt::format("- {}: {}\n", locale.day(day_of(note.at)), plain(note_text(note, locale)));
  return out;
}

} // namespace

std::string render_markdown(const StatusModel& model, Language language) {
  const Locale locale(language);
  auto out = fmt::format("# {}\n\n{} · {}\n", say(locale, Text::title),
                         say(locale, Text::environment, model.environment),
                         say(locale, Text::as_of, locale.instant(model.as_of)));
  out += status(model, locale) + goals(model, locale) + details(model, locale) + engines(model, locale) +
         missing(model, locale) + days(model, locale) + log(model, locale);
  if (model.changed_at)
    out += fmt::format("\n{}\n", say(locale, Text::last_modified, locale.instant(*model.changed_at)));
  out += fmt::format("\n{}\n", say(locale, Text::footer_same));
  return out;
}

} // namespace dialogferry::status
