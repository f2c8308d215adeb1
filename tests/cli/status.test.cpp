#include "../../src/cli/status_server.hpp"
#include "run.hpp"
#include "scratch.hpp"

#include <dialogferry/http/client.hpp>
#include <dialogferry/ledger/ledger.hpp>

#include <catch2/catch.hpp>

#include <future>

using namespace dialogferry;
using Catch::Contains;

namespace {

/// A configuration, and a ledger that has carried one of two days.
class Begun {
public:
  Begun() {
    file = folder.write("ferry.toml", R"(environment = "local"
[apis.storage]
base_url = "http://127.0.0.1:1"
[apis.register]
base_url = "http://127.0.0.1:1"
[apis.dialogporten]
base_url = "http://127.0.0.1:1"
[rows.a3-app-instances-historic]
from = 2025-03-01
cutover = 2025-11-14
[status]
listen = "127.0.0.1:0"
)");
    const Day day = *parse_day("2025-11-14");
    const auto now = system_now();
    auto ledger = *ledger::open("sqlite:" + folder.path("ferry.db"), "local", ledger::OpenMode::engine, now);
    REQUIRE(ledger->set_plan({"a3-app-instances-historic", "carry", day.previous(), day, {"ttd"}}, now));
    const ledger::ShardStart starts[] = {
        {{"a3-app-instances-historic", "carry", day, "ttd", 0}, day.start(), day.end()}};
    REQUIRE(ledger->start_shards(starts, now));
    std::vector<ledger::Commit> commits(1);
    commits[0].key = starts[0].key;
    commits[0].counts[Outcome::created] = 7;
    commits[0].state = ledger::StateChange{ShardState::complete, "", {}};
    REQUIRE(ledger->commit(commits, now));
  }

  Ran status(std::vector<std::string> words) const {
    words.insert(words.begin(), {"status", "--config", file});
    return run(words);
  }

  Scratch folder;
  std::string file;
};

/// An engine that only tells of a row that waits.
class WaitingEngine : public engine::Engine {
public:
  std::vector<GoalConfig> goals = {};

  ProgressSnapshot progress() const override {
    ProgressSnapshot snapshot;
    snapshot.rows.emplace_back();
    snapshot.rows[0].id = "a3-app-instances-historic";
    snapshot.rows[0].wait = Wait{WaitCode::down, "storage", {}};
    return snapshot;
  }
  void reconfigure(const Config&) override {}
  engine::Configured configured() const override {
    engine::Configured now;
    now.in_force.rows.at("a3-app-instances-historic").enabled = true;
    now.in_force.goals = goals;
    return now;
  }
  void set(ledger::Setting, std::function<void(std::optional<Problem>)> done) override { done(std::nullopt); }
  void add_note(ledger::Note, std::function<void(std::optional<Problem>)> done) override {
    done(std::nullopt);
  }
  bool takes_events() const override { return false; }
  void note_events(std::vector<std::string>, std::function<void(std::optional<Problem>)> done) override {
    done(std::nullopt);
  }
  void stop() override {}
  std::optional<engine::Ending> wait_for(std::chrono::milliseconds) override { return std::nullopt; }
  bool close(std::chrono::milliseconds) override { return true; }
  bool fail_one(std::string_view) override { return false; }
};

/// One that takes events, which it notes or not as the test says.
class EventsEngine : public WaitingEngine {
public:
  bool takes_events() const override { return true; }
  void note_events(std::vector<std::string> records,
                   std::function<void(std::optional<Problem>)> done) override {
    for (auto& record : records)
      noted.push_back(std::move(record));
    done(answer);
  }
  std::vector<std::string> noted;
  std::optional<Problem> answer;
};

int send_event(const std::string& address, const std::string& query, std::vector<http::Header> headers = {}) {
  http::IoPool pool(1);
  http::ClientOptions options;
  options.base_url = address;
  const auto client = *http::Client::create(pool, std::move(options));
  auto request = std::make_shared<http::Request>();
  request->method = http::Method::post;
  request->target = "/events" + query;
  request->content_type = "application/json";
  request->headers = std::move(headers);
  request->body = R"({"specversion":"1.0","id":"1","type":"app.instance.created",)"
                  R"("source":"https://ttd.apps.altinn.no/ttd/form/instances/50001/)"
                  R"(0dbc1da6-f744-4fff-83bc-131e7988a1bb"})";
  std::promise<http::Answer> answer;
  client->send(request, [&](http::Answer got) { answer.set_value(std::move(got)); });
  return answer.get_future().get().value().status;
}

std::string get(const std::string& address, const std::string& path) {
  http::IoPool pool(1);
  http::ClientOptions options;
  options.base_url = address;
  const auto client = *http::Client::create(pool, std::move(options));
  auto request = std::make_shared<http::Request>();
  request->target = path;
  std::promise<http::Answer> answer;
  client->send(request, [&](http::Answer got) { answer.set_value(std::move(got)); });
  return answer.get_future().get().value().body;
}

} // namespace

TEST_CASE("status shows in every form what the ledger knows, without an engine", "[cli][status]") {
  const Begun begun;
  CHECK_THAT(begun.status({}).out, Contains("2025-11-14"));
  CHECK_THAT(begun.status({"--json"}).out, Contains("\"migrated_back_to\"") && Contains("2025-11-14"));
  CHECK(begun.status({"--json"}).out.substr(0, 20) == begun.status({"--format", "json"}).out.substr(0, 20));
  CHECK_THAT(begun.status({"--format", "html"}).out, Catch::StartsWith("<!doctype html>\n<html lang=\"en\""));
  CHECK_THAT(begun.status({"--format", "html", "--lang", "nb"}).out, Contains("<html lang=\"nb\""));
  CHECK_THAT(begun.status({"--format", "markdown"}).out, Contains("|"));
  CHECK(begun.status({"--format", "pdf"}).exit == 2);
  CHECK(begun.status({"--lang", "de"}).exit == 2);
}

