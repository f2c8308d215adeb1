#pragma once

#include "../ledger/support.hpp"
#include "supervisor_fixture.hpp"

#include <dialogferry/engine/ledger_writer.hpp>

namespace dialogferry::engine::test {

inline const std::string row = "a3-app-instances-historic";

Day day(const char* text);
ShardKey key(const char* of, std::uint32_t part = 0);
ledger::Commit created(const ShardKey& of, std::uint64_t records);
ledger::Commit parked(const ShardKey& of, Instant retry_at);

/// The writer over a ledger of its own, without the thread it has in production.
struct WriterWorld : World {
  WriterWorld();

  std::shared_ptr<Reply<ShardsBegun>> begin(const std::vector<const char*>& days);
  /// What is due, of all days.
  static LoadDue due();
  std::shared_ptr<Reply<Noted>> note(ledger::Commit commit);

  Shard kept(const ShardKey& of) const;

  ledger::test::TempFolder folder;
  std::shared_ptr<ledger::Ledger> ledger;
  std::vector<Problem> fatal;
  ledger_actor writer;
};

} // namespace dialogferry::engine::test
