#include "wording.hpp"

#include <dialogferry/status/render.hpp>

#include <algorithm>

namespace dialogferry::status {

std::string_view symbol(RowState state) {
  switch (state) {
  case RowState::ok: return "✔";
  case RowState::warning: return "⚠";
  case RowState::paused: return "‖";
  case RowState::off: return "–";
  }
  return "–";
}

RowState mark_of(const RowStatus& row) {
  return row.state == RowState::ok && !row.has_claim() ? RowState::off : row.state;
}

std::string state_text(const RowStatus& row, const Locale& locale) {
  switch (row.state) {
  case RowState::ok:
    if (!row.has_claim() && row.days.empty()) return say(locale, Text::state_not_begun);
    return say(locale, row.done() ? Text::state_done : Text::state_ok);
  case RowState::warning: return say(locale, Text::state_warning);
  case RowState::paused:
    if (row.paused) return say(locale, Text::state_by_operator);
    return say(locale, row.wait && !row.wait->whole ? Text::state_partly : Text::state_paused);
  case RowState::off: break;
  }
  return say(locale, Text::state_off);
}

// -- where it stands -----------------------------------------------------------------

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

std::string live_standing(const RowStatus& row, const Locale& locale) {
  if (row.state == RowState::paused) return state_text(row, locale);
  if (!row.live_lag_seconds) return say(locale, Text::not_yet);
  const auto lag = locale.duration(*row.live_lag_seconds);
  const auto except = exception_text(row, locale);
  return except.empty() ? say(locale, Text::up_to_date_within, lag)
                        : say(locale, Text::up_to_date_but, lag, except);
}

} // namespace

std::string exception_text(const RowStatus& row, const Locale& locale) {
  const auto days = day_list(row.exceptions, locale);
  if (row.open_exceptions == 0) return days;
  const auto records = records_text(row.open_exceptions, locale);
  return days.empty() ? records : say(locale, Text::both, days, records);
}

std::string standing(const RowStatus& row, const Locale& locale) {
  if (row.state == RowState::off) return say(locale, Text::state_off);
  if (row.id == "dialog-services") return direct_writes(row, locale);
  if (!row.history) return live_standing(row, locale);
  if (!row.migrated_back_to)
    return both_hops(say(locale, row.days.empty() ? Text::not_yet : Text::first_days), row, locale);
  const auto back_to = locale.day(*row.migrated_back_to);
  const auto except = exception_text(row, locale);
  return both_hops(except.empty() ? say(locale, Text::back_to, back_to)
                                  : say(locale, Text::back_to_except, back_to, except),
                   row, locale);
}

std::string hold_text(const RowStatus& row, Instant as_of, const Locale& locale) {
  if (row.paused && row.paused->at == Instant{}) return say(locale, Text::paused_configured);
  if (row.paused) {
    const auto since = locale.instant(row.paused->at);
    return row.paused->who.empty() ? say(locale, Text::paused_since, since)
                                   : say(locale, Text::paused_by, row.paused->who, since);
  }
  return row.wait ? wait_text(*row.wait, as_of, locale) : std::string{};
}

std::string outlook(const RowStatus& row, Instant as_of, const Locale& locale) {
  if (!row.history || row.done() || row.state == RowState::off || row.days.empty()) return {};
  const auto follow = say(locale, Text::older_follow);
  if (!row.eta) return follow;
  return follow + ". " + say(locale, Text::expected_done, eta_text(*row.eta, as_of, locale));
}

std::string organisations_text(const RowStatus& row, const Locale& locale) {
  if (row.organisations.empty()) return {};
  constexpr std::size_t most = 12;
  std::string names;
  for (std::size_t i = 0; i < std::min(most, row.organisations.size()); ++i)
    names += (i == 0 ? "" : ", ") + row.organisations[i];
  if (row.organisations.size() > most)
    names += ' ' + say(locale, Text::more_days, locale.number(row.organisations.size() - most));
  return say(locale, Text::only_organisations, names);
}

