#include "audit.hpp"
#include "child.hpp"
#include "demo_platform.hpp"

#include <dialogferry/cli/commands.hpp>
#include <dialogferry/cli/progress.hpp>
#include <dialogferry/ledger/ledger.hpp>
#include <dialogferry/ledger/temporary_postgres.hpp>
#include <dialogferry/status/render.hpp>

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <ostream>
#include <set>

namespace dialogferry::cli {

namespace {

namespace fs = std::filesystem;

const std::string instances = "a3-app-instances-historic";
const std::string direct_writes = "dialog-services";

constexpr std::chrono::seconds purge_confirm{2};
/// After the last event: a stream's next reading, and the second look at what seems gone.
constexpr std::chrono::seconds settle_for{12};

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

/// What the ledger says of a row, and the page.
Result<LedgerRow> ledger_row(const Config& config, const std::string& id) {
  const auto opened = ledger::open(config.ledger.url, "local", ledger::OpenMode::read_only, system_now());
  if (!opened) return tl::unexpected(opened.error());
  const auto snapshot = (*opened)->snapshot();
  if (!snapshot) return tl::unexpected(snapshot.error());
  LedgerRow found;
  found.id = id;
  found.counts = ledger::counts_of(*snapshot, id);
  const auto model = status::make_status(*snapshot, config, nullptr, system_now());
  if (const auto* row = model.row(id); row != nullptr && row->history)
    found.standing = status::standing(*row, status::Locale(status::Language::en, true));
  for (const auto& cause : snapshot->causes)
    if (cause.row == id && cause.state == ledger::ExceptionState::open) found.exceptions += cause.count;
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
    auto platform = DemoPlatform::start(console_.executable, options_);
    if (!platform) return tl::unexpected(platform.error());
    platform_ = &*platform;
    if (auto begun = begin_ledger(); !begun) return tl::unexpected(begun.error());
    write_config();
    if (auto begun = begin_others(); !begun) return tl::unexpected(begun.error());
    auto exit = carry();
    others_.clear();
    if (exit == done || exit == remains) exit = carry_stored();
    if (exit == done || exit == remains) exit = audit_both_sides();
    if (options_.keep && (exit == done || exit == failed)) keep_page();
    return exit;
  }

private:
  bool live() const { return options_.live_seconds > 0; }
  bool forms() const { return options_.forms_per_day > 0; }
  bool messages() const { return options_.messages_per_day > 0; }
  Day first_day() const { return {options_.cutover.number - static_cast<std::int32_t>(options_.days) + 1}; }

  std::vector<std::string> rows() const {
    std::vector<std::string> rows = {instances};
    if (live()) rows.emplace_back("a3-app-instances-live");
    if (forms()) rows.emplace_back("a2-archived-forms-historic");
    if (forms() && live()) rows.emplace_back("a2-archived-forms-live");
    if (messages()) rows.emplace_back("a2-correspondence-historic");
    if (messages() && live()) {
      rows.emplace_back("a2-correspondence-live");
      rows.emplace_back("a3-correspondence");
      rows.emplace_back(direct_writes);
    }
    return rows;
  }

  /// Several engines share a PostgreSQL, which goes with the demo.
  Result<void> begin_ledger() {
    if (options_.engines < 2) return {};
    console_.err << "starting a PostgreSQL for the ledger that the engines share\n";
    auto started = ledger::TemporaryPostgres::start();
    if (!started) return tl::unexpected(started.error());
    postgres_ = std::move(*started);
    return {};
  }

  /// Those beside the one that is shown.
  Result<void> begin_others() {
    for (std::uint32_t number = 2; number <= options_.engines; ++number) {
      auto child = Child::start(console_.executable, {"run", "--config", config_.file, "--no-progress",
                                                      "--set", "status.listen=127.0.0.1:0", "--set",
                                                      fmt::format("engine.name=demo-{}", number)});
      if (!child) return tl::unexpected(child.error());
      others_.push_back(std::move(*child));
    }
    kill_at_ = std::chrono::steady_clock::now() + options_.kill_after;
    return {};
  }

