#pragma once

#include "parameters.hpp"

#include <string_view>
#include <variant>
#include <vector>

namespace dialogferry::ledger::postgres {

/// Rows for one statement, column by column: `FROM unnest($1, $2, …)`.
class Table {
public:
  /// A letter a column: `i` for a number, `t` for a text, `b` for bytes.
  explicit Table(std::string_view kinds) {
    columns_.reserve(kinds.size());
    for (const char kind : kinds)
      columns_.emplace_back(kind == 'i'   ? sql::Kind::integer
                            : kind == 't' ? sql::Kind::text
                                          : sql::Kind::bytes);
  }

  /// Adds a row: a value a column.
  template <class... Values>
  void add(const Values&... values) {
    std::size_t at = 0;
    (columns_[at++].add(values), ...);
  }

  /// Adds a row of variants: nothing, a number, or text or bytes.
  template <class Row>
  void add_row(const Row& values) {
    for (std::size_t at = 0; at < values.size(); ++at) {
      if (const auto* number = std::get_if<std::int64_t>(&values[at]))
        columns_[at].add(*number);
      else if (const auto* text = std::get_if<std::string>(&values[at]))
        columns_[at].add(*text);
      else
        columns_[at].add_null();
    }
  }

  std::size_t rows() const { return columns_.front().size(); }
  bool empty() const { return rows() == 0; }

  /// Adds its columns.
  void add_to(Parameters& parameters) const {
    for (const auto& column : columns_)
      parameters.add(column);
  }
  Parameters parameters() const {
    Parameters all;
    add_to(all);
    return all;
  }

private:
  std::vector<Array> columns_;
};

} // namespace dialogferry::ledger::postgres
