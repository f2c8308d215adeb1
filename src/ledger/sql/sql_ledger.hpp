#pragma once

#include "database.hpp"
#include "tally.hpp"

#include <dialogferry/ledger/ledger.hpp>

#include <map>
#include <type_traits>
#include <utility>

namespace dialogferry::ledger::sql {

/// What becomes of a transaction that an Error has ended.
enum class Recovery : std::uint8_t {
  none,     ///< the Error is told
  again,    ///< nothing has happened, and it may be tried again
  happened, ///< it was committed all the same
};

/// The ledger in a database, a statement a row. A backend adds what its database is better at.
class SqlLedger : public Ledger {
public:
  // shards.cpp
  Result<void> set_plan(const Plan& plan, Instant now) override;
  using Ledger::start_shards;
  Result<StartedShards> start_shards(std::span<const ShardStart> starts, Instant now,
                                     std::size_t most) override;
  Result<void> finished(std::string_view row, std::string_view stage,
                        const std::function<void(const FinishedShard&)>& each) const override;
  Result<std::vector<Shard>> open_shards(std::string_view row, std::string_view stage) const override;
  Result<std::vector<Shard>> due_shards(std::string_view row, std::string_view stage,
                                        Instant now) const override;
  Result<std::optional<Shard>> load(const ShardKey& key) const override;
  Result<std::uint64_t> forget(std::string_view row, std::string_view stage, Day from, Day to,
                               Instant now) override;

  // claims.cpp
  Result<ClaimedShards> claim_shards(const ShardClaim& claim, Instant now) override;

  // commit.cpp
  using Ledger::commit;
  Result<void> commit(std::span<const Commit> shards, std::span<const FeedCommit> feeds,
                      Instant now) override;
  Result<std::optional<Checkpoint>> cursor(std::string_view row, std::string_view stage,
                                           std::string_view feed) const override;

  // hand_over.cpp
  Result<std::vector<ShardKey>> to_go_on_with(std::string_view row, std::string_view before,
                                              std::string_view stage, std::size_t limit) const override;
  Result<HandedOver> handed_over(const ShardKey& key, std::string_view before, std::int64_t after,
                                 std::size_t limit) const override;
  Result<DayState> state_of(std::string_view row, std::string_view stage, Day day) const override;
  Result<void> note_files(std::span<const TakenFile> files) override;
  Result<std::vector<std::optional<Uuid>>> files(std::span<const std::string> source_ids) const override;

  // exceptions.cpp
  Result<std::vector<Exception>> exceptions(const ExceptionFilter& filter) const override;
  Result<std::optional<Exception>> exception(ExceptionId id) const override;
  Result<std::uint64_t> retry(std::span<const ExceptionId> ids, Instant now) override;
  Result<RetryMarks> retry(std::string_view row, std::optional<Day> day, Instant now) override;
  Result<void> dismiss(ExceptionId id, std::string_view reason, std::string_view who, Instant now) override;

  // live.cpp
  Result<void> note_events(std::span<const InboxEvent> events) override;
  Result<std::vector<InboxEntry>> inbox(std::string_view row, std::int64_t after, std::size_t limit,
                                        const Partitions& partitions) const override;
  Result<Waiting> waiting(std::string_view row) const override;
  Result<void> set_wake_up(const WakeUp& wake_up) override;
  Result<std::uint64_t> held(std::string_view row, std::string_view stage) const override;
  Result<std::vector<WakeUp>> wake_ups(std::string_view row, std::string_view stage, Instant until,
                                       std::size_t limit, const Partitions& partitions) const override;

  // verification.cpp
  Result<void> note_verification(const Verification& verification) override;
  Result<std::vector<Verification>> verifications(std::string_view row, Day from, Day to) const override;

  // journal.cpp
  Result<void> set(const Setting& setting) override;
  Result<std::vector<Setting>> settings() const override;
  Result<void> note_in_journal(const JournalEntry& entry) override;

  // snapshot.cpp
  Result<Snapshot> snapshot() const override;
  Result<std::int64_t> add_note(const Note& note) override;
  Result<void> set_goals(std::span<const GoalConfig> goals) override;

protected:
  explicit SqlLedger(std::unique_ptr<Database> db)
      : db_(std::move(db)) {}

  /// What an Error means, and what to do.
  virtual Problem problem_of(const Error& error) const = 0;
  /// Whether a transaction that ended so may go on after all.
  virtual Recovery recover(const Error&) const { return Recovery::none; }

  /// This engine, as rows name it that it has.
  virtual std::int64_t engine() const = 0;
  /// What a SELECT ends with that is to find only rows that no other engine is about to take.
  virtual std::string_view passing_by_others() const { return ""; }
  /// Those at work, and those that left lately.
  virtual std::vector<EngineEntry> engines() const { return {}; }
  /// Has others that change these stages' sums wait until this transaction ends; before it changes anything.
  virtual void lock_stages(const std::set<std::int64_t>&) {}

