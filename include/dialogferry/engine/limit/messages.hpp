#pragma once

#include <dialogferry/engine/caf.hpp>
#include <dialogferry/engine/limit/rate_options.hpp>
#include <dialogferry/engine/trail.hpp>
#include <dialogferry/http/message.hpp>
#include <dialogferry/http/retry.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

/// To and from an API: what its gate is asked, and tells itself.
namespace dialogferry::engine {

/// Live work goes before history wherever both wait (architecture.md, Ordering); of history, what an operator
/// has put first before the usual, and that before what is put last (RowControls).
enum class Priority : std::uint8_t { live, first, history, last };

/// How long a request is tried on before its failure is the caller's business.
enum class Patience : std::uint8_t {
  page,   ///< a few attempts: its shard restarts, with a backoff of its own
  record, ///< many: what follows is an exception for a person to look at
  once,   ///< one: it takes more than this request to try again
};

/// One request to an API; tried until it is answered for good or patience ends.
struct Call {
  std::shared_ptr<const http::Request> request;
  http::Operation operation = http::Operation::read;
  Priority priority = Priority::history;
  Patience patience = Patience::record;
  TrailPtr trail = {};       ///< whom it is for; null: nobody in particular
  std::uint32_t records = 1; ///< that wait for its answer
};

/// The last answer to a Call, judged.
struct Answered {
  http::Verdict verdict;
  std::shared_ptr<http::Answer> answer; ///< never null; shared because messages are copied on write
  std::uint32_t attempts = 1;
  std::string api = {}; ///< whose answer it is; empty with success
};

/// A question in a list, or its answer: the number is the asker's own, and comes back with the answer.
template <class What>
struct Numbered {
  std::uint64_t number = 0;
  What what;
};

/// Calls of one actor, in a list (lists.hpp).
struct Calls {
  using Item = Numbered<Call>;
  std::vector<Item> items;
};

/// Answers to some of them.
struct Answers {
  using Item = Numbered<Answered>;
  std::vector<Item> items;
};

/// Send what has come together; from an actor with lists to itself.
struct SendOut {};

/// Attempts have ended and lie in the gate's letter box; from the client's threads to the gate.
struct Collect {};

/// A call may be tried again now; from a gate or an uploader to itself.
struct TryAgain {
  std::uint64_t call = 0;
};

/// The limiter may have room again; from the gate to itself.
struct Pump {};

/// Time for another probe of an API that is down; from the gate to itself.
struct ProbeNow {};

/// Other figures for the limiter, from now on, and whether anything is sent at all.
struct Reconfigure {
  RateOptions rate;
  bool paused = false;
};

/// A probe has ended; from the client's thread to the gate.
struct Probed {
  std::shared_ptr<http::Answer> answer;
};

} // namespace dialogferry::engine

DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Call)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Answered)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Calls)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Answers)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::SendOut)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Collect)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::TryAgain)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Pump)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::ProbeNow)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Probed)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Reconfigure)
