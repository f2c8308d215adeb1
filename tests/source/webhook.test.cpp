#include "../http/answers.hpp"

#include <dialogferry/codec/cloud_event.hpp>
#include <dialogferry/http/server.hpp>
#include <dialogferry/source/webhook.hpp>

#include <catch2/catch.hpp>

#include <mutex>

using namespace dialogferry;
using namespace dialogferry::source;
using Catch::Contains;

namespace {

const std::string record = "50001234/0dbc1da6-f744-4fff-83bc-131e7988a1bb";

std::string event_json(const std::string& type = "app.instance.created", const std::string& instance = record,
                       const std::string& id = "e-1") {
  return R"({"specversion":"1.0","id":")" + id + R"(","type":")" + type +
         R"(","source":"https://ttd.apps.tt02.altinn.no/ttd/form/instances/)" + instance +
         R"(","subject":"/party/50001234","resourceinstance":")" + instance + R"("})";
}

/// The webhook on a real server; what is noted is kept, and answered as the test says.
struct Hooked {
  explicit Hooked(std::string secret = {}, std::size_t most_waiting = 2000) {
    WebhookSetup setup;
    setup.secret = std::move(secret);
    setup.most_waiting = most_waiting;
    setup.counts = counts;
    setup.note = [this](std::vector<std::string> records, std::function<void(std::optional<Problem>)> done) {
      const std::lock_guard lock(mutex);
      noted.insert(noted.end(), records.begin(), records.end());
      held.push_back(std::move(done));
      if (!hold) release();
    };
    webhook.emplace(std::move(setup));
    http::ServerOptions options;
    options.listen = "127.0.0.1:0";
    server = http::Server::start(pool, options, {webhook->route()}).value();
    client = connect(pool, server->url());
  }

  void release() {
    for (auto& done : held)
      done(problem);
    held.clear();
  }

  http::Response post(std::string body, const std::string& query = {},
                      const std::string& type = "application/json") {
    auto request = ::post("/events" + query, std::move(body));
    request.content_type = type;
    auto answer = ::ask(*client, std::move(request));
    if (!answer) FAIL(answer.error().text);
    return *answer;
  }

  std::shared_ptr<WebhookCounts> counts = std::make_shared<WebhookCounts>();
  std::mutex mutex;
  bool hold = false;
  std::optional<Problem> problem;
  std::vector<std::string> noted;
  std::vector<std::function<void(std::optional<Problem>)>> held;
  http::IoPool pool{2};
  std::optional<Webhook> webhook;
  std::unique_ptr<http::Server> server;
  std::unique_ptr<http::Client> client;
};

} // namespace

TEST_CASE("An event that names an instance is noted and answered 200", "[webhook]") {
  Hooked hooked;
  const auto body =
      GENERATE(event_json(), event_json("app.instance.process.movedTo.Task_2"), event_json("anything.else"));
  CHECK(hooked.post(body).status == 200);
  CHECK(hooked.noted == std::vector{record});
  CHECK(hooked.counts->noted == 1);
}

TEST_CASE("An instance is found in the source where there is no resourceinstance, in lower case",
          "[webhook][storage 4.5]") {
  codec::Parser parser;
  const auto events = codec::read_cloud_events(
      parser, R"({"specversion":"1.0","id":"1","type":"t","source":"https://x/ttd/form/instances/50001234/)"
              R"(0DBC1DA6-F744-4FFF-83BC-131E7988A1BB"})");
  REQUIRE(events);
  CHECK(events->at(0).record_id == record);
}

TEST_CASE("A batch is noted as one, each record once", "[webhook]") {
  Hooked hooked;
  const std::string other = "50001234/0dbc1da6-f744-4fff-83bc-131e7988a1bc";
  CHECK(hooked.post("[" + event_json() + "," + event_json("t", other) + "," + event_json() + "]").status ==
        200);
  CHECK(hooked.noted == std::vector{record, other});
}

