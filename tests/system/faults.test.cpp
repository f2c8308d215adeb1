#include "ferry.hpp"

#include <catch2/catch.hpp>

using namespace dialogferry::system;

TEST_CASE("Refusals, errors, resets, slow answers and an outage cost time, and nothing else",
          "[system][faults]") {
  constexpr double rate = 400;
  constexpr double burst = 40;
  constexpr double jitter = 1.02;
  Platform platform({"--days", "2025-11-10..2025-11-14", "--per-day", "100", "--organisations", "4"});
  platform.faults(R"({
    "seed": 7, "429": 0.02, "retry_after": "off", "5xx": 0.02, "resets": 0.01, "slow_bodies": 0.01, "slow_for": "1s",
    "outages": [{"start_in": "1s", "duration": "3s", "how": "reset"}]})");
  const Ferry ferry(platform, {"2025-11-10", "2025-11-14"});
  std::vector<std::string> limits;
  for (const std::string api : {"storage", "register", "dialogporten"}) {
    limits.push_back("apis." + api + ".rate=400");
    limits.push_back("apis." + api + ".burst=40");
  }
  const auto ran = ferry.carry(limits);
  INFO(ran.out << ran.err);
  CHECK(ran.exit == 0);
  CHECK(disagreement(platform, ferry) == "");
  const auto faults = platform.get("/_sim/faults");
  for (const auto* kind : {"429", "5xx", "resets", "slow_bodies"})
    CHECK(faults.at("rules").at(0).at(kind).to_number<int>() > 10);
  CHECK(faults.at("refused_by_outage").to_number<int>() > 0);
  for (const auto* api : {"storage", "register", "dialogporten"}) {
    INFO(api);
    CHECK(static_cast<double>(platform.most_in_a_second(api)) <= (rate + burst) * jitter);
  }
}
