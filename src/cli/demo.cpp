#include "audit.hpp"
#include "child.hpp"

#include <dialogferry/cli/commands.hpp>
#include <dialogferry/http/client.hpp>
#include <dialogferry/ledger/ledger.hpp>

#include <fmt/format.h>
#include <simdjson.h>

#include <cstdlib>
#include <fstream>
#include <future>
#include <ostream>
#include <set>

namespace dialogferry::cli {

namespace {

namespace fs = std::filesystem;

const std::string row = "a3-app-instances-historic";

/// A folder for the ledger and the configuration; gone at the end, unless somebody chose it.
class Folder {
public:
  explicit Folder(const std::string& chosen)
      : chosen_(!chosen.empty()) {
    if (chosen_) {
      path_ = fs::absolute(chosen);
      fs::create_directories(path_);
      return;
    }
    auto name = (fs::temp_directory_path() / "dialogferry-demo-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
      throw fs::filesystem_error("cannot make a folder", name, std::error_code());
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    if (!chosen_) fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  fs::path file(std::string_view name) const { return path_ / name; }

private:
  fs::path path_;
  bool chosen_;
};

/// The days that the stored records of `folder` were last changed on.
Result<std::set<Day>> fixture_days(const std::string& folder) {
  std::set<Day> days;
  simdjson::dom::parser parser;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(fs::path(folder) / "instances", error)) {
    std::string_view text;
    simdjson::dom::element json;
    if (parser.load(entry.path().string()).get(json) != simdjson::SUCCESS ||
        json["lastChanged"].get(text) != simdjson::SUCCESS)
      return fail(entry.path().string(), "is no stored instance",
                  "leave --fixtures out, or give another folder");
    if (const auto at = parse_instant(text)) days.insert(day_of(*at));
  }
  if (error) return fail("--fixtures", fmt::format("is {}, which has no folder instances", folder));
  return days;
}

/// One GET, waiting for its answer.
Result<std::string> get(const std::string& base_url, std::string target) {
  http::IoPool pool(1);
  http::ClientOptions options;
  options.name = "altinn-sim";
  options.base_url = base_url;
  options.connections = 1;
  options.timeout = std::chrono::minutes{1};
  const auto client = http::Client::create(pool, std::move(options));
  if (!client) return tl::unexpected(client.error());
  auto request = std::make_shared<http::Request>();
  request->target = std::move(target);
  std::promise<http::Answer> promise;
  (*client)->send(request, [&](http::Answer answer) { promise.set_value(std::move(answer)); });
  auto answer = promise.get_future().get();
  if (!answer) return fail(base_url + request->target, answer.error().text);
  if (answer->status != 200)
    return fail(base_url + request->target, fmt::format("answers {}", answer->status));
  return std::move(answer->body);
}

Result<LedgerRow> ledger_row(const std::string& url) {
  const auto opened = ledger::open(url, "local", ledger::OpenMode::read_only, system_now());
  if (!opened) return tl::unexpected(opened.error());
  const auto snapshot = (*opened)->snapshot();
  if (!snapshot) return tl::unexpected(snapshot.error());
  LedgerRow found;
  for (const auto& stage : snapshot->stages)
    if (stage.row == row) found.counts += stage.counts;
  for (const auto& cause : snapshot->causes)
    if (cause.row == row && cause.state == ledger::ExceptionState::open) found.exceptions += cause.count;
  return found;
}

class Demo {
public:
  Demo(const Console& console, const DemoOptions& options, const Runtime& runtime)
      : console_(console)
      , options_(options)
      , runtime_(runtime)
      , folder_(options.folder) {}

  Result<Exit> run() {
    auto simulator = start_simulator();
    if (!simulator) return tl::unexpected(simulator.error());
    write_config();
    auto exit = carry_history();
    if (exit == done || exit == remains) exit = audit_both_sides();
    if (options_.keep && (exit == done || exit == failed)) keep_page();
    return exit;
  }

private:
  Result<Child> start_simulator() {
    std::vector<std::string> arguments = {
        "--seed",
        std::to_string(options_.seed),
        "--days",
        fmt::format("{}..{}", dialogferry::to_string(first_day()), dialogferry::to_string(options_.cutover)),
        "--per-day",
        std::to_string(options_.per_day)};
    if (!options_.fixtures.empty()) arguments.insert(arguments.end(), {"--fixtures", options_.fixtures});
    auto child = Child::start(simulator_path(), arguments);
    if (!child) return child;
    const auto line = child->first_line(std::chrono::seconds{30});
    if (!line) return tl::unexpected(line.error());
    const auto colon = line->rfind(':');
    if (colon == std::string::npos)
      return fail("altinn-sim", fmt::format("said \"{}\" instead of its port", *line));
    platform_ = "http://127.0.0.1" + line->substr(colon);
    return child;
  }

