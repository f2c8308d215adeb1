#pragma once

#include <dialogferry/engine/limit/token_bucket.hpp>

#include <array>
#include <cstdint>

namespace dialogferry::engine {

/// What a request is like, as far as the time to answer it goes: those of one kind take about as long as each
/// other. A list of twenty messages takes a hundred times as long as one, whatever the load.
struct RequestKind {
  std::uint8_t number = 0;
  bool is_judged = true; ///< not where the bytes of a file decide how long it takes
};

/// Makes answer times comparable, so that a target that gets other requests than before does not pass for a
/// slower one (docs/limiter.md, Latency). It learns how much longer each kind takes than the first one it saw
/// while both are under way; of a kind that is new the first answer says nothing of the target.
///
/// A pure state machine, about 10 ns an answer.
class AnswerTimes {
public:
  /// How long an answer would have taken, were it one of the first kind. `is_usual`: it may be learned from;
  /// an error or a time-out may not.
  Moment comparable(RequestKind kind, Moment took, bool is_usual);

private:
  struct Kind {
    float longer = 0; ///< binary logarithm of how many times as long it takes
    std::uint32_t answers = 0;
  };

  bool has_first_ = false;
  std::uint8_t first_ = 0;
  float level_ = 0; ///< binary logarithm of a comparable answer time in ns, of the newest answers
  std::array<Kind, 256> kinds_{}; ///< by number
};

} // namespace dialogferry::engine
