#include "scratch.hpp"

#include <dialogferry/cli/commands.hpp>

#include <catch2/catch.hpp>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <sstream>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace dialogferry;
using namespace dialogferry::cli;
using Catch::Contains;

namespace {

/// An engine that has carried a day, and ends when it is told to or after some looks at it.
class FakeEngine : public engine::Engine {
public:
  struct Seen {
    engine::Task task;
    std::vector<Config> reconfigured;
    std::vector<ledger::Setting> settings;
    bool stop = false;
  };

  FakeEngine(Seen& seen, engine::Ending ending, int looks)
      : seen_(seen)
      , ending_(std::move(ending))
      , looks_(looks) {}

  ProgressSnapshot progress() const override {
    ProgressSnapshot snapshot;
    snapshot.as_of = {Instant::per_day * 20000};
    RowProgress row;
    row.id = "a3-app-instances-historic";
    row.days_planned = 2;
    row.days_complete = 1;
    row.migrated_back_to = parse_day("2025-11-14");
    row.counts[Outcome::created] = 1200;
    row.counts[Outcome::excluded] = 3;
    snapshot.rows = {row};
    return snapshot;
  }
  void reconfigure(const Config& config) override { seen_.reconfigured.push_back(config); }
  engine::Configured configured() const override { return {{}, seen_.settings, {}}; }
  void set(ledger::Setting, std::function<void(std::optional<Problem>)> done) override { done(std::nullopt); }
  void add_note(ledger::Note, std::function<void(std::optional<Problem>)> done) override {
    done(std::nullopt);
  }
  bool takes_events() const override { return false; }
  void note_events(std::vector<std::string>, std::function<void(std::optional<Problem>)> done) override {
    done(std::nullopt);
  }
  void stop() override {
    seen_.stop = true;
    ending_.stopped = true;
    looks_ = 0;
  }
  std::optional<engine::Ending> wait_for(std::chrono::milliseconds) override {
    return looks_-- <= 0 ? std::optional(ending_) : std::nullopt;
  }
  bool close(std::chrono::milliseconds) override { return true; }
  bool fail_one(std::string_view) override { return false; }

private:
  Seen& seen_;
  engine::Ending ending_;
  int looks_;
};

/// A run with a fake engine, scripted signals and a page that is nowhere.
struct Stage {
  Scratch folder;
  std::string file = folder.write("ferry.toml", text);
  engine::Ending ending;
  int looks = 3;
  std::deque<std::function<int()>> signals;
  std::optional<Problem> refusal;
  std::optional<Problem> page_refusal;
  std::function<void(int)> before_start = {}; ///< told the how many-th it is
  int starts = 0;
  FakeEngine::Seen seen;
  std::ostringstream out;
  std::ostringstream err;

  static constexpr std::string_view text = R"(environment = "local"
[apis.storage]
base_url = "http://127.0.0.1:1"
[apis.register]
base_url = "http://127.0.0.1:1"
[apis.dialogporten]
base_url = "http://127.0.0.1:1"
[rows.a3-app-instances-historic]
from = 2025-03-01
cutover = 2025-11-14
)";

  Runtime runtime() {
    Runtime runtime;
    runtime.start = [this](const Config&,
                           const engine::Task& task) -> Result<std::unique_ptr<engine::Engine>> {
      if (before_start) before_start(++starts);
      if (refusal) return tl::unexpected(*refusal);
      seen.task = task;
      return std::make_unique<FakeEngine>(seen, ending, looks);
    };
    runtime.serve = [this](const Config&, engine::Engine&) -> Result<Served> {
      if (page_refusal) return tl::unexpected(*page_refusal);
      return Served{"http://127.0.0.1:4711", [] {}};
    };
    runtime.wait_signal = [this](std::chrono::milliseconds) -> std::optional<int> {
      if (signals.empty()) return std::nullopt;
      const auto next = signals.front();
      signals.pop_front();
      return next();
    };
    return runtime;
  }

  Exit run(RunOptions options = {}) {
    std::istringstream in;
    options.config.file = file;
    return cli::run(Console{in, out, err}, options, runtime());
  }

  Exit backfill(BackfillOptions options) {
    std::istringstream in;
    options.config.file = file;
    return cli::backfill(Console{in, out, err}, options, runtime());
  }
};

/// Hears what a service is told of, as systemd does.
class NotifySocket {
public:
  explicit NotifySocket(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    REQUIRE(path.size() < sizeof address.sun_path);
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    REQUIRE(bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }
  ~NotifySocket() {
    unsetenv("NOTIFY_SOCKET");
    close(socket_);
  }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  std::vector<std::string> heard() {
    std::vector<std::string> heard;
    char text[512];
    for (ssize_t size = 0; (size = recv(socket_, text, sizeof text, MSG_DONTWAIT)) > 0;)
      heard.emplace_back(text, static_cast<std::size_t>(size));
    return heard;
  }

private:
  int socket_ = socket(AF_UNIX, SOCK_DGRAM, 0);
};

} // namespace

