#include "wording.hpp"

#include <dialogferry/status/render.hpp>

#include <algorithm>

namespace dialogferry::status {

namespace {

bool is_on(const RowStatus& row) {
  return row.state != RowState::off;
}

struct Totals {
  bool begun = false, history = false, all_done = true, moving = false, all_live_known = true;
  std::uint64_t parked = 0, in_need = 0, exceptions = 0, differ = 0;
  double lag = 0;
  std::optional<Wait> wait;
  std::vector<const RowStatus*> paused;
};

Totals totals_of(const StatusModel& model) {
  Totals totals;
  for (const auto& row : model.rows) {
    if (!is_on(row)) continue;
    totals.begun |= row.counts.read() > 0 || !row.days.empty() || row.live_lag_seconds.has_value();
    totals.history |= row.history;
    totals.all_done &= !row.history || row.done();
    totals.all_live_known &= row.history || row.has_claim();
    totals.moving |= row.rate > 0;
    totals.parked += row.parked_days;
    totals.exceptions += row.open_exceptions;
    totals.differ += row.days_that_differ;
    if (row.state == RowState::warning && row.live_lag_seconds)
      totals.lag = std::max(totals.lag, *row.live_lag_seconds);
    totals.in_need += row.days_in_need;
    totals.wait = worse(totals.wait, row.wait);
    if (row.paused) totals.paused.push_back(&row);
  }
  return totals;
}

std::string attention(const Totals& totals, const Locale& locale) {
  const auto parked = totals.in_need + totals.exceptions > 0 ? totals.in_need : totals.parked;
  return days_and_records(parked, totals.exceptions, locale);
}

std::string names_of(const std::vector<const RowStatus*>& rows, const Locale& locale) {
  std::string names;
  for (const auto* row : rows)
    names += (names.empty() ? "" : ", ") + std::string(row_name(locale.language(), row->id));
  return names;
}

} // namespace

// -- all rows ------------------------------------------------------------------------

std::string headline(const StatusModel& model, const Locale& locale) {
  const auto totals = totals_of(model);
  const auto held_up = [&](Text text) {
    return say(locale, text, wait_text(*totals.wait, model.as_of, locale));
  };
  if (totals.wait && totals.wait->whole)
    return held_up(totals.wait->code == WaitCode::by_operator ? Text::headline_on_purpose
                                                              : Text::headline_held_up);
  if (totals.in_need + totals.exceptions > 0)
    return say(locale, Text::headline_attention, attention(totals, locale));
  if (totals.differ > 0) return say(locale, Text::headline_differs, days_text(totals.differ, locale));
  if (!totals.paused.empty()) return say(locale, Text::headline_paused, names_of(totals.paused, locale));
  if (totals.wait) return held_up(Text::headline_partly);
  if (totals.parked > 0) return say(locale, Text::headline_attention, attention(totals, locale));
  if (totals.lag > 0) return say(locale, Text::headline_late, locale.duration(totals.lag));
  if (!totals.begun) return say(locale, Text::headline_nothing);
  if (!totals.history)
    return say(locale, totals.all_live_known ? Text::headline_live : Text::headline_begins);
  if (totals.all_done) return say(locale, Text::headline_done);
  return say(locale, totals.moving ? Text::headline_running : Text::headline_still);
}

RowState overall(const StatusModel& model) {
  RowState worst = RowState::off;
  for (const auto& row : model.rows) {
    if (!is_on(row)) continue;
    if (worst == RowState::off || row.state > worst) worst = row.state;
  }
  return worst;
}

namespace {

/// Rows that follow changes; direct writes need nobody for that.
bool is_live(const RowStatus& row) {
  return is_on(row) && !row.history && row.id != "dialog-services";
}

std::string trouble_of(const RowStatus& row, Instant as_of, const Locale& locale) {
  if (const auto hold = hold_text(row, as_of, locale); !hold.empty()) return hold;
  if (!row.live_lag_seconds) return say(locale, Text::live_not_begun);
  if (row.open_exceptions > 0)
    return say(locale, Text::live_failed, records_text(row.open_exceptions, locale));
  if (row.state == RowState::warning)
    return say(locale, Text::live_late, locale.duration(*row.live_lag_seconds));
  if (row.deferred_records() > 0)
    return say(locale, Text::live_deferred, records_text(row.deferred_records(), locale));
  return {};
}

} // namespace

LiveSentence live_sentence(const StatusModel& model, const Locale& locale) {
  std::size_t on = 0, good = 0;
  double lag = 1;
  for (const auto& row : model.rows) {
    if (!is_live(row)) continue;
    ++on;
    if (!trouble_of(row, model.as_of, locale).empty()) continue;
    ++good;
    lag = std::max(lag, *row.live_lag_seconds);
  }
  if (on == 0) return {say(locale, Text::live_off)};
  if (good == 0) return {say(locale, Text::live_nothing)};
  return {say(locale, good == on ? Text::live_all : Text::live_others, locale.duration(lag)), true};
}

std::vector<std::pair<const RowStatus*, std::string>> live_troubles(const StatusModel& model,
                                                                    const Locale& locale) {
  std::vector<std::pair<const RowStatus*, std::string>> troubles;
  for (const auto& row : model.rows) {
    if (!is_live(row)) continue;
    if (auto why = trouble_of(row, model.as_of, locale); !why.empty())
      troubles.emplace_back(&row, std::string(row_name(locale.language(), row.id)) + ": " + std::move(why));
  }
  return troubles;
}

namespace {

/// When the last history is done, if that can be told of all of them.
std::string all_history_done(const StatusModel& model, const Locale& locale) {
  std::optional<Eta> eta;
  bool all_done = true, told = true, estimating = false;
  for (const auto& row : model.rows) {
    if (!is_on(row) || !row.history || row.numbers.planned == 0 || row.done()) continue;
    all_done = false;
    estimating |= row.estimating();
    told &= row.eta.has_value();
    if (row.eta)
      eta = eta ? Eta{std::max(eta->from, row.eta->from), std::max(eta->to, row.eta->to)} : *row.eta;
  }
  const auto parked = all_days(model).parked;
  if (all_done)
    return parked == 0 ? say(locale, Text::finished)
                       : say(locale, Text::finished_but, days_text(parked, locale));
  if (eta && told) return eta_text(*eta, model.as_of, locale);
  return estimating ? say(locale, Text::estimating) : "–";
}

} // namespace

std::vector<Figure> first_figures(const StatusModel& model, const Locale& locale) {
  std::uint64_t in_need = 0, waiting = 0, failed = 0, deferred = 0;
  for (const auto& row : model.rows) {
    if (!is_on(row)) continue;
    in_need += row.days_in_need;
    waiting += row.parked_days - row.days_in_need;
    failed += row.open_exceptions;
    deferred += row.deferred_records();
  }
  const auto days = all_days(model);
  std::vector<Figure> figures;
  if (days.planned > 0)
    figures.push_back({say(locale, Text::history_done_label), all_history_done(model, locale)});
  const auto missing = days_and_records(in_need, failed, locale);
  figures.push_back(
      {say(locale, Text::missing_label), missing.empty() ? say(locale, Text::nothing) : missing});
  const auto again = days_and_records(waiting, deferred, locale);
  if (!again.empty()) figures.push_back({say(locale, Text::waiting_label), again});
  if (days.verified > 0)
    figures.push_back({say(locale, Text::verified_label), days_text(days.verified, locale)});
  return figures;
}

DayNumbers all_days(const StatusModel& model) {
  DayNumbers sum;
  for (const auto& row : model.rows) {
    if (!is_on(row)) continue;
    sum.planned += row.numbers.planned;
    sum.complete += row.numbers.complete;
    sum.parked += row.numbers.parked;
    sum.running += row.numbers.running;
    sum.verified += row.numbers.verified;
  }
  return sum;
}

// -- goals and changes -----------------------------------------------------------------

namespace {

Text goal_words(GoalState state) {
  switch (state) {
  case GoalState::reached: return Text::goal_reached;
  case GoalState::on_track: return Text::goal_on_track;
  case GoalState::at_risk: return Text::goal_at_risk;
  case GoalState::late: return Text::goal_late;
  case GoalState::unknown: break;
  }
  return Text::goal_unknown;
}

std::string row_and_hop(const LogLine& line, const Locale& locale) {
  const auto name = row_name(locale.language(), line.row);
  return line.stage == "migrate" ? say(locale, Text::change_first_hop, name) : std::string(name);
}

std::string by(std::string text, const LogLine& line, const Locale& locale) {
  return line.who.empty() ? text : say(locale, Text::log_by, text, line.who);
}

std::string move_text(const LogLine& line, Text plain, const Locale& locale) {
  const auto row = row_and_hop(line, locale);
  const auto back_to = locale.day(*line.migrated_back_to);
  auto text = line.exceptions == 0 || plain != Text::change_back_to
                  ? say(locale, plain, row, back_to)
                  : say(locale, Text::change_except, row, back_to, days_text(line.exceptions, locale));
  if (line.exceptions > 0 && plain != Text::change_back_to)
    text += ", " + say(locale, Text::except_days, days_text(line.exceptions, locale));
  return line.before ? say(locale, Text::change_was, text, locale.day(*line.before)) : text;
}

/// What a setting is of: a row's or an API's name, else its own.
std::string paused_what(const LogLine& line, const Locale& locale) {
  if (!line.row.empty()) return std::string(row_name(locale.language(), line.row));
  std::string_view subject = line.subject;
  constexpr std::string_view apis = "apis.", paused = ".paused";
  if (!subject.starts_with(apis) || !subject.ends_with(paused)) return line.subject;
  subject.remove_prefix(apis.size());
  subject.remove_suffix(paused.size());
  return std::string(api_name(locale.language(), subject));
}

std::string goal_called(const std::string& english, const StatusModel& model, const Locale& locale) {
  for (const auto& goal : model.goals)
    if (goal.goal.name.en == english) return goal_name(goal.goal, locale);
  return english;
}

std::string days_of_line(const LogLine& line, const Locale& locale) {
  constexpr std::size_t most = 3;
  return line.days.size() <= most ? day_list(line.days, locale) : days_text(line.days.size(), locale);
}

} // namespace

std::string goal_text(const GoalStatus& goal, const Locale& locale) {
  const auto text = say(locale, goal_words(goal.state));
  if (goal.state != GoalState::reached || goal.exceptions == 0) return text;
  return say(locale, Text::goal_except, text, days_text(goal.exceptions, locale));
}

std::string goal_progress(const GoalStatus& goal, const Locale& locale) {
  if (goal.days == 0) return {};
  return fmt::format("{} ({})",
                     say(locale, Text::days_of, locale.number(goal.done), days_text(goal.days, locale)),
                     locale.percent(goal.done, goal.days));
}

const std::string& goal_name(const GoalConfig& goal, const Locale& locale) {
  return locale.language() == Language::nb && !goal.name.nb.empty() ? goal.name.nb : goal.name.en;
}

std::string log_text(const LogLine& line, const StatusModel& model, const Locale& locale) {
  switch (line.kind) {
  case LogLine::Kind::begun: return move_text(line, Text::change_begun, locale);
  case LogLine::Kind::month: return move_text(line, Text::change_back_to, locale);
  case LogLine::Kind::finished: return move_text(line, Text::change_finished, locale);
  case LogLine::Kind::undone: return say(locale, Text::change_undone, row_and_hop(line, locale));
  case LogLine::Kind::paused:
    return by(say(locale, Text::log_paused, paused_what(line, locale)), line, locale);
  case LogLine::Kind::resumed:
    return by(say(locale, Text::log_resumed, paused_what(line, locale)), line, locale);
  case LogLine::Kind::setting:
    return by(line.value.empty() ? say(locale, Text::log_taken_back, line.subject)
                                 : say(locale, Text::log_set, line.subject, line.value),
              line, locale);
  case LogLine::Kind::goal_reached:
    return say(locale, Text::log_goal, goal_called(line.subject, model, locale));
  case LogLine::Kind::recovered:
    return say(locale, Text::log_recovered, row_and_hop(line, locale), days_of_line(line, locale));
  case LogLine::Kind::verified:
    return say(locale, Text::log_verified, row_and_hop(line, locale), days_of_line(line, locale));
  case LogLine::Kind::differs:
    return say(locale, Text::log_differs, row_and_hop(line, locale), days_of_line(line, locale),
               records_text(line.exceptions, locale));
  case LogLine::Kind::engine_ended:
    return say(locale, line.value == "gone" ? Text::log_engine_gone : Text::log_engine_lost, line.subject);
  }
  return {};
}

std::string note_text(const ledger::Note& note, const Locale& locale) {
  if (const auto text = note.text.find(std::string(name_of(locale.language()))); text != note.text.end())
    return text->second;
  return note.text.empty() ? std::string{} : note.text.begin()->second;
}

// -- small things ------------------------------------------------------------------------

std::string day_list(const std::vector<Day>& days, const Locale& locale, std::size_t limit) {
  std::string text;
  const auto shown = std::min(limit, days.size());
  for (std::size_t i = 0; i < shown; ++i)
    text += (i == 0 ? "" : ", ") + locale.day(days[i]);
  if (shown < days.size()) text += ' ' + say(locale, Text::more_days, locale.number(days.size() - shown));
  return text;
}

std::string days_text(std::uint64_t count, const Locale& locale) {
  return count == 1 ? say(locale, Text::one_day) : say(locale, Text::day_count, locale.number(count));
}

std::string records_text(std::uint64_t count, const Locale& locale) {
  return count == 1 ? say(locale, Text::one_record) : say(locale, Text::record_count, locale.number(count));
}

std::string days_and_records(std::uint64_t days, std::uint64_t records, const Locale& locale) {
  if (days == 0) return records == 0 ? std::string{} : records_text(records, locale);
  if (records == 0) return days_text(days, locale);
  return say(locale, Text::both, days_text(days, locale), records_text(records, locale));
}

std::string_view outcome_text(Outcome outcome, const Locale& locale) {
  const auto first = static_cast<std::size_t>(Text::outcome_created);
  return wording(locale.language(), static_cast<Text>(first + static_cast<std::size_t>(outcome)));
}

std::string outcomes_text(const Counts& counts, const Locale& locale) {
  std::string text;
  for (std::size_t i = 0; i < outcome_count; ++i) {
    if (counts.of[i] == 0) continue;
    text += text.empty() ? "" : ", ";
    text += fmt::format("{} {}", outcome_text(static_cast<Outcome>(i), locale), locale.number(counts.of[i]));
  }
  return text;
}

} // namespace dialogferry::status
