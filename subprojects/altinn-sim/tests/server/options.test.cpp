#include "options.hpp"

#include <catch2/catch.hpp>

#include <initializer_list>
#include <vector>

using namespace altinn_sim;
using namespace std::chrono_literals;

namespace {

Reading reading(std::initializer_list<const char*> arguments) {
  std::vector<const char*> all = {"altinn-sim"};
  all.insert(all.end(), arguments);
  return read_options(static_cast<int>(all.size()), all.data());
}

} // namespace

TEST_CASE("the command line is read") {
  auto options = reading({"--seed", "7", "--days", "2025-01-01..2025-11-20", "--per-day", "1000", "--port",
                          "0", "--latency", "20ms", "--sink", "--threads", "2"})
                     .options;
  REQUIRE(options);
  CHECK(options->seed == 7);
  CHECK(options->first_day == 20089);
  CHECK(options->last_day == 20412);
  CHECK(options->per_day == 1000);
  CHECK(options->latency == 20ms);
  CHECK(options->sink);
  CHECK(options->threads == 2);
}

TEST_CASE("forms have days, shares and an import time of their own") {
  auto options = reading({"--forms-per-day", "20", "--forms-days", "2008-01-01..2014-12-31",
                          "--forms-unfinished", "0.1", "--forms-half-done", "0", "--import-time", "500ms"})
                     .options;
  REQUIRE(options);
  CHECK(options->forms_per_day == 20);
  CHECK(options->forms_days == std::pair<std::int64_t, std::int64_t>(13879, 16435));
  CHECK(options->forms_unfinished == 0.1);
  CHECK(options->forms_late == 0);
  CHECK(options->import_time == 500ms);
  CHECK_FALSE(reading({}).options->forms_days);
  CHECK(reading({}).options->forms_per_day == 0);
}

TEST_CASE("a wrong command line ends with status 2") {
  CHECK(reading({"--forms-days", "2014"}).exit_status == 2);
  CHECK(reading({"--forms-unfinished", "2"}).exit_status == 2);
  CHECK(reading({"--days", "2025-02-01..2025-01-01"}).exit_status == 2);
  CHECK(reading({"--days", "2025-02-01"}).exit_status == 2);
  CHECK(reading({"--days", "2025-02-01..2025-02-30"}).exit_status == 2);
  CHECK(reading({"--latency", "20"}).exit_status == 2);
  CHECK(reading({"--port", "70000"}).exit_status == 2);
  CHECK(reading({"--faults", "/no/such/file"}).exit_status == 2);
  CHECK(reading({"--unknown"}).exit_status == 2);
}

TEST_CASE("durations have a unit") {
  CHECK(parse_duration("250us") == 250us);
  CHECK(parse_duration("1.5s") == 1500ms);
  CHECK(parse_duration("2m") == 2min);
  CHECK_FALSE(parse_duration("-1s"));
  CHECK(parse_duration("1h") == 1h);
  CHECK_FALSE(parse_duration("1d"));
  CHECK_FALSE(parse_duration(""));
  for (const auto* wrong :
       {"s", ".5s", "1.s", "1.2.3s", "1.1234567s", "1234567890s", "1e3s", "infs", "1 s", "1sx"}) {
    INFO(wrong);
    CHECK_FALSE(parse_duration(wrong));
  }
}

TEST_CASE("days are a range of whole dates") {
  CHECK(parse_days("1970-01-02..1970-01-03") == std::pair<std::int64_t, std::int64_t>(1, 2));
  for (const auto* wrong :
       {"", "..", "1970-01-02..", "1970-1-2..1970-01-03", "1970-01-02..1970-01-03T00:00:00Z",
        " 1970-01-02..1970-01-03", "1970-01-02...1970-01-03"}) {
    INFO(wrong);
    CHECK_FALSE(parse_days(wrong));
  }
}