  /// One of them, in the midst of its work.
  void kill_one_when_due() {
    if (others_.empty() || !kill_at_ || std::chrono::steady_clock::now() < *kill_at_) return;
    kill_at_.reset();
    others_.back().kill_at_once();
    console_.err << fmt::format("the engine demo-{} is killed; the others go on with its work\n",
                                options_.engines);
  }

  void write_config() {
    config_.file = folder_.file("ferry.toml").string();
    const auto from = dialogferry::to_string(first_day());
    const auto cutover = dialogferry::to_string(options_.cutover);
    std::ofstream file(config_.file);
    file << fmt::format(R"(# The configuration of the demo.
environment = "local"
[ledger]
url = "{6}"
[apis.storage]
base_url = "{0}"
rate = 0
[apis.register]
base_url = "{0}"
rate = 0
[apis.a2_archive]
base_url = "{0}"
rate = 0
[apis.correspondence]
base_url = "{0}"
rate = 0
[apis.dialogporten]
base_url = "{0}/dialogporten"
rate = {1}
[mapping]
purge_confirm = "{2}s"
[status]
listen = "127.0.0.1:{3}"
[[goals]]
name = {{ en = "The demo's history", nb = "Demoens historikk" }}
rows = ["{4}"]
from = {5}
deadline = 2099-12-31
[log]
level = "warning"
)",
                        platform_->base_url(), live() ? options_.history_rate : 0.0, purge_confirm.count(),
                        options_.port, instances, from, postgres_ ? postgres_->url() : "sqlite:ferry.db");
    for (const auto& row : rows())
      file << fmt::format("[rows.{}]\nfrom = {}\ncutover = {}\norganisations = []\npark_cooldown = \"2s\"\n"
                          "interval = \"2s\"\n",
                          row, from, cutover);
  }

  /// The generated history, with what changes meanwhile.
  Exit carry() {
    console_.err << fmt::format("carrying {} days of history from a simulated platform at {}\n",
                                options_.days, platform_->base_url());
    RunOptions options{.config = config_, .until_idle = !live(), .progress = options_.progress};
    if (!live()) return cli::run(aside_, options, with_a_loss(runtime_));
    console_.err << fmt::format("while it runs, {} changes a second are made there for {} s\n",
                                options_.live_rate, options_.live_seconds);
    const auto exit = cli::run(aside_, options, with_changes());
    return exit == stopped && over_ ? done : exit;
  }

  Runtime with_a_loss(Runtime runtime) {
    runtime.wait_signal = [this, wait = std::move(runtime.wait_signal)](std::chrono::milliseconds time) {
      kill_one_when_due();
      return wait(time);
    };
    return runtime;
  }

  /// Begins the changes once the engine can be told of them, and stops it when everything is carried.
  Runtime with_changes() {
    auto runtime = with_a_loss(runtime_);
    runtime.start = [this](const Config& config, const engine::Task& task) {
      auto engine = runtime_.start(config, task);
      if (engine) engine_ = engine->get();
      return engine;
    };
    runtime.serve = [this](const Config& config, engine::Engine& engine) -> Result<Served> {
      auto served = runtime_.serve(config, engine);
      if (!served) return served;
      if (auto begun = platform_->start_changes(options_, served->address); !begun)
        return tl::unexpected(begun.error());
      return served;
    };
    runtime.wait_signal = [this, wait = std::move(runtime.wait_signal)](std::chrono::milliseconds time) {
      const auto signal = wait(time);
      if (signal || over_ || !is_over()) return signal;
      over_ = true;
      return std::optional(SIGTERM);
    };
    return runtime;
  }

