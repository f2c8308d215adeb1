#pragma once

#include <dialogferry/model/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dialogferry::status {

/// Writes one JSON document, commas and escapes included. Members and elements in the order of the calls.
class JsonWriter {
public:
  JsonWriter& open(char bracket);  ///< `{` or `[`
  JsonWriter& close(char bracket); ///< `}` or `]`
  JsonWriter& key(std::string_view name);
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(std::uint64_t number);
  JsonWriter& value(double number); ///< three decimals at most
  JsonWriter& value(bool truth);
  JsonWriter& value(Day day) { return value(std::string_view(to_string(day))); }
  JsonWriter& value(Instant at) { return value(std::string_view(to_string(at))); }
  JsonWriter& null();
  template <class T>
  JsonWriter& value(const std::optional<T>& maybe) {
    return maybe ? value(*maybe) : null();
  }
  template <class T>
  JsonWriter& member(std::string_view name, const T& content) {
    return key(name).value(content);
  }

  std::string take() { return std::move(out_); }

private:
  void separate();

  std::string out_;
  bool first_ = true;
};

} // namespace dialogferry::status
