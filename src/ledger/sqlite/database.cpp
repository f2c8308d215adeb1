#include "database.hpp"

#include <sqlite3.h>

#include <cstring>

namespace dialogferry::ledger::sqlite {

namespace {

void check(int code, sqlite3* db) {
  if (code != SQLITE_OK) throw Error(sqlite3_extended_errcode(db), sqlite3_errmsg(db));
}

} // namespace

// -- Query ----------------------------------------------------------------------

Query::~Query() {
  if (statement_ != nullptr) sqlite3_reset(statement_);
}

bool Query::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  auto* db = sqlite3_db_handle(statement_);
  throw Error(sqlite3_extended_errcode(db), sqlite3_errmsg(db));
}

std::int64_t Query::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

bool Query::null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::string_view Query::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

namespace {

template <class T>
std::vector<T> values_in(sqlite3_stmt* statement, int column) {
  const auto* bytes = sqlite3_column_blob(statement, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
  std::vector<T> values(size / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), bytes, values.size() * sizeof(T));
  return values;
}

template <class T>
void bind_values(sqlite3_stmt* statement, int at, const std::vector<T>& values) {
  static_assert(std::is_trivially_copyable_v<T>);
  check(sqlite3_bind_blob64(statement, at, values.data(), values.size() * sizeof(T), SQLITE_TRANSIENT),
        sqlite3_db_handle(statement));
}

} // namespace

std::vector<Uuid> Query::uuids(int column) const {
  static_assert(sizeof(Uuid) == 16);
  return values_in<Uuid>(statement_, column);
}

std::vector<Handed> Query::handed(int column) const {
  static_assert(sizeof(Handed) == 20);
  return values_in<Handed>(statement_, column);
}

void Query::bind(int at, std::int64_t value) {
  check(sqlite3_bind_int64(statement_, at, value), sqlite3_db_handle(statement_));
}

void Query::bind(int at, std::string_view value) {
  const char* text = value.data() != nullptr ? value.data() : "";
  check(sqlite3_bind_text64(statement_, at, text, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8),
        sqlite3_db_handle(statement_));
}

void Query::bind(int at, const std::vector<Uuid>& value) {
  value.empty() ? bind(at, std::nullopt) : bind_values(statement_, at, value);
}

void Query::bind(int at, const std::vector<Handed>& value) {
  bind_values(statement_, at, value);
}

void Query::bind(int at, std::nullopt_t) {
  check(sqlite3_bind_null(statement_, at), sqlite3_db_handle(statement_));
}

// -- Database -------------------------------------------------------------------

void Database::Close::operator()(sqlite3* db) const {
  sqlite3_close_v2(db);
}
void Database::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Database::Database(const std::string& path, int flags) {
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &db, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  db_.reset(db);
  if (code != SQLITE_OK) throw Error(code, db != nullptr ? sqlite3_errmsg(db) : "out of memory");
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, 10'000);
}

void Database::run(const char* sql) {
  check(sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr), db_.get());
}

sqlite3_stmt* Database::prepare(std::string_view sql) {
  if (const auto found = prepared_.find(sql); found != prepared_.end()) return found->second.get();
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v3(db_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                           &statement, nullptr),
        db_.get());
  prepared_.emplace(sql, std::unique_ptr<sqlite3_stmt, Finalize>(statement));
  return statement;
}

std::uint64_t Database::changes() const {
  return static_cast<std::uint64_t>(sqlite3_changes64(db_.get()));
}

std::int64_t Database::last_id() const {
  return sqlite3_last_insert_rowid(db_.get());
}

// -- Transaction ----------------------------------------------------------------

Transaction::Transaction(Database& db, bool write)
    : db_(db) {
  db_.run(write ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    db_.run("ROLLBACK");
  } catch (const Error&) { // SQLite has rolled back by itself
    open_ = false;
  }
}

void Transaction::commit() {
  db_.run("COMMIT");
  open_ = false;
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
