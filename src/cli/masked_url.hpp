#pragma once

#include <string>

namespace dialogferry::cli {

/// Hides the passwords of `postgresql://user:password@host/db?password=…`.
std::string masked_url(std::string url);

} // namespace dialogferry::cli