TEST_CASE("The service manager hears when a run is ready, that it lives, how far it is, and that it stops",
          "[cli][run]") {
  Stage stage;
  NotifySocket manager(stage.folder.path("notify"));
  stage.looks = 1000;
  stage.signals = {[] { return SIGHUP; }, [] { return SIGTERM; }};
  CHECK(stage.run() == stopped);
  CHECK(manager.heard() == std::vector<std::string>{"READY=1", "WATCHDOG=1",
                                                    "STATUS=a3-app-instances-historic back to 2025-11-14",
                                                    "RELOADING=1", "READY=1", "STOPPING=1"});
}

TEST_CASE("A run says where it serves, shows progress, and prints what was carried", "[cli][run]") {
  Stage stage;
  CHECK(stage.run() == done);
  CHECK_THAT(stage.err.str(), Catch::StartsWith("listening on http://127.0.0.1:4711\n") &&
                                  Contains("a3-app-instances-historic: 1 of 2 days"));
  CHECK(stage.out.str() ==
        "a3-app-instances-historic: 1 of 2 days, back to 2025-11-14, 1 203 read, 1 200 created, "
        "3 excluded\n");
}

TEST_CASE("SIGHUP makes the page read its secret again, and tells where it cannot", "[cli][run]") {
  Stage stage;
  std::vector<std::string> files;
  auto runtime = stage.runtime();
  runtime.serve = [&](const Config&, engine::Engine&) -> Result<Served> {
    Served served{"http://127.0.0.1:4711", [] {}, {}};
    served.reconfigure = [&](const Config& config) -> Result<void> {
      files.push_back(config.status.webhook_secret_file);
      if (files.size() > 1) return fail("status.webhook_secret_file", "names a file that holds nothing");
      return {};
    };
    return served;
  };
  const auto secret = stage.folder.write("hook.secret", "s3cret\n");
  stage.signals = {[&] {
                     stage.folder.write("ferry.toml",
                                        std::string(Stage::text) +
                                            "[status]\nwebhook_secret_file = \"hook.secret\"\n");
                     return SIGHUP;
                   },
                   [] { return SIGHUP; }};
  std::istringstream in;
  RunOptions options;
  options.config.file = stage.file;
  CHECK(cli::run(Console{in, stage.out, stage.err}, options, runtime) == done);
  CHECK(files == std::vector{secret, secret});
  CHECK_THAT(stage.err.str(), Contains("reloaded: status.webhook_secret_file") &&
                                  Contains("not reloaded: status.webhook_secret_file names a file") &&
                                  !Contains("s3cret"));
}

TEST_CASE("--no-progress leaves only where it serves", "[cli][run]") {
  Stage stage;
  CHECK(stage.run({.progress = false}) == done);
  CHECK(stage.err.str() == "listening on http://127.0.0.1:4711\n");
}

TEST_CASE("--json prints what was carried for programs", "[cli][run]") {
  Stage stage;
  CHECK(stage.run({.json = true}) == done);
  CHECK_THAT(stage.out.str(), Contains("\"ended\": \"done\"") && Contains("\"read\": 1203") &&
                                  Contains("\"migrated_back_to\": \"2025-11-14\"") &&
                                  Contains("\"planned\": 2"));
}

TEST_CASE("Exceptions and parked days that remain give status 3", "[cli][run]") {
  Stage stage;
  stage.ending.exceptions = 2;
  stage.ending.parked_days = 1;
  CHECK(stage.run() == remains);
  CHECK_THAT(stage.err.str(),
             Contains("2 exceptions and 1 parked days remain\nhint: `dialogferry exceptions list"));
}

TEST_CASE("A signal drains the engine and gives status 130", "[cli][run]") {
  Stage stage;
  stage.looks = 1000;
  stage.signals = {[] { return SIGTERM; }};
  CHECK(stage.run() == stopped);
  CHECK(stage.seen.stop);
  CHECK_THAT(stage.err.str(), Contains("stopping: what is in flight is finished first"));
}

TEST_CASE("SIGHUP takes over what needs no restart and names what does", "[cli][run]") {
  Stage stage;
  stage.signals = {[&] {
                     stage.folder.write("ferry.toml",
                                        std::string(Stage::text) + "credit = 900\npage_size = 10\n");
                     return SIGHUP;
                   },
                   [&] {
                     stage.folder.write("ferry.toml", "environment = \"moon\"\n");
                     return SIGHUP;
                   }};
  CHECK(stage.run() == done);
  REQUIRE(stage.seen.reconfigured.size() == 1);
  const auto& row = stage.seen.reconfigured[0].rows.at("a3-app-instances-historic");
  CHECK(row.credit == 900);
  CHECK(row.page_size == 100);
  CHECK_THAT(stage.err.str(),
             Contains("reloaded: rows.a3-app-instances-historic.credit = 900\n") &&
                 Contains("needs a restart: rows.a3-app-instances-historic.page_size = 10\n") &&
                 Contains("not reloaded: ") && Contains("environment is \"moon\""));
}

