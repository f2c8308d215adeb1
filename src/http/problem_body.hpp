#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dialogferry::http {

/// What a problem body says (dialogporten.md 1.1, correspondence.md 1.8), or the beginning of any other body.
struct ProblemBody {
  std::string title;
  std::string detail; ///< empty where it stands as the title
  std::string code;   ///< `CORR-01001`
  /// In the body's order. Of Correspondence's two lists the one that is right, `validationErrors` by their
  /// paths (observed.md OC-17).
  std::vector<std::pair<std::string, std::vector<std::string>>> errors;

  /// Whether a message under `key` holds `fragment`; an empty fragment asks for the key alone.
  bool has(std::string_view key, std::string_view fragment = {}) const;
};

ProblemBody read_problem(const std::string& body);

} // namespace dialogferry::http
