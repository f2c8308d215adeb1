#include "writer_fixture.hpp"

namespace dialogferry::engine::test {

Day day(const char* text) {
  return *parse_day(text);
}

ShardKey key(const char* of, std::uint32_t part) {
  return {row, "carry", day(of), "ttd", part};
}

ledger::Commit created(const ShardKey& of, std::uint64_t records) {
  ledger::Commit commit;
  commit.key = of;
  commit.counts[Outcome::created] = records;
  return commit;
}

ledger::Commit parked(const ShardKey& of, Instant retry_at) {
  ledger::Commit commit;
  commit.key = of;
  commit.state = ledger::StateChange{ShardState::parked, "is down", retry_at};
  commit.lets_go = true;
  return commit;
}

WriterWorld::WriterWorld() {
  auto opened = ledger::open(folder.url(), "local", ledger::OpenMode::engine, instant());
  REQUIRE(opened);
  ledger = std::move(*opened);
  const auto engine = stand_in<engine_actor>([](const RowIdle&) {},
                                             [this](const Fatal& one) { fatal.push_back(one.problem); });
  writer = spawn<LedgerWriter>(LedgerWriterSetup{ledger, instants(), engine});
}

std::shared_ptr<Reply<ShardsBegun>> WriterWorld::begin(const std::vector<const char*>& days) {
  BeginShards begin{{}, days.size()};
  for (const auto* of : days)
    begin.starts.push_back({key(of), day(of).start(), day(of).end()});
  return ask_later<ShardsBegun>(writer, begin);
}

LoadDue WriterWorld::due() {
  return {row, "carry", {}, {day("2000-01-01"), day("2100-01-01"), 10}};
}

std::shared_ptr<Reply<Noted>> WriterWorld::note(ledger::Commit commit) {
  return ask_later<Noted>(writer, NoteProgress{std::move(commit)});
}

Shard WriterWorld::kept(const ShardKey& of) const {
  const auto shard = ledger->load(of);
  REQUIRE(shard);
  REQUIRE(*shard);
  return **shard;
}

} // namespace dialogferry::engine::test