// -- when ------------------------------------------------------------------------------

std::string eta_text(const RowStatus& row, Instant as_of, const Locale& locale) {
  if (row.done() && row.numbers.parked > 0)
    return say(locale, Text::finished_but, days_text(row.numbers.parked, locale));
  if (row.done()) return say(locale, Text::finished);
  if (row.eta) return eta_text(*row.eta, as_of, locale);
  return row.estimating() ? say(locale, Text::estimating) : "–";
}

std::string eta_text(const Eta& eta, Instant as_of, const Locale& locale) {
  const bool today = day_of(eta.to) == day_of(as_of);
  const auto from = today ? locale.clock(eta.from) : locale.day(day_of(eta.from));
  const auto to = today ? locale.clock(eta.to) + " UTC" : locale.day(day_of(eta.to));
  return from == to || from + " UTC" == to ? to : say(locale, Text::between, from, to);
}

// -- in numbers ----------------------------------------------------------------------------

namespace {

std::string days_done(const DayNumbers& days, const Locale& locale) {
  return fmt::format(
      "{} ({})", say(locale, Text::days_of, locale.number(days.complete), days_text(days.planned, locale)),
      locale.percent(days.complete, days.planned));
}

/// The most frequent cause of what is missing, or why the newest day with an exception is one.
std::string main_cause(const RowStatus& row, const StatusModel& model, const Locale& locale) {
  for (const auto& group : grouped(model.causes))
    if (group.row == row.id)
      return fmt::format("{} ({})", cause_words(locale.language(), group.cause),
                         records_text(group.records, locale));
  return row.parked.empty() ? std::string{} : reason_words(reason_of(row.parked.front().reason), locale);
}

/// Days that could not be compared, and why the newest could not.
std::string not_compared(const RowStatus& row, const Locale& locale) {
  if (row.not_compared.empty()) return {};
  std::vector<Day> days;
  for (const auto& one : row.not_compared)
    days.push_back(one.day);
  return say(locale, Text::not_compared, day_list(days, locale),
             reason_words(reason_of(row.not_compared.front().why), locale));
}

} // namespace

std::vector<Figure> row_figures(const RowStatus& row, const StatusModel& model, const Locale& locale) {
  std::vector<Figure> figures;
  const auto add = [&](Text name, std::string value) {
    if (!value.empty()) figures.push_back({say(locale, name), std::move(value)});
  };
  add(Text::state, state_text(row, locale));
  if (row.history && row.from && row.numbers.planned > 0) {
    add(Text::range, say(locale, Text::between, locale.day(*row.from), locale.day(*row.cutover)));
    add(Text::days_done, days_done(row.numbers, locale));
    if (row.numbers.verified > 0) add(Text::verified_label, days_text(row.numbers.verified, locale));
    if (row.comparing) add(Text::comparing_label, locale.day(*row.comparing));
    add(Text::not_compared_label, not_compared(row, locale));
    add(Text::time_left, eta_text(row, model.as_of, locale));
  } else if (row.id != "dialog-services") {
    add(Text::live_lag, row.live_lag_seconds ? locale.duration(*row.live_lag_seconds) : "–");
    add(Text::last_carried, row.last_carried_at ? locale.instant(*row.last_carried_at) : "–");
    add(Text::waiting, records_text(row.waiting, locale));
  }
  if (row.id == "dialog-services") return figures;
  add(Text::records, locale.number(row.counts.read()));
  add(Text::outcomes, outcomes_text(row.counts, locale));
  add(Text::rate, say(locale, Text::per_second, locale.rate(row.rate)));
  if (row.deferred_records() > 0) add(Text::waiting_label, records_text(row.deferred_records(), locale));
  add(Text::main_cause, main_cause(row, model, locale));
  if (row.restarts > 0) add(Text::restarts, locale.number(row.restarts));
  return figures;
}

} // namespace dialogferry::status
