#pragma once

#include <dialogferry/cli/carry.hpp>
#include <dialogferry/cli/console.hpp>
#include <dialogferry/model/time.hpp>

#include <chrono>
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

// -- carrying ----------------------------------------------------------------------

struct RunOptions {
  ConfigOptions config = {};
  std::vector<std::string> rows = {}; ///< of the enabled ones; empty = all
  bool until_idle = false;
  bool progress = true;
  bool json = false;
};

Exit run(const Console& console, const RunOptions& options, const Runtime& runtime);

struct BackfillOptions {
  ConfigOptions config = {};
  std::string row = {};
  Day from = {};
  Day to = {};
  bool force = false;
  bool progress = true;
  bool json = false;
};

Exit backfill(const Console& console, const BackfillOptions& options, const Runtime& runtime);

struct DemoOptions {
  std::uint32_t days = 60;
  Day cutover = {20406};       ///< 2025-11-14
  std::uint32_t per_day = 250; ///< instances per organisation and day; the simulator has four organisations
  std::uint32_t forms_per_day = 50;     ///< archived forms, likewise; 0 = none, and no rows of them
  std::uint32_t messages_per_day = 100; ///< messages of Altinn 2; 0 = none, and no rows of them
  std::uint32_t messages_rate = 20;     ///< messages and later events a second, as changes
  std::uint32_t live_seconds = 30; ///< how long changes are made beside history; 0 = none, and no live rows
  std::uint32_t live_rate = 400;   ///< changes per second
  double history_rate = 2'500;     ///< requests per second to Dialogporten at the most, so that both meet
  std::uint64_t seed = 42;
  std::string fixtures = {}; ///< a folder of stored records that are carried as well
  std::string folder = {};   ///< keeps configuration and ledger here; otherwise they are gone at the end
  std::uint16_t port = 0;    ///< of the status page; 0 = any
  bool keep = false;         ///< leaves the status page up
  std::uint32_t engines = 1; ///< several share a PostgreSQL of the demo's own, and one of them is killed
  std::chrono::milliseconds kill_after{8'000}; ///< with several: the life of the one that is killed
  bool progress = true;
  bool json = false;
};

/// Carries a generated history from altinn-sim, which lies beside the program, while instances change there,
/// and audits both sides.
Exit demo(const Console& console, const DemoOptions& options, const Runtime& runtime);

// -- comparing ---------------------------------------------------------------------

struct VerifyOptions {
  ConfigOptions config = {};
  std::string row = {};
  Day from = {};
  Day to = {};
  bool repair = false;
  std::optional<std::uint64_t> sample = {}; ///< so many of a day, where dialogs are looked up one by one
  std::string format = "text";              ///< or "json"
};

/// Compares source and target by the day, and repairs what differs where that is asked for.
Exit verify(const Console& console, const VerifyOptions& options, const Runtime& runtime);

// -- status ------------------------------------------------------------------------

struct StatusOptions {
  ConfigOptions config = {};
  std::optional<std::string> format = {}; ///< text, json, html or markdown; text where not given
  std::string language = "en";
  std::string output = {}; ///< a folder for files in both languages, in all formats or the given one
  bool watch = false;      ///< again and again, until it is interrupted
};

/// The status page from the ledger, whether an engine runs or not.
Exit show_status(const Console& console, const StatusOptions& options);

// -- map -------------------------------------------------------------------------

struct MapOptions {
  ConfigOptions config = {}; ///< may be left out
  std::string input;         ///< a file; empty = stdin
  bool lines = false;        ///< a bundle a line
  std::string kind = {};     ///< of bundles that do not say so themselves: `instance` or `correspondence`
};

/// A dry run: a mapping bundle in, the decision and the dialog out.
Exit map(const Console& console, const MapOptions& options);

// -- explain ---------------------------------------------------------------------

struct ExplainOptions {
  ConfigOptions config = {};
  std::string row = {};
  std::string id = {}; ///< of the record, as the row names it
  bool json = false;
};

/// One record: what the source has, what the mapping makes of it, what would be sent, what came of earlier
/// attempts, what the target has. Status 3 where it cannot be mapped.
Exit explain(const Console& console, const ExplainOptions& options, const Runtime& runtime);

// -- the ledger -------------------------------------------------------------------

struct LedgerCopyOptions {
  std::string from = {}; ///< as ledger.url
  std::string to = {};
  bool progress = true;
  bool json = false;
};

/// Moves a ledger that no engine uses to another place, SQLite or PostgreSQL, and compares what both have.
Exit ledger_copy(const Console& console, const LedgerCopyOptions& options);

// -- exceptions -----------------------------------------------------------------

struct ExceptionsListOptions {
  ConfigOptions config = {};
  std::optional<std::string> row;
  std::optional<Day> day;
  std::optional<std::string> cause;
  std::vector<std::string> states = {"open", "retrying"};
  std::uint32_t limit = 100;
  bool json = false;
};

Exit exceptions_list(const Console& console, const ExceptionsListOptions& options);

struct ExceptionsShowOptions {
  ConfigOptions config = {};
  std::int64_t id = 0;
  bool json = false;
};

Exit exceptions_show(const Console& console, const ExceptionsShowOptions& options);

struct ExceptionsRetryOptions {
  ConfigOptions config = {};
  std::vector<std::int64_t> ids; ///< these, or where empty everything of `row` and `day`
  std::optional<std::string> row;
  std::optional<Day> day;
};

Exit exceptions_retry(const Console& console, const ExceptionsRetryOptions& options);

struct ExceptionsDismissOptions {
  ConfigOptions config = {};
  std::int64_t id = 0;
  std::string reason;
  std::string who;
};

Exit exceptions_dismiss(const Console& console, const ExceptionsDismissOptions& options);

struct ExceptionsExportOptions {
  ConfigOptions config = {};
  std::string format = "ndjson"; ///< or "csv"
};

/// All exceptions in whatever state, one a line.
Exit exceptions_export(const Console& console, const ExceptionsExportOptions& options);

// -- steering a running engine -----------------------------------------------------

struct CtlOptions {
  ConfigOptions config = {};
  std::string url = {};    ///< of the engine; empty: as `status.listen` says
  std::string verb = {};   ///< `pause`, `rate`, … as in the path of `POST /control/…`; `show` asks
  std::string target = {}; ///< a row or an API; of `reset` also a key, or empty: all
  std::string value = {};  ///< of `rate`, `concurrency`, `credit` and `priority`
  std::string en = {};     ///< of `note`
  std::string nb = {};     ///< likewise
  std::string who = {};    ///< for the changelog
  bool json = false;
};

/// Changes a running engine, or shows what may be changed. What is not answered with 200 is told with its
/// hint.
Exit ctl(const Console& console, const CtlOptions& options);

// -- the program ------------------------------------------------------------------

/// Reads the command line and runs what it asks for. `runtime` is made only by the commands that carry;
/// without it there are none.
int run_program(const std::vector<std::string>& arguments, const Console& console,
                const std::function<Runtime()>& runtime = nullptr);

} // namespace dialogferry::cli
