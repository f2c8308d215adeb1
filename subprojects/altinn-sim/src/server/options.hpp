#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace altinn_sim {

/// What the command line says.
struct Options {
  std::uint64_t seed = 42;
  std::int64_t first_day = 20'089; ///< days since 1970-01-01: 2025-01-01
  std::int64_t last_day = 20'412;  ///< included: 2025-11-20
  std::uint64_t per_day = 1000;    ///< records per organisation and day
  std::uint64_t organisations = 4;
  std::uint64_t forms_per_day = 0; ///< archived forms per organisation and day
  /// First and last day of the forms; absent: those of the history.
  std::optional<std::pair<std::int64_t, std::int64_t>> forms_days;
  double forms_unfinished = 0.02; ///< share of forms that were never completed
  double forms_late = 0.002;      ///< share of forms whose import is half done when first asked for
  std::chrono::microseconds import_time{3'000'000}; ///< until such an import is complete
  std::uint64_t messages_per_day = 0;               ///< of Altinn 2's archive
  /// First and last day of the messages; absent: those of the history.
  std::optional<std::pair<std::int64_t, std::int64_t>> messages_days;
  double messages_attachments = 0.05;              ///< share of messages that have attachments
  double messages_unfit = 0.005;                   ///< share of messages that must become exceptions
  std::uint64_t messages_attachment_size = 50'000; ///< bytes of each attachment of the sink
  double poison = 0;                               ///< share of the records that cannot be carried
  std::uint16_t port = 0;
  std::string fixtures;     ///< folder, empty = none
  std::string faults;       ///< file, empty = none
  std::string maskinporten; ///< file of clients that may ask for tokens, empty = no token is asked for
  std::chrono::microseconds latency{0};
  unsigned places = 0;                         ///< requests that Dialogporten works on at once; 0 = all
  std::chrono::microseconds write_time{3'000}; ///< a write that others can meet takes at least so long
  /// That a dialog takes in Correspondence's publish; nothing: 4 ms, with `sink` no time.
  std::optional<std::chrono::microseconds> publish_time;
  std::chrono::microseconds job_time{20'000}; ///< that a job of Correspondence takes
  unsigned threads = 1;
  bool gzip = false;
  bool sink = false;
};

/// What comes of reading the command line: options, or the exit status with which to leave (everything is
/// said).
struct Reading {
  std::optional<Options> options;
  int exit_status = 0;
};

Reading read_options(int argc, const char* const* argv);

/// "2025-01-01..2025-11-20" as days since 1970-01-01; null unless both exist, in order.
std::optional<std::pair<std::int64_t, std::int64_t>> parse_days(const std::string& text);

/// "20ms", "1.5s", "250us", "2m", "1h"; null for anything else.
std::optional<std::chrono::microseconds> parse_duration(const std::string& text);

} // namespace altinn_sim
