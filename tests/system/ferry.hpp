#pragma once

#include "platform.hpp"

#include <map>

namespace dialogferry::system {

inline constexpr const char* row = "a3-app-instances-historic";

/// What a command line came to.
struct Ran {
  int exit = -1;
  std::string out;
  std::string err;
};

/// What the ledger says of the row, as `status --format json` tells it.
struct Standing {
  std::map<std::string, std::uint64_t> counts; ///< `read` and every outcome
  std::uint64_t planned = 0;
  std::uint64_t complete = 0;
  std::uint64_t parked = 0;
  std::string migrated_back_to;        ///< empty = not yet
  std::vector<std::string> exceptions; ///< days
  std::uint64_t open_exceptions = 0;

  /// All outcomes together.
  std::uint64_t outcomes() const;
};

/// Days of a history, as text: 2025-11-10.
struct Days {
  std::string from;
  std::string to;
};

inline constexpr const char* ledger_in_file = "sqlite:ferry.db";

/// dialogferry with a configuration and a ledger of its own, for one platform.
class Ferry {
public:
  /// `settings` is appended to the table of the row, and may go on with tables of its own.
  Ferry(const Platform& platform, const Days& days, const std::string& settings = {},
        const std::string& ledger = ledger_in_file);
  /// The tables of all its rows.
  Ferry(const Platform& platform, const std::string& rows, const std::string& ledger = ledger_in_file);

  /// Runs a command to its end; `--config` is added. Fails the test where that takes more than two minutes.
  Ran run(std::vector<std::string> arguments) const;
  /// `run --until-idle`, with keys overridden.
  Ran carry(const std::vector<std::string>& sets = {}) const;
  /// The same, not waited for.
  std::unique_ptr<Process> start(const std::vector<std::string>& sets = {}) const;

  /// `run` without an end of its own, not waited for.
  std::unique_ptr<Process> stay(const std::vector<std::string>& sets = {}) const;

  /// `run --until-idle` where no file can grow past so many kilobytes: as on a disk that is full.
  std::unique_ptr<Process> start_on_disk_of(int kilobytes) const;

  /// What the program started last has said on standard error.
  std::string last_error() const { return contents(outputs().err); }

  Standing standing(std::string_view id = row) const;
  /// `exceptions list --json`, of every state.
  json::array exceptions() const;

  std::string file(std::string_view name) const { return folder_.path(name); }

private:
  void configure(const Platform& platform, const std::string& rows, const std::string& ledger) const;
  std::unique_ptr<Process> begin(std::vector<std::string> arguments) const;
  Outputs outputs() const;

  Scratch folder_;
  mutable int started_ = 0; ///< each program that is started writes to files of its own
};

/// Waits until the platform has got so many writes; false where the engine ends before, or half a minute
/// passes.
bool wait_for_writes(Platform& platform, Process& engine, std::uint64_t writes);

/// What platform and ledger do not agree on, or what the platform misses, a line each; empty where all is
/// carried exactly once and every record is counted.
std::string disagreement(Platform& platform, const Ferry& ferry, std::string_view id = row);

} // namespace dialogferry::system
