#pragma once

#include "../sql/database.hpp"
#include "file_watch.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace dialogferry::ledger::sqlite {

/// What SQLite refused.
struct Error : sql::Error {
  Error(int code, const std::string& what)
      : sql::Error(what)
      , code(code) {}
  int code; ///< extended result code
};

class Statement final : public sql::Statement {
public:
  Statement(sqlite3* db, std::string_view sql);

  void bind(int at, std::int64_t value) override;
  void bind(int at, std::string_view value, sql::Kind kind) override;
  void bind_null(int at, sql::Kind kind) override;
  bool step() override;
  std::int64_t integer(int column) const override;
  bool null(int column) const override;
  std::string_view text(int column) const override;
  std::uint64_t changes() const override;
  void reset() noexcept override;

private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  sqlite3* db_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// One connection to a file.
class Database final : public sql::Database {
public:
  /// `flags` are those of sqlite3_open_v2.
  Database(const std::string& path, int flags);

  void run(const char* sql) override;
  sql::Statement& prepare(std::string_view sql) override;
  /// A transaction that writes takes the write lock at once, so that it cannot fail half-way for want of it.
  void begin(sql::Access access) override;
  void commit() override;
  void rollback() noexcept override;

  /// No transaction begins any more once the file is not the one that is there now: a Refusal.
  void watch(FileWatch watch) { watch_ = std::move(watch); }

private:
  struct Close {
    void operator()(sqlite3* db) const;
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  std::unique_ptr<sqlite3, Close> db_;
  std::unordered_map<std::string, Statement, TextHash, std::equal_to<>> prepared_;
  std::optional<FileWatch> watch_;
};

/// The Problem behind an Error: what it means, and what to do.
Problem problem_of(const Error& error, const std::string& path);

} // namespace dialogferry::ledger::sqlite
