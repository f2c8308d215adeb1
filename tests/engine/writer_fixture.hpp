#pragma once

#include "../ledger/support.hpp"
#include "supervisor_fixture.hpp"

#include <dialogferry/engine/ledger_writer.hpp>

namespace dialogferry::engine::test {

inline const std::string row = "a3-app-instances-historic";

inline Day day(const char* text) {
  return *parse_day(text);
}

inline ShardKey key(const char* of, std::uint32_t part = 0) {
  return {row, "carry", day(of), "ttd", part};
}

inline ledger::Commit created(const ShardKey& of, std::uint64_t records) {
  ledger::Commit commit;
  commit.key = of;
  commit.counts[Outcome::created] = records;
  return commit;
}

inline ledger::Commit parked(const ShardKey& of, Instant retry_at) {
  ledger::Commit commit;
  commit.key = of;
  commit.state = ledger::StateChange{ShardState::parked, "is down", retry_at};
  commit.lets_go = true;
  return commit;
}

/// The writer over a ledger of its own, without the thread it has in production.
struct WriterWorld : World {
  WriterWorld() {
    auto opened = ledger::open(folder.url(), "local", ledger::OpenMode::engine, instant());
    REQUIRE(opened);
    ledger = std::move(*opened);
    const auto engine = stand_in<engine_actor>([](const RowIdle&) {},
                                               [this](const Fatal& one) { fatal.push_back(one.problem); });
    writer = spawn<LedgerWriter>(LedgerWriterSetup{ledger, instants(), engine});
  }

  std::shared_ptr<Reply<ShardsBegun>> begin(const std::vector<const char*>& days) {
    BeginShards begin{{}, days.size()};
    for (const auto* of : days)
      begin.starts.push_back({key(of), day(of).start(), day(of).end()});
    return ask_later<ShardsBegun>(writer, begin);
  }
  /// What is due, of all days.
  static LoadDue due() { return {row, "carry", {}, {day("2000-01-01"), day("2100-01-01"), 10}}; }
  std::shared_ptr<Reply<Noted>> note(ledger::Commit commit) {
    return ask_later<Noted>(writer, NoteProgress{std::move(commit)});
  }

  Shard kept(const ShardKey& of) const {
    const auto shard = ledger->load(of);
    REQUIRE(shard);
    REQUIRE(*shard);
    return **shard;
  }

  ledger::test::TempFolder folder;
  std::shared_ptr<ledger::Ledger> ledger;
  std::vector<Problem> fatal;
  ledger_actor writer;
};

} // namespace dialogferry::engine::test
