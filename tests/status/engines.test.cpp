#include "support.hpp"

#include <simdjson.h>

using namespace dialogferry;
using namespace dialogferry::status;
using namespace dialogferry::status::test;
using Catch::Contains;

namespace {

ledger::EngineEntry engine(std::int64_t id, std::string name) {
  ledger::EngineEntry entry;
  entry.id = id;
  entry.name = std::move(name);
  entry.host = "dock-" + std::to_string(id);
  entry.version = "0.1.0";
  entry.configuration = "abc";
  entry.started_at = at("2025-11-20T10:00:00Z");
  entry.seen_at = now;
  return entry;
}

/// One that carries days and a live row, one that does nothing, one that was lost.
StatusModel three_engines() {
  ledger::Snapshot snapshot;
  auto first = engine(1, "ferry<1>");
  first.shards = 7;
  first.rate = 1'234;
  first.duties = {history + "/carry", "patrol"};
  first.shares = {{live + "/carry", 22}, {live + "/carry/streams", 3}};
  auto lost = engine(3, "ferry-3");
  lost.left_at = at("2025-11-20T12:00:00Z");
  lost.left_why = "lost";
  snapshot.engines = {first, engine(2, "ferry-2"), lost};
  ledger::JournalEntry ended;
  ended.at = *lost.left_at;
  ended.kind = ledger::JournalKind::engine_ended;
  ended.subject = "ferry-3";
  ended.value = "lost";
  snapshot.journal = {ended};
  return make_status(snapshot, config_of({history, live}), nullptr, now);
}

} // namespace

TEST_CASE("Engines that share the work stand in every form of the page", "[status][engines]") {
  const auto model = three_engines();
  const auto html = render_html(model, Language::en, false);
  CHECK_THAT(html, Contains("ferry&lt;1&gt;") && Contains("dock-1") && Contains("1,234/s"));
  CHECK_THAT(html, Contains("Parts of days: 7; ") && Contains("Not heard of any more"));
  CHECK_THAT(html, Contains("The engine ferry-3 was not heard of any more; its work goes on elsewhere"));
  CHECK_THAT(html, !Contains("patrol") && Contains("(22 of 64 parts)") && !Contains("(3 of"));
  CHECK_THAT(render_html(model, Language::nb, false),
             Contains("Motorer som deler arbeidet") && Contains("I arbeid") &&
                 Contains("Ikke hørt fra lenger") && !Contains("At work"));
  CHECK_THAT(render_markdown(model, Language::en),
             Contains("### Engines") && Contains("| ferry-2 | dock-2 |"));
  CHECK_THAT(render_text(model, Language::en), Contains("ferry-2") && Contains("dock-2 · "));
  simdjson::dom::parser parser;
  const auto json = render_json(model);
  const simdjson::dom::element root = parser.parse(json);
  CHECK(std::uint64_t(root["engines"].at(0)["shards"]) == 7);
  CHECK(std::string(root["engines"].at(2)["left_why"]) == "lost");
  CHECK(root["engines"].at(1)["left_at"].is_null());
}

TEST_CASE("Engines whose rows are configured differently are named", "[status][engines]") {
  auto model = three_engines();
  CHECK_THAT(render_text(model, Language::en), !Contains("configured otherwise"));
  model.engines[2].configuration = "xyz"; // has left
  CHECK_THAT(render_text(model, Language::en), !Contains("configured otherwise"));
  model.engines[1].configuration = "xyz";
  CHECK_THAT(render_text(model, Language::en), Contains("configured otherwise"));
}

TEST_CASE("The metrics tell of engines at work", "[status][engines]") {
  const auto text = render_metrics(three_engines(), nullptr);
  CHECK_THAT(text, Contains("dialogferry_engine_up{engine=\"ferry-2\"} 1"));
  CHECK_THAT(text, Contains("dialogferry_engine_shards{engine=\"ferry<1>\"} 7"));
  CHECK_THAT(text, !Contains("ferry-3"));
}

TEST_CASE("Of a ledger in a file no engine is told", "[status][engines]") {
  const auto model = make_status({}, config_of({history}), nullptr, now);
  CHECK_THAT(render_html(model, Language::en, false), !Contains("Engines"));
  CHECK_THAT(render_metrics(model, nullptr), !Contains("engine_up"));
}
