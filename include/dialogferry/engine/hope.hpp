#pragma once

#include <dialogferry/engine/moment.hpp>

#include <cstdint>

namespace dialogferry::engine {

/// Whether a run that ends when it is idle still waits for the records that wait for somebody (Held): while
/// there are some, and the last of them to be carried, or the first to be deferred, is no longer ago than
/// `patience`. In that time each was tried in place and at least once more. Then the run ends with their days
/// open, and the next one goes on with them.
class Hope {
public:
  explicit Hope(Moment patience)
      : patience_(patience) {}

  /// The ledger says that so many wait.
  void looked(std::uint64_t held, Moment now) {
    if (held > 0 && (held_ == 0 || held < held_)) since_ = now;
    held_ = held;
  }

  /// Whether to wait for them.
  bool is_there(Moment now) const { return held_ > 0 && now - since_ < patience_; }
  /// Whether there are some for whom nobody waits any more.
  bool is_lost(Moment now) const { return held_ > 0 && !is_there(now); }

private:
  Moment patience_;
  std::uint64_t held_ = 0;
  Moment since_{0};
};

} // namespace dialogferry::engine
