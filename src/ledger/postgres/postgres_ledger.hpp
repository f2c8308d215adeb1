#pragma once

#include "../sql/sql_ledger.hpp"
#include "batch.hpp"
#include "database.hpp"
#include "session.hpp"

#include <map>
#include <set>
#include <string>

namespace dialogferry::ledger::postgres {

/// Where the rows are told that have new events, for the engines that carry them.
inline constexpr std::string_view inbox_channel = "dialogferry_inbox";

/// The ledger in a schema of a PostgreSQL database. A commit, however many shards and feeds it is of, is one
/// round trip: what the shards were before is known from the commit before, as far as they are open.
class PostgresLedger final : public sql::SqlLedger {
public:
  PostgresLedger(std::unique_ptr<Database> db, std::unique_ptr<Session> session);
  PostgresLedger(const PostgresLedger&) = delete;
  PostgresLedger& operator=(const PostgresLedger&) = delete;
  ~PostgresLedger() override { leave("stopped"); }

  // commit.cpp
  using Ledger::commit;
  Result<void> commit(std::span<const Commit> shards, std::span<const FeedCommit> feeds,
                      Instant now) override;
  using Ledger::start_shards;
  Result<StartedShards> start_shards(std::span<const ShardStart> starts, Instant now,
                                     std::size_t most) override;

  // postgres_ledger.cpp
  Result<std::uint64_t> forget(std::string_view row, std::string_view stage, Day from, Day to,
                               Instant now) override;
  Result<void> finished(std::string_view row, std::string_view stage,
                        const std::function<void(const FinishedShard&)>& each) const override;
  Result<void> note_events(std::span<const InboxEvent> events) override;
  Result<void> note_files(std::span<const TakenFile> files) override;
  Result<std::vector<std::optional<Uuid>>> files(std::span<const std::string> source_ids) const override;
  Result<bool> changed_elsewhere() override;
  Result<Heard> tell(const News& news, Instant now) override;
  void leave(std::string_view why) noexcept override;

protected:
  std::int64_t engine() const override { return session_->engine(); }
  std::string_view passing_by_others() const override { return " FOR NO KEY UPDATE OF shard SKIP LOCKED"; }
  void lock_stages(const std::set<std::int64_t>& stages) override;
  std::vector<EngineEntry> engines() const override;
  Problem problem_of(const sql::Error& error) const override;
  sql::Recovery recover(const sql::Error& error) const override;

private:
  Connection& connection() const { return static_cast<Database&>(*db_).connection(); }

  KnownShard& known(const ShardKey& key);
  void add(Batch& batch, const Commit& commit, Instant now);
  void add_hand_over(Batch& batch, const Commit& commit, const KnownShard& after, ShardState before);
  void add(Batch& batch, const FeedCommit& commit);
  void limit_known();
  void lock_inboxes(const std::set<std::string>& rows);
  void send_events(std::span<const InboxEvent> events);
  bool others_carry(const std::string& row) const;

  std::unique_ptr<Session> session_;
  /// What is known of shards; their rows' versions tell where that is not true any more.
  mutable std::map<ShardKey, KnownShard> shards_;
  mutable int conflicts_ = 0;    ///< of the transaction that is tried
  std::set<std::string> duties_; ///< as of the last tell()
  std::set<std::string> shared_; ///< pools that others have of as well; likewise
  Instant rates_since_;          ///< period in which old rates were last forgotten
  std::optional<std::int64_t> written_by_tools_;
};

} // namespace dialogferry::ledger::postgres
