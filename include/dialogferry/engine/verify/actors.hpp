#pragma once

#include <dialogferry/engine/actors.hpp>
#include <dialogferry/engine/verify/merge.hpp>
#include <dialogferry/ledger/verification.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Those who compare source and target, and every message they send each other.
///
///     patrol                 in a running engine: has days compared by itself, once they are carried
///     └─ verifier            one row, a day at a time
///        ├─ day window       reads both sides of a part of the day, and compares as it reads
///        └─ examiner         looks at single records that seem to differ, and carries them again
namespace dialogferry::engine::verify {

/// What a window found that is to be looked at by itself; answered when there is room for more.
struct Suspects {
  std::vector<Suspect> list;
};
struct Taken {};

/// A window has come to its end.
struct WindowEnded {
  std::string organisation;
  bool searches = true;
  std::uint64_t source = 0; ///< records that must have a dialog
  std::uint64_t target = 0; ///< dialogs seen
  std::uint64_t pairs = 0;  ///< found on both sides while reading
  std::optional<Instant>
      rest; ///< there is so much that the rest, up to here, is for windows beside each other
  std::optional<Problem> problem;
};

/// Looks at one record and its dialog.
struct Examine {
  Suspect suspect;
  Day day; ///< that is compared: a record that is of another one by now is none of its business
  bool repair = false;
};

struct Examined {
  std::vector<ledger::Difference> differences; ///< of the record's own dialog, and of others it has
  bool is_there = false;                       ///< the record's dialog
  std::optional<Problem> problem;              ///< it could not be looked at
};

/// Compares one day, and says what differs; repaired where that was asked for. One at a time.
struct VerifyDay {
  Day day;
  std::vector<std::string> organisations;
};

struct DayVerified {
  ledger::Verification verification;
  std::vector<std::string> not_searched; ///< organisations whose dialogs were looked up one by one
  std::optional<Problem> problem;        ///< it could not be compared; the numbers are of what was
};

/// The day under way is of no use any more: it is answered at once, with a problem.
struct GiveUpDay {};

/// Time to see whether a day is to be compared; from a patrol to itself.
struct LookForDay {
  bool is_tick = false; ///< another one follows
};

using window_actor = actor_of<takes<Proceed>>;
using examiner_actor = actor_of<answers<Examine, Examined>, takes<TryAgain>>;
using verifier_actor =
    actor_of<answers<VerifyDay, DayVerified>, answers<Suspects, Taken>, takes<WindowEnded>, takes<GiveUpDay>>;
using patrol_actor = actor_of<takes<LookForDay>, takes<Steer>, takes<Drain>>;

} // namespace dialogferry::engine::verify

DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::verify::Suspects)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::verify::Taken)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::verify::WindowEnded)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::verify::Examine)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::verify::Examined)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::verify::VerifyDay)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::verify::DayVerified)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::verify::GiveUpDay)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::verify::LookForDay)
