#pragma once

#include "owners.hpp"

#include <dialogferry/engine/engine.hpp>
#include <dialogferry/engine/history/planner.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What is to be carried: which rows, which days, whose records.
namespace dialogferry::engine {

/// The rows of a task: those it names, else all that are enabled.
std::vector<std::string> rows_of(const Config& config, const Task& task);

/// The APIs that these rows use, each once. Messages use Register where there is one: it only helps to tell
/// why one was refused.
std::vector<std::string_view> apis_of(const Config& config, const std::vector<std::string>& rows);

/// Of what the enabled rows carry: engines that differ in it should not work on one ledger.
std::string digest_of_rows(const Config& config);

/// The days of a row that are carried now: all of its plan, or those asked for.
Planner::Range range_of(const Config& config, const Task& task, const std::string& row);

/// The first day of a historic row's range that is not over; nothing where all are.
std::optional<Day> not_over(const Config& config, const Task& task, const std::string& row);

/// A day that is not over is whole only once it is (observed.md OR-1): it waits, where somebody stays until
/// then. Fails for days to come, and for a cut-over that is not over where no live row goes on from it.
Result<void> check_days(const Config& config, const Task& task, const std::string& row);

/// Where a live row's streams begin: history and live meet without a gap (architecture.md).
Instant begin_of_streams(const Config& config, const std::string& row, std::string_view historic);

/// From when on what is learned of a message of Altinn 2 is the live row's to carry; nothing where it is off.
std::optional<Instant> live_messages_from(const Config& config);

/// How long a run that is to end waits for records that wait for somebody: long enough to try each in place
/// and once more.
std::chrono::milliseconds longest_hope(const Config& config);

/// Whose records rows carry, asked of Storage once.
class AskedOwners {
public:
  AskedOwners(caf::actor_system& system, gate_actor storage)
      : system_(system)
      , storage_(std::move(storage)) {}

  /// The configured ones, or every one there is, in order. Where Storage does not answer, the configured ones
  /// go into `later`.
  Result<std::vector<std::string>> of(const std::string& row, std::vector<std::string> configured,
                                      OwnersSetup& later);

private:
  Result<std::vector<std::string>> known(std::chrono::seconds patience);

  caf::actor_system& system_;
  gate_actor storage_;
  std::optional<Result<std::vector<std::string>>> known_;
};

} // namespace dialogferry::engine