  /// Beside the program, or where the build leaves it.
  std::string simulator_path() const {
    const auto folder = fs::path(console_.executable).parent_path();
    const auto built = folder / "subprojects" / "altinn-sim" / "altinn-sim";
    std::error_code error;
    return (fs::exists(built, error) ? built : folder / "altinn-sim").string();
  }

  Day first_day() const { return {options_.cutover.number - static_cast<std::int32_t>(options_.days) + 1}; }

  void write_config() {
    config_.file = folder_.file("ferry.toml").string();
    std::ofstream(config_.file) << fmt::format(R"(# The configuration of the demo.
environment = "local"
[ledger]
url = "sqlite:ferry.db"
[apis.storage]
base_url = "{0}"
rate = 0
[apis.register]
base_url = "{0}"
rate = 0
[apis.dialogporten]
base_url = "{0}/dialogporten"
rate = 0
[rows.{1}]
from = {2}
cutover = {3}
organisations = []
[status]
listen = "127.0.0.1:{4}"
[[goals]]
name = {{ en = "The demo's history", nb = "Demoens historikk" }}
rows = ["{1}"]
from = {2}
deadline = 2099-12-31
[log]
level = "warning"
)",
                                               platform_, row, dialogferry::to_string(first_day()),
                                               dialogferry::to_string(options_.cutover), options_.port);
  }

  /// The days of the generated history, then those that stored records lie on.
  Exit carry_history() {
    console_.err << fmt::format("carrying {} days of app instances from a simulated platform at {}\n",
                                options_.days, platform_);
    auto exit =
        cli::run(aside_, {.config = config_, .until_idle = true, .progress = options_.progress}, runtime_);
    if (options_.fixtures.empty()) return exit;
    const auto days = fixture_days(options_.fixtures);
    if (!days) return console_.error(days.error()), usage;
    for (auto at = days->rbegin(); at != days->rend(); ++at) { // newest first
      const auto day = *at;
      if (exit != done && exit != remains) return exit;
      if (day >= first_day() && day <= options_.cutover) continue;
      console_.err << fmt::format("carrying the stored records of {}\n", dialogferry::to_string(day));
      exit = cli::backfill(
          console_, {.config = config_, .row = row, .from = day, .to = day, .progress = options_.progress},
          runtime_);
    }
    return exit;
  }

  Exit audit_both_sides() {
    auto audits = get(platform_, "/_sim/audit").and_then(read_audit);
    const auto ledger = ledger_row("sqlite:" + folder_.file("ferry.db").string());
    if (!audits || !ledger) return console_.error(!audits ? audits.error() : ledger.error()), failed;
    for (const auto& audit : *audits) {
      if (audit.id != row) continue;
      const auto wrong = faults(audit, *ledger);
      if (options_.json)
        console_.out << audit_json(audit, *ledger) << std::endl;
      else
        console_.out << '\n' << audit_table(audit, *ledger) << std::endl;
      for (const auto& fault : wrong)
        console_.error(fault, "");
      if (!wrong.empty()) return failed;
      console_.err << "both sides agree: nothing is missing, doubled or wrong\n";
      return done;
    }
    return console_.error("the simulator has no audit of " + row, ""), failed;
  }

  void keep_page() {
    console_.err << "the status page stays up; Ctrl-C ends it\n";
    cli::run(aside_, {.config = config_, .progress = false}, runtime_);
  }

  const Console& console_;
  Console aside_{
      console_.in,         console_.err, console_.err, console_.err_is_terminal, console_.err_is_terminal,
      console_.environment}; ///< what its commands print is no result of the demo
  const DemoOptions& options_;
  const Runtime& runtime_;
  Folder folder_;
  std::string platform_;
  ConfigOptions config_;
};

} // namespace

Exit demo(const Console& console, const DemoOptions& options, const Runtime& runtime) {
  const auto ended = Demo(console, options, runtime).run();
  if (ended) return *ended;
  console.error(ended.error());
  return failed;
}

} // namespace dialogferry::cli
