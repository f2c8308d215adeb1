#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace altinn_sim {

/// What the command line says.
struct Options {
  std::uint64_t seed = 42;
  std::string first_day = "2025-01-01";
  std::string last_day = "2025-03-01";
  unsigned per_day = 100; ///< records per organisation and day
  unsigned organisations = 3;
  std::uint16_t port = 0;
  std::string fixtures; ///< folder, empty = none
  std::string faults;   ///< file, empty = none
  std::chrono::microseconds latency{0};
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

/// "20ms", "1.5s", "250us", "2m"; null for anything else.
std::optional<std::chrono::microseconds> parse_duration(const std::string& text);

} // namespace altinn_sim
