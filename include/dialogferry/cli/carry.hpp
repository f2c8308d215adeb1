#pragma once

#include <dialogferry/cli/console.hpp>
#include <dialogferry/cli/progress_display.hpp>
#include <dialogferry/engine/engine.hpp>
#include <dialogferry/engine/explain.hpp>
#include <dialogferry/engine/verify/verify.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace dialogferry::cli {

/// A status page that is up for as long as this lives; the engine must outlive it.
struct Served {
  std::string address; ///< "http://127.0.0.1:8080"
  std::function<void()> every_second;
  std::function<Result<void>(const Config&)> reconfigure = {}; ///< reads its secrets again
};

/// What a run needs of the world around it; tests bring their own.
struct Runtime {
  std::function<Result<std::unique_ptr<engine::Engine>>(const Config&, const engine::Task&)> start;
  std::function<Result<Served>(const Config&, engine::Engine&)> serve;
  /// Waits for a signal, at most this long: SIGINT, SIGTERM or SIGHUP.
  std::function<std::optional<int>(std::chrono::milliseconds)> wait_signal;
  /// Looks at one record (engine::explain).
  std::function<Result<engine::Explanation>(const Config&, const mapping::Wording&, std::string_view row,
                                            std::string_view id)>
      explain = {};
  /// Compares days (engine::verify::verify).
  std::function<Result<void>(const Config&, const engine::verify::VerifyTask&,
                             const std::function<bool(const engine::verify::ComparedDay&)>&)>
      verify = {};
};

/// How the engine is run for one command.
struct CarryOptions {
  ConfigOptions config; ///< read again on SIGHUP
  engine::Task task;
  bool progress = true;
  bool json = false; ///< what was carried is printed as JSON
};

/// Runs an engine to its end: shows progress, serves the page, reloads on SIGHUP, drains on SIGINT and
/// SIGTERM, at once on the second. What was carried goes to the output.
Exit carry(const Console& console, const LoadedConfig& loaded, const CarryOptions& options,
           const Runtime& runtime);

} // namespace dialogferry::cli
