#pragma once

#include "guid.hpp"
#include "time.hpp"

#include <charconv>
#include <string>
#include <string_view>

namespace altinn_sim::storage {

/// Appends the text as a JSON string with its quotes.
void append_quoted(std::string& out, std::string_view text);

inline void append_number(std::string& out, std::int64_t value) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

/// Members of one JSON object, written in order; what is not there is left out, as Storage does.
class JsonMembers {
public:
  explicit JsonMembers(std::string& out)
      : out_(out) {
    out_ += '{';
  }
  ~JsonMembers() { out_ += '}'; }
  JsonMembers(const JsonMembers&) = delete;
  JsonMembers& operator=(const JsonMembers&) = delete;

  /// Writes the name and hands out where its value goes.
  std::string& value(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    out_ += '"';
    out_ += name;
    out_ += "\":";
    return out_;
  }

  void text(std::string_view name, std::string_view content) { append_quoted(value(name), content); }
  void text_if(std::string_view name, std::string_view content) {
    if (!content.empty()) text(name, content);
  }
  void number(std::string_view name, std::int64_t content) { append_number(value(name), content); }
  void flag(std::string_view name, bool content) { value(name) += content ? "true" : "false"; }
  void flag_if(std::string_view name, bool content) {
    if (content) flag(name, true);
  }
  void null(std::string_view name) { value(name) += "null"; }
  void time(std::string_view name, Ticks content) {
    auto& out = value(name);
    out += '"';
    append_time(out, content);
    out += '"';
  }
  void time_if(std::string_view name, Ticks content) {
    if (content != no_time) time(name, content);
  }
  void guid(std::string_view name, Guid content) {
    auto& out = value(name);
    out += '"';
    append_guid(out, content);
    out += '"';
  }

private:
  std::string& out_;
  bool first_ = true;
};

/// Elements of one JSON array: call `next()` before each.
class JsonElements {
public:
  explicit JsonElements(std::string& out)
      : out_(out) {
    out_ += '[';
  }
  ~JsonElements() { out_ += ']'; }
  JsonElements(const JsonElements&) = delete;
  JsonElements& operator=(const JsonElements&) = delete;

  std::string& next() {
    if (!first_) out_ += ',';
    first_ = false;
    return out_;
  }

private:
  std::string& out_;
  bool first_ = true;
};

} // namespace altinn_sim::storage
