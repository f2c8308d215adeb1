#include "support.hpp"

using namespace dialogferry;
using namespace dialogferry::status;
using namespace dialogferry::status::test;

namespace {

StatusModel model_of(const ledger::StageSnapshot& stage, const ProgressSnapshot* progress = nullptr) {
  return make_status(snapshot_of({stage}), config_of({history, live}), progress, now);
}

} // namespace

TEST_CASE("Every row is there in its order, those without configuration as off", "[status]") {
  const auto model = model_of(history_stage("c"));
  REQUIRE(model.rows.size() == row_ids.size());
  for (std::size_t i = 0; i < row_ids.size(); ++i) {
    const auto& row = model.rows[i];
    CHECK(row.id == row_ids[i]);
    CHECK((row.state == RowState::off) == (row.id != history && row.id != live));
  }
  CHECK(model.environment == "tt02");
  CHECK(model.as_of == now);
}

TEST_CASE("A history row tells its watermark, its exceptions and its days", "[status]") {
  const auto model = model_of(history_stage("ccpcr"));
  const auto& row = row_of(model, history);
  CHECK(row.migrated_back_to == day("2025-11-11"));
  CHECK(row.exceptions == std::vector{day("2025-11-12")});
  CHECK(row.numbers == DayNumbers{14, 3, 1, 1});
  CHECK(row.state == RowState::warning);
  CHECK(row.counts.read() == 500);
  CHECK_FALSE(row.done());
}

TEST_CASE("Days outside of the plan are never more than all", "[status]") {
  auto stage = history_stage("cccccccccccccccccc");
  const auto model = model_of(stage);
  const auto& row = row_of(model, history);
  CHECK(row.numbers == DayNumbers{14, 14, 0, 0});
  CHECK(row.done());
  CHECK(row.state == RowState::ok);
  CHECK_FALSE(row.eta.has_value());
  CHECK_FALSE(row.estimating());
}

TEST_CASE("Before the ledger knows of a row, the configuration says what is planned", "[status]") {
  const auto model = make_status(snapshot_of({}), config_of({history}), nullptr, now);
  const auto& row = row_of(model, history);
  CHECK(row.from == day("2025-11-01"));
  CHECK(row.cutover == day("2025-11-14"));
  CHECK_FALSE(row.migrated_back_to.has_value());
  CHECK(row.numbers == DayNumbers{14, 0, 0, 0});
  CHECK(row.state == RowState::ok);
}

TEST_CASE("What is left is estimated from days like those that are done", "[status]") {
  auto stage = history_stage("cccc");
  stage.rates = steady(1, 600);
  const auto model = model_of(stage);
  const auto& row = row_of(model, history);
  REQUIRE(row.eta.has_value()); // ten days of a hundred records, one a second
  CHECK(static_cast<double>(row.eta->from.ticks - now.ticks) / Instant::per_second ==
        Approx(1000).epsilon(0.02));
  stage.rates = steady(1, 60);
  CHECK(row_of(model_of(stage), history).estimating());
}

TEST_CASE("Exceptions that need somebody make a warning, resolved and dismissed ones do not", "[status]") {
  auto snapshot = snapshot_of({history_stage("cc")});
  snapshot.causes = {{history, "carry", "M-3", 0, ledger::ExceptionState::resolved, 5},
                     {history, "carry", "M-3", 0, ledger::ExceptionState::dismissed, 6}};
  auto model = make_status(snapshot, config_of({history}), nullptr, now);
  CHECK(row_of(model, history).state == RowState::ok);
  CHECK(model.causes.empty());
  snapshot.causes.push_back({history, "carry", "M-3", 0, ledger::ExceptionState::retrying, 7});
  model = make_status(snapshot, config_of({history}), nullptr, now);
  CHECK(row_of(model, history).state == RowState::warning);
  CHECK(row_of(model, history).open_exceptions == 7);
}

TEST_CASE("Without an engine, a live row is as late as its oldest event or its oldest reading", "[status]") {
  ledger::StageSnapshot stage;
  stage.row = live;
  stage.stage = "carry";
  // A quiet stream: its cursor stands, but it was read to its end a moment ago.
  stage.feeds = {{"stream/skd", {at("2025-11-14T00:00:00Z"), {}}, now, at("2025-11-20T14:32:06Z")}};
  auto snapshot = snapshot_of({stage});
  const auto lag = [&] {
    return row_of(make_status(snapshot, config_of({live}), nullptr, now), live).live_lag_seconds;
  };
  CHECK(lag() == Approx(4));
  // One that has never been read to its end is as far back as it has come.
  snapshot.stages[0].feeds.push_back({"stream/ttd", {at("2025-11-20T14:02:10Z"), {}}, now, std::nullopt});
  CHECK(lag() == Approx(1800));
  snapshot.stages[0].feeds.pop_back();
  snapshot.inbox[live] = {3, at("2025-11-20T14:31:50Z")};
  CHECK(lag() == Approx(20));
  // Events that came before the row has done anything count as well.
  snapshot.stages.clear();
  CHECK(lag() == Approx(20));
  snapshot.inbox.clear();
  CHECK_FALSE(lag());
}

