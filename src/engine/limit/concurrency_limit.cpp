#include <dialogferry/engine/limit/concurrency_limit.hpp>

#include <algorithm>
#include <cmath>

namespace dialogferry::engine {

using namespace std::chrono_literals;

namespace {

constexpr Moment window_length = 200ms;
constexpr std::uint32_t window_answers = 20;
constexpr Moment longest_window = 2s;

/// Slowness is the binary logarithm of answer time ÷ normal answer time.
constexpr double too_slow = 1.6;    // three times
constexpr double normal_again = 1;  // twice
constexpr double improvement = 0.5; // a third less
constexpr std::uint32_t slow_windows_to_cut = 2;
constexpr std::uint32_t cuts_to_doubt = 2;

/// Time constants of the normal answer time: it follows faster answers soon, slower ones slowly, and faster
/// again when lowering did not help.
constexpr double seconds_down = 5;
constexpr double seconds_up = 60;
constexpr double seconds_up_in_vain = 8;

constexpr double overloaded_share = 0.1;
constexpr std::uint32_t overloaded_least = 3;
constexpr double overloaded_factor = 0.7;

} // namespace

void ConcurrencyLimit::change(std::uint32_t most) {
  value_ = lowered() ? std::min(value_, most) : most;
  most_ = most;
}

void ConcurrencyLimit::answered(Moment took, bool failure, Moment now) {
  const auto logarithm =
      static_cast<double>(std::log2(static_cast<float>(std::max<std::int64_t>(1000, took.count()))));
  if (failure && logarithm <= normal_ + too_slow) return;
  logarithms_ += logarithm;
  ++answers_;
  close_if_due(now);
}

void ConcurrencyLimit::overloaded(Moment now) {
  ++overloads_;
  close_if_due(now);
}

// -- windows ----------------------------------------------------------------------

void ConcurrencyLimit::close_if_due(Moment now) {
  const auto length = now - begun_;
  if (length < window_length) return;
  if (answers_ + overloads_ >= window_answers || length >= longest_window) close(now);
}

void ConcurrencyLimit::close(Moment now) {
  const auto all = answers_ + overloads_;
  const bool many_503 = overloads_ >= overloaded_least && overloads_ >= overloaded_share * all;
  if (answers_ > 0) {
    const auto average = logarithms_ / answers_;
    if (normal_ == 0) normal_ = average;
    if (many_503)
      lower(overloaded_factor);
    else
      judge(average);
    move_normal(average, std::min(1.0, in_seconds(now - begun_)));
  } else if (many_503) {
    lower(overloaded_factor);
  }
  begun_ = now;
  logarithms_ = 0;
  answers_ = overloads_ = 0;
  demand_ = false;
}

void ConcurrencyLimit::judge(double average) {
  const auto slowness = average - normal_;
  if (slowness < normal_again) {
    slow_windows_ = 0;
    cuts_ = 0;
    return raise();
  }
  if (slowness < too_slow || !demand_) return;
  if (++slow_windows_ < slow_windows_to_cut) return;
  if (in_vain(average)) return;
  if (cuts_++ == 0) average_at_cut_ = average;
  lower(std::max(0.5, std::exp2(normal_again - slowness)));
}

void ConcurrencyLimit::lower(double factor) {
  value_ = std::max<std::uint32_t>(1, static_cast<std::uint32_t>(value_ * factor));
}

void ConcurrencyLimit::raise() {
  value_ = std::min(most_, value_ + std::max<std::uint32_t>(1, value_ / 8));
}

bool ConcurrencyLimit::in_vain(double average) const {
  return cuts_ >= cuts_to_doubt && average > average_at_cut_ - improvement;
}

void ConcurrencyLimit::move_normal(double average, double seconds) {
  const auto slowness = average - normal_;
  const auto constant = slowness < 0 ? seconds_down : in_vain(average) ? seconds_up_in_vain : seconds_up;
  normal_ += slowness * (1 - std::exp(-seconds / constant));
}

} // namespace dialogferry::engine
