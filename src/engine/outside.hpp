#pragma once

#include <dialogferry/engine/actors.hpp>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

/// What passes between the actors and those outside of their system.
namespace dialogferry::engine {

/// What the actors tell the outside of the system: which stages are idle, what went wrong for good.
struct Outlook {
  std::mutex mutex;
  std::condition_variable changed;
  std::set<std::pair<std::string, std::string>> idle; ///< row and stage
  std::optional<Problem> failure;

  /// The engine cannot go on; the first reason counts.
  void fail(Problem problem);
};

/// Writes what it is told down there.
engine_actor spawn_reporter(caf::actor_system& system, std::shared_ptr<Outlook> outlook);

/// Events on their way in, and who waits for the ledger to have them.
struct Deliver {
  live_supervisor_actor to;
  NoteEvents note;
  std::function<void(std::optional<Problem>)> done;
};

/// Takes Deliver: asks actors for those who are none.
caf::actor spawn_messenger(caf::actor_system& system);

} // namespace dialogferry::engine

DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Deliver)
