#include "faults.hpp"

#include "fault_answers.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <map>

using namespace altinn_sim;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t second = 1'000'000;

FaultPlan plan(std::string_view source) {
  return read_fault_plan(boost::json::parse({source.data(), source.size()}));
}

Effect decide(Faults& faults, std::string_view url, std::string_view body = {}, Method method = Method::get,
              std::int64_t now_us = 0) {
  auto target = split_target(url);
  return faults.decide({route_of(method, target.path).api, method, &target, body}, now_us);
}

std::string describe(const Effect& effect) {
  return std::string(name_of(effect.fault)) + (effect.acts_first ? " acts " : " ") +
         std::to_string(effect.status) + (effect.retry_after_s ? " told" : "");
}

std::string problem_of(std::string_view source) {
  try {
    plan(source);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

constexpr std::string_view dialogs = "/dialogporten/api/v1/serviceowner/dialogs";
constexpr std::string_view everything =
    R"({"seed": 5, "429": 0.1, "5xx": 0.1, "resets": 0.1, "slow_bodies": 0.1, "broken_json": 0.1,
        "expired_tokens": 0.1})";

} // namespace

TEST_CASE("faults come at their rates, resets and slow bodies half of the time after the service acted") {
  Faults faults;
  faults.replace(plan(everything));
  std::map<std::string, int> counts;
  for (int at = 0; at < 20'000; ++at) {
    ++counts[describe(decide(faults, dialogs, "dialog " + std::to_string(at), Method::post))];
  }
  auto about = [&](const std::string& what, int expected) {
    INFO(what);
    CHECK(counts[what] == Approx(expected).epsilon(0.15));
  };
  about("none 0", 8000);
  about("429 429", 1000);
  about("429 429 told", 1000);
  about("resets 0", 1000);
  about("resets acts 0", 1000);
  about("slow_bodies 503", 1000);
  about("slow_bodies acts 0", 1000);
  about("broken_json acts 0", 2000);
  about("expired_tokens 401", 2000);
  for (auto status : {"500", "502", "503"})
    about(std::string("5xx ") + status, 667);
}

TEST_CASE("the same requests meet the same faults, in whatever order they come") {
  auto fates = [](std::string_view source, bool backwards) {
    Faults faults;
    faults.replace(plan(source));
    std::map<std::string, std::string> all;
    for (int at = 0; at < 300; ++at) {
      auto body = std::to_string(backwards ? 299 - at : at);
      for (int attempt = 0; attempt < 3; ++attempt)
        all[body] += describe(decide(faults, dialogs, body)) + ", ";
    }
    return all;
  };
  auto forwards = fates(everything, false);
  CHECK(forwards == fates(everything, true));
  auto other_seed = std::string(everything);
  other_seed.replace(other_seed.find('5'), 1, "6");
  CHECK(forwards != fates(other_seed, false));
}

TEST_CASE("a request that is tried again meets new chances") {
  Faults faults;
  faults.replace(plan(R"({"5xx": 0.5})"));
  int longest = 0;
  for (int at = 0; at < 200; ++at) {
    int tries = 1;
    while (decide(faults, dialogs, std::to_string(at)).fault != Fault::none)
      ++tries;
    longest = std::max(longest, tries);
  }
  CHECK(longest > 2);
  CHECK(longest < 40);
}

TEST_CASE("a rule meets only the requests it names") {
  Faults faults;
  faults.replace(
      plan(R"({"rules": [{"name": "one day", "api": "storage", "method": "GET", "path": "/instances$",
      "org": "skd", "day": "2025-03-04", "5xx": 1}, {"query": "lastChanged=eq:", "429": 1}]})"));
  auto fault = [&](const std::string& query) {
    return decide(faults, "/storage/api/v1/instances?" + query).fault;
  };
  CHECK(fault("org=skd&lastChanged=lt:2025-03-05T00:00:00Z") == Fault::server_error);
  CHECK(fault("org=skd&lastChanged=lt%3A2025-03-04T00:00:00.0000001Z") == Fault::server_error);
  CHECK(fault("org=skd&lastChanged=gte:2025-03-04T00:00:00Z") == Fault::server_error);
  CHECK(fault("org=skd&lastChanged=gte:2025-03-04T00:00:00Z&lastChanged=lt:2025-03-06T00:00:00Z") ==
        Fault::none);
  CHECK(fault("org=skd&lastChanged=lt:2025-03-04T00:00:00Z") == Fault::none);
  CHECK(fault("org=brg&lastChanged=lt:2025-03-05T00:00:00Z") == Fault::none);
  CHECK(fault("org=skd") == Fault::none);
  CHECK(fault("org=brg&lastChanged=eq%3A2025-03-05T00:00:00Z") == Fault::too_many);
  CHECK(decide(faults, "/storage/api/v1/instances/1/2/events?org=skd&lastChanged=eq:2025-03-04").fault ==
        Fault::too_many);
  CHECK(decide(faults, "/_sim/faults").fault == Fault::none);
}

