#include "orders.hpp"

#include <dialogferry/cli/settings.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace dialogferry;
using namespace dialogferry::cli;
using Catch::Contains;

namespace {

const std::string history = "a3-app-instances-historic";
const Instant at{17};

engine::Configured configured(std::vector<ledger::Setting> settings = {}) {
  engine::Configured now;
  now.file.rows.at(history).enabled = true;
  now.file.rows.at("a3-app-instances-live").enabled = true;
  for (const auto* api : {"storage", "register", "dialogporten"})
    now.file.apis.at(api).base_url = "http://127.0.0.1:1";
  now.settings = std::move(settings);
  now.in_force = lay_over(now.file, now.settings);
  return now;
}

/// `name=value` of what is to be set; the hint of the problem where it cannot be.
std::string order(const engine::Configured& now, const Order& order) {
  const auto settings = settings_of(order, now, at);
  if (!settings) return settings.error().hint;
  std::string text;
  for (const auto& setting : *settings) {
    CHECK(setting.who == order.who);
    CHECK(setting.at == at);
    text += (text.empty() ? "" : " ") + setting.name + '=' + setting.value;
  }
  return text;
}

} // namespace

TEST_CASE("What an operator asks for is a key of the configuration with its value", "[cli][steering]") {
  const auto now = configured();
  CHECK(order(now, {"pause", history, "", "kari"}) == "rows." + history + ".paused=true");
  CHECK(order(now, {"pause", "storage", "", "kari"}) == "apis.storage.paused=true");
  CHECK(order(now, {"rate", "dialogporten", "50", "kari"}) == "apis.dialogporten.rate=50");
  CHECK(order(now, {"concurrency", "dialogporten", "8", ""}) == "apis.dialogporten.connections=8");
  CHECK(order(now, {"concurrency", history, "4", ""}) == "rows." + history + ".shards_in_flight=4");
  CHECK(order(now, {"credit", "a3-app-instances-live", "10", ""}) == "rows.a3-app-instances-live.credit=10");
  CHECK(order(now, {"priority", history, "first", ""}) == "rows." + history + ".priority=first");
  CHECK(order(now, {"resume", history, "", ""}).empty()); // it is so already
  CHECK(order(now, {"rate", "dialogporten", "500", ""}).empty());
}

TEST_CASE("What the file says by itself is taken back rather than set above it", "[cli][steering]") {
  const std::string key = "rows." + history + ".paused";
  CHECK(order(configured({{key, "true", "kari", at}}), {"resume", history, "", "ola"}) == key + "=");
  auto paused = configured();
  paused.file.rows.at(history).paused = true;
  paused.in_force = paused.file;
  CHECK(order(paused, {"resume", history, "", "ola"}) == key + "=false");
}

TEST_CASE("What cannot be set says why, and what was meant", "[cli][steering]") {
  const auto now = configured();
  CHECK_THAT(order(now, {"pause", "storag", "", ""}), Contains("did you mean storage?"));
  CHECK_THAT(order(now, {"pause", "a2-correspondence-live", "", ""}),
             Contains("there are ") || Contains("did you"));
  CHECK_THAT(order(now, {"rate", history, "5", ""}), Contains("set that of an API"));
  CHECK_THAT(order(now, {"credit", "storage", "5", ""}), Contains("give a row"));
  CHECK_THAT(order(now, {"concurrency", "a3-app-instances-live", "5", ""}), Contains("set its credit"));
  CHECK_THAT(order(now, {"reset", "apis.storage.rat", "", ""}), Contains("did you mean apis.storage.rate?"));
  CHECK_THAT(settings_of({"concurrency", "storage", "0", ""}, now, at).error().message,
             Contains("must be a whole number from 1"));
}

TEST_CASE("What was set is taken back by key, by target or as a whole", "[cli][steering]") {
  const auto now = configured({{"apis.dialogporten.rate", "5", "kari", at},
                               {"apis.storage.rate", "6", "kari", at},
                               {"rows." + history + ".credit", "7", "kari", at}});
  CHECK(order(now, {"reset", "apis.storage.rate", "", "ola"}) == "apis.storage.rate=");
  CHECK(order(now, {"reset", history, "", "ola"}) == "rows." + history + ".credit=");
  CHECK(settings_of({"reset", "", "", ""}, now, at)->size() == 3);
  CHECK(order(now, {"reset", "apis.register.rate", "", ""}).empty());
}

TEST_CASE("Settings lie over the configuration; what is not known any more is passed by", "[cli][steering]") {
  const auto in_force = lay_over(configured().file, {{"apis.storage.rate", "0.5", "kari", at},
                                                     {"apis.storage.whatever", "1", "kari", at},
                                                     {"rows." + history + ".priority", "last", "kari", at},
                                                     {"ledger.url", "sqlite:other", "kari", at}});
  CHECK(in_force.apis.at("storage").rate == 0.5);
  CHECK(in_force.rows.at(history).priority == RowPriority::last);
  CHECK(in_force.ledger.url == configured().file.ledger.url);
  const auto names = setting_names(in_force);
  CHECK(std::find(names.begin(), names.end(), "apis.storage.rate") != names.end());
  CHECK(std::find(names.begin(), names.end(), "apis.events.rate") == names.end()); // nobody uses it
  CHECK(std::find(names.begin(), names.end(), "status.control_token_file") == names.end());
}
