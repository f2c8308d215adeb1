#include "database.hpp"

#include <dialogferry/ledger/partitions.hpp>

#include <sqlite3.h>

namespace dialogferry::ledger::sqlite {

namespace {

void check(int code, sqlite3* db) {
  if (code != SQLITE_OK) throw Error(sqlite3_extended_errcode(db), sqlite3_errmsg(db));
}

} // namespace

// -- Statement --------------------------------------------------------------------

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement::Statement(sqlite3* db, std::string_view sql)
    : db_(db) {
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                           &statement, nullptr),
        db);
  statement_.reset(statement);
}

void Statement::bind(int at, std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), at, value), db_);
}

void Statement::bind(int at, std::string_view value, sql::Kind kind) {
  const char* data = value.data() != nullptr ? value.data() : "";
  check(kind == sql::Kind::text
            ? sqlite3_bind_text64(statement_.get(), at, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8)
            : sqlite3_bind_blob64(statement_.get(), at, data, value.size(), SQLITE_TRANSIENT),
        db_);
}

void Statement::bind_null(int at, sql::Kind) {
  check(sqlite3_bind_null(statement_.get(), at), db_);
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  throw Error(sqlite3_extended_errcode(db_), sqlite3_errmsg(db_));
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

bool Statement::null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::string_view Statement::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::uint64_t Statement::changes() const {
  return static_cast<std::uint64_t>(sqlite3_changes64(db_));
}

void Statement::reset() noexcept {
  sqlite3_reset(statement_.get());
}

// -- Database -------------------------------------------------------------------

namespace {

/// SQL's partition_of(id).
void partition_of_text(sqlite3_context* call, int, sqlite3_value** arguments) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(arguments[0]));
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(arguments[0]));
  const auto partition = text == nullptr ? 0U : partition_of({text, size});
  sqlite3_result_int(call, static_cast<int>(partition));
}

} // namespace

void Database::Close::operator()(sqlite3* db) const {
  sqlite3_close_v2(db);
}

Database::Database(const std::string& path, int flags) {
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &db, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  db_.reset(db);
  if (code != SQLITE_OK) throw Error(code, db != nullptr ? sqlite3_errmsg(db) : "out of memory");
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, 10'000);
  check(sqlite3_create_function_v2(db, "partition_of", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr,
                                   &partition_of_text, nullptr, nullptr, nullptr),
        db);
}

void Database::run(const char* sql) {
  check(sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr), db_.get());
}

sql::Statement& Database::prepare(std::string_view sql) {
  if (const auto found = prepared_.find(sql); found != prepared_.end()) return found->second;
  return prepared_.emplace(sql, Statement(db_.get(), sql)).first->second;
}

void Database::begin(sql::Access access) {
  if (watch_)
    if (auto problem = watch_->look()) throw sql::Refusal{std::move(*problem)};
  run(access == sql::Access::write ? "BEGIN IMMEDIATE" : "BEGIN");
}

void Database::commit() {
  run("COMMIT");
}

void Database::rollback() noexcept {
  sqlite3_exec(db_.get(), "ROLLBACK", nullptr, nullptr, nullptr); // fails where it is rolled back already
}

// -- what it means ----------------------------------------------------------------

Problem problem_of(const Error& error, const std::string& path) {
  const auto about = "ledger " + path;
  switch (error.code & 0xff) {
  case SQLITE_NOTADB:
    return {about, "is not a ledger: the file is no SQLite database",
            "point ledger.url to another file, or move this one away"};
  case SQLITE_CORRUPT:
    return {about, "is damaged: " + std::string(error.what()),
            "restore it from a copy, or start with a new one"};
  case SQLITE_FULL:
    return {about, "cannot be written: the disk is full", "make room on the disk, then start again"};
  case SQLITE_READONLY:
  case SQLITE_PERM:
    return {about, "cannot be written: no permission", "check who owns the file and its folder"};
  case SQLITE_CANTOPEN:
    return {about, "cannot be opened", "check that the folder exists and may be read and written"};
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return {about, "is locked by another program", "end the program that holds it, then try again"};
  case SQLITE_IOERR:
    return {about, "cannot be read or written: " + std::string(error.what()), "check the disk"};
  default: return {about, error.what(), "see the log; the ledger is as it was before"};
  }
}

} // namespace dialogferry::ledger::sqlite
