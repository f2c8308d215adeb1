#include "../http/answers.hpp"

#include <dialogferry/http/server.hpp>
#include <dialogferry/source/webhook.hpp>

#include <atomic>
#include <deque>

using namespace dialogferry;
using namespace dialogferry::source;
using namespace std::chrono_literals;

namespace {

const std::string guid = "0dbc1da6-f744-4fff-83bc-131e7988a1bb";

std::string event(const std::string& record) {
  return R"({"specversion":"1.0","id":"1","type":"app.instance.process.completed",)"
         R"("source":"https://ttd.apps.altinn.no/ttd/form/instances/)" +
         record + R"("})";
}

const std::string no_instance = R"({"specversion":"1.0","id":"1","type":"other","source":"urn:a"})";

/// A webhook behind a real server, and a ledger that answers when the test says so.
class Desk {
public:
  explicit Desk(WebhookOptions options = {})
      : webhook(
            std::move(options),
            [this](std::vector<std::string> records, Webhook::Noted done) {
              const std::lock_guard lock(mutex_);
              for (auto& record : records)
                asked_.push_back(std::move(record));
              if (at_once)
                done(*at_once);
              else
                open_.push_back(std::move(done));
            },
            [this] { return waiting.load(); })
      , server(http::Server::start(pool,
                                   [] {
                                     http::ServerOptions options;
                                     options.listen = "127.0.0.1:0";
                                     return options;
                                   }(),
                                   {webhook.route()})
                   .value())
      , client(connect(pool, server->url())) {}

  http::Response send(std::string body, const std::string& query = {},
                      std::string content_type = "application/json", std::vector<http::Header> headers = {}) {
    auto request = post("/events" + query, std::move(body));
    request.content_type = std::move(content_type);
    request.headers = std::move(headers);
    auto answer = ask(*client, std::move(request));
    REQUIRE(answer);
    return std::move(*answer);
  }

  std::vector<std::string> asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

  bool asked_for(std::size_t requests) {
    const auto end = std::chrono::steady_clock::now() + 30s;
    while (std::chrono::steady_clock::now() < end) {
      {
        const std::lock_guard lock(mutex_);
        if (open_.size() >= requests) return true;
      }
      std::this_thread::yield();
    }
    return false;
  }

  /// Tells the one who waits longest.
  void tell(std::optional<Problem> problem = std::nullopt) {
    Webhook::Noted done;
    {
      const std::lock_guard lock(mutex_);
      REQUIRE_FALSE(open_.empty());
      done = std::move(open_.front());
      open_.pop_front();
    }
    done(std::move(problem));
  }

  /// Loses everybody who waits.
  void forget() {
    std::deque<Webhook::Noted> lost;
    const std::lock_guard lock(mutex_);
    lost.swap(open_);
  }

  std::optional<std::optional<Problem>> at_once = std::optional<Problem>{};
  std::atomic<std::uint64_t> waiting{0};

private:
  std::mutex mutex_;
  std::vector<std::string> asked_;
  std::deque<Webhook::Noted> open_;

public:
  Webhook webhook;
  http::IoPool pool{1};
  std::unique_ptr<http::Server> server;
  std::unique_ptr<http::Client> client;
};

WebhookOptions with_secret(std::string secret) {
  WebhookOptions options;
  options.secret = std::move(secret);
  return options;
}

} // namespace

TEST_CASE("An event, and a batch of them, is noted by its record and answered 200", "[webhook]") {
  Desk desk;
  const auto one = desk.send(event("50001/" + guid), {}, "application/json; charset=utf-8");
  CHECK(one.status == 200);
  CHECK(desk.asked() == std::vector<std::string>{"50001/" + guid});
  const auto batch =
      desk.send("[" + event("50002/" + guid) + "," + no_instance + "," + event("50002/" + guid) + "]", {},
                "application/cloudevents-batch+json");
  CHECK(batch.status == 200);
  CHECK(batch.body == "{\"noted\":2,\"without_instance\":1}\n");
  CHECK(desk.asked() == std::vector<std::string>{"50001/" + guid, "50002/" + guid});
  const auto intake = desk.webhook.intake();
  CHECK(intake.noted == 3);
  CHECK(intake.joined == 1);
  CHECK(intake.without_instance == 1);
  CHECK(intake.under_way == 0);
}

