#pragma once

#include <dialogferry/status/locale.hpp>

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace dialogferry::status {

/// Every wording of the page. `{}` stands for what is filled in, in the order of say()'s arguments.
enum class Text : std::uint8_t {
  title,
  as_of,
  environment,
  other_language,
  refresh,
  skip,
  // the sentence on top
  headline_nothing,
  headline_held_up,
  headline_partly,
  headline_attention,
  headline_late,
  headline_done,
  headline_running,
  headline_still,
  headline_live,
  progress,
  // what is waited for
  wait_asked,
  wait_asked_until,
  wait_down,
  wait_down_until,
  wait_behind,
  wait_behind_until,
  wait_deferred,
  wait_deferred_until,
  wait_stream,
  wait_day,
  wait_at_clock,
  wait_on_day,
  records_deferred,
  records_incomplete,
  answered_with,
  only_organisations,
  // sources
  sources,
  sources_caption,
  source,
  state,
  migrated_back_to,
  exceptions,
  days_done,
  records,
  rate,
  time_left,
  live_heading,
  live_caption,
  live_lag,
  both_hops,
  direct_seen,
  direct_none,
  direct_unseen,
  last_carried,
  waiting,
  state_ok,
  state_warning,
  state_paused,
  state_partly,
  state_off,
  state_done,
  none,
  off_sources,
  back_to,
  back_to_except,
  not_yet,
  first_days,
  up_to_date_within,
  days_of,
  per_second,
  estimating,
  finished,
  between,
  day_count,
  one_day,
  record_count,
  one_record,
  both,
  except_days,
  engine_stopped,
  // days
  days,
  days_hint,
  months_hint,
  days_summary,
  day_label,
  day_label_failed,
  month_table,
  month,
  legend,
  day_complete,
  day_failed,
  day_parked,
  day_running,
  day_waiting,
  more_days,
  // exceptions
  parked_heading,
  parked_caption,
  day,
  organisation,
  reason,
  retry_at,
  causes_heading,
  causes_caption,
  cause,
  http_status,
  count,
  no_answer,
  nothing_parked,
  // counts
  counts_heading,
  counts_caption,
  read,
  outcome_created,
  outcome_updated,
  outcome_unchanged,
  outcome_restored,
  outcome_deleted,
  outcome_purged,
  outcome_excluded,
  outcome_deferred,
  outcome_failed,
  // goals, log
  goals,
  goals_caption,
  goal,
  deadline,
  goal_reached,
  goal_on_track,
  goal_at_risk,
  goal_late,
  goal_unknown,
  changelog,
  change_back_to,
  change_except,
  change_undone,
  changelog_empty,
  notes,
  words,
  words_migrated,
  words_lag,
  words_exception,
  words_record,
  footer_same,
  footer_accessible,
  footer_data,
};

inline constexpr std::size_t text_count = static_cast<std::size_t>(Text::footer_data) + 1;

/// The wording in one language.
std::string_view wording(Language language, Text text);

/// The wording with its gaps filled.
template <class... Args>
std::string say(const Locale& locale, Text text, const Args&... args) {
  return fmt::format(fmt::runtime(wording(locale.language(), text)), args...);
}

/// An API's name for people; `engine` is ours.
std::string_view api_name(Language language, std::string_view api);

/// What became of a request that got no answer, by the code of its cause (http::TransportFault); empty where
/// the cause is no such code.
std::string_view transport_words(Language language, std::string_view code);

/// A source's name for people.
std::string_view row_name(Language language, std::string_view row);

} // namespace dialogferry::status
