#pragma once

#include <dialogferry/model/result.hpp>

#include <string>
#include <vector>

namespace dialogferry::cli {

/// The secrets that the file at `status.webhook_secret_file` holds, a line each, without blanks around them;
/// the first is the new one (observed.md OE-3). None where no file is named. One that cannot be read or holds
/// nothing is a Problem, which never holds any of the content.
Result<std::vector<std::string>> read_secrets(const std::string& path);

} // namespace dialogferry::cli
