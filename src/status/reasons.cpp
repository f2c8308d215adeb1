#include "wording.hpp"

#include <dialogferry/status/render.hpp>

#include <algorithm>

namespace dialogferry::status {

namespace {

/// To the minute that begins next, so that what is promised is not too early.
Instant rounded_up(Instant at) {
  constexpr auto minute = 60 * Instant::per_second;
  const auto over = at.ticks % minute;
  return over == 0 ? at : Instant{at.ticks - over + minute};
}

std::string when_text(Instant at, Instant as_of, const Locale& locale) {
  const auto minute = rounded_up(at);
  if (day_of(minute) == day_of(as_of)) return say(locale, Text::wait_at_clock, locale.clock(minute));
  return say(locale, Text::wait_on_day, locale.day(day_of(minute)), locale.clock(minute));
}

struct WaitTexts {
  Text open_end, until;
};

WaitTexts texts_of(WaitCode code) {
  switch (code) {
  case WaitCode::asked: return {Text::wait_asked, Text::wait_asked_until};
  case WaitCode::down: return {Text::wait_down, Text::wait_down_until};
  case WaitCode::behind: return {Text::wait_behind, Text::wait_behind_until};
  case WaitCode::deferred: return {Text::wait_deferred, Text::wait_deferred_until};
  case WaitCode::day: return {Text::wait_day, Text::wait_day};
  case WaitCode::stream: break;
  }
  return {Text::wait_stream, Text::wait_stream};
}

/// "timeout: no answer in time" → "timeout".
std::string_view code_of(std::string_view reason) {
  return reason.substr(0, reason.find(": "));
}

} // namespace

std::string wait_text(const Wait& wait, Instant as_of, const Locale& locale) {
  const auto texts = texts_of(wait.code);
  const auto api = api_name(locale.language(), wait.api);
  const bool counts = wait.code == WaitCode::behind || wait.code == WaitCode::deferred;
  const auto records = counts ? records_text(wait.records, locale) : std::string{};
  if (!wait.until && wait.code != WaitCode::day)
    return counts ? say(locale, texts.open_end, api, records) : say(locale, texts.open_end, api);
  const auto when = when_text(wait.until.value_or(as_of), as_of, locale);
  return counts ? say(locale, texts.until, api, records, when) : say(locale, texts.until, api, when);
}

std::string cause_text(std::string_view cause, const Locale& locale) {
  const auto words = transport_words(locale.language(), cause);
  return std::string(words.empty() ? cause : words);
}

std::string reason_text(std::string_view reason, const Locale& locale) {
  if (waits_only(reason)) {
    const auto records = records_text(std::stoull(std::string(reason)), locale);
    return say(locale, reason.ends_with(" deferred") ? Text::records_deferred : Text::records_incomplete,
               records);
  }
  const auto words = transport_words(locale.language(), code_of(reason));
  if (!words.empty()) return std::string(words);
  constexpr std::string_view status = "status ";
  if (!reason.starts_with(status)) return std::string(reason);
  return say(locale, Text::answered_with, reason.substr(status.size()));
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

} // namespace dialogferry::status
