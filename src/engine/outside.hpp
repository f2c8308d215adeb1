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

/// Told from another thread that the ledger has something, or why not.
using Told = std::function<void(std::optional<Problem>)>;

/// Something to be noted on its way in, and who waits for the ledger to have it.
template <class To, class Note>
struct Keep {
  To to;
  Note note;
  Told done;
};

using Deliver = Keep<live_supervisor_actor, NoteEvents>;
using KeepSetting = Keep<ledger_actor, NoteSetting>;
using KeepNote = Keep<ledger_actor, NoteForReaders>;

/// Takes these three: asks actors for those who are none.
caf::actor spawn_messenger(caf::actor_system& system);

} // namespace dialogferry::engine

DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Deliver)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::KeepSetting)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::KeepNote)
