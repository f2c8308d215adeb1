#pragma once

#include <dialogferry/engine/limit/token_bucket.hpp>
#include <dialogferry/ledger/one_rate.hpp>

#include <cstdint>
#include <optional>

namespace dialogferry::engine {

/// An engine's share of the rate that several keep between them, and what it tells the others of its requests
/// (docs/limiter.md, Several engines). Before it hears of a share, and once the last one is over, it is
/// careful: it goes on with almost nothing.
class Sharing {
public:
  static constexpr double careful_share = 0.01;

  explicit Sharing(Moment now)
      : told_at_{now} {}

  double share() const { return share_; }
  double engines() const { return engines_; }
  bool leads() const { return leads_; }

  /// Whether the share has ended by now; said once.
  bool lapses(Moment now) {
    if (now < until_) return false;
    until_ = Moment::max();
    share_ = careful_share;
    return true;
  }

  // -- what is told
  /// `sent` attempts have started, where `wanted` could have but for the rate.
  void asked(std::uint32_t wanted, std::uint32_t sent) {
    sent_ += sent;
    short_ = wanted - sent;
    was_short_ |= short_ > 0;
  }
  void held_back() { answers_.held_back = true; }
  void passed() { ++answers_.passed; }
  void throttled(Moment sent) { ++(sent >= known_at_ ? answers_.throttled : answers_.late); }
  /// This engine has been told to wait, and so all of them.
  void pause(Moment until) { pause_until_ = until; }

  /// What there is to tell, without what the limiter knows besides. `is_idle`: no request waits; `is_paused`:
  /// none may be sent, and so nothing is learned of what is wanted.
  ledger::RateUse tell(bool is_idle, bool is_paused, Moment now);

  /// What was heard in answer to what was told at `told`.
  void hear(const ledger::RateShare& heard, Moment told, Moment now);

private:
  double share_ = careful_share;
  double engines_ = 1;
  bool leads_ = false;
  Moment until_ = Moment::max();

  Moment told_at_;
  double wanted_ = 0;  ///< requests per second
  double average_ = 0; ///< requests per second that were sent
  double sent_ = 0;
  std::uint32_t short_ = 0; ///< of those that were asked for last
  bool was_short_ = false;
  ledger::RateAnswers answers_;
  std::int64_t reduction_ = 0;        ///< the newest that is known
  Moment known_at_{0};                ///< since when
  std::optional<Moment> pause_until_; ///< that the others do not know
  std::optional<Moment> told_pause_;  ///< of which they were told; whether they know is not heard yet
};

} // namespace dialogferry::engine
