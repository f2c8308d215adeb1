#include "wording.hpp"

#include <dialogferry/status/render.hpp>

#include <algorithm>

namespace dialogferry::status {

namespace {

std::string_view words(const Locale& locale, Text text) {
  return wording(locale.language(), text);
}

struct Totals {
  bool begun = false, history = false, all_done = true, moving = false;
  std::uint64_t parked = 0, in_need = 0, exceptions = 0;
  double lag = 0;
  std::optional<Wait> wait;
};

Totals totals_of(const StatusModel& model) {
  Totals totals;
  for (const auto& row : model.rows) {
    if (row.state == RowState::off) continue;
    totals.begun |= row.counts.read() > 0 || !row.days.empty() || row.live_lag_seconds.has_value();
    totals.history |= row.history;
    totals.all_done &= !row.history || row.done();
    totals.moving |= row.rate > 0;
    totals.parked += std::max<std::uint64_t>(row.numbers.parked, row.exceptions.size());
    totals.exceptions += row.open_exceptions;
    if (row.state == RowState::warning && row.live_lag_seconds)
      totals.lag = std::max(totals.lag, *row.live_lag_seconds);
    totals.in_need += row.days_in_need;
    totals.wait = worse(totals.wait, row.wait);
  }
  return totals;
}

std::string attention(const Totals& totals, const Locale& locale) {
  const auto parked = totals.in_need + totals.exceptions > 0 ? totals.in_need : totals.parked;
  if (parked == 0) return records_text(totals.exceptions, locale);
  const auto days = days_text(parked, locale);
  return totals.exceptions == 0 ? days
                                : say(locale, Text::both, days, records_text(totals.exceptions, locale));
}

} // namespace

std::string headline(const StatusModel& model, const Locale& locale) {
  const auto totals = totals_of(model);
  const auto held_up = [&](Text text) {
    return say(locale, text, wait_text(*totals.wait, model.as_of, locale));
  };
  if (totals.wait && totals.wait->whole) return held_up(Text::headline_held_up);
  if (totals.in_need + totals.exceptions > 0)
    return say(locale, Text::headline_attention, attention(totals, locale));
  if (totals.wait) return held_up(Text::headline_partly);
  if (totals.parked > 0) return say(locale, Text::headline_attention, attention(totals, locale));
  if (totals.lag > 0) return say(locale, Text::headline_late, locale.duration(totals.lag));
  if (!totals.begun) return say(locale, Text::headline_nothing);
  if (!totals.history) return say(locale, Text::headline_live);
  if (totals.all_done) return say(locale, Text::headline_done);
  return say(locale, totals.moving ? Text::headline_running : Text::headline_still);
}

RowState overall(const StatusModel& model) {
  RowState worst = RowState::off;
  for (const auto& row : model.rows) {
    if (row.state == RowState::off) continue;
    if (worst == RowState::off || row.state > worst) worst = row.state;
  }
  return worst;
}

std::string_view symbol(RowState state) {
  switch (state) {
  case RowState::ok: return "✓";
  case RowState::warning: return "!";
  case RowState::paused: return "‖";
  case RowState::off: return "–";
  }
  return "–";
}

std::string state_text(const RowStatus& row, const Locale& locale) {
  switch (row.state) {
  case RowState::ok: return say(locale, row.done() ? Text::state_done : Text::state_ok);
  case RowState::warning: return say(locale, Text::state_warning);
  case RowState::paused:
    return say(locale, row.wait && !row.wait->whole ? Text::state_partly : Text::state_paused);
  case RowState::off: break;
  }
  return say(locale, Text::state_off);
}

namespace {

/// Direct writes are there at once; what can be told is when the newest one was made.
std::string direct_writes(const RowStatus& row, const Locale& locale) {
  if (row.cannot_look) return say(locale, Text::direct_unseen);
  return row.newest_direct ? say(locale, Text::direct_seen, locale.instant(*row.newest_direct))
                           : say(locale, Text::direct_none);
}

/// How far the second hop has come, and the first where that is further.
std::string both_hops(std::string back_to, const RowStatus& row, const Locale& locale) {
  if (!row.first_hop_back_to || row.first_hop_back_to == row.migrated_back_to) return back_to;
  return say(locale, Text::both_hops, back_to, locale.day(*row.first_hop_back_to));
}

} // namespace

std::string standing(const RowStatus& row, const Locale& locale) {
  if (row.state == RowState::off) return say(locale, Text::state_off);
  if (row.id == "dialog-services") return direct_writes(row, locale);
  if (!row.history && row.state == RowState::paused) return state_text(row, locale);
  if (!row.history)
    return row.live_lag_seconds ? say(locale, Text::up_to_date_within, locale.duration(*row.live_lag_seconds))
                                : say(locale, Text::not_yet);
  if (!row.migrated_back_to)
    return both_hops(say(locale, row.days.empty() ? Text::not_yet : Text::first_days), row, locale);
  const auto back_to = locale.day(*row.migrated_back_to);
  if (row.exceptions.empty()) return both_hops(say(locale, Text::back_to, back_to), row, locale);
  return both_hops(say(locale, Text::back_to_except, back_to, day_list(row.exceptions, locale)), row, locale);
}

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

std::string eta_text(const RowStatus& row, Instant as_of, const Locale& locale) {
  if (row.done()) return say(locale, Text::finished);
  if (row.eta) return eta_text(*row.eta, as_of, locale);
  return row.estimating() ? say(locale, Text::estimating) : "–";
}

std::string eta_text(const Eta& eta, Instant as_of, const Locale& locale) {
  const bool today = day_of(eta.to) == day_of(as_of);
  const auto from = today ? locale.clock(eta.from) : locale.day(day_of(eta.from));
  const auto to = today ? locale.clock(eta.to) + " UTC" : locale.day(day_of(eta.to));
  return from == to ? to : say(locale, Text::between, from, to);
}

std::string_view goal_text(GoalState state, const Locale& locale) {
  switch (state) {
  case GoalState::reached: return words(locale, Text::goal_reached);
  case GoalState::on_track: return words(locale, Text::goal_on_track);
  case GoalState::at_risk: return words(locale, Text::goal_at_risk);
  case GoalState::late: return words(locale, Text::goal_late);
  case GoalState::unknown: return words(locale, Text::goal_unknown);
  }
  return {};
}

const std::string& goal_name(const GoalConfig& goal, const Locale& locale) {
  return locale.language() == Language::nb && !goal.name.nb.empty() ? goal.name.nb : goal.name.en;
}

std::string change_text(const ledger::Change& change, const Locale& locale) {
  const auto row = row_name(locale.language(), change.row);
  if (!change.migrated_back_to) return say(locale, Text::change_undone, row);
  const auto back_to = locale.day(*change.migrated_back_to);
  if (change.exceptions == 0) return say(locale, Text::change_back_to, row, back_to);
  return say(locale, Text::change_except, row, back_to, days_text(change.exceptions, locale));
}

std::string note_text(const ledger::Note& note, const Locale& locale) {
  if (const auto text = note.text.find(std::string(name_of(locale.language()))); text != note.text.end())
    return text->second;
  return note.text.empty() ? std::string{} : note.text.begin()->second;
}

std::string_view outcome_text(Outcome outcome, const Locale& locale) {
  const auto first = static_cast<std::size_t>(Text::outcome_created);
  return words(locale, static_cast<Text>(first + static_cast<std::size_t>(outcome)));
}

DayNumbers all_days(const StatusModel& model) {
  DayNumbers sum;
  for (const auto& row : model.rows) {
    if (row.state == RowState::off) continue;
    sum.planned += row.numbers.planned;
    sum.complete += row.numbers.complete;
    sum.parked += row.numbers.parked;
    sum.running += row.numbers.running;
  }
  return sum;
}

} // namespace dialogferry::status
