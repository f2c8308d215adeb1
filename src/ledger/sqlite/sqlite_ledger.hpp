#pragma once

#include "../sql/sql_ledger.hpp"
#include "database.hpp"
#include "writer_lock.hpp"

namespace dialogferry::ledger::sqlite {

/// The ledger in one SQLite file.
class SqliteLedger final : public sql::SqlLedger {
public:
  /// `written_through`: every commit is, not only those of events.
  SqliteLedger(std::string path, std::unique_ptr<Database> db, WriterLock lock, bool written_through)
      : SqlLedger(std::move(db))
      , path_(std::move(path))
      , lock_(std::move(lock))
      , written_through_(written_through) {}

  Result<bool> changed_elsewhere() override;
  Result<void> note_events(std::span<const InboxEvent> events) override;
  /// There are no others.
  Result<Heard> tell(const News& news, Instant now) override;
  void leave(std::string_view) noexcept override {}

protected:
  std::int64_t engine() const override { return 1; }
  Problem problem_of(const sql::Error& error) const override;

private:
  std::string path_;
  WriterLock lock_;
  bool written_through_;
  std::optional<std::int64_t> data_version_;
};

} // namespace dialogferry::ledger::sqlite
