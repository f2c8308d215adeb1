#pragma once

#include "../sql/database.hpp"

#include <dialogferry/model/result.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace dialogferry::ledger {

struct Column {
  std::string_view name;
  sql::Kind kind = sql::Kind::integer;
};

struct CopiedTable {
  std::string_view name;
  std::vector<Column> columns;
  bool has_id = false; ///< numbers its rows, and never twice
};

/// Every table that holds what must not be lost; what follows from these by triggers is not among them.
const std::vector<CopiedTable>& copied_tables();

/// `row, stage, day`
std::string names_of(const CopiedTable& table);

/// Null, a number, text or bytes.
using Value = std::variant<std::monostate, std::int64_t, std::string>;
using Row = std::vector<Value>;

/// One side of a copy, in one transaction, with the engine's lock. Throws sql::Error and sql::Refusal.
class Store {
public:
  virtual ~Store() = default;
  virtual Problem problem_of(const sql::Error& error) const = 0;

  virtual std::uint64_t count(const CopiedTable& table) = 0;
  virtual void read(const CopiedTable& table, const std::function<void(Row)>& each) = 0;
  virtual void write(const CopiedTable& table, std::span<const Row> rows) = 0;
  /// The highest id that was ever given.
  virtual std::int64_t highest_id(const CopiedTable& table) = 0;
  virtual void go_on_after(const CopiedTable& table, std::int64_t id) = 0;
  virtual void commit() = 0;
};

enum class Side : std::uint8_t {
  from, ///< a ledger of this version
  to,   ///< nothing yet: gets its tables
};

/// Each is a Problem, and nothing was done, where the side is not as it must be.
Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& url, Side side);
Result<std::unique_ptr<Store>> open_postgres_store(const std::string& url, Side side);

} // namespace dialogferry::ledger
