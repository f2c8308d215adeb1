#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace altinn_sim {

/// When requests of one API arrived, kept as counts: the largest number in any sliding second, and a series.
/// Times are microseconds of a steady clock, never going back. The window slides in steps of 100 µs.
class Arrivals {
public:
  void arrived(std::int64_t now_us);

  /// The most arrivals in any second so far.
  std::uint32_t most_in_a_second() const { return most_; }

  /// Arrivals per second, from the first one on; at most a day of them.
  const std::vector<std::uint32_t>& per_second() const { return seconds_; }

private:
  static constexpr std::int64_t step_us = 100;
  static constexpr std::size_t steps = 1'000'000 / step_us;
  static constexpr std::size_t longest_series = 86'400;

  void slide_to(std::int64_t step);

  std::array<std::uint32_t, steps> window_{};
  std::int64_t first_us_ = 0;
  std::int64_t step_ = 0;
  std::uint32_t within_ = 0;
  std::uint32_t most_ = 0;
  std::vector<std::uint32_t> seconds_;
};

} // namespace altinn_sim
