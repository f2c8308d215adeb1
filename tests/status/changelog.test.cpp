#include "../../src/status/wording.hpp"
#include "support.hpp"

using namespace dialogferry;
using namespace dialogferry::status;
using namespace dialogferry::status::test;
using Catch::Contains;

namespace {

const char* const noon = "2025-11-20T12:00:00Z";

std::optional<Day> maybe(const char* text) {
  return text == nullptr ? std::nullopt : std::optional(day(text));
}

StatusModel with(std::vector<ledger::Change> changes, std::vector<ledger::JournalEntry> journal = {}) {
  auto stage = history_stage("");
  stage.plan->from = day("2025-09-10");
  auto snapshot = snapshot_of({stage});
  snapshot.changelog = std::move(changes);
  snapshot.journal = std::move(journal);
  snapshot.goals = {{{"2025 data", "2025-data"}, {history}, day("2025-11-01"), day("2025-12-31")}};
  return make_status(snapshot, config_of({history}), nullptr, now);
}

/// The kind of line that a move makes, or nothing.
std::string kind(const char* before, const char* after) {
  const auto model = with({{history, "carry", at(noon), maybe(after), maybe(before), 0}});
  return model.changelog.empty() ? "" : std::string(name_of(model.changelog.front().kind));
}

std::string said(const StatusModel& model, Language language, std::size_t line = 0) {
  return log_text(model.changelog.at(line), model, Locale(language));
}

ledger::JournalEntry entry(ledger::JournalKind kind, const char* of_day = nullptr) {
  ledger::JournalEntry entry;
  entry.at = at(noon);
  entry.kind = kind;
  entry.row = history;
  entry.stage = "carry";
  entry.day = maybe(of_day);
  return entry;
}

} // namespace

TEST_CASE("A watermark's move is told when it is the first, passes a month, reaches the end or is undone",
          "[status]") {
  CHECK(kind(nullptr, "2025-11-12") == "begun");
  CHECK(kind("2025-11-12", "2025-11-08") == "");
  CHECK(kind("2025-11-12", "2025-11-02") == "");
  CHECK(kind("2025-11-12", "2025-11-01") == "month");
  CHECK(kind("2025-11-01", "2025-10-20") == "");
  CHECK(kind("2025-11-02", "2025-10-31") == "month");
  CHECK(kind("2025-11-12", "2025-09-10") == "finished");
  CHECK(kind("2025-11-12", nullptr) == "undone");
  CHECK(kind("2025-11-01", "2025-11-12") == "undone");
}

TEST_CASE("Moves are worded with what was before and with their exceptions, in both languages", "[status]") {
  const auto model = with({{history, "carry", at(noon), day("2025-10-30"), day("2025-11-12"), 2}});
  CHECK(said(model, Language::en) ==
        "A3 app instances – historic: migrated back to 30 October 2025, with exception "
        "for 2 days (was 12 November 2025)");
  CHECK(
      said(model, Language::nb) ==
      "A3 app-instanser – historisk: migrert tilbake til 30.10.2025, med unntak av 2 dager (var 12.11.2025)");
  const auto end = with({{history, "carry", at(noon), day("2025-09-10"), day("2025-11-12"), 1}});
  CHECK(said(end, Language::en) ==
        "A3 app instances – historic: all history is migrated, back to 10 September "
        "2025, with exception for 1 day (was 12 November 2025)");
}

TEST_CASE("The first of two steps is told as such", "[status]") {
  const auto model =
      with({{"a2-correspondence-historic", "migrate", at(noon), day("2025-10-30"), std::nullopt, 0}});
  CHECK_THAT(said(model, Language::en), Contains("first step (into Altinn 3 Correspondence)"));
}

TEST_CASE("The journal is worded, and days of one kind, row and date stand together", "[status]") {
  using Kind = ledger::JournalKind;
  auto paused = entry(Kind::paused);
  paused.who = "kari";
  paused.subject = "rows.a3-app-instances-historic.paused";
  auto setting = entry(Kind::setting);
  setting.row.clear();
  setting.who = "ola";
  setting.subject = "apis.storage.rate";
  setting.value = "120";
  auto goal = entry(Kind::goal_reached);
  goal.subject = "2025 data";
  auto differs = entry(Kind::verified, "2025-11-03");
  differs.value = "4";
  auto clean = entry(Kind::verified, "2025-11-05");
  clean.value = "0";
  auto clean_too = entry(Kind::verified, "2025-11-04");
  clean_too.value = "0";
  const auto model = with({}, {paused, setting, goal, entry(Kind::day_recovered, "2025-11-07"), differs,
                               clean, clean_too, entry(Kind::note)});
  REQUIRE(model.changelog.size() == 6);
  CHECK(said(model, Language::en, 0) == "A3 app instances – historic: paused, by kari");
  CHECK(said(model, Language::nb, 1) == "Innstillingen apis.storage.rate er nå 120, av ola");
  CHECK(said(model, Language::nb, 2) == "Målet «2025-data» er nådd");
  CHECK(said(model, Language::en, 3) == "A3 app instances – historic: 7 November 2025 left the exceptions");
  CHECK(said(model, Language::en, 4) ==
        "A3 app instances – historic: 3 November 2025 compared with the source, 4 records differ");
  CHECK(said(model, Language::nb, 5) ==
        "A3 app-instanser – historisk: 05.11.2025, 04.11.2025 sammenlignet med "
        "kilden, ingen forskjeller");
}

TEST_CASE("Lines of both kinds are newest first", "[status]") {
  auto later = entry(ledger::JournalKind::resumed);
  later.at = at("2025-11-20T13:00:00Z");
  const auto model = with({{history, "carry", at(noon), day("2025-11-12"), std::nullopt, 0}}, {later});
  REQUIRE(model.changelog.size() == 2);
  CHECK(model.changelog[0].kind == LogLine::Kind::resumed);
}

TEST_CASE("Throughput counts what the last stages of rows that are on have read, in spans of ten minutes",
          "[status]") {
  auto stage = history_stage("c");
  stage.rates = {
      {at("2025-11-20T14:31:00Z"), 30}, {at("2025-11-20T14:29:50Z"), 7}, {at("2025-11-19T14:29:50Z"), 9}};
  auto migrate = stage;
  migrate.row = "a2-correspondence-historic";
  migrate.stage = "migrate";
  const auto model = make_status(snapshot_of({stage, migrate}),
                                 config_of({history, "a2-correspondence-historic"}), nullptr, now);
  REQUIRE(model.throughput.records.size() == 72);
  CHECK(model.throughput.from == at("2025-11-20T02:40:00Z"));
  CHECK(model.throughput.records.back() == 30);
  CHECK(model.throughput.records[70] == 7);
  const auto html = render_html(model, Language::en, true);
  CHECK_THAT(html, Contains("Throughput of the last twelve hours: 37 records") &&
                       Contains("<th scope=\"row\">14:00 – 14:32</th><td class=\"n\">37</td>"));
}
