#include "ferry.hpp"

#include <dialogferry/ledger/ledger.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry::system;

namespace {

const Days five_days{"2025-11-10", "2025-11-14"};
const Days one_day{"2025-11-14", "2025-11-14"};

/// In how many shards the ledger has a day of the first organisation.
int shards_of(const Ferry& ferry, const std::string& day) {
  namespace ledger = dialogferry::ledger;
  const auto opened = ledger::open("sqlite:" + ferry.file("ferry.db"), "local", ledger::OpenMode::read_only,
                                   dialogferry::system_now());
  REQUIRE(opened);
  int shards = 0;
  for (std::uint32_t part = 0; part < 1000; ++part)
    shards += (*opened)->load({row, "carry", *dialogferry::parse_day(day), "skd", part}).value().has_value();
  return shards;
}

} // namespace

TEST_CASE("A history of several days and organisations is carried exactly once, and not again",
          "[system][history]") {
  Platform platform({"--days", "2025-11-10..2025-11-14", "--per-day", "100", "--organisations", "4"});
  const Ferry ferry(platform, five_days);
  const auto first = ferry.carry();
  INFO(first.err);
  CHECK(first.exit == 0);
  CHECK(disagreement(platform, ferry) == "");
  const auto standing = ferry.standing();
  CHECK(standing.counts.at("read") == 2000);
  CHECK(standing.counts.at("excluded") > 0);
  CHECK(standing.migrated_back_to == five_days.from);
  CHECK(standing.complete == 5);

  platform.forget_requests();
  CHECK(ferry.carry().exit == 0);
  CHECK(platform.requests("dialogporten") == 0);
  CHECK(disagreement(platform, ferry) == "");
}

TEST_CASE("A large day is split, and completes exactly", "[system][history]") {
  Platform platform({"--days", "2025-11-14..2025-11-14", "--per-day", "3000", "--organisations", "1"});
  const Ferry ferry(platform, one_day, "page_size = 20\nsplit_after = 5\n");
  const auto ran = ferry.carry();
  INFO(ran.err);
  CHECK(ran.exit == 0);
  CHECK(disagreement(platform, ferry) == "");
  CHECK(ferry.standing().counts.at("read") == 3000);
  CHECK(shards_of(ferry, one_day.from) > 4);
}

TEST_CASE("A record costs hardly more than one read and one write", "[system][history]") {
  constexpr double records = 10'000;
  Platform platform({"--days", "2025-11-14..2025-11-14", "--per-day", "10000", "--organisations", "1"});
  const Ferry ferry(platform, one_day);
  const auto ran = ferry.carry();
  INFO(ran.err);
  CHECK(ran.exit == 0);
  CHECK(static_cast<double>(platform.requests()) / records <= 2.06);
  CHECK(disagreement(platform, ferry) == "");
}
