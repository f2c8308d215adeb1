#include "ferry.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <set>

using namespace dialogferry::system;
using Catch::Contains;

namespace {

const Days days{"2025-11-13", "2025-11-14"};

/// Records of the day that is compared: TEST_VERIFY=100000 is the size that the engine promises to handle.
int records_of_a_day() {
  const auto* given = std::getenv("TEST_VERIFY");
  return given != nullptr ? std::atoi(given) : 2'000;
}

std::vector<std::string> history(int per_day, int organisations = 1) {
  return {"--days",          "2025-11-13..2025-11-14",      "--per-day", std::to_string(per_day),
          "--organisations", std::to_string(organisations), "--seed",    "7"};
}

std::string base64url(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  unsigned bits = 0;
  int held = 0;
  for (const char c : text) {
    bits = (bits << 8U | static_cast<unsigned char>(c)) & 0xffffU;
    for (held += 8; held >= 6; held -= 6)
      out += alphabet[bits >> static_cast<unsigned>(held - 6) & 63U];
  }
  if (held > 0) out += alphabet[bits << static_cast<unsigned>(6 - held) & 63U];
  return out;
}

/// A program whose token is one of `organisation`, which may search for its dialogs.
struct Owner : Ferry {
  Owner(const Platform& platform, const std::string& organisation, const std::string& more = {})
      : Ferry(platform, days,
              more + "[auth]\nmode = \"token_file\"\ntoken_file = \"token\"\n[mapping]\npurge_confirm = "
                     "\"200ms\"\n") {
    std::ofstream(file("token")) << base64url(R"({"alg":"none"})") << '.'
                                 << base64url(R"({"urn:altinn:org":")" + organisation +
                                              R"(","exp":4102444800})")
                                 << ".x\n";
  }
};

json::array verify(const Ferry& ferry, int must_exit, const std::vector<std::string>& more = {},
                   const Days& of = {"2025-11-14", "2025-11-14"}) {
  std::vector<std::string> arguments = {"verify", "--row", row,        "--from", of.from,
                                        "--to",   of.to,   "--format", "json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const auto ran = ferry.run(arguments);
  INFO(ran.out << ran.err);
  CHECK(ran.exit == must_exit);
  return json::parse(ran.out).as_array();
}

std::uint64_t number(const json::value& day, const char* name) {
  return day.at(name).to_number<std::uint64_t>();
}

json::object plant(Platform& platform, int each, const std::string& day = "2025-11-14") {
  const auto answer = platform.request("POST", "/_sim/plant",
                                       {{"organisation", "skd"},
                                        {"day", day},
                                        {"seed", 3},
                                        {"missing", each},
                                        {"doubled", each},
                                        {"stale", each},
                                        {"wrong_date", each},
                                        {"wrong_party", each}});
  INFO(answer.body);
  REQUIRE(answer.status == 200);
  return json::parse(answer.body).at("planted").as_object();
}

/// The page, once `done` says so of a row's days; fails the test where that does not come.
json::object status_once(const Ferry& ferry, Process& engine,
                         const std::function<bool(const json::object&)>& done) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  for (;;) {
    const auto ran = ferry.run({"status", "--format", "json"}); // there is no ledger at first
    const auto status =
        ran.exit == 0 ? json::parse(ran.out).as_object() : json::object{{"rows", json::array{}}};
    for (const auto& each : status.at("rows").as_array())
      if (each.at("id").as_string() == row && done(each.at("days").as_object())) return status;
    INFO(ran.out << ran.err);
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    REQUIRE_FALSE(engine.wait_for(std::chrono::milliseconds{50}));
  }
}

std::set<std::string> ids(const json::array& list) {
  std::set<std::string> ids;
  for (const auto& id : list)
    ids.emplace(id.as_string());
  return ids;
}

/// The records of the differences of a kind that are shown; of wrong ones those of one member.
std::set<std::string> shown(const json::value& day, std::string_view kind) {
  std::set<std::string> ids;
  for (const auto& each : day.at("differences").as_array())
    if (each.at("kind").as_string() == json::string_view(kind.data(), kind.size()))
      ids.emplace(each.at("record_id").as_string());
  return ids;
}

} // namespace

