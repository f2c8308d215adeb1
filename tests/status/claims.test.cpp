#include "../../src/status/wording.hpp"
#include "support.hpp"

using namespace dialogferry;
using namespace dialogferry::status;
using namespace dialogferry::status::test;
using Catch::Contains;

namespace {

StatusModel model_of(const ledger::Snapshot& snapshot,
                     const std::vector<std::string>& rows = {history, live}) {
  return make_status(snapshot, config_of(rows), nullptr, now);
}

ledger::StageSnapshot followed(const char* up_to_date_at) {
  ledger::StageSnapshot stage;
  stage.row = live;
  stage.stage = "carry";
  stage.feeds = {{"stream", {at(up_to_date_at), {}}, now}};
  return stage;
}

std::string live_said(const StatusModel& model) {
  return live_sentence(model, Locale(Language::en)).text;
}

const std::string everything = "cccccccccccccc";

} // namespace

TEST_CASE("A row of which nothing is known has no mark of success", "[status]") {
  const auto model = model_of(snapshot_of({}));
  for (const auto& id : {history, live}) {
    CHECK(mark_of(row_of(model, id)) == RowState::off);
    CHECK(state_text(row_of(model, id), Locale(Language::en)) == "Not begun");
  }
  CHECK(live_said(model) == "Live sync: changes do not show up in Dialogporten at present");
  CHECK_FALSE(live_sentence(model, Locale(Language::en)).claims);
  CHECK(headline(model, Locale(Language::en)) == "Nothing has been carried yet");
}

TEST_CASE("Live sync is claimed for those rows alone that are up to date, and the others are named",
          "[status]") {
  auto snapshot = snapshot_of({followed("2025-11-20T14:32:07Z")});
  CHECK(live_said(model_of(snapshot, {live})) ==
        "Live sync: all changes (forms, messages) show up in Dialogporten, at present within 3 s");
  const std::string others = "a3-correspondence";
  const auto partly = model_of(snapshot, {live, others});
  CHECK_THAT(live_said(partly), Contains("all other changes"));
  const auto troubles = live_troubles(partly, Locale(Language::en));
  REQUIRE(troubles.size() == 1);
  CHECK(troubles[0].second == "A3 Correspondence: not begun");
  snapshot.causes = {{live, "carry", "M-3", 0, ledger::ExceptionState::open, 7}};
  CHECK_THAT(live_said(model_of(snapshot, {live})), Contains("do not show up"));
  CHECK(live_troubles(model_of(snapshot, {live}), Locale(Language::en))[0].second ==
        "A3 app instances – live: 7 records are missing");
  CHECK(standing(row_of(model_of(snapshot, {live}), live), Locale(Language::en)) ==
        "Up to date within 3 s, with exception for 7 records");
}

TEST_CASE("Records that wait keep live sync from being claimed", "[status]") {
  auto snapshot = snapshot_of({followed("2025-11-20T14:32:07Z")});
  snapshot.held = {{live, "carry", "dialogporten", "behind", 12, now, at("2025-11-20T14:40:00Z")}};
  CHECK_THAT(live_said(model_of(snapshot, {live})), Contains("do not show up"));
}

TEST_CASE("What an operator has paused is told with who and when, and is no success", "[status]") {
  auto snapshot = snapshot_of({history_stage(everything), followed("2025-11-20T14:32:07Z")});
  snapshot.settings = {{"rows.a3-app-instances-live.paused", "true", "kari", at("2025-11-20T08:00:00Z")}};
  const auto model = model_of(snapshot);
  const auto& row = row_of(model, live);
  CHECK(row.state == RowState::paused);
  CHECK(state_text(row, Locale(Language::nb)) == "Satt på pause");
  CHECK(hold_text(row, now, Locale(Language::en)) == "Paused by kari since 20 November 2025 08:00:00 UTC");
  CHECK_THAT(live_said(model), Contains("do not show up"));
  CHECK_THAT(headline(model, Locale(Language::en)),
             Contains("Paused by an operator: A3 app instances – live"));
  CHECK_THAT(render_json(model), Contains(R"("paused":{"who":"kari","since":"2025-11-20T08:00:00Z"})"));
  snapshot.settings[0].value = "false";
  CHECK(row_of(model_of(snapshot), live).state == RowState::ok);
}

TEST_CASE("All is not done while a day is an exception, and says for how many", "[status]") {
  const auto model = model_of(snapshot_of({history_stage("cccccpcccccccc")}), {history});
  CHECK(eta_text(row_of(model, history), now, Locale(Language::en)) == "Done, with exception for 1 day");
  CHECK_THAT(render_html(model, Language::en, true),
             Contains("<dt>All history done</dt><dd>Done, with exception for 1 day</dd>") &&
                 Contains("<dt>Missing</dt><dd>1 day</dd>"));
}

