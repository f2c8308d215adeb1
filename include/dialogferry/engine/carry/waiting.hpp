#pragma once

#include <dialogferry/engine/record_result.hpp>
#include <dialogferry/ledger/live.hpp>
#include <dialogferry/model/shard.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace dialogferry::engine {

/// A record that must be looked at again, as the ledger's wake-ups keep it.
struct Waiting {
  std::string record_id; ///< `{party id}/{guid}`
  SecondLook::Why why = SecondLook::Why::import;
  std::uint32_t looks = 0;       ///< so far
  std::optional<ShardKey> shard; ///< which counts it as deferred until then
  /// What was read when the look was asked for.
  struct Read {
    Instant last_changed;
    std::uint64_t events = 0; ///< Seen::events
  };
  std::optional<Read> read = std::nullopt; ///< why late
  std::optional<Held> held = {};           ///< with SecondLook::Why::moment
};

/// The first pause of a record that waits for somebody; doubled each time, to an hour.
inline constexpr std::int64_t first_hold = 60 * Instant::per_second;

/// When it is looked at again: an import that stays unfinished, and what waits for somebody, is tried less
/// and less often, at last once an hour; everything else at its time.
Instant due_of(const SecondLook& look, std::uint32_t looks, Instant now);

ledger::WakeUp wake_up_of(std::string row, std::string stage, const Waiting& waiting, Instant due);

/// Nothing where the payload is none of these.
std::optional<Waiting> waiting_of(const ledger::WakeUp& wake_up);

} // namespace dialogferry::engine
