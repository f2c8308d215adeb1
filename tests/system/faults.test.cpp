#include "live_ferry.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace dialogferry::system;

namespace {

const std::vector<std::string> apis = {"storage", "register", "dialogporten"};

std::vector<std::string> limited(double rate, double burst) {
  std::vector<std::string> sets;
  for (const auto& api : apis) {
    sets.push_back("apis." + api + ".rate=" + std::to_string(rate));
    sets.push_back("apis." + api + ".burst=" + std::to_string(static_cast<int>(burst)));
  }
  return sets;
}

} // namespace

TEST_CASE("Refusals, errors, resets, slow answers and an outage cost time, and nothing else",
          "[system][faults]") {
  Platform platform({"--days", "2025-11-10..2025-11-14", "--per-day", "100", "--organisations", "4"});
  platform.faults(R"({
    "seed": 7, "429": 0.02, "retry_after": "off", "5xx": 0.02, "resets": 0.01, "slow_bodies": 0.01, "slow_for": "1s",
    "outages": [{"start_in": "1s", "duration": "10s", "how": "reset"}]})");
  const Ferry ferry(platform, Days{"2025-11-10", "2025-11-14"});
  const auto ran = ferry.carry(limited(400, 40));
  INFO(ran.out << ran.err);
  CHECK(ran.exit == 0);
  CHECK(disagreement(platform, ferry) == "");
  const auto faults = platform.get("/_sim/faults");
  for (const auto* kind : {"429", "5xx", "resets", "slow_bodies"})
    CHECK(faults.at("rules").at(0).at(kind).to_number<int>() > 10);
  CHECK(faults.at("refused_by_outage").to_number<int>() > 0);
}

TEST_CASE("No window of a second sees more requests than rate and burst allow, retries included",
          "[system][faults]") {
  constexpr double rate = 200;
  constexpr double burst = 200;
  constexpr double jitter = 1.02;
  // A machine that pauses the platform for a moment lets requests pile up before they are counted: best of
  // three.
  double most = 0;
  for (int attempt = 0; attempt < 3; ++attempt) {
    Platform platform({"--days", "2025-11-14..2025-11-14", "--per-day", "200", "--organisations", "4"});
    platform.faults(R"({"seed": 7, "5xx": 0.05, "resets": 0.02})");
    const Ferry ferry(platform, Days{"2025-11-14", "2025-11-14"});
    const auto ran = ferry.carry(limited(rate, burst));
    INFO(ran.out << ran.err);
    REQUIRE(ran.exit == 0);
    most = 0;
    for (const auto& api : apis)
      most = std::max(most, static_cast<double>(platform.most_in_a_second(api)));
    if (most <= (rate + burst) * jitter) break;
  }
  CHECK(most <= (rate + burst) * jitter);
  CHECK(most > rate * 0.5); // the limit was felt
}

TEST_CASE("An hour's pause that the target asks for is what the page and /readyz tell, until when",
          "[system][faults][OR-9]") {
  Platform platform({"--days", "2025-11-10..2025-11-14", "--per-day", "20", "--organisations", "1"});
  platform.faults(R"({"rules": [{"name": "quiet", "api": "dialogporten", "method": "POST", "429": 1,
    "retry_after": "on", "retry_after_for": "1h"}]})");
  LiveFerry engine(platform, Days{"2025-11-10", "2025-11-14"}, {});
  engine.start();
  const auto paused = [&](std::string_view id) {
    const auto shown = engine.row(id).as_object();
    if (shown.at("state").as_string() != "paused" || shown.at("waits_for").is_null()) return false;
    const auto& wait = shown.at("waits_for").as_object();
    return wait.at("code").as_string() == "asked" && wait.at("api").as_string() == "dialogporten" &&
           wait.at("until").is_string();
  };
  CHECK(engine.eventually([&] { return paused(row) && paused(live_row); }));
  CHECK(engine.eventually([&] { return !engine.is_ready(); }));
}
