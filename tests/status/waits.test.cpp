#include "support.hpp"

using namespace dialogferry;
using namespace dialogferry::status;
using namespace dialogferry::status::test;
using Catch::Contains;

namespace {

/// What an engine tells whose rows all wait for `wait`.
ProgressSnapshot waiting_for(const Wait& wait) {
  ProgressSnapshot progress;
  for (const auto& id : {history, live}) {
    RowProgress row;
    row.id = id;
    row.live_lag = std::chrono::seconds{2};
    row.wait = wait;
    progress.rows.push_back(std::move(row));
  }
  ApiProgress api;
  api.name = wait.api;
  api.wait = wait;
  progress.apis.push_back(std::move(api));
  return progress;
}

StatusModel model_of(const ledger::Snapshot& snapshot, const ProgressSnapshot* progress) {
  return make_status(snapshot, config_of({history, live}), progress, now);
}

const Wait asked{WaitCode::asked, "dialogporten", at("2025-11-20T15:32:10Z")};
const Wait down{WaitCode::down, "dialogporten", at("2025-11-20T14:33:00Z")};

ledger::Snapshot held(std::uint64_t records) {
  auto snapshot = snapshot_of({history_stage("cc")});
  snapshot.held = {{history, "carry", "dialogporten", "behind", records, now, at("2025-11-20T14:40:00Z")}};
  return snapshot;
}

} // namespace

TEST_CASE("A pause that Retry-After asked for holds up every row until then, and none is in order",
          "[status][OR-9]") {
  const auto progress = waiting_for(asked);
  const auto model = model_of(snapshot_of({history_stage("cc")}), &progress);
  for (const auto& id : {history, live}) {
    CHECK(row_of(model, id).state == RowState::paused);
    CHECK(row_of(model, id).wait == asked);
  }
  CHECK(model.stands_still());
  CHECK_THAT(render_json(model),
             Contains(R"("state":"paused","held_up_by":"dialogporten","waits_for":{"code":"asked",)"
                      R"("api":"dialogporten","until":"2025-11-20T15:32:10Z","records":0,"whole":true})"));
  CHECK_THAT(render_text(model, Language::en),
             Contains("On hold: Dialogporten asks to be left alone until 15:33 UTC.") &&
                 !Contains("Up to date") && !Contains("In order"));
  CHECK_THAT(render_text(model, Language::nb),
             Contains("Venter: Dialogporten ber om ro til kl. 15.33 UTC.") && !Contains("Oppdatert innen") &&
                 !Contains("I orden"));
  CHECK_THAT(
      render_metrics(model),
      Contains("dialogferry_waiting_until_seconds{api=\"dialogporten\",code=\"asked\"} 1763652730\n") &&
          Contains("dialogferry_waiting{row=\"a3-app-instances-live\",code=\"asked\","
                   "api=\"dialogporten\"} 1\n"));
}

TEST_CASE("No English word of a reason reaches the Norwegian page, in any form", "[status][OR-9]") {
  const auto forms = [](const StatusModel& model) {
    return std::vector<std::string>{render_html(model, Language::nb, false),
                                    render_markdown(model, Language::nb), render_text(model, Language::nb)};
  };
  auto snapshot = held(12);
  snapshot.stages[0].days.push_back({day("2025-11-12"), DayState::parked, 9, 0});
  for (const auto* reason :
       {"12 deferred", "3 not complete at the source yet", "timeout: no answer in 10 s", "status 503",
        "Content.Title: status 422, One or more validation errors; Content.Title: must not be empty"})
    snapshot.stages[0].parked.push_back({{history, "carry", day("2025-11-12"), "ttd", 0}, reason, now});
  for (const auto* cause : {"timeout", "reset", "connect", "token", ""})
    snapshot.causes.push_back({history, "carry", cause, 0, ledger::ExceptionState::open, 1});
  for (const auto code :
       {WaitCode::asked, WaitCode::down, WaitCode::behind, WaitCode::deferred, WaitCode::stream}) {
    const auto progress = waiting_for({code, "dialogporten", at("2025-11-21T00:10:00Z"), 200});
    const auto model = model_of(snapshot, &progress);
    for (const auto& form : forms(model)) {
      for (const auto* word : {"paused:", "asks", "answer", "down", "wait ", "next try", "deferred",
                               "timeout", "reset", "connect", "token:", "records", "complete at", "status 5",
                               "cause", "validation", "errors", "must not", "One or"})
        CHECK_THAT(form, !Contains(">" + std::string(word)) && !Contains(' ' + std::string(word)));
      CHECK_THAT(form, Contains("Svarte ikke i tide") && Contains("Det kom ikke noe helt svar") &&
                           Contains("En tekst mangler, er for lang eller kan ikke lagres"));
      CHECK_THAT(form, Contains("12 elementer venter og prøves igjen av seg selv"));
    }
  }
}

