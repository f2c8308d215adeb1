#pragma once

#include <dialogferry/engine/limit/token_bucket.hpp>

#include <cstdint>

namespace dialogferry::engine {

/// The fewest requests in flight that carry the most: beyond a target's knee more of them bring waiting only
/// (observed.md OD-13, docs/limiter.md). It looks once as soon as every place is taken, when answers become
/// slower, and again now and then: half of the places first, which tells whether anything waits; then few,
/// twice as many while that carries more, then as few as carry as much.
///
/// A pure state machine: time is handed in.
class Knee {
public:
  explicit Knee(std::uint32_t most)
      : most_{most}
      , settled_{most}
      , value_{most} {}

  /// Places to use now, 1 to the configured connections; other than settled() while it looks.
  std::uint32_t value() const { return value_; }
  /// Places it has found best so far.
  std::uint32_t settled() const { return settled_; }
  bool lowered() const { return settled_ < most_; }
  bool looks() const { return phase_ != Phase::settled; }

  /// Another maximum; what was found below it stays.
  void change(std::uint32_t most);

  /// An answer to a request of `sent`; `took`: how long, as far as it can be compared with others.
  /// `all_taken`: every place was, so that the places alone held it back.
  void answered(Moment sent, Moment now, Moment took, bool all_taken);

  /// Something else held requests back, a rate or a pause: what is being measured says nothing.
  void spoil(Moment now);

private:
  enum class Phase : std::uint8_t {
    settled,
    half,  ///< whether answers wait at all
    few,   ///< measures how fast answers are where none waits
    more,  ///< twice as many places
    fewer, ///< a quarter less, from where more did not help
  };
  struct Measure {
    double rate = 0; ///< answers a second
    double time = 0; ///< binary logarithm of the usual answer time in ns
  };

  void measured(const Measure& measure, Moment now);
  void watch(const Measure& measure, Moment now);
  void climb(const Measure& measure, Moment now);
  void thin_out(const Measure& measure, Moment now);
  void look(Moment now);
  std::uint32_t half_of_used() const;
  void use(Phase phase, std::uint32_t places, Moment now);
  void settle(std::uint32_t places, Moment now);
  void begin_window(Moment now);

  std::uint32_t most_;
  std::uint32_t settled_;
  std::uint32_t value_;
  Phase phase_ = Phase::settled;
  // -- what is known
  bool looked_ = false;
  bool measured_here_ = false;
  Measure here_; ///< at settled_, where measured_here_
  Measure base_; ///< at base_places_: what the places in use are compared with
  std::uint32_t base_places_ = 0;
  double in_flight_ = 0;      ///< on average, in the last window
  bool from_few_ = false;     ///< this look began at few places
  std::uint32_t doubts_ = 0;  ///< windows in a row in which more places brought nothing
  std::uint32_t changed_ = 0; ///< windows in a row that were not as here_
  Moment look_at_{0};         ///< the next look, where nothing calls for an earlier one
  Moment looks_apart_{0};
  // -- the window under way
  Moment begun_{0};
  Moment first_{0};
  std::uint32_t answers_ = 0;
  double logarithms_ = 0;  ///< of answer times, summed
  double seconds_ = 0;     ///< of answer times, summed
  double all_seconds_ = 0; ///< of all answers, whether every place was taken or not
  double squares_ = 0;     ///< of these logarithms, summed
};

} // namespace dialogferry::engine