  /// Every change is made and told of, history is done, and what waits for a second look has had the time.
  bool is_over() {
    const auto now = std::chrono::steady_clock::now();
    if (now < look_again_) return false;
    look_again_ = now + std::chrono::seconds{1};
    if (!changes_over_) {
      const auto changes = platform_->changes();
      if (!changes || !changes->over) return false;
      changes_over_ = now;
      last_changes_ = *changes;
    }
    for (const auto& row : engine_->progress().rows) {
      if (row.history && row.days_complete < row.days_planned) return false;
      if (options_.engines > 1 && row.wait) return false; // what an engine that was killed had begun may wait
    }
    return now >= *changes_over_ + settle_for;
  }

  /// The days that stored records lie on.
  Exit carry_stored() {
    auto exit = done;
    if (options_.fixtures.empty()) return exit;
    const auto days = fixture_days(options_.fixtures);
    if (!days) return console_.error(days.error()), usage;
    for (auto at = days->rbegin(); at != days->rend(); ++at) { // newest first
      const auto day = *at;
      if (exit != done && exit != remains) return exit;
      if (day >= first_day() && day <= options_.cutover) continue;
      console_.err << fmt::format("carrying the stored records of {}\n", dialogferry::to_string(day));
      exit = cli::backfill(
          console_,
          {.config = config_, .row = instances, .from = day, .to = day, .progress = options_.progress},
          runtime_);
    }
    return exit;
  }

  Counting counting(const std::string& row) const {
    if (row.ends_with("-live") || row == "a3-correspondence") return Counting::changes;
    return live() ? Counting::at_least
                  : Counting::exact; // what is imported or changes may pass through its days
  }

  Exit audit_both_sides() {
    const auto audits = platform_->audit().and_then(read_audit);
    if (!audits) return console_.error(audits.error()), failed;
    const auto loaded = load_or_explain(console_, config_);
    if (!loaded) return failed;
    bool agree = true;
    for (const auto& row : rows()) {
      if (row == direct_writes) continue; // nothing is carried
      const auto audit =
          std::find_if(audits->begin(), audits->end(), [&](const AuditRow& of) { return of.id == row; });
      if (audit == audits->end()) return console_.error("the simulator has no audit of " + row, ""), failed;
      const auto ledger = ledger_row(loaded->config, row);
      if (!ledger) return console_.error(ledger.error()), failed;
      if (!options_.json) console_.out << '\n';
      console_.out << (options_.json ? audit_json(*audit, *ledger, counting(row))
                                     : audit_text(*audit, *ledger, counting(row)))
                   << std::endl;
      for (const auto& fault : faults(*audit, *ledger, counting(row))) {
        console_.error(fmt::format("{}: {}", row, fault), "");
        agree = false;
      }
    }
    if (!agree) return failed;
    if (live())
      console_.err << fmt::format("{} changes while history ran; from event to dialog {:.0f} ms, 99 of 100 "
                                  "within {:.0f} ms\n",
                                  grouped(last_changes_.changes), last_changes_.p50_ms, last_changes_.p99_ms);
    console_.err << "both sides agree: nothing is missing, doubled or wrong\n";
    return done;
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
  DemoPlatform* platform_ = nullptr;
  engine::Engine* engine_ = nullptr; ///< while it runs
  ConfigOptions config_;
  std::unique_ptr<ledger::TemporaryPostgres> postgres_; ///< of several engines
  std::vector<Child> others_;                           ///< engines beside the one that is shown
  std::optional<std::chrono::steady_clock::time_point> kill_at_;

  std::chrono::steady_clock::time_point look_again_{};
  std::optional<std::chrono::steady_clock::time_point> changes_over_;
  LiveChanges last_changes_;
  bool over_ = false;
};

} // namespace

Exit demo(const Console& console, const DemoOptions& options, const Runtime& runtime) {
  const auto ended = Demo(console, options, runtime).run();
  if (ended) return *ended;
  console.error(ended.error());
  return failed;
}

} // namespace dialogferry::cli
