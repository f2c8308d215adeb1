#pragma once

#include <dialogferry/status/locale.hpp>

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace dialogferry::status {

/// Every wording of the page. `{}` stands for what is filled in, in the order of say()'s arguments.
enum class Text : std::uint16_t {
  title,
  as_of,
  environment,
  other_language,
  refresh,
  skip,
  not_updated,
  // the sentence on top
  headline_nothing,
  headline_held_up,
  headline_paused,
  headline_partly,
  headline_attention,
  headline_differs,
  headline_late,
  headline_done,
  headline_running,
  headline_still,
  headline_begins,
  headline_live,
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
  only_organisations,
  // status
  status,
  live_all,
  live_others,
  live_nothing,
  live_off,
  live_except,
  live_late,
  live_failed,
  live_not_begun,
  live_deferred,
  historic,
  historic_caption,
  no_history,
  history_done_label,
  missing_label,
  waiting_label,
  verified_label,
  nothing,
  finished_but,
  with_progress,
  // sources
  source,
  state,
  migrated_back_to,
  exceptions,
  days_done,
  records,
  rate,
  time_left,
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
  state_by_operator,
  state_not_begun,
  paused_by,
  paused_since,
  off_sources,
  back_to,
  back_to_except,
  not_yet,
  first_days,
  older_follow,
  expected_done,
  up_to_date_within,
  up_to_date_but,
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
  days_verified,
  days_differ,
  // goals
  goals,
  goals_plan,
  goals_caption,
  goals_none,
  goal,
  deadline,
  progress_label,
  goal_short,
  goal_except,
  goal_reached,
  goal_on_track,
  goal_at_risk,
  goal_late,
  goal_unknown,
  // details
  details,
  details_intro,
  range,
  main_cause,
  waits_for,
  restarts,
  outcomes,
  // days
  days,
  days_keys,
  days_summary,
  day_label,
  day_label_failed,
  month_table,
  month,
  legend,
  day_complete,
  day_verified,
  day_failed,
  day_differs,
  day_parked,
  day_running,
  day_waiting,
  more_days,
  year_summary,
  year_parked,
  year_running,
  show_year,
  year,
  back,
  // throughput
  throughput,
  throughput_now,
  throughput_hint,
  throughput_table,
  throughput_label,
  hour,
  // what is missing
  missing,
  parked_heading,
  parked_caption,
  day,
  organisation,
  reason,
  retry_at,
  parked_more,
  causes_heading,
  causes_caption,
  cause,
  who_acts,
  next_step,
  code,
  count,
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
  // log
  changelog,
  change_begun,
  change_back_to,
  change_except,
  change_finished,
  change_undone,
  change_was,
  change_first_hop,
  changelog_empty,
  log_paused,
  log_resumed,
  log_set,
  log_taken_back,
  log_by,
  log_goal,
  log_recovered,
  log_verified,
  log_differs,
  notes,
  last_modified,
  // words
  words,
  words_migrated,
  words_lag,
  words_exception,
  words_verified,
  words_excluded,
  words_record,
  footer_same,
  footer_scripts,
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

/// A source's name, as readers know it from Altinn's pages.
std::string_view row_name(Language language, std::string_view row);

/// What a source is and how it arrives, some sentences.
std::string_view row_about(Language language, std::string_view row);

} // namespace dialogferry::status
