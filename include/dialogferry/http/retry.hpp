#pragma once

#include <dialogferry/http/message.hpp>
#include <dialogferry/model/problem.hpp>
#include <dialogferry/model/uuid.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace dialogferry::http {

/// What was asked for: the same answer may mean different things.
enum class Operation : std::uint8_t {
  instance, ///< GET of one instance at Storage, whose 404 needs care (storage.md 2.10)
  read,     ///< GET of one thing else: dialog, lookup, events, application, texts
  list,     ///< a page, a search, a Register query
  create,   ///< POST of a dialog
  update,   ///< PUT of a dialog, which may append
  append,   ///< POST of an activity or a transmission
  remove,   ///< DELETE of a dialog
  restore,  ///< POST …/actions/restore
  purge,    ///< POST …/actions/purge
  write,    ///< any other write: data values at Storage, a form's saved time
  upload,   ///< M1 of Correspondence, an attachment (correspondence.md 1)
  migrate,  ///< M2, a message
  publish,  ///< M3, the dialogs of messages
  sync,     ///< M4 to M6, later events of one message
};

/// Whether it changes something there.
bool is_write(Operation operation);

/// What an answer means for the one who asked (dialogporten.md 8, storage.md 1.6 and 2.10), and whose fault
/// it is (decisions.md, "A refusal is taken for the record's fault"; observed.md OD-1, OD-2, OD-6, OD-7,
/// OR-6). Correspondence knows what it has: its writes are sent again without a look (correspondence.md 1.4).
/// One table in retry.cpp says it of every answer.
struct Verdict {
  enum class Fault : std::uint8_t {
    nobody, ///< there is nothing to be blamed for: done, or not there
    record, ///< no time can cure it: an exception at once
    moment, ///< time may cure it: tried again in place, then deferred
  };
  enum class Kind : std::uint8_t {
    success,   ///< 2xx, Register's 206 included
    again,     ///< the same request, later: `reason` says why
    conflict,  ///< 412, or 409: nothing was applied; read, merge, send again
    unknown,   ///< a write that may have been done or not; look before it is sent again (observed.md OR-3)
    exists,    ///< its id is taken, perhaps by an earlier attempt of ours: read and compare
    gone,      ///< not there: 404, or 410 for a deleted dialog
    exception, ///< never, as it is
  };
  enum class Reason : std::uint8_t {
    none,
    throttled, ///< 429, or 503 with Retry-After: the target asks for less
    server,    ///< 5xx, Storage's 404 that hides an internal error, a gateway that knows nothing of the API
    behind,    ///< 502, 503, 504: what stands behind the API is down (observed.md OD-2)
    transport, ///< no whole answer
    timeout,   ///< the deadline, or 408
    token,     ///< 401, 403 without a word, or no token to be had
    actor,     ///< 422 `ActorId` or `ActorName`: an actor is not known there yet
    race,      ///< 409, 412, or 422 on a row that another write is adding (observed.md OD-1, OD-6)
    early,     ///< 400 for a time that is ahead of the target's clock (observed.md OR-6)
    local,     ///< too much waits here
    cancelled, ///< the client was closed
  };

  Kind kind = Kind::success;
  Reason reason = Reason::none;
  int status = 0; ///< 0 without an answer
  std::optional<std::chrono::milliseconds> retry_after;
  /// Unless success: member is the first key of the target's `errors` (may be empty), message its title and
  /// errors, identity numbers masked, at most `max_problem_text` bytes.
  Problem problem;
  std::optional<Uuid> existing; ///< exists: the dialog's id where the answer names it

  Fault fault() const;

  bool operator==(const Verdict&) const = default;
};

inline constexpr std::size_t max_problem_text = 4'000;

std::string_view name_of(Verdict::Kind kind);
std::string_view name_of(Verdict::Reason reason);

Verdict classify(Operation operation, const Answer& answer);

/// How long to wait before attempt `attempt` + 1, `attempt` counting from 1: `first` doubled for each
/// attempt, at most `last`; of that the upper half at random. A Retry-After is a floor with the jitter above
/// it: from `retry_after` to `retry_after` plus the doubled wait. `random01` is from 0 to 1.
std::chrono::milliseconds next_delay(std::uint32_t attempt, std::chrono::milliseconds first,
                                     std::chrono::milliseconds last,
                                     std::optional<std::chrono::milliseconds> retry_after, double random01);

} // namespace dialogferry::http
