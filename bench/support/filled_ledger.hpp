#pragma once

#include <dialogferry/ledger/ledger.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace bench {

template <class T>
void require(const dialogferry::Result<T>& result) {
  if (!result) throw std::runtime_error(result.error().message);
}

/// A page of a hundred records, all created.
inline dialogferry::ledger::Commit page_of(const dialogferry::ShardKey& key) {
  using namespace dialogferry;
  ledger::Commit commit;
  commit.key = key;
  commit.counts[Outcome::created] = 100;
  commit.checkpoint = Checkpoint{key.day.start(), {Uuid{}}};
  commit.digest_read = {1, 2};
  commit.digest_acked = {1, 2};
  return commit;
}

/// Carries out a whole plan: every day and organisation of it becomes a finished shard with one page.
inline void fill(dialogferry::ledger::Ledger& ledger, const dialogferry::ledger::Plan& plan,
                 dialogferry::Instant now) {
  using namespace dialogferry;
  require(ledger.set_plan(plan, now));
  std::vector<ledger::ShardStart> starts;
  std::vector<ledger::Commit> commits;
  const auto flush = [&] {
    require(ledger.start_shards(starts, now));
    require(ledger.commit(commits, now));
    starts.clear();
    commits.clear();
  };
  for (Day day = plan.cutover; day >= plan.from; day = day.previous()) {
    for (const auto& organisation : plan.organisations) {
      const ShardKey key{plan.row, plan.stage, day, organisation, 0};
      starts.push_back({key, day.start(), day.end()});
      commits.push_back(page_of(key));
      commits.back().state = ledger::StateChange{ShardState::complete, {}, {}};
      commits.back().lets_go = true;
    }
    if (starts.size() >= 1000) flush();
  }
  flush();
}

} // namespace bench