TEST_CASE("An outage says who does not answer and when it is asked again", "[status][OR-9]") {
  const auto progress = waiting_for(down);
  const auto model = model_of(snapshot_of({history_stage("cc")}), &progress);
  CHECK_THAT(render_html(model, Language::nb, false),
             Contains("Venter: Dialogporten svarer ikke, prøves igjen kl. 14.33 UTC. Ingenting går tapt"));
  CHECK_THAT(render_markdown(model, Language::en),
             Contains("**On hold: Dialogporten does not answer, next try 14:33 UTC.**"));
  auto tomorrow = down;
  tomorrow.until = at("2025-11-21T00:10:00Z");
  CHECK(wait_text(tomorrow, now, Locale(Language::nb)) ==
        "Dialogporten svarer ikke, prøves igjen 21.11.2025 kl. 00.10 UTC");
  tomorrow.until.reset();
  CHECK(wait_text(tomorrow, now, Locale(Language::en)) == "Dialogporten does not answer");
}

TEST_CASE("A row that waits for a day to be over says until when, and is no reason not to be ready",
          "[status][OR-1]") {
  const auto progress = waiting_for({WaitCode::day, "", at("2025-11-21T00:00:00Z"), 0, false});
  const auto model = model_of(snapshot_of({history_stage("cc")}), &progress);
  CHECK_FALSE(model.stands_still());
  CHECK_THAT(render_text(model, Language::nb),
             Contains("En del venter: en dag som ikke er over, overføres etter 21.11.2025 kl. 00.00 UTC."));
}

TEST_CASE("A share of records that waits is told of, without an engine too, and hides nothing that is needed",
          "[status][OR-9]") {
  auto snapshot = held(12);
  auto model = model_of(snapshot, nullptr);
  CHECK(row_of(model, history).state == RowState::paused);
  CHECK(row_of(model, history).deferred ==
        std::vector<DeferredShare>{{"dialogporten", "behind", 12, at("2025-11-20T14:40:00Z")}});
  CHECK_FALSE(model.stands_still());
  CHECK_THAT(render_text(model, Language::en),
             Contains("A part waits: something that Dialogporten needs is down, and 12 records wait, next "
                      "try 14:40 UTC.") &&
                 Contains("Partly on hold"));
  CHECK_THAT(render_html(model, Language::en, true),
             Contains("<dt>Tried again by itself</dt><dd>12 records</dd>"));
  CHECK_THAT(render_metrics(model),
             Contains("dialogferry_deferred_records{row=\"a3-app-instances-historic\",api=\"dialogporten\","
                      "why=\"behind\"} 12\n"));

  // A day that is parked for nothing else needs nobody.
  snapshot.stages[0] = history_stage("cp");
  snapshot.stages[0].parked[0].reason = "12 deferred";
  CHECK(row_of(model_of(snapshot, nullptr), history).state == RowState::paused);
  snapshot.stages[0].parked[0].reason = "the list answers 500";
  CHECK(row_of(model_of(snapshot, nullptr), history).state == RowState::warning);
  CHECK(row_of(model_of(snapshot, nullptr), history).wait.has_value());
}

TEST_CASE("Records that are not whole at the source count as deferred, for nobody's sake", "[status][OR-9]") {
  auto stage = history_stage("c");
  stage.counts[Outcome::deferred] = 3;
  const auto model = model_of(snapshot_of({stage}), nullptr);
  CHECK(row_of(model, history).deferred == std::vector<DeferredShare>{{"", "import", 3, std::nullopt}});
  CHECK(row_of(model, history).state == RowState::ok);
}

TEST_CASE("What holds up everything goes before what holds up a part, then what lasts longer", "[OR-9]") {
  const Wait part{WaitCode::deferred, "dialogporten", at("2025-11-21T00:00:00Z"), 3, false};
  CHECK(worse(part, down) == down);
  CHECK(worse(down, asked) == asked);
  CHECK(worse(asked, Wait{WaitCode::down, "storage", {}})->api == "storage");
  CHECK(worse(std::nullopt, part) == part);
  CHECK_FALSE(worse(std::nullopt, std::nullopt));
}

