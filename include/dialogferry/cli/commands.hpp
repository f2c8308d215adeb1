#pragma once

#include <dialogferry/cli/console.hpp>
#include <dialogferry/model/time.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dialogferry::cli {

/// One function a command, called with its options parsed. Each returns the exit status.

// -- config -------------------------------------------------------------------

Exit config_check(const Console& console, const ConfigOptions& options, bool json);
Exit config_show(const Console& console, const ConfigOptions& options, bool json);
Exit config_reference(const Console& console);

// -- map -------------------------------------------------------------------------

struct MapOptions {
  ConfigOptions config; ///< may be left out
  std::string input;    ///< a file; empty = stdin
  bool lines = false;   ///< a bundle a line
};

/// A dry run: a mapping bundle in, the decision and the dialog out.
Exit map(const Console& console, const MapOptions& options);

// -- exceptions -----------------------------------------------------------------

struct ExceptionsListOptions {
  ConfigOptions config;
  std::optional<std::string> row;
  std::optional<Day> day;
  std::optional<std::string> cause;
  std::vector<std::string> states = {"open", "retrying"};
  std::uint32_t limit = 100;
  bool json = false;
};

Exit exceptions_list(const Console& console, const ExceptionsListOptions& options);

struct ExceptionsShowOptions {
  ConfigOptions config;
  std::int64_t id = 0;
  bool json = false;
};

Exit exceptions_show(const Console& console, const ExceptionsShowOptions& options);

struct ExceptionsRetryOptions {
  ConfigOptions config;
  std::vector<std::int64_t> ids; ///< these, or where empty everything of `row` and `day`
  std::optional<std::string> row;
  std::optional<Day> day;
};

Exit exceptions_retry(const Console& console, const ExceptionsRetryOptions& options);

struct ExceptionsDismissOptions {
  ConfigOptions config;
  std::int64_t id = 0;
  std::string reason;
  std::string who;
};

Exit exceptions_dismiss(const Console& console, const ExceptionsDismissOptions& options);

struct ExceptionsExportOptions {
  ConfigOptions config;
  std::string format = "ndjson"; ///< or "csv"
};

/// All exceptions in whatever state, one a line.
Exit exceptions_export(const Console& console, const ExceptionsExportOptions& options);

// -- the program ------------------------------------------------------------------

/// Reads the command line and runs what it asks for.
int run_program(const std::vector<std::string>& arguments, const Console& console);

} // namespace dialogferry::cli
