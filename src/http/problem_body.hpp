#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dialogferry::http {

/// What a problem body says (dialogporten.md 1.1), or the beginning of any other body.
struct ProblemBody {
  std::string title;
  std::vector<std::pair<std::string, std::vector<std::string>>> errors; ///< in the body's order

  /// Whether a message under `key` holds `fragment`; an empty fragment asks for the key alone.
  bool has(std::string_view key, std::string_view fragment = {}) const;
};

ProblemBody read_problem(const std::string& body);

} // namespace dialogferry::http