TEST_CASE("SIGHUP says what stays as an operator has set it", "[cli][run]") {
  Stage stage;
  const std::string key = "rows.a3-app-instances-historic.credit";
  stage.seen.settings = {{key, "50", "kari", {}}, {"apis.dialogporten.rate", "5", "kari", {}}};
  stage.signals = {[&] {
    stage.folder.write("ferry.toml", std::string(Stage::text) + "credit = 900\n");
    return SIGHUP;
  }};
  CHECK(stage.run() == done);
  CHECK_THAT(stage.err.str(),
             Contains("kept: " + key + " = 50, as kari has set it; `dialogferry ctl reset " + key) &&
                 !Contains("kept: apis"));
}

TEST_CASE("An engine that cannot start or go on gives status 1 and its hint", "[cli][run]") {
  Stage refused;
  refused.refusal = Problem{"ledger", "is locked by another engine", "stop that one first"};
  CHECK(refused.run() == failed);
  CHECK(refused.err.str() == "error: ledger is locked by another engine\nhint: stop that one first\n");
  Stage broken;
  broken.ending.failure = Problem{"ledger", "the disk is full", "make room"};
  CHECK(broken.run() == failed);
}

TEST_CASE("An engine whose work others took over starts anew, however long its ledger does not answer",
          "[cli][run][engines]") {
  Stage stage;
  stage.ending.failure = Problem{"ledger", "was taken over by other engines", {}};
  stage.ending.may_start_anew = true;
  const Problem away{"ledger postgresql://x", "cannot be reached: no answer in time", {}};
  SECTION("and goes on when it does") {
    stage.before_start = [&](int start) {
      stage.refusal = start == 2 ? std::optional(away) : std::nullopt;
      stage.page_refusal = start == 3 ? std::optional(away) : std::nullopt;
      if (start == 4) stage.ending = {};
    };
    CHECK(stage.run() == 0);
    CHECK(stage.starts == 4);
    const auto said = stage.err.str();
    CHECK_THAT(said, Contains("was taken over by other engines; starting anew"));
    const std::string waits = "ledger postgresql://x cannot be reached: no answer in time; trying again";
    CHECK_THAT(said, Contains(waits));
    CHECK(said.find(waits) == said.rfind(waits)); // once
  }
  SECTION("until it is told to stop") {
    stage.before_start = [&](int start) {
      if (start > 1) stage.refusal = away;
      if (start == 3) stage.signals = {[] { return SIGHUP; }, [] { return SIGTERM; }};
    };
    CHECK(stage.run() == 130);
    CHECK(stage.starts == 4);
  }
}

TEST_CASE("Rows that are off are refused before anything starts", "[cli][run]") {
  Stage stage;
  CHECK(stage.run({.rows = {"a3-app-instances-live"}}) == usage);
  CHECK_THAT(stage.err.str(),
             Contains("a3-app-instances-live, which is off\nhint: add [rows.a3-app-instances-live]"));
  Stage none;
  none.folder.write("ferry.toml", "environment = \"local\"\n");
  CHECK(none.run() == usage);
  CHECK_THAT(none.err.str(), Contains("no row is enabled"));
}

TEST_CASE("Backfill carries just the days it is given", "[cli][backfill]") {
  Stage stage;
  const auto from = *parse_day("2025-03-01");
  const auto to = *parse_day("2025-03-04");
  CHECK(stage.backfill({.row = "a3-app-instances-historic", .from = from, .to = to, .force = true}) == done);
  REQUIRE(stage.seen.task.days);
  CHECK(stage.seen.task.days->from == from);
  CHECK(stage.seen.task.days->to == to);
  CHECK(stage.seen.task.days->force);
  CHECK(stage.seen.task.rows == std::vector<std::string>{"a3-app-instances-historic"});
  CHECK(stage.backfill({.row = "a3-app-instances-historic", .from = to, .to = from}) == usage);
  CHECK(stage.backfill({.row = "a3-app-instances-live", .from = from, .to = to}) == usage);
}

TEST_CASE("The command line of run and backfill reaches the engine", "[cli][run]") {
  Stage stage;
  std::istringstream in;
  const Console console{in, stage.out, stage.err};
  const auto start = [&](const std::vector<std::string>& words) {
    return run_program(words, console, [&] { return stage.runtime(); });
  };
  const std::string row = "a3-app-instances-historic";
  CHECK(start({"run", "--config", stage.file, "--rows", row, "--until-idle", "--no-progress"}) == done);
  CHECK(stage.seen.task.until_idle);
  CHECK(stage.seen.task.rows == std::vector<std::string>{row});
  CHECK(start({"backfill", "--config", stage.file, "--row", row, "--from", "2025-03-01", "--to",
               "2025-03-02"}) == done);
  REQUIRE(stage.seen.task.days);
  CHECK(to_string(stage.seen.task.days->to) == "2025-03-02");
  CHECK_FALSE(stage.seen.task.days->force);
  CHECK(start({"backfill", "--config", stage.file, "--row", row, "--from", "2025-03-01"}) == usage);
}
