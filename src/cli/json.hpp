#pragma once

#include "values.hpp"

#include <concepts>
#include <string>
#include <string_view>

namespace dialogferry::cli {

/// Writes one JSON object, member by member.
class JsonObject {
public:
  JsonObject& text(std::string_view name, std::string_view value) { return raw(name, json_quoted(value)); }

  JsonObject& number(std::string_view name, std::integral auto value) {
    return raw(name, std::to_string(value));
  }

  /// A value that is JSON already.
  JsonObject& raw(std::string_view name, std::string_view json) {
    text_.append(text_.empty() ? "" : ", ").append(json_quoted(name)).append(": ").append(json);
    return *this;
  }

  std::string take() const { return "{" + text_ + "}"; }

private:
  std::string text_;
};

} // namespace dialogferry::cli
