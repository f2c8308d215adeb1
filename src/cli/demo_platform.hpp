#pragma once

#include "child.hpp"

#include <dialogferry/cli/commands.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace dialogferry::cli {

/// How far the changes are that a simulated platform makes.
struct LiveChanges {
  bool over = false;         ///< all are made, and every event of them is delivered
  std::uint64_t changes = 0; ///< made so far
  double p50_ms = 0;         ///< from event to dialog
  double p99_ms = 0;
};

/// The simulated platform of the demo: altinn-sim, started beside the program and ended with this.
class DemoPlatform {
public:
  static Result<DemoPlatform> start(const std::string& executable, const DemoOptions& options);

  const std::string& base_url() const { return base_url_; }

  /// Lets things happen to app instances, told of at the engine's address, and forms be imported.
  Result<void> start_changes(const DemoOptions& options, const std::string& engine);
  Result<LiveChanges> changes() const;

  /// The answer of `GET /_sim/audit`.
  Result<std::string> audit() const;

private:
  explicit DemoPlatform(Child child)
      : child_(std::move(child)) {}

  Child child_;
  std::string base_url_;
};

} // namespace dialogferry::cli
