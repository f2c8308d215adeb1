#pragma once

#include <string>
#include <vector>

namespace golden {

/// One recorded case: what goes into `map`, and what must come out.
struct Case {
  std::string name; ///< `status/no-process`
  std::string title;
  std::vector<std::string> rules;
  std::string bundle;   ///< JSON
  std::string expected; ///< JSON
};

/// The cases of the checkout, and those of public sample data where the folder with them is there.
std::vector<Case> load_cases();

/// Where a body differs from what is expected, as paths with both values; empty where they agree.
std::vector<std::string> differences(const std::string& expected_json, const std::string& actual_json);

/// A Catch2 test case for each, before the session starts.
void register_cases();

} // namespace golden
