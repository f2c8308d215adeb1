#include "message_ferry.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <set>

using namespace dialogferry::system;
using Catch::Contains;

namespace {

const Days days{"2025-01-21", "2025-01-22"};
const std::string day = "2025-01-22";

json::object verify(const Ferry& ferry, const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments = {"verify", "--row", message_row, "--from", day,
                                        "--to",   day,     "--format",  "json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const auto ran = ferry.run(arguments);
  INFO(ran.out << ran.err);
  REQUIRE((ran.exit == 0 || ran.exit == 3));
  return json::parse(ran.out).as_array().at(0).as_object();
}

std::uint64_t number(const json::object& day, const char* name) {
  return day.at(name).to_number<std::uint64_t>();
}

json::object plant(Platform& platform, int each) {
  const auto answer = platform.request("POST", "/_sim/plant",
                                       {{"row", message_row},
                                        {"day", day},
                                        {"seed", 3},
                                        {"missing", each},
                                        {"stranded", each},
                                        {"stale", each},
                                        {"wrong_date", each},
                                        {"wrong_party", each}});
  INFO(answer.body);
  REQUIRE(answer.status == 200);
  return json::parse(answer.body).at("planted").as_object();
}

std::set<std::string> shown(const json::object& day, std::string_view kind) {
  std::set<std::string> ids;
  for (const auto& each : day.at("differences").as_array())
    if (each.at("kind").as_string() == json::string_view(kind.data(), kind.size()))
      ids.emplace(each.at("record_id").as_string());
  return ids;
}

std::set<std::string> planted_as(const json::object& planted, std::initializer_list<const char*> kinds) {
  std::set<std::string> ids;
  for (const auto* kind : kinds)
    for (const auto& id : planted.at(kind).as_array())
      ids.emplace(id.as_string());
  return ids;
}

} // namespace

TEST_CASE("Comparing messages finds exactly what is planted, by kind, and a repair leaves nothing",
          "[system][messages][verify]") {
  constexpr std::uint64_t each = 3;
  Platform platform(archive_of(days, 120));
  const Ferry ferry(platform, message_rows(days));
  ferry.carry();

  // What cannot be carried is missing, with the reason: an exception each.
  const auto before = verify(ferry);
  const auto lost = number(before, "missing");
  CHECK(lost <= ferry.standing(message_row).open_exceptions);
  CHECK(number(before, "wrong") + number(before, "stale") + number(before, "unexpected") == 0);
  CHECK(number(before, "compared") == number(before, "source") - lost);
  CHECK(before.at("how") == "lookup");
  for (const auto& difference : before.at("differences").as_array())
    CHECK_FALSE(difference.at("source").as_string().empty());

  const auto planted = plant(platform, each);
  const auto found = verify(ferry);
  CHECK(number(found, "missing") ==
        lost + 2 * each); // its dialog is gone, or Correspondence shows it no more
  CHECK(number(found, "stale") == each);
  CHECK(number(found, "wrong") == 2 * each);
  auto missing = shown(found, "missing");
  for (const auto& id : shown(before, "missing"))
    missing.erase(id);
  CHECK(missing == planted_as(planted, {"missing", "stranded"}));
  CHECK(shown(found, "stale") == planted_as(planted, {"stale"}));
  CHECK(shown(found, "wrong") == planted_as(planted, {"wrong_date", "wrong_party"}));

  const auto repaired = verify(ferry, {"--repair"});
  CHECK(number(repaired, "repaired") == 5 * each);
  const auto after = verify(ferry);
  CHECK(number(after, "missing") == lost);
  CHECK(number(after, "stale") + number(after, "wrong") == 0);
  CHECK(message_disagreement(platform, ferry).empty());
}

TEST_CASE("Days of messages are compared by themselves where their row says so",
          "[system][messages][verify][patrol]") {
  Platform platform(archive_of(days, 40));
  const Ferry ferry(platform, message_rows(days, "verify = true\n"));
  const auto engine = ferry.stay();
  CHECK(eventually([&] {
    const auto ran = ferry.run({"status", "--format", "json"});
    if (ran.exit != 0) return false; // there is no ledger yet
    const auto status = json::parse(ran.out);
    for (const auto& each : status.at("rows").as_array())
      if (each.at("id").as_string() == message_row)
        return number(each.at("days").as_object(), "verified") +
                   number(each.at("days").as_object(), "differ") ==
               2;
    return false;
  }));
}
