#pragma once

#include <dialogferry/model/result.hpp>

#include <string>
#include <vector>

namespace dialogferry::cli {

inline constexpr const char* webhook_secret_key = "status.webhook_secret_file";
inline constexpr const char* control_token_key = "status.control_token_file";

/// The secrets that a file holds which the configuration names as `key`, a line each, without blanks around
/// them; the first is the new one (observed.md OE-3). None where no file is named. One that cannot be read or
/// holds nothing is a Problem, which never holds any of the content.
Result<std::vector<std::string>> read_secrets(const std::string& path, const std::string& key);

} // namespace dialogferry::cli
