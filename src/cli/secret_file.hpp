#pragma once

#include <dialogferry/model/result.hpp>

#include <string>

namespace dialogferry::cli {

/// The secret that the file at `status.webhook_secret_file` holds, without blanks and line ends around it;
/// empty where no file is named. One that cannot be read or holds nothing is a Problem, which never holds
/// any of the content.
Result<std::string> read_secret(const std::string& path);

} // namespace dialogferry::cli