TEST_CASE("What is compared, and what could not be, is told in people's words", "[status]") {
  ProgressSnapshot progress;
  auto& row = progress.rows.emplace_back();
  row.id = history;
  row.comparing = day("2025-11-12");
  row.not_compared = {{day("2025-11-13"), "storage: status 500", now}};
  const auto snapshot = snapshot_of({history_stage(everything)});
  const auto model = make_status(snapshot, config_of({history, live}), &progress, now);
  const auto value_of = [&](const char* name, Language language) {
    for (const auto& figure : row_figures(row_of(model, history), model, Locale(language)))
      if (figure.name == name) return figure.value;
    return std::string("–");
  };
  CHECK(value_of("Being compared with the source", Language::en) ==
        Locale(Language::en).day(day("2025-11-12")));
  const auto english = value_of("Could not be compared", Language::en);
  CHECK_THAT(english,
             Contains(Locale(Language::en).day(day("2025-11-13"))) && Contains("Tried again by itself"));
  const auto norwegian = value_of("Kunne ikke sammenlignes", Language::nb);
  CHECK_THAT(norwegian, Contains("13.") && Contains("Prøves igjen av seg selv") && !Contains("status 500"));
  CHECK_THAT(render_metrics(model, nullptr),
             Contains("dialogferry_uncompared_day_tally{row=\"a3-app-instances-historic\"} 1"));
}

TEST_CASE("Sentence, figures and table count the same days, and days of exception are not carried",
          "[status]") {
  auto stage = history_stage("cpcp");
  stage.parked[0].reason = "12 deferred";
  auto migrate = history_stage("cccp");
  migrate.row = stage.row = "a2-correspondence-historic";
  stage.stage = "publish";
  migrate.stage = "migrate";
  migrate.parked[0].key.day = day("2025-11-02"); // further back than the second hop has come
  const auto model = model_of(snapshot_of({migrate, stage}), {"a2-correspondence-historic"});
  CHECK(headline(model, Locale(Language::en)) == "Needs attention: 2 days. Everything else goes on");
  CHECK_THAT(render_html(model, Language::en, true),
             Contains("<dt>Missing</dt><dd>2 days</dd>") &&
                 Contains("<dt>Tried again by itself</dt><dd>1 day</dd>") &&
                 Contains("<dt>Days carried</dt><dd>2 of 14 days (14%)</dd>"));
}

TEST_CASE("A day is verified only after it was compared, and one that differs needs attention", "[status]") {
  auto stage = history_stage(everything);
  stage.days[0].verified = ledger::DayCheck::clean;
  stage.days[1].verified = ledger::DayCheck::sampled;
  auto model = model_of(snapshot_of({stage}), {history});
  CHECK(row_of(model, history).numbers.verified == 1);
  CHECK_THAT(render_html(model, Language::en, true),
             Contains("14 November 2025: Complete, and compared with the source, 100 records") &&
                 Contains("13 November 2025: Complete, 100 records"));
  stage.days[0].state = DayState::running; // begun anew
  CHECK(row_of(model_of(snapshot_of({stage}), {history}), history).numbers.verified == 0);
  stage.days[0].state = DayState::complete;
  stage.days[0].verified = ledger::DayCheck::differs;
  model = model_of(snapshot_of({stage}), {history});
  CHECK(row_of(model, history).state == RowState::warning);
  CHECK(headline(model, Locale(Language::en)) ==
        "Needs attention: 1 day differ from the source. Everything else goes on");
}

TEST_CASE("A row speaks of the service owners that its plan has, whatever the configuration says since",
          "[status][OR-4]") {
  auto config = config_of({history});
  config.rows.at(history).organisations = {"skd", "ttd", "nav"};
  const auto model = make_status(snapshot_of({history_stage("cc")}), config, nullptr, now);
  CHECK(row_of(model, history).organisations == std::vector<std::string>{"ttd"});
}

TEST_CASE("A goal that nobody set out for, or that has no rows, is not reached", "[status]") {
  auto snapshot = snapshot_of({history_stage(everything)});
  const auto goal = [&](std::vector<std::string> rows, const char* from) {
    snapshot.goals = {{{"goal", "mål"}, std::move(rows), day(from), day("2025-12-31")}};
    return model_of(snapshot, {history}).goals.front();
  };
  CHECK(goal({history}, "2025-11-01").state == GoalState::reached);
  CHECK(goal({history}, "2025-01-01").state == GoalState::unknown);
  CHECK(goal({history}, "2025-01-01").rows_short == std::vector<std::string>{history});
  CHECK(goal({}, "2025-11-01").state == GoalState::unknown);
  CHECK(goal({history, live}, "2025-11-01").state == GoalState::unknown);
}

TEST_CASE("A goal tells how far it is, and what it was reached without", "[status]") {
  auto snapshot = snapshot_of({history_stage("ccp")});
  snapshot.goals = {{{"goal", "mål"}, {history}, day("2025-11-12"), day("2025-12-31")}};
  auto goal = model_of(snapshot, {history}).goals.front();
  CHECK(goal.state == GoalState::reached);
  CHECK(goal_text(goal, Locale(Language::nb)) == "Nådd, med unntak av 1 dag");
  CHECK(goal_progress(goal, Locale(Language::en)) == "2 of 3 days (66%)");
  snapshot.goals[0].from = day("2025-11-05");
  goal = model_of(snapshot, {history}).goals.front();
  CHECK(goal_progress(goal, Locale(Language::nb)) == "2 av 10 dager (20\u00a0%)");
}