TEST_CASE("An event of no instance is counted and answered 200, and so is the check of a subscription",
          "[webhook]") {
  Desk desk;
  CHECK(desk.send(no_instance).status == 200);
  CHECK(desk.send(R"({"specversion":"1.0","id":"1","type":"platform.events.validatesubscription",)"
                  R"("source":"https://p/events/api/v1/subscriptions/7"})")
            .status == 200);
  CHECK(desk.asked().empty());
  CHECK(desk.webhook.intake().without_instance == 2);
  CHECK(desk.webhook.intake().validations == 1);
}

TEST_CASE("200 is answered only after the ledger has the event", "[webhook]") {
  Desk desk;
  desk.at_once.reset();
  Answers answers;
  desk.client->send(std::make_shared<const http::Request>(post("/events", event("50001/" + guid))),
                    answers.handler());
  REQUIRE(desk.asked_for(1));
  // A request that comes later is answered, so the server has had its turn: the first one still waits.
  CHECK(desk.send(no_instance).status == 200);
  CHECK(answers.all().empty());
  CHECK(desk.webhook.intake().noted == 0);
  CHECK(desk.webhook.intake().under_way == 1);
  desk.tell();
  REQUIRE(answers.wait_for(1));
  CHECK(answers.all()[0]->status == 200);
  CHECK(desk.webhook.intake().noted == 1);
}

TEST_CASE("A ledger that does not take an event is no 200: the sender is asked to come again", "[webhook]") {
  Desk desk;
  desk.at_once = Problem{"ledger", "has no room on its disk", {}};
  const auto answer = desk.send(event("50001/" + guid));
  CHECK(answer.status == 503);
  CHECK(answer.retry_after == 10s);
  CHECK(answer.content_type == "application/problem+json");
  CHECK_THAT(answer.body, Catch::Contains("has no room on its disk"));
  CHECK(desk.webhook.intake().noted == 0);
  CHECK(desk.webhook.intake().failed == 1);
  CHECK(desk.webhook.intake().under_way == 0);

  // Nobody ever calls back: that is no 200 either.
  desk.at_once.reset();
  Answers answers;
  desk.client->send(std::make_shared<const http::Request>(post("/events", event("50001/" + guid))),
                    answers.handler());
  REQUIRE(desk.asked_for(1));
  desk.forget();
  REQUIRE(answers.wait_for(1));
  CHECK(answers.all()[0]->status == 500);
  CHECK(desk.webhook.intake().under_way == 0);
}

TEST_CASE("A secret that is given must be right; from outside one must be given", "[webhook]") {
  const auto body = event("50001/" + guid);
  const std::vector<http::Header> from_outside = {{"X-Forwarded-For", "203.0.113.7"}};
  Desk desk(with_secret("s3 cret&"));
  CHECK(desk.send(body).status == 200);
  CHECK(desk.send(body, "?code=s3%20cret%26").status == 200);
  CHECK(desk.send(body, "?code=s3+cret%26", "application/json", from_outside).status == 200);
  for (const auto* wrong : {"?code=", "?code=s3", "?code=s3%20cret%26x", "?code=x3%20cret%26"}) {
    CAPTURE(wrong);
    const auto answer = desk.send(body, wrong);
    CHECK(answer.status == 401);
    CHECK(answer.content_type == "application/problem+json");
    CHECK_THAT(answer.body, !Catch::Contains("s3"));
  }
  CHECK(desk.send(body, "", "application/json", from_outside).status == 401);
  CHECK(desk.send(body, "", "application/json", {{"Forwarded", "for=203.0.113.7"}}).status == 401);
  CHECK(desk.webhook.intake().refused_secret == 6);
  CHECK(desk.asked().size() == 3);

  desk.webhook.set_secret("another");
  CHECK(desk.send(body, "?code=s3%20cret%26").status == 401);
  CHECK(desk.send(body, "?code=another").status == 200);
}

TEST_CASE("Without a secret only this machine is let in", "[webhook]") {
  Desk desk;
  const auto body = event("50001/" + guid);
  CHECK(desk.send(body).status == 200);
  CHECK(desk.send(body, "?code=").status == 401);
  CHECK(desk.send(body, "?code=guess").status == 401);
  CHECK(desk.send(body, "", "application/json", {{"X-Forwarded-For", "203.0.113.7"}}).status == 401);
}

TEST_CASE("What is no CloudEvent is answered 400 with the member that breaks it", "[webhook]") {
  Desk desk;
  const auto one = desk.send(R"({"id":"1","source":"a","type":"t"})");
  CHECK(one.status == 400);
  CHECK(one.content_type == "application/problem+json");
  CHECK(one.body == "{\"title\":\"Bad Request\",\"status\":400,\"detail\":\"specversion is missing\","
                    "\"member\":\"specversion\"}\n");
  const auto batch =
      desk.send("[" + event("50001/" + guid) + R"(,{"specversion":"1.0","id":"1","source":"a"}])");
  CHECK(batch.status == 400);
  CHECK_THAT(batch.body, Catch::Contains(R"("member":"[1].type")"));
  CHECK(desk.send("").status == 400);
  CHECK(desk.asked().empty());
  CHECK(desk.webhook.intake().refused_invalid == 3);
}

TEST_CASE("Another content type is answered 415, a body over a megabyte 413", "[webhook]") {
  Desk desk;
  CHECK(desk.send(event("50001/" + guid), {}, "text/plain").status == 415);
  CHECK(desk.send(event("50001/" + guid), {}, "").status == 415);
  CHECK(desk.send(event("50001/" + guid), {}, "application/jsonx").status == 415);
  CHECK(desk.webhook.intake().refused_type == 3);
  CHECK(desk.send(event("50001/" + guid), {}, "Application/CloudEvents+JSON ; charset=UTF-8").status == 200);
  CHECK(desk.send(std::string((1 << 20) + 1, ' ')).status == 413);
  CHECK(desk.asked().size() == 1);
}

TEST_CASE("A batch of more than may ever wait is answered 413, not asked to come again", "[webhook]") {
  WebhookOptions options;
  options.most_under_way = 2;
  Desk desk(options);
  std::string batch;
  for (int i = 1; i <= 3; ++i)
    batch += (batch.empty() ? "[" : ",") + event("5000" + std::to_string(i) + "/" + guid);
  const auto answer = desk.send(batch + "]");
  CHECK(answer.status == 413);
  CHECK_FALSE(answer.retry_after);
  CHECK(desk.webhook.intake().refused_too_many == 1);
}

TEST_CASE("A flood holds no more than its bound; the rest is asked to come again", "[webhook]") {
  WebhookOptions options;
  options.most_under_way = 20;
  options.retry_after = 3s;
  Desk desk(options);
  desk.at_once.reset();
  http::ClientOptions many;
  many.base_url = desk.server->url();
  many.connections = 100;
  const auto flood = http::Client::create(desk.pool, many).value();
  Answers answers;
  for (int i = 0; i < 500; ++i)
    flood->send(std::make_shared<const http::Request>(
                    post("/events", event(std::to_string(50'000 + i) + "/" + guid))),
                answers.handler());
  REQUIRE(answers.wait_for(480));
  CHECK(desk.asked().size() == 20);
  CHECK(desk.webhook.intake().under_way == 20);
  CHECK(desk.webhook.intake().shed == 480);
  for (const auto& answer : answers.all()) {
    REQUIRE(answer);
    CHECK(answer->status == 429);
    CHECK(answer->retry_after == 3s);
  }
  for (int i = 0; i < 20; ++i)
    desk.tell();
  REQUIRE(answers.wait_for(500));
  CHECK(desk.webhook.intake().noted == 20);
  CHECK(desk.webhook.intake().under_way == 0);
  desk.at_once = std::optional<Problem>{};
  CHECK(desk.send(event("50001/" + guid)).status == 200);
}

TEST_CASE("While too many records wait in the ledger, events are turned away until there is room",
          "[webhook]") {
  WebhookOptions options;
  options.most_waiting = 10;
  Desk desk(options);
  desk.waiting = 10;
  const auto answer = desk.send(event("50001/" + guid));
  CHECK(answer.status == 503);
  CHECK(answer.retry_after == 10s);
  CHECK(desk.send(no_instance).status == 200);
  desk.waiting = 9;
  CHECK(desk.send(event("50001/" + guid)).status == 200);
  CHECK(desk.webhook.intake().shed == 1);
}
