#pragma once

#include <dialogferry/engine/limit/token_bucket.hpp>

#include <cstdint>

namespace dialogferry::engine {

/// How many requests may be in flight, between 1 and the configured connections (docs/limiter.md). Answers
/// several times slower than their recent normal, or many 503, lower it; normal answers raise it again. If
/// fewer in flight do not make answers faster, the new answer time becomes the normal one.
class ConcurrencyLimit {
public:
  explicit ConcurrencyLimit(std::uint32_t most)
      : most_{most}
      , value_{most} {}

  std::uint32_t value() const { return value_; }
  bool lowered() const { return value_ < most_; }

  /// Another maximum; a limit that was not lowered follows it.
  void change(std::uint32_t most);

  /// Somebody had to wait for a place in flight.
  void refused() { demand_ = true; }

  /// An answer that says how fast the target works. Failures count if they are slow (timeouts).
  void answered(Moment took, bool failure, Moment now);
  /// A 503.
  void overloaded(Moment now);

private:
  void close_if_due(Moment now);
  void close(Moment now);
  void judge(double average);
  bool in_vain(double average) const;
  void lower(double factor);
  void raise();
  void move_normal(double average, double seconds);

  std::uint32_t most_;
  std::uint32_t value_;
  double normal_ = 0; ///< binary logarithm of the usual answer time in ns; 0: not known yet
  // -- the window under way
  Moment begun_{0};
  double logarithms_ = 0;     ///< sum over answers
  std::uint32_t answers_ = 0; ///< in logarithms_
  std::uint32_t overloads_ = 0;
  bool demand_ = false;
  // -- over windows
  std::uint32_t slow_windows_ = 0; ///< in a row
  std::uint32_t cuts_ = 0;         ///< since answers were normal
  double average_at_cut_ = 0;      ///< logarithm of the answer time when the first of them was made
};

} // namespace dialogferry::engine
