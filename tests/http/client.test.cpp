#include "answers.hpp"
#include "raw_server.hpp"

#include <dialogferry/http/body_store.hpp>
#include <dialogferry/http/client.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <cstring>
#include <future>
#include <thread>

using namespace dialogferry;
using namespace dialogferry::http;
using namespace std::chrono_literals;

// -- one request -------------------------------------------------------------------

TEST_CASE("A request reaches the server below the base path with its header and body", "[http]") {
  raw::Request seen;
  raw::Server server(raw::each([&](raw::Session& session, const raw::Request& request) {
    seen = request;
    session.answer(201, "{}", "Etag: 0193-x\r\nLocation: /d/1\r\nContent-Type: application/json\r\n");
  }));
  IoPool pool(1);
  ClientOptions options;
  options.subscription_key = "s3cret";
  const auto client = connect(pool, server.url() + "/dialogporten/", options);
  auto request = post("/api/v1/serviceowner/dialogs?isSilentUpdate=true", "{\"id\":1}");
  request.if_match = "0193-rev";
  request.accept = "application/json";
  request.headers = {{"X-More", "yes"}};

  const auto answer = ask(*client, request);

  REQUIRE(answer);
  CHECK(answer->status == 201);
  CHECK(answer->body == "{}");
  CHECK(answer->etag == "0193-x");
  CHECK(answer->location == "/d/1");
  CHECK(answer->content_type == "application/json");
  CHECK_FALSE(answer->retry_after);
  CHECK(seen.line() == "POST /dialogporten/api/v1/serviceowner/dialogs?isSilentUpdate=true HTTP/1.1");
  CHECK(seen.has("\r\nHost: 127.0.0.1:" + std::to_string(server.port())));
  CHECK(seen.has("\r\nOcp-Apim-Subscription-Key: s3cret"));
  CHECK(seen.has("\r\nIf-Match: 0193-rev"));
  CHECK(seen.has("\r\nAccept: application/json"));
  CHECK(seen.has("\r\nContent-Type: application/json"));
  CHECK(seen.has("\r\nX-More: yes"));
  CHECK_FALSE(seen.has("Authorization"));
  CHECK(seen.body == "{\"id\":1}");
}

TEST_CASE("A body has room behind its end for a reader that looks ahead", "[http]") {
  raw::Server server(raw::each([](raw::Session& session, const raw::Request& request) {
    session.answer(200, std::string(std::stoul(request.line().substr(5)), 'x'));
  }));
  IoPool pool(1);
  const auto client = connect(pool, server.url());
  for (const auto size : {0, 1, 15, 16, 100, 4'000, 70'000, 5'000'000}) {
    const auto answer = ask(*client, get("/" + std::to_string(size)));
    REQUIRE(answer);
    CHECK(answer->body == std::string(static_cast<std::size_t>(size), 'x'));
    CHECK(answer->body.capacity() - answer->body.size() >= body_padding);
  }
}

