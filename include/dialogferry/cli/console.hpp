#pragma once

#include <dialogferry/cli/config.hpp>
#include <dialogferry/mapping/wording.hpp>
#include <dialogferry/model/problem.hpp>

#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::cli {

/// How a command ended, as the exit status of the program.
enum Exit : int {
  done = 0,
  failed = 1,
  usage = 2,     ///< wrong usage or configuration; nothing was started
  remains = 3,   ///< done, but exceptions, parked days or differences remain
  stopped = 130, ///< by a signal, after a clean drain
};

/// What a command talks to: results go to `out`, everything else to `err`.
struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::map<std::string, std::string> environment = {};
  std::string executable = {}; ///< the program's own path

  /// Whether `err` gets colours: a terminal, and NO_COLOR is not set.
  bool colour() const;

  /// `error: …`, and `hint: …` below it.
  void error(std::string_view message, std::string_view hint) const;
  void error(const Problem& problem) const;
  /// `warning: …`
  void warning(std::string_view message) const;
};

/// What every command with a configuration takes.
struct ConfigOptions {
  std::string file;
  std::vector<std::string> sets;
};

/// Loads the configuration, or says everything that is wrong with it.
std::optional<LoadedConfig> load_or_explain(const Console& console, const ConfigOptions& options);

/// Loads the texts of dialogs, or says everything that is wrong with them.
std::optional<mapping::Wording> wording_or_explain(const Console& console, const std::string& file);

} // namespace dialogferry::cli
