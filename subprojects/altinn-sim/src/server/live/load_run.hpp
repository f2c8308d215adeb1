#pragma once

#include "live/agenda.hpp"
#include "live/orders.hpp"
#include "storage/dice.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_set>
#include <variant>

namespace altinn_sim::live {

/// A load that runs: decides what happens to whom, in one thread. It ends by itself.
class LoadRun : public std::enable_shared_from_this<LoadRun> {
public:
  struct Actions {
    std::function<std::variant<storage::Changed, std::string>(const OneChange&)> change;
    /// Does something after a while, in the same thread.
    std::function<void(storage::Ticks, std::function<void()>)> later;
    /// What has been told but not delivered; where it is too much, the load waits.
    std::function<std::uint64_t()> backlog;
  };

  /// Throws std::invalid_argument for an organisation that there is not.
  LoadRun(const storage::World& world, Load load, Actions actions);

  void start(Agenda& agenda);
  /// From any thread.
  void stop() { running_ = false; }
  bool running() const { return running_; }

private:
  using Clock = std::chrono::steady_clock;

  /// Whether the load goes on.
  bool tick();
  void catch_up();
  void one_change();
  void create();
  void go_on_with(storage::Guid instance, bool deletes);
  std::optional<storage::ChangeKind> next_kind(const storage::Record& record, bool deletes);
  storage::ChangeKind next_step(const storage::Record& record);
  void make(storage::ChangeKind kind, storage::Guid instance);
  void burst(storage::Guid instance);
  void change_texts(storage::Guid instance);
  void follow(storage::Guid instance);
  storage::Guid somebody();
  storage::Guid somebody_of_history();
  bool chance(double share);

  const storage::World& world_;
  Load load_;
  Actions actions_;
  storage::Dice dice_;
  /// Hard-deleted without an event: not cleaned up as long as only a stream can find that out.
  std::unordered_set<storage::Guid> unheard_;
  std::vector<const storage::Organisation*> organisations_;
  std::vector<std::int64_t> generated_; ///< those of them that have generated history
  std::vector<storage::Guid> own_;      ///< created or touched by this load, the latest few thousand
  std::size_t next_own_ = 0;
  double owed_ = 0; ///< changes that are due
  Clock::time_point last_;
  Clock::time_point end_;
  std::atomic<bool> running_{false};
};

} // namespace altinn_sim::live