TEST_CASE(
    "The question whether we want events, and types that name no instance, are answered 200 and counted",
    "[webhook][storage 4.7]") {
  Hooked hooked;
  const auto source = R"("source":"https://platform.tt02.altinn.no/events/api/v1/subscriptions/7"})";
  CHECK(hooked
            .post(R"({"specversion":"1.0","id":"1","type":"platform.events.validatesubscription",)" +
                  std::string(source))
            .status == 200);
  CHECK(
      hooked.post(R"({"specversion":"1.0","id":"1","type":"something.new",)" + std::string(source)).status ==
      200);
  CHECK(hooked.noted.empty());
  CHECK(hooked.counts->without_instance == 2);
}

TEST_CASE("What is no CloudEvent is answered 400 with the field", "[webhook]") {
  const auto [body, field] =
      GENERATE(std::make_pair(std::string("{"), std::string("event")),
               std::make_pair(std::string(R"({"specversion":"0.3","id":"1","type":"t","source":"s"})"),
                              std::string("event.specversion")),
               std::make_pair(std::string(R"({"specversion":"1.0","type":"t","source":"s"})"),
                              std::string("event.id")),
               std::make_pair(std::string(R"({"specversion":"1.0","id":"1","type":"t"})"),
                              std::string("event.source")),
               std::make_pair(std::string(R"({"specversion":"1.0","id":"1","type":7,"source":"s"})"),
                              std::string("event.type")),
               std::make_pair("[" + event_json() + R"(,{"specversion":"1.0","id":"1","source":"s"}])",
                              std::string("events[1].type")));
  Hooked hooked;
  const auto answer = hooked.post(body);
  CHECK(answer.status == 400);
  CHECK_THAT(answer.body, Contains(field));
  CHECK(answer.content_type == "application/problem+json; charset=utf-8");
  CHECK(hooked.noted.empty());
  CHECK(hooked.counts->refused == 1);
}

TEST_CASE("A wrong secret is refused, from loopback too; no secret is enough only there", "[webhook]") {
  Hooked hooked("opens");
  CHECK(hooked.post(event_json(), "?code=opens").status == 200);
  CHECK(hooked.post(event_json()).status == 200);
  for (const auto* wrong : {"?code=", "?code=open", "?code=opensx", "?code=OPENS"})
    CHECK(hooked.post(event_json(), wrong).status == 401);
  CHECK(hooked.noted.size() == 2);
  hooked.webhook->set_secret("other");
  CHECK(hooked.post(event_json(), "?code=opens").status == 401);
  CHECK(hooked.post(event_json(), "?code=other").status == 200);
  Hooked open;
  CHECK(open.post(event_json(), "?code=anything").status == 401);
}

TEST_CASE("Another kind of body is answered 415, a body over 1 MiB 413", "[webhook]") {
  Hooked hooked;
  CHECK(hooked.post(event_json(), {}, "text/plain").status == 415);
  CHECK(hooked.post(event_json(), {}, "application/cloudevents+json; charset=utf-8").status == 200);
  CHECK(hooked.post(std::string((1 << 20) + 1, ' ')).status == 413);
}

TEST_CASE("An event is answered only once it is noted, and 503 where it could not be", "[webhook]") {
  Hooked hooked;
  hooked.problem = Problem{"ledger", "the disk is full", {}};
  const auto answer = hooked.post(event_json());
  CHECK(answer.status == 503);
  CHECK(answer.retry_after == std::chrono::seconds{5});
  CHECK(hooked.counts->shed == 1);
  CHECK(hooked.counts->noted == 0);
}

TEST_CASE("What is more than may wait to be noted is shed with 429 and Retry-After", "[webhook]") {
  Hooked hooked({}, 2);
  const std::string third = "1/0dbc1da6-f744-4fff-83bc-131e7988a1bd";
  const auto three = "[" + event_json("t", "1/0dbc1da6-f744-4fff-83bc-131e7988a1bb") + "," +
                     event_json("t", "1/0dbc1da6-f744-4fff-83bc-131e7988a1bc") + "," +
                     event_json("t", third) + "]";
  const auto answer = hooked.post(three);
  CHECK(answer.status == 429);
  CHECK(answer.retry_after == std::chrono::seconds{1});
  CHECK(hooked.noted.empty());
  CHECK(hooked.post(event_json()).status == 200); // what was shed does not count as waiting
}
