#include "progress.hpp"

namespace dialogferry::ledger {

bool add_counts(Counts& counts, const Counts& more, const Counts& back) {
  Counts sum = counts;
  sum += more;
  for (std::size_t i = 0; i < outcome_count; ++i) {
    if (back.of[i] > sum.of[i]) return false;
    sum.of[i] -= back.of[i];
  }
  counts = sum;
  return true;
}

namespace {

Shard begun(const ShardKey& key, Instant from, Instant to, Instant now) {
  Shard shard;
  shard.key = key;
  shard.from = from;
  shard.to = to;
  shard.checkpoint.at = to;
  shard.changed_at = now;
  return shard;
}

} // namespace

Shard first_shard(const ShardStart& start, Instant now) {
  return begun(start.key, start.from, start.to, now);
}

Shard split_shard(const Shard& parent, const SplitOff& split, Instant now) {
  auto key = parent.key;
  key.part = split.part;
  return begun(key, split.from, split.to, now);
}

std::optional<Problem> apply(Shard& shard, const Commit& commit, Instant now) {
  if (!add_counts(shard.counts, commit.counts, commit.taken_back))
    return Problem{"shard " + to_string(shard.key), "would take back more records than it has counted", ""};
  if (commit.checkpoint) shard.checkpoint = *commit.checkpoint;
  shard.digest_read += commit.digest_read;
  shard.digest_acked += commit.digest_acked;
  shard.restarts += commit.restarts;
  if (commit.from) shard.from = *commit.from;
  if (shard.from > shard.to) return Problem{"shard " + to_string(shard.key), "would begin after its end", ""};
  if (commit.state) {
    shard.state = commit.state->state;
    shard.reason = commit.state->reason;
    const auto deferred = shard.counts[Outcome::deferred];
    if (shard.state == ShardState::complete && deferred > 0) {
      shard.state = ShardState::parked;
      shard.reason = std::to_string(deferred) + " deferred";
    }
    const bool parked = shard.state == ShardState::parked;
    if (!parked) shard.reason.clear();
    shard.retry_at = parked ? commit.state->retry_at : Instant{};
  }
  const bool waits_no_more = commit.taken_back[Outcome::deferred] > 0 && shard.counts[Outcome::deferred] == 0;
  if (waits_no_more && shard.state == ShardState::parked) shard.retry_at = now;
  shard.changed_at = now;
  return std::nullopt;
}

void hold_open(Shard& shard, Instant now) {
  shard.state = ShardState::parked;
  shard.reason = "more came from the stage before";
  shard.retry_at = now;
}

} // namespace dialogferry::ledger
