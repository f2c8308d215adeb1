#pragma once

#include <dialogferry/model/result.hpp>

#include <string>
#include <string_view>

namespace dialogferry::ledger {

/// Where a SQLite ledger is, and how it is written.
struct SqlitePlace {
  std::string path;
  bool write_through = false; ///< `?synchronous=full`
};

/// Reads `sqlite:FILE[?synchronous=full|normal]`.
Result<SqlitePlace> parse_url(std::string_view url);

/// `postgresql://…`
bool is_postgres(std::string_view url);

} // namespace dialogferry::ledger