  /// Runs `work` in one transaction; what it throws becomes the Problem, and nothing has happened.
  template <class Work>
  auto transact(Access access, Work work) const -> Result<decltype(work())> {
    using Value = decltype(work());
    std::optional<std::conditional_t<std::is_void_v<Value>, bool, Value>> value;
    while (true) {
      try {
        Transaction transaction(*db_, access);
        if constexpr (std::is_void_v<Value>)
          work();
        else
          value = work();
        transaction.commit();
      } catch (const Error& error) {
        forget_ids();
        const auto recovery = recover(error);
        if (recovery == Recovery::again) continue;
        if (recovery == Recovery::none) return tl::unexpected<Problem>(problem_of(error));
      } catch (const Refusal& refusal) {
        forget_ids();
        return tl::unexpected<Problem>(refusal.problem);
      }
      if constexpr (std::is_void_v<Value>)
        return {};
      else
        return std::move(*value);
    }
  }
  template <class Work>
  auto reading(Work work) const {
    return transact(Access::read, std::move(work));
  }
  template <class Work>
  auto reading_at_once(Work work) const {
    return transact(Access::read_at_once, std::move(work));
  }
  template <class Work>
  auto writing(Work work) const {
    return transact(Access::write, std::move(work));
  }

  /// The ids that stand for names in the tables; nothing where the name has never been written.
  std::optional<std::int64_t> find_stage(std::string_view row, std::string_view stage) const;
  std::optional<std::int64_t> find_organisation(std::string_view code) const;
  /// Whether a last stage's shard would be complete with this while more has come for it.
  bool leaves_something(const Commit& commit, const Shard& after, std::int64_t stage,
                        std::int64_t organisation) const;
  /// Those of a commit.
  std::set<std::int64_t> stages_of(std::span<const Commit> shards, std::span<const FeedCommit> feeds);
  /// The same, written where they are new.
  std::int64_t stage_id(std::string_view row, std::string_view stage);
  std::int64_t organisation_id(std::string_view code);
  void forget_ids() const;

  /// A commit, a statement a row; within a transaction.
  void commit_rows(std::span<const Commit> shards, std::span<const FeedCommit> feeds, Instant now);

  std::unique_ptr<Database> db_;

private:
  void commit_shard(const Commit& commit, Tally& tally, Instant now);
  void hand_over(const Commit& commit, std::int64_t organisation, const Shard& before, const Shard& after,
                 Tally& tally, Instant now);
  void commit_feed(const FeedCommit& commit, Tally& tally, Instant now);
  void keep_failure(std::int64_t stage, const Failure& failure, const ShardKey* shard, Instant now);
  void resolve(const std::vector<ExceptionId>& ids, Instant now);
  bool has_exception(std::int64_t stage, std::string_view record_id);
  bool settle(std::int64_t stage, std::string_view record_id, Instant now);
  void note_event(const InboxEvent& event);
  void keep_wake_up(const WakeUp& wake_up);
  void keep_wake_ups(const std::vector<std::int64_t>& woken, const std::vector<WakeUp>& next);

  mutable std::map<std::pair<std::string, std::string>, std::int64_t> stages_;
  mutable std::map<std::string, std::int64_t, std::less<>> organisations_;
};

/// What waits in a row's inbox (live.cpp).
Waiting waiting_in(Database& db, std::string_view row);

/// As statements take them: a bit each, or nothing for all. Both databases have the function partition_of().
std::optional<std::int64_t> mask_of(const Partitions& partitions);

// -- the journal (journal.cpp) -------------------------------------------------------

void add_to_journal(Database& db, const JournalEntry& entry);
std::vector<JournalEntry> newest_of_journal(Database& db, std::size_t limit);
std::vector<Setting> all_settings(Database& db);

// -- shard rows, shared by planning and commit -------------------------------------

std::optional<Shard> read_shard(Database& db, std::int64_t stage, std::int64_t organisation,
                                const ShardKey& key);
std::vector<Shard> read_shards(Query rows, std::string_view row, std::string_view stage);
/// What a query for read_shards() begins with.
extern const std::string from_shard;
/// Writes a shard that is there; `freed_by` has it no more.
void update_shard(Database& db, std::int64_t stage, std::int64_t organisation, const Shard& shard,
                  std::optional<std::int64_t> freed_by = std::nullopt);
/// Adds a shard, of an engine or of nobody; false where it is there already.
bool insert_shard(Database& db, std::int64_t stage, std::int64_t organisation, const Shard& shard,
                  std::optional<std::int64_t> engine = std::nullopt);

} // namespace dialogferry::ledger::sql
