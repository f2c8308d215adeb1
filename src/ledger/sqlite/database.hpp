#pragma once

#include <dialogferry/ledger/hand_over.hpp>
#include <dialogferry/model/result.hpp>
#include <dialogferry/model/time.hpp>
#include <dialogferry/model/uuid.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace dialogferry::ledger::sqlite {

/// What SQLite refused, on its way to the door of the room, where it becomes a Problem.
struct Error : std::runtime_error {
  Error(int code, const std::string& what)
      : std::runtime_error(what)
      , code(code) {}
  int code; ///< extended result code
};

/// A Problem found in the middle of a transaction, on its way to the door.
struct Refusal {
  Problem problem;
};

/// One run of a prepared statement; the statement is ready for the next one when this goes.
class Query {
public:
  explicit Query(sqlite3_stmt* statement)
      : statement_(statement) {}
  Query(Query&& other) noexcept
      : statement_(other.statement_) {
    other.statement_ = nullptr;
  }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  Query& operator=(Query&&) = delete;
  ~Query();

  /// Goes to the next row; false where there is none.
  bool step();

  std::int64_t integer(int column) const;
  std::uint64_t number(int column) const { return static_cast<std::uint64_t>(integer(column)); }
  Instant instant(int column) const { return {integer(column)}; }
  Day day(int column) const { return {static_cast<std::int32_t>(integer(column))}; }
  bool null(int column) const;
  /// Valid until the next step.
  std::string_view text(int column) const;
  std::string string(int column) const { return std::string(text(column)); }
  std::vector<Uuid> uuids(int column) const;
  std::vector<Handed> handed(int column) const;

  void bind(int at, std::int64_t value);
  void bind(int at, int value) { bind(at, std::int64_t{value}); }
  void bind(int at, std::uint32_t value) { bind(at, std::int64_t{value}); }
  void bind(int at, std::uint64_t value) { bind(at, static_cast<std::int64_t>(value)); }
  void bind(int at, Instant value) { bind(at, value.ticks); }
  void bind(int at, Day value) { bind(at, std::int64_t{value.number}); }
  void bind(int at, std::string_view value);
  void bind(int at, const std::string& value) { bind(at, std::string_view(value)); }
  void bind(int at, const char* value) { bind(at, std::string_view(value)); }
  void bind(int at, const std::vector<Uuid>& value);
  void bind(int at, const std::vector<Handed>& value);
  void bind(int at, std::nullopt_t);
  template <class T>
  void bind(int at, const std::optional<T>& value) {
    if (value)
      bind(at, *value);
    else
      bind(at, std::nullopt);
  }

private:
  sqlite3_stmt* statement_;
};

/// One connection with its prepared statements. Throws Error.
class Database {
public:
  /// `flags` are those of sqlite3_open_v2.
  Database(const std::string& path, int flags);

  /// Runs statements without parameters or rows.
  void run(const char* sql);

  /// Prepares `sql`, or takes the one prepared before, and binds the arguments in order.
  template <class... Args>
  Query query(std::string_view sql, const Args&... args) {
    Query query(prepare(sql));
    int at = 0;
    (query.bind(++at, args), ...);
    return query;
  }

  /// query() for statements whose rows do not matter; returns how many rows were changed.
  template <class... Args>
  std::uint64_t change(std::string_view sql, const Args&... args) {
    query(sql, args...).step();
    return changes();
  }

  /// The first column of the first row as a number; nothing where there is no row or it is null.
  template <class... Args>
  std::optional<std::int64_t> value(std::string_view sql, const Args&... args) {
    auto found = query(sql, args...);
    if (!found.step() || found.null(0)) return std::nullopt;
    return found.integer(0);
  }

  std::int64_t last_id() const;

private:
  struct Close {
    void operator()(sqlite3* db) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  sqlite3_stmt* prepare(std::string_view sql);
  std::uint64_t changes() const;

  std::unique_ptr<sqlite3, Close> db_;
  std::unordered_map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>, TextHash, std::equal_to<>>
      prepared_;
};

/// A transaction that is undone unless it is committed.
class Transaction {
public:
  /// `write` takes the write lock at once, so that it cannot fail half-way for want of it.
  Transaction(Database& db, bool write);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

private:
  Database& db_;
  bool open_ = true;
};

/// The Problem behind an Error: what it means, and what to do.
Problem problem_of(const Error& error, const std::string& path);

} // namespace dialogferry::ledger::sqlite
