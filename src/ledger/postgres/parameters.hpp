#pragma once

#include "../sql/database.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::ledger::postgres {

/// PostgreSQL's number of a type.
using TypeId = unsigned int;

TypeId type_of(sql::Kind kind);
TypeId array_type_of(sql::Kind kind);

/// Text as PostgreSQL takes it: what is not UTF-8, and the character NUL, become U+FFFD.
std::string clean_text(std::string_view text);

/// One column of many rows, in the binary form of an array of one dimension.
class Array {
public:
  explicit Array(sql::Kind kind);

  void add(std::int64_t value);
  void add(int value) { add(std::int64_t{value}); }
  void add(std::uint32_t value) { add(std::int64_t{value}); }
  void add(std::uint64_t value) { add(static_cast<std::int64_t>(value)); }
  void add(Instant value) { add(value.ticks); }
  void add(Day value) { add(std::int64_t{value.number}); }
  void add(const std::optional<Instant>& value) { value ? add(*value) : add_null(); }
  void add(std::string_view value); ///< text or bytes
  void add(const std::string& value) { add(std::string_view(value)); }
  void add_null();

  std::size_t size() const { return size_; }
  sql::Kind kind() const { return kind_; }
  /// What is sent.
  std::string bytes() const;

private:
  sql::Kind kind_;
  std::size_t size_ = 0;
  bool has_null_ = false;
  std::string elements_;
};

Array integers();
Array texts();
Array bytes();

/// What one run of a statement is given, in the order of `$1`, `$2` …, in binary form.
class Parameters {
public:
  Parameters() = default;
  template <class... Values>
  static Parameters of(const Values&... values) {
    Parameters all;
    (all.add(values), ...);
    return all;
  }

  void add(std::int64_t value);
  void add(Instant value) { add(value.ticks); }
  void add(std::string_view value, sql::Kind kind = sql::Kind::text);
  void add(const Array& array);
  void add_null(sql::Kind kind);
  void clear();

  std::size_t size() const { return types_.size(); }
  const std::vector<TypeId>& types() const { return types_; }
  /// Null where the value is null; valid until something is added.
  std::vector<const char*> values() const;
  std::vector<int> lengths() const;

private:
  std::vector<TypeId> types_;
  std::vector<std::optional<std::string>> values_;
};

} // namespace dialogferry::ledger::postgres