TEST_CASE("rules come and go by name, the newest ahead") {
  Faults faults;
  faults.replace(plan(R"({"429": 1})"));
  auto rule = read_fault_rule(boost::json::parse(R"({"api": "dialogporten", "5xx": 1})"));
  rule.name = "down";
  faults.put_rule(rule);
  CHECK(decide(faults, dialogs).fault == Fault::server_error);
  CHECK(decide(faults, "/storage/api/v1/instances").fault == Fault::too_many);
  rule.rates = {};
  faults.put_rule(rule);
  CHECK(decide(faults, dialogs).fault == Fault::too_many);
  auto counts = faults.as_json().at("rules").as_array();
  REQUIRE(counts.size() == 2);
  CHECK(counts[0].at("name") == "down");
  CHECK(counts[0].at("matched") == 2);
  CHECK(counts[0].at("5xx") == 1);
  CHECK(faults.remove_rule("down"));
  CHECK_FALSE(faults.remove_rule("down"));
  faults.replace({});
  CHECK(decide(faults, dialogs).fault == Fault::none);
}

TEST_CASE("an outage counts from the API's first request") {
  Faults faults;
  faults.replace(plan(R"({"outages": [{"api": "dialogporten", "start_in": "5s", "duration": "10s"},
                                      {"api": "storage", "duration": "1s", "how": "503"}]})"));
  auto at = [&](std::string_view url, double seconds) {
    return describe(decide(faults, url, {}, Method::get, static_cast<std::int64_t>(seconds * second)));
  };
  CHECK(at(dialogs, 100) == "none 0");
  CHECK(at(dialogs, 104.9) == "none 0");
  CHECK(at(dialogs, 105) == "resets 0");
  CHECK(at("/storage/api/v1/instances", 105) == "5xx 503");
  CHECK(at("/storage/api/v1/instances", 106) == "none 0");
  CHECK(at(dialogs, 114.9) == "resets 0");
  CHECK(at(dialogs, 115) == "none 0");
  CHECK(faults.as_json().at("refused_by_outage") == 3);
}

TEST_CASE("a hidden limit answers 429 and its seconds can be read") {
  Faults faults;
  faults.replace(plan(R"({"limit": {"api": "dialogporten", "schedule": [[10, 2], [20, 2]], "burst_seconds": 1,
                                    "retry_after": "alternate"}})"));
  int allowed = 0;
  for (int at = 0; at < 30; ++at)
    allowed += decide(faults, dialogs).fault == Fault::none ? 1 : 0;
  CHECK(allowed == 10);
  CHECK(describe(decide(faults, dialogs)) == "429 429 told");
  CHECK(describe(decide(faults, dialogs)) == "429 429");
  CHECK(decide(faults, "/storage/api/v1/instances").fault == Fault::none);
  auto limits = faults.as_json().at("limits").as_array();
  CHECK(limits[0].at("seconds").as_array()[0].at("refused") == 22);
}

TEST_CASE("a 503 of a rule asks for a pause as its 429 does") {
  Faults faults;
  faults.replace(plan(R"({"503": 1, "retry_after": "on", "retry_after_for": "2s"})"));
  const auto effect = decide(faults, dialogs);
  CHECK(describe(effect) == "503 503 told");
  const auto answer = refusal_answer(effect, route_of(Method::get, dialogs));
  CHECK(answer.status == 503);
  CHECK(answer.headers == std::vector<std::pair<std::string, std::string>>{{"Retry-After", "2"}});
}

TEST_CASE("a wrong plan is refused with the member's name and what is allowed") {
  CHECK(problem_of(R"({"429": 2})") == "'429': a share from 0 to 1");
  CHECK(problem_of(R"({"429": 0.7, "5xx": 0.7})") == "'rates': the shares together may be 1 at the most");
  CHECK(problem_of(R"({"rulez": []})") == "'rulez': no such member");
  CHECK(problem_of(R"({"rules": [{"api": "x"}]})") ==
        "'api': one of storage, events, register, dialogporten, correspondence, a2_archive");
  CHECK(problem_of(R"({"rules": [{"path": "("}]})").substr(0, 7) == "'path':");
  CHECK(problem_of(R"({"rules": [{"day": "2025-02-30"}]})") == "'day': a day such as \"2025-03-01\"");
  CHECK(problem_of(R"({"rules": [{"slow_for": 2}]})") == "'slow_for': a duration such as \"2s\"");
  CHECK(problem_of(R"({"outages": [{"how": "x"}]})") == "'how': one of reset 503 register-behind");
  CHECK(problem_of(R"({"limit": {"api": "storage"}})") ==
        "'schedule': a limit needs a list of [rate, seconds]");
  CHECK(problem_of(R"({"limit": {"api": "storage", "schedule": [[0, 1]]}})").substr(0, 11) == "'schedule':");
  CHECK(problem_of(R"([])") == "'faults': must be an object");
}
