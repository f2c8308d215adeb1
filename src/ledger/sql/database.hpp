#pragma once

#include <dialogferry/ledger/hand_over.hpp>
#include <dialogferry/model/result.hpp>
#include <dialogferry/model/time.hpp>
#include <dialogferry/model/uuid.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::ledger::sql {

/// What the database refused, on its way to the door of the room, where it becomes a Problem.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A Problem found in the middle of a transaction, on its way to the door.
struct Refusal {
  Problem problem;
};

/// What a statement's parameter or column holds.
enum class Kind : std::uint8_t { integer, text, bytes };

/// A prepared statement; runs once at a time. Throws Error. Parameters count from 1, columns from 0.
class Statement {
public:
  virtual ~Statement() = default;

  virtual void bind(int at, std::int64_t value) = 0;
  /// `kind` is text or bytes.
  virtual void bind(int at, std::string_view value, Kind kind) = 0;
  virtual void bind_null(int at, Kind kind) = 0;

  /// Goes to the next row; false where there is none.
  virtual bool step() = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual bool null(int column) const = 0;
  /// Text or bytes; valid until the next step.
  virtual std::string_view text(int column) const = 0;
  /// How many rows the run has changed.
  virtual std::uint64_t changes() const = 0;

  /// Ends the run: ready for the next one.
  virtual void reset() noexcept = 0;
};

/// One run of a prepared statement; the statement is ready for the next one when this goes.
class Query {
public:
  explicit Query(Statement& statement)
      : statement_(&statement) {}
  Query(Query&& other) noexcept
      : statement_(other.statement_) {
    other.statement_ = nullptr;
  }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  Query& operator=(Query&&) = delete;
  ~Query() {
    if (statement_ != nullptr) statement_->reset();
  }

  /// Goes to the next row; false where there is none.
  bool step() { return statement_->step(); }
  std::uint64_t changes() const { return statement_->changes(); }

  std::int64_t integer(int column) const { return statement_->integer(column); }
  std::uint64_t number(int column) const { return static_cast<std::uint64_t>(integer(column)); }
  Instant instant(int column) const { return {integer(column)}; }
  Day day(int column) const { return {static_cast<std::int32_t>(integer(column))}; }
  bool null(int column) const { return statement_->null(column); }
  /// Valid until the next step.
  std::string_view text(int column) const { return statement_->text(column); }
  std::string string(int column) const { return std::string(text(column)); }
  std::vector<Uuid> uuids(int column) const;
  std::vector<Handed> handed(int column) const;

  void bind(int at, std::int64_t value) { statement_->bind(at, value); }
  void bind(int at, int value) { bind(at, std::int64_t{value}); }
  void bind(int at, std::uint32_t value) { bind(at, std::int64_t{value}); }
  void bind(int at, std::uint64_t value) { bind(at, static_cast<std::int64_t>(value)); }
  void bind(int at, Instant value) { bind(at, value.ticks); }
  void bind(int at, Day value) { bind(at, std::int64_t{value.number}); }
  void bind(int at, std::string_view value) { statement_->bind(at, value, Kind::text); }
  void bind(int at, const std::string& value) { bind(at, std::string_view(value)); }
  void bind(int at, const char* value) { bind(at, std::string_view(value)); }
  void bind(int at, const std::vector<Uuid>& value); ///< null where it is empty
  void bind(int at, const std::vector<Handed>& value);
  template <class T>
  void bind(int at, const std::optional<T>& value) {
    if (value)
      bind(at, *value);
    else
      statement_->bind_null(at, kind_of(value));
  }

private:
  static Kind kind_of(const std::optional<std::string>&) { return Kind::text; }
  template <class T>
  static Kind kind_of(const std::optional<T>&) {
    return Kind::integer;
  }

  Statement* statement_;
};

/// The bytes of what stands side by side in a column: `tie_ids`, the records of a block.
std::string_view bytes_of(const std::vector<Uuid>& ids);
std::string_view bytes_of(const std::vector<Handed>& records);

/// What a transaction does.
enum class Access : std::uint8_t {
  read,         ///< one statement, or several that need not agree
  read_at_once, ///< several that see the ledger at one instant
  write,
};

/// One connection with its prepared statements. Throws Error. SQL is what SQLite and PostgreSQL both
/// understand; parameters are `?` or `?1`.
class Database {
public:
  virtual ~Database() = default;

  /// Runs statements without parameters or rows.
  virtual void run(const char* sql) = 0;
  /// Prepares `sql`, or takes the one prepared before.
  virtual Statement& prepare(std::string_view sql) = 0;

  virtual void begin(Access access) = 0;
  virtual void commit() = 0;
  virtual void rollback() noexcept = 0;

  /// Binds the arguments in order.
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
    auto done = query(sql, args...);
    done.step();
    return done.changes();
  }

  /// The first column of the first row as a number; nothing where there is no row or it is null.
  template <class... Args>
  std::optional<std::int64_t> value(std::string_view sql, const Args&... args) {
    auto found = query(sql, args...);
    if (!found.step() || found.null(0)) return std::nullopt;
    return found.integer(0);
  }
};

/// A transaction that is undone unless it is committed.
class Transaction {
public:
  Transaction(Database& db, Access access)
      : db_(db) {
    db_.begin(access);
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction() {
    if (open_) db_.rollback();
  }
  void commit() {
    db_.commit();
    open_ = false;
  }

private:
  Database& db_;
  bool open_ = true;
};

} // namespace dialogferry::ledger::sql
