#pragma once

#include <dialogferry/engine/carry/waiting.hpp>
#include <dialogferry/engine/messages.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace dialogferry::engine {

/// For whom to wait after an answer that is no success; nothing where it is the record's fault.
std::optional<Held> held_by(const Answered& answered);

/// For whom to wait where an actor did not answer: the engine puts that right, or ends.
Held held_inside();

/// A record that failed: of a problem of its own, of an answer that was no success, of an actor that did not
/// answer, of one of its files, of what its publishing came to.
Uploaded failed_by(Problem problem);
Uploaded failed_by(const Answered& answered);
Uploaded failed_inside(std::string member, const std::string& error);
Uploaded failed_by(CarriedFiles files);
Uploaded outcome_of(PublishedRecord record);

/// What becomes of a record that failed: where that is its own fault, or it has been tried for `retry_for`
/// since it was deferred first, it stays failed, with all its attempts; else it is deferred and tried again
/// after a minute, and after growing pauses from then on. `before` is what it waited for until now.
void defer(Uploaded& uploaded, const std::optional<Waiting>& before, Instant now,
           std::chrono::milliseconds retry_for);

} // namespace dialogferry::engine
