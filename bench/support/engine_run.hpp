#pragma once

#include "folder.hpp"
#include "process.hpp"
#include "simulator.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace bench {

inline constexpr std::string_view historic_row = "a3-app-instances-historic";
inline constexpr std::string_view message_row = "a2-correspondence-historic";
inline constexpr std::string_view live_row = "a3-app-instances-live";

/// What a benchmark sets apart from the defaults of the configuration: no ceiling of its own.
struct EngineSettings {
  std::string_view row = historic_row;
  bool adaptive = true;      ///< finds out how much the target takes
  std::uint32_t threads = 0; ///< 0 = one per core
  std::uint32_t connections = 32;
  std::uint32_t credit = 200;
  std::uint32_t shards_in_flight = 8;
  std::string correspondence; ///< its base address; empty: the simulator's own
  double rate = 0;            ///< 0 = no ceiling
  std::uint32_t burst = 100;  ///< on top of a rate
  std::string ledger;         ///< its url; empty: a file of its own
  std::string more;           ///< lines of the configuration besides
  bool live = false;          ///< carries changes as well, and goes on when the history is over
};

/// What the ledger says of one row.
struct RowTally {
  std::uint64_t read = 0;    ///< records that have come to an outcome
  std::uint64_t waiting = 0; ///< in the inbox
  std::string exceptions;    ///< the first few that could not be carried; empty where everything was
};

/// Another engine than the one in the build folder, where --engine names it.
extern std::string engine_program;

/// `dialogferry run` on a ledger of its own, against a simulator, from its first day to its last.
class EngineRun {
public:
  EngineRun(const Simulator& simulator, const EngineSettings& settings);

  /// On a ledger that is there already, and other days than the simulator's.
  EngineRun(const Simulator& simulator, const EngineSettings& settings, const std::string& ledger,
            dialogferry::Day from);

  /// Waits for the end of the history; throws unless every record of it has been through every stage of its
  /// row.
  Usage finish();

  /// Ends it before its time, with a drain.
  Usage stop();

  /// User and system time so far.
  double cpu_seconds() const { return process_->cpu_seconds(); }

  /// Throws if it has ended.
  void require_running();

  /// Its configuration, for other commands on the same ledger once it has ended.
  std::string config() const { return folder_.file("ferry.toml"); }

  /// Where it serves its page and takes events; waits until it says so.
  std::string address();

  /// From its ledger, so that asking costs the engine nothing.
  RowTally tally(std::string_view row) const;

private:
  [[noreturn]] void fail(const std::string& what) const;

  Folder folder_;
  std::string ledger_; ///< url
  std::string row_;
  std::uint64_t records_;
  std::unique_ptr<Process> process_;
};

} // namespace bench