TEST_CASE("Comparing by search finds exactly what is planted, by kind, and a repair leaves nothing",
          "[system][verify]") {
  const int records = records_of_a_day();
  const int each = records / 500; // 1 000 of 100 000 in all
  Platform platform(history(records));
  const Owner ferry(platform, "skd");
  REQUIRE(ferry.carry().exit == 0);

  const auto clean = verify(ferry, 0, {}, days);
  REQUIRE(clean.size() == 2);
  for (const auto& day : clean) {
    CHECK(day.at("how") == "search");
    CHECK(number(day, "source") > 0);
    CHECK(number(day, "target") == number(day, "source"));
    CHECK(number(day, "compared") == number(day, "source"));
    CHECK(number(day, "missing") + number(day, "unexpected") + number(day, "stale") + number(day, "wrong") ==
          0);
  }

  const auto planted = plant(platform, each);
  const auto audit = platform.audit();
  REQUIRE(audit.missing + audit.doubled + audit.stale + audit.wrong == static_cast<std::uint64_t>(5 * each));
  const auto found = verify(ferry, 3).at(0);
  CHECK(number(found, "missing") == static_cast<std::uint64_t>(each));
  CHECK(number(found, "unexpected") == static_cast<std::uint64_t>(each));
  CHECK(number(found, "stale") == static_cast<std::uint64_t>(each));
  CHECK(number(found, "wrong") == static_cast<std::uint64_t>(2 * each));
  if (5 * each <= 100) { // all of them are shown
    CHECK(shown(found, "missing") == ids(planted.at("missing").as_array()));
    CHECK(shown(found, "unexpected") == ids(planted.at("doubled").as_array()));
    CHECK(shown(found, "stale") == ids(planted.at("stale").as_array()));
    auto wrong = ids(planted.at("wrong_date").as_array());
    wrong.merge(ids(planted.at("wrong_party").as_array()));
    CHECK(shown(found, "wrong") == wrong);
  }

  const auto repaired = verify(ferry, 0, {"--repair"}).at(0);
  CHECK(number(repaired, "repaired") == static_cast<std::uint64_t>(5 * each));
  const auto after = platform.audit();
  CHECK(after.exact());
  const auto again = verify(ferry, 0).at(0);
  CHECK(number(again, "missing") + number(again, "unexpected") + number(again, "stale") +
            number(again, "wrong") ==
        0);
}

TEST_CASE("Where the token is not the owner's each dialog is looked up, or a sample of them",
          "[system][verify]") {
  Platform platform(history(100, 2));
  const Owner ferry(platform, "digdir");
  REQUIRE(ferry.carry().exit == 0);
  plant(platform, 3);

  const auto found = verify(ferry, 3).at(0);
  CHECK(found.at("how") == "lookup");
  CHECK(found.at("content") == true);
  CHECK(found.at("not_searched") == json::array{"brg", "skd"});
  CHECK(number(found, "missing") == 3);
  CHECK(number(found, "stale") == 3);
  CHECK(number(found, "wrong") == 6);
  CHECK(number(found, "unexpected") == 0); // nobody shows what else is there
  CHECK(number(found, "compared") == number(found, "source") - 3);

  const auto sampled = verify(ferry, 0, {"--sample", "20"}, {"2025-11-13", "2025-11-13"}).at(0);
  CHECK(sampled.at("how") == "sample");
  CHECK(number(sampled, "compared") == 20);

  CHECK(number(verify(ferry, 0, {"--repair"}).at(0), "repaired") == 12);
  CHECK(verify(ferry, 0).at(0).at("differences").as_array().empty());
}

TEST_CASE("People read what was compared, how, and what differs", "[system][verify]") {
  Platform platform(history(60));
  const Owner ferry(platform, "skd");
  REQUIRE(ferry.carry().exit == 0);
  plant(platform, 1);
  const auto ran = ferry.run({"verify", "--row", row, "--from", "2025-11-14", "--to", "2025-11-14"});
  INFO(ran.out << ran.err);
  CHECK(ran.exit == 3);
  CHECK_THAT(ran.out, Contains("a3-app-instances-historic 2025-11-14  by search:"));
  CHECK_THAT(ran.out, Contains("1 missing, 1 unexpected, 1 stale, 2 wrong"));
  CHECK_THAT(ran.out, Contains("  party is urn:altinn:"));
  CHECK_THAT(ran.err, Contains("by search: id, createdAt"));
  const auto off = ferry.run(
      {"verify", "--row", "a2-archived-forms-historic", "--from", "2025-11-14", "--to", "2025-11-14"});
  CHECK(off.exit == 1);
  CHECK_THAT(off.err, Contains("is off"));
}

TEST_CASE("Where a row is to be verified, each day of a clean history is compared by itself",
          "[system][verify][patrol]") {
  Platform platform(history(300));
  const Owner ferry(platform, "skd", "verify = true\n");
  const auto engine = ferry.stay();
  status_once(ferry, *engine, [](const json::object& days) { return days.at("verified") == 2; });
  engine->signal(SIGTERM);
  CHECK(engine->wait_for(std::chrono::seconds{20}) == 130);
  CHECK(platform.audit().exact());
}

TEST_CASE("A day with planted differences is found by itself, and shown", "[system][verify][patrol]") {
  Platform platform(history(300));
  const Owner ferry(platform, "skd");
  REQUIRE(ferry.carry().exit == 0);
  plant(platform, 2);
  const auto engine = ferry.stay({"rows.a3-app-instances-historic.verify=true"});
  const auto status = status_once(ferry, *engine, [](const json::object& days) {
    return days.at("verified") == 1 && days.at("differ") == 1;
  });
  const auto& line = status.at("changelog").as_array().at(0);
  CHECK(line.at("kind") == "differs");
  CHECK(line.at("exceptions") == 10);
  CHECK(line.at("days") == json::array{"2025-11-14"});
  engine->signal(SIGTERM);
  CHECK(engine->wait_for(std::chrono::seconds{20}) == 130);
  CHECK_FALSE(platform.audit().exact()); // it is told of, and left as it is
}