TEST_CASE("Where it does not speak of all service owners, the page names whom, in both languages",
          "[status][OR-4]") {
  auto config = config_of({history, live});
  config.rows.at(history).organisations = {"skd", "ttd"};
  config.rows.at(live).organisations = {};
  auto stage = history_stage("cc");
  stage.plan->organisations = {"skd", "ttd"};
  const auto model = make_status(snapshot_of({stage}), config, nullptr, now);
  CHECK_THAT(render_html(model, Language::en, false),
             Contains("</time></strong><br><small>Service owners: skd, ttd only</small></td>") &&
                 Contains("<p>Service owners: skd, ttd only.</p>"));
  CHECK_THAT(render_html(model, Language::nb, false), Contains("<small>Bare tjenesteeier: skd, ttd</small>"));
  CHECK_THAT(render_markdown(model, Language::nb),
             Contains("| ✔ A3 app-instanser – historisk | 13.11.2025 (Bare tjenesteeier: skd, ttd) |"));
  CHECK_THAT(render_text(model, Language::en), Contains("    Service owners: skd, ttd only\n"));
  CHECK_THAT(render_json(model), Contains(R"("organisations":["skd","ttd"])"));
  const auto all = make_status(snapshot_of({history_stage("cc")}), config_of({history}), nullptr, now);
  CHECK_THAT(render_html(all, Language::en, false), !Contains("Service owners:"));
}

TEST_CASE("A day that is not over is never within what is migrated back to", "[status][OR-1]") {
  const auto model = make_status(snapshot_of({history_stage("cc")}), config_of({history}), nullptr,
                                 at("2025-11-14T18:00:00Z"));
  const auto& row = row_of(model, history);
  CHECK_FALSE(row.migrated_back_to.has_value());
  CHECK(row.numbers == DayNumbers{14, 1, 0, 1});
}

TEST_CASE("What an operator has paused says by whom and since when, and hides no other source", "[status]") {
  auto snapshot = snapshot_of({history_stage("cc")});
  snapshot.settings = {{"rows." + history + ".paused", "true", "kari", at("2025-11-20T14:00:00Z")}};
  auto model = make_status(snapshot, config_of({history, live}), nullptr, now);
  CHECK(row_of(model, history).state == RowState::paused);
  CHECK(row_of(model, live).state == RowState::ok);
  CHECK_FALSE(model.stands_still());
  CHECK_THAT(render_text(model, Language::en), Contains("Paused by kari since 2025-11-20 14:00:00 UTC"));
  CHECK_THAT(render_json(model), Contains(R"("paused":{"who":"kari","since":"2025-11-20T14:00:00Z"})"));
  CHECK_THAT(render_metrics(model), Contains(R"(dialogferry_waiting{row="a3-app-instances-historic",)"
                                             R"(code="operator",api=""} 1)"));
  ProgressSnapshot progress = waiting_for({WaitCode::by_operator, "", std::nullopt});
  model = make_status(snapshot, config_of({history}), &progress, now);
  CHECK_FALSE(row_of(model, history).wait); // the engine says the same
  CHECK_FALSE(model.stands_still());        // it is as somebody wants it to be
}

TEST_CASE("A pause of the configuration is shown where no operator has taken it back", "[status]") {
  auto snapshot = snapshot_of({history_stage("cc")});
  auto config = config_of({history, live});
  config.rows.at(live).paused = true;
  const auto model = make_status(snapshot, config, nullptr, now);
  CHECK(row_of(model, live).state == RowState::paused);
  CHECK_THAT(render_json(model), Contains(R"("paused":{"who":"","since":null})"));
  CHECK_THAT(render_text(model, Language::nb), Contains("Satt på pause i konfigurasjonen"));
  snapshot.settings = {{"rows." + live + ".paused", "false", "kari", now}};
  CHECK(row_of(make_status(snapshot, config, nullptr, now), live).state == RowState::ok);
}

TEST_CASE("A paused API holds every row up, on purpose and for as long as somebody wants", "[status]") {
  Wait wait{WaitCode::by_operator, "dialogporten", std::nullopt};
  wait.who = "kari";
  wait.since = at("2025-11-20T14:00:00Z");
  const auto progress = waiting_for(wait);
  const auto model = model_of(snapshot_of({history_stage("cc")}), &progress);
  CHECK_FALSE(model.stands_still());
  CHECK_THAT(render_text(model, Language::en),
             Contains("On purpose: Dialogporten is paused by kari 2025-11-20 14:00:00 UTC."));
  CHECK_THAT(render_text(model, Language::nb), Contains("Dialogporten er satt på pause av kari 20.11.2025"));
  CHECK_THAT(render_json(model),
             Contains(R"("waits_for":{"code":"operator","api":"dialogporten","until":null,)"
                      R"("records":0,"whole":true,"who":"kari",)"
                      R"("since":"2025-11-20T14:00:00Z"})"));
}
