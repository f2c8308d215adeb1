#pragma once

#include "folder.hpp"
#include "process.hpp"
#include "simulator.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace bench {

/// What a benchmark sets apart from the defaults of the configuration: no ceiling of its own.
struct EngineSettings {
  std::uint32_t threads = 0; ///< 0 = one per core
  std::uint32_t connections = 32;
  std::uint32_t credit = 200;
  std::uint32_t shards_in_flight = 8;
  double rate = 0;   ///< 0 = no ceiling
  bool live = false; ///< with the live row, and no end of its own
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

  /// Waits for the end of the history; throws unless every record of it has become a dialog.
  Usage finish();

  /// Ends it before its time, with a drain.
  Usage stop();

  /// Where it listens, once it does: "http://127.0.0.1:PORT".
  std::string address();

  /// User and system time so far.
  double cpu_seconds() const { return process_->cpu_seconds(); }

  /// Throws if it has ended.
  void require_running();

private:
  [[noreturn]] void fail(const std::string& what) const;

  Folder folder_;
  std::string ledger_;
  std::uint64_t records_;
  std::unique_ptr<Process> process_;
};

} // namespace bench
