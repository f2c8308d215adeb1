#include "../../src/status/wording.hpp"
#include "support.hpp"

#include <simdjson.h>

using namespace dialogferry;
using namespace dialogferry::status;
using namespace dialogferry::status::test;
using Catch::Contains;

namespace {

const std::string messages = "a2-correspondence-historic";
const std::string direct = "dialog-services";

/// One of two stages of the row of messages, with days as history_stage() has them.
ledger::StageSnapshot hop(const std::string& name, std::string_view newest_first) {
  auto stage = history_stage(newest_first);
  stage.row = messages;
  stage.stage = name;
  stage.plan->row = messages;
  stage.plan->stage = name;
  return stage;
}

StatusModel both(const ledger::StageSnapshot& migrate, const ledger::StageSnapshot& publish) {
  return make_status(snapshot_of({migrate, publish}), config_of({messages}), nullptr, now);
}

/// What the watch has noted: what it saw last and when, and when looking was refused.
StatusModel watched(std::vector<ledger::Feed> feeds) {
  ledger::StageSnapshot stage;
  stage.row = direct;
  stage.stage = "watch";
  stage.feeds = std::move(feeds);
  return make_status(snapshot_of({stage}), config_of({direct}), nullptr, now);
}

ledger::Feed seen(const char* newest, const char* looked) {
  return {"seen", Checkpoint{at(newest), {}}, at(looked), at(looked)};
}
ledger::Feed refused(const char* looked) {
  return {"refused", {}, at(looked), at(looked)};
}

std::string said(const StatusModel& model, const std::string& row) {
  return standing(row_of(model, row), Locale(Language::en));
}

} // namespace

TEST_CASE("A row of two hops is migrated back as far as the second, and shows the first", "[status]") {
  const auto model = both(hop("migrate", "ccccc"), hop("publish", "cc"));
  const auto& row = row_of(model, messages);
  CHECK(row.migrated_back_to == day("2025-11-13"));
  CHECK(row.first_hop_back_to == day("2025-11-10"));
  CHECK_THAT(said(model, messages), Contains("Correspondence back to"));
  simdjson::dom::parser parser;
  const simdjson::dom::element json = parser.parse(render_json(model));
  for (const simdjson::dom::element each : simdjson::dom::array(json["rows"]))
    if (std::string_view(each["id"]) == messages)
      CHECK(std::string_view(each["first_hop_back_to"]) == "2025-11-10");
}

TEST_CASE("Hops that are equally far are told of once", "[status]") {
  CHECK_THAT(said(both(hop("migrate", "cc"), hop("publish", "cc")), messages),
             !Contains("Correspondence back to"));
}

TEST_CASE(
    "What only the first hop has taken is not migrated: before the second begins, and of days that it is not "
    "done with",
    "[status]") {
  const auto begun = make_status(snapshot_of({hop("migrate", "ccccc")}), config_of({messages}), nullptr, now);
  const auto& row = row_of(begun, messages);
  CHECK_FALSE(row.migrated_back_to);
  CHECK(row.numbers.complete == 0);
  CHECK(row.counts.read() == 0);
  CHECK_THAT(said(begun, messages), Catch::StartsWith("Not begun") && Contains("Correspondence back to"));

  const auto held = both(hop("migrate", "cpcr"), hop("publish", "cccc"));
  CHECK(row_of(held, messages).migrated_back_to == day("2025-11-12"));
  CHECK(row_of(held, messages).exceptions == std::vector{day("2025-11-13")});
  CHECK(row_of(held, messages).numbers == DayNumbers{14, 2, 1, 1});
  CHECK_FALSE(row_of(both(hop("migrate", ""), hop("publish", "cc")), messages).migrated_back_to);
}

TEST_CASE("Records that the first hop could not carry are missing from their day", "[status]") {
  auto migrate = hop("migrate", "c");
  migrate.days[0].failed = 3;
  const auto model = both(migrate, hop("publish", "c"));
  CHECK(row_of(model, messages).days[0].failed == 3);
  CHECK(row_of(model, messages).days[0].read == 103);
}

TEST_CASE("Records of two hops count once each: by the last, and what got no further by the first",
          "[status]") {
  auto migrate = hop("migrate", "c");
  migrate.counts[Outcome::excluded] = 2;
  migrate.counts[Outcome::failed] = 3;
  auto publish = hop("publish", "");
  publish.counts = {};
  publish.counts[Outcome::created] = 60;
  publish.counts[Outcome::failed] = 1;
  const auto counts = ledger::counts_of(snapshot_of({migrate, publish}), messages);
  CHECK(counts[Outcome::created] == 60);
  CHECK(counts[Outcome::excluded] == 2);
  CHECK(counts[Outcome::failed] == 4);
  CHECK(ledger::counts_of(snapshot_of({migrate}), "another").read() == 0);
}

TEST_CASE("Direct writes are available at once, and the newest that was seen is told of", "[status]") {
  const auto model = watched({seen("2025-11-20T14:00:00Z", "2025-11-20T14:30:00Z")});
  CHECK(row_of(model, direct).newest_direct == at("2025-11-20T14:00:00Z"));
  CHECK_FALSE(row_of(model, direct).cannot_look);
  CHECK_THAT(said(model, direct), Contains("Available immediately") && Contains("newest"));
  CHECK_THAT(said(watched({}), direct), Contains("none seen yet"));
}

TEST_CASE("A token that may not search is told of, until one may", "[status]") {
  const auto refused_now = watched({refused("2025-11-20T14:31:00Z")});
  CHECK(row_of(refused_now, direct).cannot_look);
  CHECK_THAT(said(refused_now, direct), Contains("Available immediately") && Contains("cannot be searched"));
  const auto later =
      watched({refused("2025-11-20T14:00:00Z"), seen("2025-11-20T13:00:00Z", "2025-11-20T14:31:00Z")});
  CHECK_FALSE(row_of(later, direct).cannot_look);
  const auto again =
      watched({refused("2025-11-20T14:31:00Z"), seen("2025-11-20T13:00:00Z", "2025-11-20T14:00:00Z")});
  CHECK(row_of(again, direct).cannot_look);
}
