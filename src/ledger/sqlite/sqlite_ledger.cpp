#include "sqlite_ledger.hpp"

namespace dialogferry::ledger::sqlite {

namespace {

/// Writes what is committed within its scope through to the disk.
class WriteThrough {
public:
  WriteThrough(sql::Database& db, bool already)
      : db_(already ? nullptr : &db) {
    if (db_ != nullptr) db_->run("PRAGMA synchronous = FULL");
  }
  WriteThrough(const WriteThrough&) = delete;
  WriteThrough& operator=(const WriteThrough&) = delete;
  ~WriteThrough() {
    try {
      if (db_ != nullptr) db_->run("PRAGMA synchronous = NORMAL");
    } catch (const Error&) { // stays at FULL: slower, never less safe
      db_ = nullptr;
    }
  }

private:
  sql::Database* db_;
};

} // namespace

Problem SqliteLedger::problem_of(const sql::Error& error) const {
  return sqlite::problem_of(static_cast<const Error&>(error), path_);
}

Result<void> SqliteLedger::note_events(std::span<const InboxEvent> events) {
  try {
    const WriteThrough through(*db_, written_through_);
    return SqlLedger::note_events(events);
  } catch (const Error& error) {
    return tl::unexpected<Problem>(problem_of(error));
  }
}

Result<Heard> SqliteLedger::tell(const News& news, Instant) {
  Heard heard{news.duties};
  for (const auto& pool : news.pools)
    heard.duties.insert(heard.duties.end(), pool.duties.begin(), pool.duties.end());
  return heard;
}

Result<bool> SqliteLedger::changed_elsewhere() {
  try {
    const auto version = db_->value("PRAGMA data_version");
    const bool changed = version != data_version_;
    data_version_ = version;
    return changed;
  } catch (const Error& error) {
    return tl::unexpected<Problem>(problem_of(error));
  }
}

} // namespace dialogferry::ledger::sqlite
