#pragma once

#include <dialogferry/model/config.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace dialogferry::cli {

/// The program's log while it lives: what rooms log goes to `print`, a line with its end at a time.
class Logging {
public:
  Logging(const LogConfig& config, std::function<void(std::string_view)> print);
  ~Logging();
  Logging(const Logging&) = delete;
  Logging& operator=(const Logging&) = delete;
};

} // namespace dialogferry::cli
