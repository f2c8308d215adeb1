#include "parameters.hpp"

namespace dialogferry::ledger::postgres {

namespace {

void append(std::string& to, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    to += static_cast<char>((value >> shift) & 0xff);
}

std::string integer_bytes(std::int64_t value) {
  std::string bytes;
  append(bytes, static_cast<std::uint64_t>(value), 8);
  return bytes;
}

/// How many bytes the character at the start of `text` has; 0 where it is none, or NUL.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const auto first = byte(0);
  if (first == 0) return 0;
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  for (std::size_t at = 1; at < length; ++at)
    if ((byte(at) & 0xc0) != 0x80) return 0;
  const auto second = byte(1);
  const bool is_out_of_range = (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
                               (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
  return is_out_of_range ? 0 : length;
}

} // namespace

TypeId type_of(sql::Kind kind) {
  switch (kind) {
  case sql::Kind::integer: return 20; // bigint
  case sql::Kind::text: return 25;
  case sql::Kind::bytes: return 17; // bytea
  }
  return 25;
}

TypeId array_type_of(sql::Kind kind) {
  switch (kind) {
  case sql::Kind::integer: return 1016;
  case sql::Kind::text: return 1009;
  case sql::Kind::bytes: return 1001;
  }
  return 1009;
}

std::string clean_text(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const auto length = character_length(text);
    clean.append(length > 0 ? text.substr(0, length) : "\xef\xbf\xbd");
    text.remove_prefix(length > 0 ? length : 1);
  }
  return clean;
}

// -- Array ------------------------------------------------------------------------

Array::Array(sql::Kind kind)
    : kind_(kind) {}

void Array::add(std::int64_t value) {
  ++size_;
  append(elements_, 8, 4);
  append(elements_, static_cast<std::uint64_t>(value), 8);
}

void Array::add(std::string_view value) {
  ++size_;
  const auto text = kind_ == sql::Kind::text ? clean_text(value) : std::string(value);
  append(elements_, text.size(), 4);
  elements_ += text;
}

void Array::add_null() {
  ++size_;
  has_null_ = true;
  append(elements_, 0xffff'ffff, 4);
}

std::string Array::bytes() const {
  std::string bytes;
  bytes.reserve(20 + elements_.size());
  append(bytes, size_ > 0 ? 1 : 0, 4); // dimensions
  append(bytes, has_null_ ? 1 : 0, 4);
  append(bytes, type_of(kind_), 4);
  if (size_ == 0) return bytes;
  append(bytes, size_, 4);
  append(bytes, 1, 4); // the first index
  return bytes + elements_;
}

Array integers() {
  return Array(sql::Kind::integer);
}
Array texts() {
  return Array(sql::Kind::text);
}
Array bytes() {
  return Array(sql::Kind::bytes);
}

// -- Parameters -------------------------------------------------------------------

void Parameters::add(std::int64_t value) {
  types_.push_back(type_of(sql::Kind::integer));
  values_.emplace_back(integer_bytes(value));
}

void Parameters::add(std::string_view value, sql::Kind kind) {
  types_.push_back(type_of(kind));
  values_.emplace_back(kind == sql::Kind::text ? clean_text(value) : std::string(value));
}

void Parameters::add(const Array& array) {
  types_.push_back(array_type_of(array.kind()));
  values_.emplace_back(array.bytes());
}

void Parameters::add_null(sql::Kind kind) {
  types_.push_back(type_of(kind));
  values_.emplace_back(std::nullopt);
}

void Parameters::clear() {
  types_.clear();
  values_.clear();
}

std::vector<const char*> Parameters::values() const {
  std::vector<const char*> values;
  values.reserve(values_.size());
  for (const auto& value : values_)
    values.push_back(value ? value->c_str() : nullptr);
  return values;
}

std::vector<int> Parameters::lengths() const {
  std::vector<int> lengths;
  lengths.reserve(values_.size());
  for (const auto& value : values_)
    lengths.push_back(value ? static_cast<int>(value->size()) : 0);
  return lengths;
}

} // namespace dialogferry::ledger::postgres