TEST_CASE("status writes files in both languages, all forms or one", "[cli][status]") {
  const Begun begun;
  CHECK(begun.status({"--output", begun.folder.path("all")}).exit == 0);
  for (const auto* name : {"index.html", "index.nb.html", "status.json", "status.md", "status.nb.md"})
    CHECK(std::filesystem::file_size(begun.folder.path("all/") + name) > 100);
  CHECK(begun.status({"--format", "html", "--output", begun.folder.path("one")}).exit == 0);
  CHECK_FALSE(std::filesystem::exists(begun.folder.path("one/status.json")));
  CHECK(begun.status({"--output", begun.file + "/below-a-file"}).exit == 1);
}

TEST_CASE("A running engine's status is served, with what holds it up", "[cli][status][OR-9]") {
  const Begun begun;
  WaitingEngine engine;
  const auto config = cli::load_config(begun.file, {}).value().config;
  const auto served = cli::serve_status(config, engine);
  REQUIRE(served);
  CHECK_THAT(get(served->address, "/"), Contains("Storage does not answer"));
  CHECK_THAT(get(served->address, "/readyz"),
             Contains(R"({"ready":false,"rows":[{"id":"a3-app-instances-historic","waits_for":)"));
  CHECK_THAT(get(served->address, "/api/status"),
             Contains("\"state\":\"paused\"") || Contains("\"state\": \"paused\""));
  CHECK_FALSE(get(served->address, "/healthz").empty());
  served->every_second();
}

TEST_CASE("A goal that is reached is noted in the journal once, by a running engine", "[cli][status]") {
  const Begun begun;
  WaitingEngine engine;
  auto config = cli::load_config(begun.file, {}).value().config;
  const Day day = *parse_day("2025-11-14");
  config.goals = {{{"The last day", "Den siste dagen"}, {"a3-app-instances-historic"}, day, day},
                  {{"Both days", "Begge dager"}, {"a3-app-instances-historic"}, day.previous(), day}};
  engine.goals = config.goals;
  for (int again = 0; again < 2; ++again) {
    const auto served = cli::serve_status(config, engine);
    REQUIRE(served);
    get(served->address, "/api/status");
  }
  const auto ledger = *ledger::open(config.ledger.url, "local", ledger::OpenMode::read_only, system_now());
  const auto journal = ledger->snapshot().value().journal;
  REQUIRE(journal.size() == 1);
  CHECK(journal[0].kind == ledger::JournalKind::goal_reached);
  CHECK(journal[0].subject == "The last day");
}

TEST_CASE("Events are taken where a row takes them, with the secrets of the file",
          "[cli][status][webhook][OE-3]") {
  const Begun begun;
  EventsEngine engine;
  auto config = cli::load_config(begun.file, {}).value().config;
  config.status.webhook_secret_file = begun.folder.write("hook.secret", "\n s3cret \r\n");
  const auto served = cli::serve_status(config, engine);
  REQUIRE(served);
  CHECK(send_event(served->address, "") == 401);
  CHECK(send_event(served->address, "?code=s3cret") == 200);
  CHECK(send_event(served->address, "?code=wrong") == 401);
  CHECK(send_event(served->address, "", {{"X-Forwarded-For", "203.0.113.7"}}) == 401);
  CHECK(engine.noted == std::vector<std::string>(1, "50001/0dbc1da6-f744-4fff-83bc-131e7988a1bb"));
  CHECK_THAT(get(served->address, "/metrics"),
             Contains("dialogferry_events_total{result=\"noted\"} 1\n") &&
                 Contains("dialogferry_event_requests_refused_total{reason=\"secret\"} 3\n"));

  begun.folder.write("hook.secret", "another\n\n s3cret\n");
  CHECK(served->reconfigure(config));
  CHECK(send_event(served->address, "?code=s3cret") == 200);
  CHECK(send_event(served->address, "?code=another") == 200);
  begun.folder.write("hook.secret", "another");
  CHECK(served->reconfigure(config));
  CHECK(send_event(served->address, "?code=s3cret") == 401);
  CHECK(send_event(served->address, "?code=another") == 200);
  begun.folder.write("hook.secret", " \n");
  const auto refused = served->reconfigure(config);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().member == "status.webhook_secret_file");
  CHECK(send_event(served->address, "?code=another") == 200);
  CHECK_FALSE(cli::serve_status(config, engine));

  engine.answer = Problem{"engine", "stops", {}};
  CHECK(send_event(served->address, "?code=another") == 503);
}

TEST_CASE("Where no row takes events there is no such address", "[cli][status][webhook]") {
  const Begun begun;
  WaitingEngine engine;
  const auto served = cli::serve_status(cli::load_config(begun.file, {}).value().config, engine);
  REQUIRE(served);
  CHECK(send_event(served->address, "") == 404);
}

TEST_CASE("An address that is taken is a problem", "[cli][status]") {
  const Begun begun;
  WaitingEngine engine;
  auto config = cli::load_config(begun.file, {}).value().config;
  const auto first = cli::serve_status(config, engine);
  REQUIRE(first);
  config.status.listen = first->address.substr(7);
  CHECK_FALSE(cli::serve_status(config, engine));
}
