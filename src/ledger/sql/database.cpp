#include "database.hpp"

#include <cstring>
#include <type_traits>

namespace dialogferry::ledger::sql {

namespace {

template <class T>
std::vector<T> values_in(std::string_view bytes) {
  std::vector<T> values(bytes.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
  return values;
}

template <class T>
std::string_view bytes_in(const std::vector<T>& values) {
  static_assert(std::is_trivially_copyable_v<T>);
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

} // namespace

std::string_view bytes_of(const std::vector<Uuid>& ids) {
  static_assert(sizeof(Uuid) == 16);
  return bytes_in(ids);
}

std::string_view bytes_of(const std::vector<Handed>& records) {
  static_assert(sizeof(Handed) == 20);
  return bytes_in(records);
}

std::vector<Uuid> Query::uuids(int column) const {
  return values_in<Uuid>(text(column));
}

std::vector<Handed> Query::handed(int column) const {
  return values_in<Handed>(text(column));
}

void Query::bind(int at, const std::vector<Uuid>& value) {
  if (value.empty())
    statement_->bind_null(at, Kind::bytes);
  else
    statement_->bind(at, bytes_of(value), Kind::bytes);
}

void Query::bind(int at, const std::vector<Handed>& value) {
  statement_->bind(at, bytes_of(value), Kind::bytes);
}

} // namespace dialogferry::ledger::sql
