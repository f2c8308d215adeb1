#include "asked.hpp"
#include "live_ferry.hpp"
#include "schema.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <csignal>
#include <fstream>
#include <map>
#include <set>

using namespace dialogferry;
using namespace dialogferry::system;
using Catch::Contains;

namespace {

const Schemas& api() {
  static const Schemas schemas(SOURCE_ROOT "/docs/control-api.yaml");
  return schemas;
}

Platform small_platform() {
  return Platform({"--seed", "5", "--days", "2025-10-01..2025-10-02", "--per-day", "5", "--threads", "1"});
}

struct Served {
  explicit Served(const std::string& settings = {})
      : ferry(platform, {"2025-10-01", "2025-10-02"}, settings) {
    ferry.start();
  }

  Answer post(const std::string& path, const std::string& body,
              std::vector<std::pair<std::string, std::string>> headers = {}) const {
    return ask(ferry.url(), {.method = "POST", .target = path, .body = body, .headers = std::move(headers)});
  }

  Platform platform = small_platform();
  LiveFerry ferry;
};

/// A good body for each path: what the document calls an example, and a target that takes it.
json::object good_body(const std::string& path, const YAML::Node& schema) {
  static const std::map<std::string, std::string> targets = {{"/control/credit", row},
                                                             {"/control/priority", row}};
  json::object body;
  for (const auto& property : schema["properties"]) {
    const auto name = property.first.as<std::string>();
    const auto known = api().resolved(property.second);
    if (name == "target")
      body[name] = targets.contains(path) ? targets.at(path) : "dialogporten";
    else if (known["enum"])
      body[name] = known["enum"][0].as<std::string>();
    else if (known["type"].as<std::string>() == "number")
      body[name] = known["examples"][0].as<int>();
    else
      body[name] = known["examples"][0].as<std::string>();
  }
  return body;
}

YAML::Node schema_of(const YAML::Node& content) {
  return content.begin()->second["schema"];
}

/// The answer is one that the document tells of, in all its members.
void check_answer(const YAML::Node& operation, const Answer& answer) {
  INFO(answer.status << ' ' << answer.body);
  const auto told = operation["responses"][std::to_string(answer.status)];
  REQUIRE(told.IsDefined());
  CHECK(api().check(json::parse(answer.body), schema_of(api().resolved(told)["content"])) ==
        std::vector<std::string>{});
}

} // namespace

TEST_CASE("Every path of docs/control-api.yaml answers as it says there, and there are no others",
          "[system][control]") {
  const Served served;
  std::set<std::string> paths;
  for (const auto& entry : api().document()["paths"]) {
    const auto path = entry.first.as<std::string>();
    paths.insert(path);
    for (const auto& method : entry.second) {
      const auto operation = method.second;
      INFO(path);
      if (method.first.as<std::string>() == "get") {
        const auto answer = ask(served.ferry.url(), {.target = path});
        CHECK(answer.status == 200);
        check_answer(operation, answer);
        continue;
      }
      const auto schema = schema_of(api().resolved(operation["requestBody"])["content"]);
      const auto body = good_body(path, schema);
      CHECK(api().check(body, schema) == std::vector<std::string>{});
      auto answer = served.post(path, json::serialize(body));
      CHECK(answer.status == 200);
      check_answer(operation, answer);
      for (const auto& name : schema["required"]) { // each is needed
        auto without = body;
        without.erase(name.as<std::string>());
        answer = served.post(path, json::serialize(without));
        CHECK(answer.status == 400);
        check_answer(operation, answer);
      }
      auto with = body;
      with["whatever"] = 1;
      check_answer(operation, served.post(path, json::serialize(with)));
      check_answer(operation, served.post(path, "no JSON"));
      answer = ask(served.ferry.url(),
                   {.method = "POST", .target = path, .body = "{}", .content_type = "text/plain"});
      CHECK(answer.status == 415);
      check_answer(operation, answer);
      answer = served.post(path, json::serialize(body), {{"Authorization", "Bearer wrong"}});
      CHECK(answer.status == 401);
      check_answer(operation, answer);
    }
  }
  for (const auto* verb : {"show", "set", "settings", "pause", "resume", "rate", "concurrency", "credit",
                           "priority", "reset", "note", "stop"}) {
    const auto path = fmt::format("/control/{}", verb);
    const auto answer = served.post(path, "{}");
    INFO(path << ' ' << answer.status);
    if (!paths.contains(path)) CHECK(answer.status == 404);
  }
}

TEST_CASE("Without a token only this machine steers: no proxy, no page of some site", "[system][control]") {
  const Served served;
  const std::string pause = R"({"target": "dialogporten"})";
  for (const auto& header :
       {std::pair("X-Forwarded-For", "127.0.0.1"), std::pair("Forwarded", "for=127.0.0.1"),
        std::pair("Via", "1.1 proxy"), std::pair("Origin", "https://example.org"),
        std::pair("Host", "evil.example"), std::pair("Authorization", "Bearer guess")}) {
    INFO(header.first);
    CHECK(served.post("/control/pause", pause, {header}).status == 401);
  }
  CHECK(served.post("/control/pause", pause).status == 200);
  CHECK(served.post("/control/pause", pause, {{"Host", "localhost:8080"}}).status == 200);
}

TEST_CASE("Who has a token may steer from anywhere, and ctl sends it; SIGHUP takes over another",
          "[system][control]") {
  Served served;
  const auto file = served.ferry.ferry().file("control.token");
  std::ofstream(file) << "first-token\n";
  REQUIRE(served.ferry.stop() == 130);
  const auto set = "status.control_token_file=" + file;
  served.ferry.start({set});
  const std::pair<std::string, std::string> proxy = {"X-Forwarded-For", "10.0.0.1"};
  const std::string pause = R"({"target": "dialogporten", "who": "01017012345"})";
  CHECK(served.post("/control/pause", pause, {proxy}).status == 401);
  CHECK(served.post("/control/pause", pause, {proxy, {"Authorization", "Bearer first-tokem"}}).status == 401);
  const auto good = served.post("/control/pause", pause, {proxy, {"Authorization", "Bearer first-token"}});
  CHECK(good.status == 200);
  CHECK_THAT(good.body, !Contains("01017012345"));

  std::ofstream(file) << "second-token\nfirst-token\n";
  served.ferry.signal(SIGHUP);
  CHECK(served.ferry.eventually([&] {
    return served.post("/control/pause", pause, {proxy, {"Authorization", "Bearer second-token"}}).status ==
           200;
  }));
  const auto listen = "status.listen=" + served.ferry.url().substr(7);
  const auto resumed =
      served.ferry.ferry().run({"ctl", "resume", "dialogporten", "--set", set, "--set", listen});
  CHECK(resumed.out == "apis.dialogporten.paused = false, as configured\n");
  CHECK_THAT(served.ferry.ferry().last_error(), !Contains("token\n"));
}
