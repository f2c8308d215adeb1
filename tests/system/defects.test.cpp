#include "platform.hpp"

#include <dialogferry/cli/config.hpp>
#include <dialogferry/engine/engine.hpp>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace dialogferry;
using namespace dialogferry::system;
using namespace std::chrono_literals;

namespace {

constexpr const char* config = R"(environment = "local"
[ledger]
url = "sqlite:ferry.db"
[apis.storage]
base_url = "{0}"
[apis.register]
base_url = "{0}"
[apis.dialogporten]
base_url = "{0}/dialogporten"
rate = 200.0
[rows.a3-app-instances-historic]
organisations = []
from = 2025-11-12
cutover = 2025-11-14
backoff = {{ first = "10ms", last = "20ms" }}
[rows.a3-app-instances-live]
organisations = []
poll = "1s"
backoff = {{ first = "10ms", last = "20ms" }}
)";

/// An engine within this process, at work on a platform.
struct Running {
  explicit Running(bool until_idle) {
    const auto loaded = cli::load_config(
        folder.write("ferry.toml", fmt::format(fmt::runtime(config), platform.base_url())), {});
    REQUIRE(loaded);
    engine::Task task;
    task.until_idle = until_idle;
    auto started = engine::start(loaded->config, task);
    REQUIRE(started);
    engine = std::move(*started);
  }

  bool eventually(const std::function<bool()>& done, std::chrono::milliseconds within = 30s) {
    const auto until = std::chrono::steady_clock::now() + within;
    while (!done())
      if (std::chrono::steady_clock::now() > until || engine->wait_for(10ms)) return done();
    return true;
  }
  bool at_work() {
    return eventually([&] { return platform.requests("dialogporten") > 20; });
  }

  Platform platform{{"--days", "2025-11-12..2025-11-14", "--per-day", "200", "--organisations", "2"}};
  Scratch folder;
  std::unique_ptr<engine::Engine> engine;
};

} // namespace

TEST_CASE("An engine one of whose actors failed ends within five seconds, with the reason",
          "[system][defects]") {
  const std::string kind =
      GENERATE("carrier", "uploader", "metadata", "register", "gate of storage", "gate of register",
               "gate of dialogporten", "ledger writer", "row supervisor", "retrier", "live supervisor",
               "reporter", "messenger", "patrol", "verifier", "examiner");
  CAPTURE(kind);
  Running running(false);
  REQUIRE(running.at_work());
  REQUIRE(running.engine->fail_one(kind));
  const auto ending = running.engine->wait_for(5s);
  REQUIRE(ending);
  REQUIRE(ending->failure);
  CHECK_THAT(ending->failure->message, Catch::Contains(kind) && Catch::Contains("a planted defect"));
  CHECK(running.engine->close(5s));
}

TEST_CASE("A shard or feed that failed is started again, and nothing is lost or doubled",
          "[system][defects]") {
  const std::string kind = GENERATE("day shard", "live feed");
  CAPTURE(kind);
  Running running(true);
  REQUIRE(running.at_work());
  REQUIRE(running.engine->fail_one(kind));
  std::optional<engine::Ending> ending;
  REQUIRE(running.eventually([&] { return (ending = running.engine->wait_for(10ms)).has_value(); }, 60s));
  CHECK_FALSE(ending->failure);
  CHECK(ending->exceptions == 0);
  CHECK(ending->parked_days == 0);
  CHECK(running.platform.audit().exact());
  CHECK(running.engine->close(5s));
}