TEST_CASE("A large answer comes in a buffer that was given back, a small one does not", "[http]") {
  raw::Server server(raw::each([](raw::Session& session, const raw::Request& request) {
    session.answer(200, std::string(std::stoul(request.line().substr(5)), 'x'));
  }));
  IoPool pool(1);
  ClientOptions options;
  options.bodies = std::make_shared<BodyStore>(4);
  const auto client = connect(pool, server.url(), options);
  auto first = ask(*client, get("/300000"));
  REQUIRE(first);
  const auto* const buffer = first->body.data();
  options.bodies->give(std::move(first->body));
  const auto small = ask(*client, get("/3000"));
  REQUIRE(small);
  CHECK(small->body == std::string(3'000, 'x'));
  CHECK(options.bodies->kept() == 1);
  const auto second = ask(*client, get("/310000"));
  REQUIRE(second);
  CHECK(second->body == std::string(310'000, 'x'));
  CHECK(second->body.data() == buffer);
}

TEST_CASE("A request that could break out of its header is refused and not sent", "[http]") {
  raw::Server server(raw::each([](raw::Session& session, const raw::Request&) { session.answer(200); }));
  IoPool pool(1);
  const auto client = connect(pool, server.url());
  auto request = get("/a");
  SECTION("a line break in the target") {
    request.target = "/a\r\nX: y";
  }
  SECTION("a blank in the target") {
    request.target = "/a b";
  }
  SECTION("a target that is not a path") {
    request.target = "a";
  }
  SECTION("a line break in If-Match") {
    request.if_match = "x\ny";
  }
  SECTION("a line break in a header") {
    request.headers = {{"X", "y\rz"}};
  }
  SECTION("a header without a name") {
    request.headers = {{"", "y"}};
  }
  const auto answer = ask(*client, request);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == TransportFault::refused);
  CHECK(server.accepted() == 0);
}

// -- connections -------------------------------------------------------------------

TEST_CASE("Requests one after another share one connection", "[http]") {
  raw::Server server(
      raw::each([](raw::Session& session, const raw::Request&) { session.answer(200, "ok"); }));
  IoPool pool(2);
  const auto client = connect(pool, server.url());
  for (int i = 0; i < 50; ++i)
    REQUIRE(ask(*client, get("/")));
  CHECK(server.accepted() == 1);
  CHECK(client->stats().connects == 1);
}

TEST_CASE("A connection the server closes after an answer is not used again", "[http]") {
  raw::Server server([](raw::Session& session) {
    raw::Request request;
    if (session.read(request)) session.answer(200, "ok", "Connection: close\r\n");
  });
  IoPool pool(1);
  const auto client = connect(pool, server.url());
  for (int i = 0; i < 5; ++i)
    REQUIRE(ask(*client, get("/")));
  CHECK(server.accepted() == 5);
}

TEST_CASE("Ten thousand requests over sixteen connections are each answered once, with their own answer",
          "[http]") {
  raw::Server server(raw::each([](raw::Session& session, const raw::Request& request) {
    session.answer(200, request.line().substr(5, request.line().find(" HTTP") - 5));
  }));
  IoPool pool(2);
  ClientOptions options;
  options.connections = 16;
  options.timeout = 60s;
  const auto client = connect(pool, server.url(), options);
  constexpr std::size_t total = 10'000;
  std::vector<std::atomic<int>> right(total);
  std::atomic<std::size_t> wrong{0};
  Answers answers;
  std::vector<std::thread> senders;
  for (std::size_t sender = 0; sender < 4; ++sender) {
    senders.emplace_back([&, sender] {
      for (std::size_t i = sender; i < total; i += 4) {
        client->send(std::make_shared<const Request>(get("/" + std::to_string(i))), [&, i](Answer answer) {
          if (answer && answer->body == std::to_string(i)) {
            ++right[i];
          } else {
            ++wrong;
          }
          answers.add(std::move(answer));
        });
      }
    });
  }
  for (auto& sender : senders)
    sender.join();
  REQUIRE(answers.wait_for(total));
  CHECK(wrong == 0);
  CHECK(std::all_of(right.begin(), right.end(), [](const auto& count) { return count == 1; }));
  CHECK(server.accepted() <= 16);
  CHECK(server.accepted() > 1);
  CHECK(client->stats().outstanding == 0);
}

// -- which loop --------------------------------------------------------------------

TEST_CASE("A request is answered on the loop where it was made, while a connection is free there", "[http]") {
  raw::Server server(
      raw::each([](raw::Session& session, const raw::Request&) { session.answer(200, "{}"); }));
  IoPool pool(4);
  ClientOptions options;
  options.connections = 8;
  const auto client = connect(pool, server.url(), options);
  for (int round = 0; round < 20; ++round) {
    std::promise<bool> same;
    const auto send = [&](Handler handler) {
      client->send(std::make_shared<const Request>(get("/")), std::move(handler));
    };
    send([&](const Answer&) {
      const auto loop = loop_of_this_thread();
      send(
          [&same, loop](const Answer&) { same.set_value(loop != nullptr && loop == loop_of_this_thread()); });
    });
    CHECK(same.get_future().get());
  }
  CHECK(loop_of_this_thread() == nullptr);
}
