#pragma once

#include <dialogferry/engine/controls.hpp>
#include <dialogferry/engine/limit/gate.hpp>
#include <dialogferry/engine/verify/actors.hpp>
#include <dialogferry/engine/verify/due_days.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dialogferry::engine::verify {

/// What is told outside of a row that is compared by itself.
struct PatrolView {
  std::optional<Day> comparing;
  std::vector<NotCompared> not_compared = {}; ///< the newest few
};

/// A row that is compared by itself, while its controls say so.
struct PatrolledRow {
  std::string id;
  std::vector<std::string> stages; ///< their names, in order
  std::shared_ptr<const RowControls> controls;
  verifier_actor verifier;
  std::shared_ptr<Shared<PatrolView>> view = std::make_shared<Shared<PatrolView>>();
};

/// What comes of a comparison, once it is noted.
using NoteVerification = std::function<Result<void>(const ledger::Verification&)>;

struct PatrolSetup {
  std::vector<PatrolledRow> rows;
  std::function<Result<ledger::Snapshot>()> read; ///< where the rows stand
  NoteVerification note;
  std::function<Instant()> now;
  std::chrono::milliseconds tick{500};              ///< between two looks at the clock
  std::chrono::milliseconds look_every{10'000};     ///< at the ledger, for days that are carried now
  std::chrono::milliseconds longest_pause{600'000}; ///< after several days that could not be compared
  DueDays::Pauses pauses = {};
};

/// Compares days by itself: one at a time, the newest of all rows that is carried and was not compared since.
/// Gives a day up where its row is paused, and does it over later. It waits for the disk, so it must have a
/// thread of its own (caf::detached).
class Patrol : public actor_base<patrol_actor> {
public:
  Patrol(caf::actor_config& config, PatrolSetup setup);
  const char* name() const override { return "patrol"; }
  behavior_type make_behavior() override;
  void on_exit() override { setup_ = {}; }

private:
  struct Due {
    std::size_t row = 0;
    Day day;
  };

  bool may_compare(std::size_t row) const;
  void tick();
  void look_later(std::chrono::milliseconds pause);
  void go_on();
  void look();
  void compare(const Due& due);
  void on_verified(const Due& due, DayVerified& verified);
  void settle(const Due& due, const ledger::Verification& verification);
  void put_off(const Due& due, const Problem& problem);
  void give_up();
  void show(std::size_t row);

  PatrolSetup setup_;
  std::vector<DueDays> days_; ///< one a row
  std::vector<std::vector<std::string>> organisations_;
  std::deque<Due> queue_; ///< newest first
  Instant looked_;        ///< when the queue was filled
  std::optional<Due> under_way_;
  bool given_up_ = false; ///< what is under way
  bool draining_ = false;
  std::optional<Instant> look_at_;
  std::uint32_t failures_ = 0; ///< one behind the other
};

} // namespace dialogferry::engine::verify
