#pragma once

#include <dialogferry/engine/caf.hpp>
#include <dialogferry/engine/carry/messages.hpp>
#include <dialogferry/engine/ledger_messages.hpp>
#include <dialogferry/engine/limit/messages.hpp>

#include <cstdint>
#include <string>
#include <vector>

/// Every message that actors of the engine send each other: these, and those of the rooms that are included.
/// actors.hpp says who takes which.
namespace dialogferry::engine {

/// Service owners that the source has since, besides those known before; to every row that is for all of
/// them.
struct NewOrganisations {
  std::vector<std::string> names;
};

/// Carry these records again, one by one; answered when each has an outcome or the engine drains.
struct RetryRecords {
  std::vector<ledger::Exception> exceptions;
  std::vector<ledger::WakeUp> wake_ups = {};
};

/// Whether the stage before has anything left to do; from its supervisor to that of the next stage.
struct StageBefore {
  bool idle = false;
};

/// How a shard has ended.
struct ShardEnded {
  enum class How : std::uint8_t {
    complete,
    split,   ///< done up to its new lower end; `parts` carry the rest
    drained, ///< stopped at a checkpoint because the engine stops
    failed,
  };
  ShardKey key;
  How how = How::failed;
  Problem problem;          ///< with failed
  std::vector<Shard> parts; ///< with split
};

/// Stop reading, finish what is under way, end.
struct Drain {};

/// RowControls say something else now; from the engine to a row's supervisors, and from them to their
/// children.
struct Steer {};

/// Begin, or look for what can go on; to a shard from itself, to a supervisor from the engine or its own
/// clock.
struct Proceed {};

/// A child may be restarted now; from a supervisor to itself.
struct RestartNow {
  ShardKey key;
};

/// A stage of a row has nothing left to do: every shard in range is complete or parked, no live work waits.
struct RowIdle {
  std::string row;
  std::string stage = {};
};

/// A stage that was idle has work again.
struct RowBusy {
  std::string row;
  std::string stage = {};
};

/// Something the engine cannot go on after: a ledger that does not take writes, a supervisor that failed.
struct Fatal {
  Problem problem;
};

} // namespace dialogferry::engine

DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::RetryRecords)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::ShardEnded)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Drain)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Steer)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Proceed)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::RestartNow)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::RowIdle)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Fatal)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::RowBusy)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::NewOrganisations)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::StageBefore)
