#include "../http/answers.hpp"
#include "../http/wire.hpp"

#include <dialogferry/http/server.hpp>
#include <dialogferry/source/webhook.hpp>

#include <atomic>
#include <deque>

using namespace dialogferry;
using namespace dialogferry::source;
using namespace std::chrono_literals;

namespace {

const std::string guid = "0dbc1da6-f744-4fff-83bc-131e7988a1bb";

std::string event(const std::string& record, const std::string& id = "1") {
  return R"({"specversion":"1.0","id":")" + id + R"(","type":"app.instance.process.completed",)" +
         R"("source":"https://ttd.apps.altinn.no/ttd/form/instances/)" + record + R"("})";
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

WebhookOptions with_secrets(std::vector<std::string> secrets) {
  WebhookOptions options;
  options.secrets = std::move(secrets);
  return options;
}

} // namespace

TEST_CASE("An event, and a batch of them, is noted by its record and answered 200", "[webhook]") {
  Desk desk;
  const auto one = desk.send(event("50001/" + guid), {}, "application/json; charset=utf-8");
  CHECK(one.status == 200);
  CHECK(desk.asked() == std::vector<std::string>{"50001/" + guid});
  const auto batch =
      desk.send("[" + event("50002/" + guid) + "," + no_instance + "," + event("50002/" + guid, "2") + "]",
                {}, "application/cloudevents-batch+json");
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

TEST_CASE("A secret that is configured is asked of everybody, wherever the request comes from", "[webhook]") {
  const auto body = event("50001/" + guid);
  const std::vector<http::Header> from_outside = {{"X-Forwarded-For", "203.0.113.7"}};
  Desk desk(with_secrets({"s3 cret&"}));
  CHECK(desk.send(body, "?code=s3%20cret%26").status == 200);
  CHECK(desk.send(body, "?code=s3+cret%26", "application/json", from_outside).status == 200);
  for (const auto* wrong : {"", "?code", "?code=", "?code=s3", "?code=s3%20cret%26x", "?code=x3%20cret%26",
                            "?code=%zz", "?x=s3%20cret%26"}) {
    CAPTURE(wrong);
    for (const auto& headers : {std::vector<http::Header>{}, from_outside}) {
      const auto answer = desk.send(body, wrong, "application/json", headers);
      CHECK(answer.status == 401);
      CHECK(answer.content_type == "application/problem+json");
      CHECK_THAT(answer.body, !Catch::Contains("s3"));
    }
  }
  CHECK(desk.webhook.intake().refused_secret == 16);
  CHECK(desk.asked().size() == 2);
}

TEST_CASE("A secret with a plus is known as it is sent and as a form encodes it", "[webhook][OE-2]") {
  Desk desk(with_secrets({"Z1h40sSiqndXkMz3O9UlMzs3shye+inEb6BEhOpBcUI="}));
  const std::string check = R"({"specversion":"1.0","id":"9a925ffa-a8f0-4430-b720-d52f84f53c6e",)"
                            R"("source":"https://platform.tt02.altinn.no/events/api/v1/subscriptions/101",)"
                            R"("type":"platform.events.validatesubscription"})";
  for (const auto* code : {"?code=Z1h40sSiqndXkMz3O9UlMzs3shye+inEb6BEhOpBcUI=",
                           "?code=Z1h40sSiqndXkMz3O9UlMzs3shye%2BinEb6BEhOpBcUI%3D",
                           "?code=Z1h40sSiqndXkMz3O9UlMzs3shye%2binEb6BEhOpBcUI="}) {
    CAPTURE(code);
    CHECK(desk.send(check, code, "application/json; charset=utf-8", {{"X-Forwarded-For", "20.31.12.6"}})
              .status == 200);
  }
  CHECK(desk.send(check, "?code=Z1h40sSiqndXkMz3O9UlMzs3shye%20inEb6BEhOpBcUI=").status == 401);
  CHECK(desk.webhook.intake().validations == 3);
}

TEST_CASE("While a secret is changed the old one and the new one are good", "[webhook][OE-3]") {
  const auto body = event("50001/" + guid);
  Desk desk(with_secrets({"old"}));
  CHECK(desk.send(body, "?code=old").status == 200);
  desk.webhook.set_secrets({"new", "old"});
  CHECK(desk.send(body, "?code=old").status == 200);
  CHECK(desk.send(body, "?code=new").status == 200);
  CHECK(desk.send(body, "?code=older").status == 401);
  CHECK(desk.send(body, "?code=newold").status == 401);
  desk.webhook.set_secrets({"new"});
  CHECK(desk.send(body, "?code=old").status == 401);
  CHECK(desk.send(body, "?code=new").status == 200);
}

TEST_CASE("Without a secret only this machine is let in, and nobody by way of a proxy", "[webhook]") {
  Desk desk;
  const auto body = event("50001/" + guid);
  CHECK(desk.send(body).status == 200);
  CHECK(desk.send(body, "?code=").status == 401);
  CHECK(desk.send(body, "?code=guess").status == 401);
  for (const auto& header : std::vector<http::Header>{{"X-Forwarded-For", "203.0.113.7"},
                                                      {"x-forwarded-for", ""},
                                                      {"Forwarded", "for=1"},
                                                      {"X-Forwarded-Proto", "https"},
                                                      {"X-Real-IP", "203.0.113.7"},
                                                      {"Via", "1.1 p"}}) {
    CAPTURE(header.name);
    CHECK(desk.send(body, "", "application/json", {header}).status == 401);
  }
}

TEST_CASE("A push is taken as Altinn Events sends it (held already)", "[webhook][OE-1][OE-5][OE-8]") {
  Desk desk(with_secrets({"SECRET"}));
  const std::string push =
      "POST /events?code=SECRET HTTP/1.1\r\nHost: localhost:18443\r\n"
      "traceparent: 00-445906d7e6edfdf34afc13a477cce0dc-9ee28a4faa11a8cb-01\r\n"
      "Content-Type: application/json; charset=utf-8\r\nContent-Length: 463\r\n\r\n"
      R"({"specversion":"1.0","id":"51c4434e-cd6b-4d17-b0ed-eb6cf21df330","time":"2026-11-28T22:39:46.6851999Z",)"
      R"("source":"https://skd.apps.tt02.altinn.no/skd/sykefravaer-signering/instances/50043079/)"
      R"(d3c32d5e-423f-4283-a112-c9724eb4a22b","subject":"/party/50043079","type":"app.instance.created",)"
      R"("resource":"urn:altinn:resource:app_skd_sykefravaer-signering",)"
      R"("resourceinstance":"50043079/d3c32d5e-423f-4283-a112-c9724eb4a22b",)"
      R"("alternativesubject":"/organisation/310000011"})";
  Wire wire(desk.server->port());
  wire.send(push);
  CHECK(wire.until("\r\n\r\n").rfind("HTTP/1.1 200 ", 0) == 0);
  CHECK(wire.until("}\n") == "{\"noted\":1,\"without_instance\":0}\n");
  CHECK(desk.asked() == std::vector<std::string>{"50043079/d3c32d5e-423f-4283-a112-c9724eb4a22b"});
}

TEST_CASE("The guid of an event says which record is meant, whatever party it gives", "[webhook][OE-6]") {
  Desk desk;
  const std::string nobodys = "9999999999999999999999999999999999999999";
  CHECK(desk.send(event("0050031067/" + guid)).status == 200);
  CHECK(desk.send(event(nobodys + "/" + guid)).status == 200);
  CHECK(desk.asked() == std::vector<std::string>{"50031067/" + guid, "0/" + guid});
  const auto batch =
      desk.send("[" + event("50031067/" + guid, "1") + "," + event("50099999/" + guid, "2") + "]");
  CHECK(batch.body == "{\"noted\":2,\"without_instance\":0}\n");
  CHECK(desk.asked().size() == 3);
}

TEST_CASE("An event that is listed twice in a batch counts once", "[webhook]") {
  Desk desk;
  const auto once = event("50001/" + guid);
  const auto answer = desk.send("[" + once + "," + once + "," + no_instance + "," + no_instance + "]");
  CHECK(answer.status == 200);
  CHECK(answer.body == "{\"noted\":1,\"without_instance\":1}\n");
  CHECK(desk.webhook.intake().noted == 1);
  CHECK(desk.webhook.intake().joined == 0);
}

TEST_CASE("An event in binary mode is read from its headers, whatever its data are", "[webhook][OR-11]") {
  Desk desk;
  const auto headers = [](std::string source) {
    return std::vector<http::Header>{{"ce-specversion", "1.0"},
                                     {"CE-Id", "e1"},
                                     {"ce-type", "app.instance.created"},
                                     {"ce-source", std::move(source)}};
  };
  const auto source = "https://ttd.apps.altinn.no/ttd/form/instances/50001/" + guid;
  CHECK(desk.send("", {}, "", headers(source)).status == 200);
  CHECK(desk.send("{\"a\":", {}, "application/json", headers(source)).status == 200);
  CHECK(desk.send("<a/>", {}, "text/xml",
                  headers("https://ttd.apps.altinn.no/b%C3%A5t/form/instances/50001/" + guid))
            .status == 200);
  auto quoted = headers("urn:a");
  quoted.push_back({"ce-resourceinstance", "\"50002/" + guid + "\""});
  CHECK(desk.send("", {}, "", quoted).status == 200);
  CHECK(desk.asked() ==
        std::vector<std::string>{"50001/" + guid, "50001/" + guid, "50001/" + guid, "50002/" + guid});

  auto broken = headers(source);
  broken.erase(broken.begin() + 2);
  const auto answer = desk.send("", {}, "application/json", broken);
  CHECK(answer.status == 400);
  CHECK_THAT(answer.body, Catch::Contains(R"("member":"type")"));
  // The content type goes before the headers.
  CHECK(desk.send(event("50003/" + guid), {}, "application/cloudevents+json", headers(source)).status == 200);
  CHECK(desk.asked().back() == "50003/" + guid);
  CHECK(desk.send("<a/>", {}, "application/cloudevents+xml", headers(source)).status == 415);
}

TEST_CASE("A content type that two hands have set is one", "[webhook][OR-11]") {
  Desk desk;
  const auto body = event("50001/" + guid);
  CHECK(desk.send(body, {}, "application/json,application/json").status == 200);
  CHECK(desk.send(body, {}, "application/json; charset=utf-8, application/cloudevents+json").status == 200);
  CHECK(desk.send(body, {}, "application/json,text/plain").status == 415);
  CHECK(desk.send(body, {}, ",").status == 415);
}

TEST_CASE("Of a batch with a broken entry the others are noted, and the answer names it",
          "[webhook][OR-11]") {
  Desk desk;
  desk.at_once.reset();
  const std::string number = "01017012345";
  const auto broken = R"({"specversion":"1.0","id":")" + number + R"(","source":")" + number +
                      R"(","subject":"/person/)" + number + R"(","type":["a"]})";
  const auto batch = "[" + event("50001/" + guid) + "," + broken + ",17," +
                     event("50002/" + guid.substr(0, 35) + "0", "2") +
                     R"(,{"specversion":"0.3","id":"1","source":"a","type":"t"}])";
  Answers answers;
  desk.client->send(std::make_shared<const http::Request>(post("/events", batch)), answers.handler());
  REQUIRE(desk.asked_for(1));
  CHECK(desk.asked().size() == 2);
  desk.tell();
  REQUIRE(answers.wait_for(1));
  const auto answer = *answers.all()[0];
  CHECK(answer.status == 400);
  CHECK(answer.content_type == "application/problem+json");
  CHECK_THAT(answer.body,
             Catch::Contains(R"("noted":2,"without_instance":0,"refused":3)") &&
                 Catch::Contains(R"({"detail":"[1].type must be a text","member":"[1].type"})") &&
                 Catch::Contains(R"("member":"[2]")") &&
                 Catch::Contains(R"("member":"[4].specversion","hint":"must be the text 1.0")") &&
                 !Catch::Contains(number));
  CHECK(desk.webhook.intake().noted == 2);
  CHECK(desk.webhook.intake().broken == 3);

  // What cannot be noted now is to come again, the good ones with it.
  desk.at_once = Problem{"ledger", "has no room on its disk", {}};
  CHECK(desk.send(batch).status == 503);
  CHECK(desk.send("[17]").status == 400);
}

TEST_CASE("What is no CloudEvent is answered 400 with the member that breaks it", "[webhook]") {
  Desk desk;
  const auto one = desk.send(R"({"id":"1","source":"a","type":"t"})");
  CHECK(one.status == 400);
  CHECK(one.content_type == "application/problem+json");
  CHECK(one.body == "{\"title\":\"Bad Request\",\"status\":400,\"detail\":\"specversion is missing\","
                    "\"member\":\"specversion\",\"hint\":\"must be the text 1.0\"}\n");
  CHECK(desk.send("").status == 400);
  CHECK(desk.send("[" + event("50001/" + guid)).status == 400);
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
    batch += (batch.empty() ? "[" : ",") +
             event("50001/" + guid.substr(0, 35) + std::to_string(i), std::to_string(i));
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
