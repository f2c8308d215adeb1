#pragma once

#include "archive/life.hpp"
#include "storage/dice.hpp"

#include <atomic>
#include <chrono>
#include <optional>
#include <vector>

namespace altinn_sim {

/// A load that runs: decides what happens to which message, in one thread. It ends by itself.
class MessageLife::Run : public std::enable_shared_from_this<Run> {
public:
  Run(const archive::Archive& archive, MessageLife& life, const MessageLoad& load);

  void start(live::Agenda& agenda);
  /// From any thread.
  void stop() { running_ = false; }
  bool running() const { return running_; }

private:
  using Clock = std::chrono::steady_clock;

  /// Whether the load goes on.
  bool tick();
  void catch_up();
  void one_thing();
  void create();
  void go_on();
  std::optional<std::int64_t> somebody();
  std::vector<archive::Happening> steps(const archive::Message& message, std::size_t count);
  bool chance(double share);

  const archive::Archive& archive_;
  MessageLife& life_;
  MessageLoad load_;
  storage::Dice dice_;
  std::vector<std::int64_t> own_; ///< created or touched by this load, the latest few thousand
  std::size_t next_own_ = 0;
  double owed_ = 0; ///< things that are due
  Clock::time_point last_;
  Clock::time_point end_;
  std::atomic<bool> running_{false};
};

} // namespace altinn_sim
