#include "wording.hpp"

#include <dialogferry/status/render.hpp>

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
  case WaitCode::by_operator:
  case WaitCode::stream: break;
  }
  return {Text::wait_stream, Text::wait_stream};
}

/// Of what somebody has paused on purpose: an API, or the row itself.
std::string pause_text(const Wait& wait, const Locale& locale) {
  const bool is_api = !wait.api.empty();
  const auto api = api_name(locale.language(), wait.api);
  if (!wait.since)
    return say(locale, is_api ? Text::wait_api_paused_configured : Text::wait_paused_configured, api);
  return say(locale, is_api ? Text::wait_api_paused_by : Text::wait_paused_by, api, wait.who,
             locale.instant(*wait.since));
}

} // namespace

std::string wait_text(const Wait& wait, Instant as_of, const Locale& locale) {
  if (wait.code == WaitCode::by_operator) return pause_text(wait, locale);
  const auto texts = texts_of(wait.code);
  const auto api = api_name(locale.language(), wait.api);
  const bool counts = wait.code == WaitCode::behind || wait.code == WaitCode::deferred;
  const auto records = counts ? records_text(wait.records, locale) : std::string{};
  if (!wait.until && wait.code != WaitCode::day)
    return counts ? say(locale, texts.open_end, api, records) : say(locale, texts.open_end, api);
  const auto when = when_text(wait.until.value_or(as_of), as_of, locale);
  return counts ? say(locale, texts.until, api, records, when) : say(locale, texts.until, api, when);
}

std::string reason_words(const Reason& reason, const Locale& locale) {
  if (reason.cause == Cause::deferred)
    return say(locale, Text::records_deferred, records_text(reason.records, locale));
  if (reason.cause == Cause::importing)
    return say(locale, Text::records_incomplete, records_text(reason.records, locale));
  if (reason.cause == Cause::no_answer) {
    const auto words = transport_words(locale.language(), reason.code);
    if (!words.empty()) return std::string(words);
  }
  return std::string(cause_words(locale.language(), reason.cause));
}

CodeText code_words(std::string_view code, const Locale& locale) {
  const auto words = transport_words(locale.language(), code);
  return words.empty() || code.empty() ? CodeText{std::string(code)} : CodeText{std::string(words), false};
}

} // namespace dialogferry::status