TEST_CASE("A live row tells what waits and when it last carried something", "[status]") {
  const auto model = full_model();
  CHECK(row_of(model, live).waiting == 4321);
  CHECK(row_of(model, live).last_carried_at == at("2025-11-20T14:31:58Z"));
  CHECK(row_of(model, live).state == RowState::ok);
  CHECK(row_of(model, history).waiting == 0);
}

TEST_CASE("A row that looks for changes every few minutes is late only after several of them", "[status]") {
  const std::string batch = "a2-archived-forms-live";
  ledger::StageSnapshot stage;
  stage.row = batch;
  stage.stage = "carry";
  const auto state = [&](const char* read_at) {
    stage.feeds = {{"stream/ttd", {at("2025-11-14T00:00:00Z"), {}}, now, at(read_at)}};
    return row_of(make_status(snapshot_of({stage}), config_of({batch}), nullptr, now), batch).state;
  };
  CHECK(state("2025-11-20T14:18:10Z") == RowState::ok);
  CHECK(state("2025-11-20T14:16:10Z") == RowState::warning);
}

TEST_CASE("A live row's delay comes from the engine, or else from its cursors", "[status]") {
  ledger::StageSnapshot stage;
  stage.row = live;
  stage.stage = "carry";
  stage.feeds = {{"stream", {at("2025-11-20T14:32:05Z"), {}}, now},
                 {"batch", {at("2025-11-20T14:30:10Z"), {}}, now}};
  const auto without_engine = model_of(stage);
  const auto& from_ledger = row_of(without_engine, live);
  CHECK(from_ledger.live_lag_seconds == Approx(120));
  CHECK(from_ledger.state == RowState::warning);

  ProgressSnapshot progress;
  progress.rows.resize(1);
  progress.rows[0].id = live;
  progress.rows[0].live_lag = std::chrono::milliseconds{1500};
  const auto model = model_of(stage, &progress);
  CHECK(row_of(model, live).live_lag_seconds == Approx(1.5));
  CHECK(row_of(model, live).state == RowState::ok);
  CHECK(model.engine_runs);
}

TEST_CASE("A row that something holds up is paused and says by what", "[status]") {
  ProgressSnapshot progress;
  progress.rows.resize(1);
  progress.rows[0].id = history;
  progress.rows[0].wait = Wait{WaitCode::down, "storage", {}};
  const auto model = model_of(history_stage("cp"), &progress);
  CHECK(row_of(model, history).state == RowState::paused);
  CHECK(row_of(model, history).wait->api == "storage");
}

TEST_CASE("A goal is reached, on track, at risk or late by the range of the time left", "[status]") {
  auto snapshot = snapshot_of({history_stage("cccc")});
  const auto state = [&](const char* from, const char* deadline) {
    snapshot.goals = {{{"goal", ""}, {history}, day(from), day(deadline)}};
    return make_status(snapshot, config_of({history}), nullptr, now).goals.front().state;
  };
  CHECK(state("2025-11-11", "2025-11-01") == GoalState::reached);
  CHECK(state("2025-11-10", "2025-11-30") == GoalState::unknown);
  CHECK(state("2025-11-10", "2025-11-19") == GoalState::late);
  snapshot.stages.front().rates = steady(1, 600);
  CHECK(state("2025-11-10", "2025-11-30") == GoalState::on_track);
  // 1 a second lately and 8 before: the 1 000 records that are left take 4 to 17 minutes.
  auto& rates = snapshot.stages.front().rates;
  rates = steady(8, 1800, 900);
  for (const auto& sample : steady(1, 900))
    rates.push_back(sample);
  for (auto& sample : rates)
    sample.at.ticks += at("2025-11-20T23:50:00Z").ticks - now.ticks;
  snapshot.goals = {{{"goal", ""}, {history}, day("2025-11-01"), day("2025-11-20")}};
  const auto at_night = make_status(snapshot, config_of({history}), nullptr, at("2025-11-20T23:50:00Z"));
  CHECK(at_night.goals.front().state == GoalState::at_risk);
  snapshot.goals.front().rows = {"a3-correspondence"};
  CHECK(make_status(snapshot, config_of({history}), nullptr, now).goals.front().state == GoalState::unknown);
}
