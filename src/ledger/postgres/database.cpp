#include "database.hpp"

namespace dialogferry::ledger::postgres {

std::string with_dollars(std::string_view sql) {
  std::string text;
  int number = 0;
  for (std::size_t at = 0; at < sql.size(); ++at) {
    if (sql[at] != '?') {
      text += sql[at];
      continue;
    }
    const bool is_numbered = at + 1 < sql.size() && sql[at + 1] >= '1' && sql[at + 1] <= '9';
    text += '$';
    if (!is_numbered) text += std::to_string(++number);
  }
  return text;
}

// -- Statement ----------------------------------------------------------------------

Statement::Statement(Database& db, std::string_view sql)
    : db_(db)
    , sql_(with_dollars(sql)) {}

void Statement::bind(int, std::int64_t value) {
  parameters_.add(value);
}

void Statement::bind(int, std::string_view value, sql::Kind kind) {
  parameters_.add(value, kind);
}

void Statement::bind_null(int, sql::Kind kind) {
  parameters_.add_null(kind);
}

bool Statement::step() {
  if (!reply_) reply_.emplace(db_.connection().ask(sql_, parameters_));
  return ++row_ < reply_->rows();
}

void Statement::reset() noexcept {
  parameters_.clear();
  reply_.reset();
  row_ = -1;
}

// -- Database -----------------------------------------------------------------------

sql::Statement& Database::prepare(std::string_view sql) {
  if (const auto found = prepared_.find(sql); found != prepared_.end()) return found->second;
  return prepared_.emplace(sql, Statement(*this, sql)).first->second;
}

void Database::begin(sql::Access access) {
  if (connection_->is_broken() && connect_) connection_ = connect_();
  in_transaction_ = access != sql::Access::read;
  is_writing_ = access == sql::Access::write;
  replies_.clear();
  if (access == sql::Access::read_at_once)
    connection_->send("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  if (access != sql::Access::write) return;
  connection_->send("BEGIN");
  if (first_) first_(*connection_);
}

void Database::commit() {
  if (in_transaction_) {
    connection_->send("COMMIT");
    replies_ = connection_->flush();
    in_transaction_ = false;
  }
  if (done_) done_();
}

void Database::rollback() noexcept {
  // What was collected goes out with it, and where that fails the first attempt is skipped.
  for (int attempt = 0; attempt < 2 && in_transaction_ && !connection_->is_broken(); ++attempt) {
    try {
      connection_->ask("ROLLBACK");
      in_transaction_ = false;
    } catch (const Error&) {
      continue;
    }
  }
  in_transaction_ = false;
}

} // namespace dialogferry::ledger::postgres
