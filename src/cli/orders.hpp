#pragma once

#include <dialogferry/engine/engine.hpp>
#include <dialogferry/model/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::cli {

/// What an operator asks for, as `ctl` says it and `POST /control/…` takes it.
struct Order {
  std::string verb;   ///< `pause`, `resume`, `rate`, `concurrency`, `credit`, `priority` or `reset`
  std::string target; ///< a row or an API; of `reset` also a key, or empty: all
  std::string value;  ///< of `rate`, `concurrency`, `credit` and `priority`
  std::string who;
};

/// A row or an API that is in use, else a Problem with what was meant.
Result<void> check_target(const Config& config, std::string_view target);

/// What has to be set for it, none where all is so already; a Problem where it cannot be done.
Result<std::vector<ledger::Setting>> settings_of(const Order& order, const engine::Configured& now,
                                                 Instant at);

} // namespace dialogferry::cli
