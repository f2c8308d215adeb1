#pragma once

#include "connection.hpp"

#include <functional>
#include <optional>

namespace dialogferry::ledger::postgres {

class Database;

/// A statement of the rooms that both databases share. All its rows are there after the first step.
class Statement final : public sql::Statement {
public:
  /// `sql` has `?` or `?1` for its parameters.
  Statement(Database& db, std::string_view sql);

  void bind(int at, std::int64_t value) override;
  void bind(int at, std::string_view value, sql::Kind kind) override;
  void bind_null(int at, sql::Kind kind) override;
  bool step() override;
  std::int64_t integer(int column) const override { return reply_->integer(row_, column); }
  bool null(int column) const override { return reply_->null(row_, column); }
  std::string_view text(int column) const override { return reply_->text(row_, column); }
  std::uint64_t changes() const override { return reply_->changes(); }
  void reset() noexcept override;

private:
  Database& db_;
  std::string sql_;
  Parameters parameters_;
  std::optional<Reply> reply_;
  int row_ = -1;
};

/// The ledger's connection, which may be another one after an outage. What a transaction sends goes out when
/// its first answer is needed, with its beginning, or with its end.
class Database final : public sql::Database {
public:
  explicit Database(std::unique_ptr<Connection> connection)
      : connection_(std::move(connection)) {}

  void run(const char* sql) override { connection_->run(sql); }
  sql::Statement& prepare(std::string_view sql) override;
  void begin(sql::Access access) override;
  void commit() override;
  void rollback() noexcept override;

  Connection& connection() { return *connection_; }
  void replace(std::unique_ptr<Connection> connection) { connection_ = std::move(connection); }
  /// How a connection that was lost is made anew, before the next transaction; where it is not set, it is
  /// not.
  void come_back_by(std::function<std::unique_ptr<Connection>()> connect) { connect_ = std::move(connect); }

  /// The answers that came with the end of the last transaction, but for the last, which is that end's own.
  const std::vector<Reply>& replies() const { return replies_; }

  /// What every transaction that writes begins with.
  void begin_writing_with(std::function<void(Connection&)> first) { first_ = std::move(first); }
  /// What is called after every transaction that has come to its end.
  void tell_when_done(std::function<void()> done) { done_ = std::move(done); }
  /// Whether the last transaction was to write.
  bool is_writing() const { return is_writing_; }

private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  std::unique_ptr<Connection> connection_;
  std::function<void(Connection&)> first_;
  std::function<std::unique_ptr<Connection>()> connect_;
  std::function<void()> done_;
  std::unordered_map<std::string, Statement, TextHash, std::equal_to<>> prepared_;
  std::vector<Reply> replies_;
  bool in_transaction_ = false;
  bool is_writing_ = false;
};

/// `?` and `?1` as `$1`.
std::string with_dollars(std::string_view sql);

} // namespace dialogferry::ledger::postgres
