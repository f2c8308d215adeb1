#include "answers.hpp"
#include "raw_server.hpp"

#include <dialogferry/http/client.hpp>

#include <catch2/catch.hpp>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>

using namespace dialogferry;
using namespace dialogferry::http;
using namespace std::chrono_literals;

// -- closing, resizing, overload --------------------------------------------------------------------

TEST_CASE("Closing answers every request exactly once", "[http]") {
  raw::Server server(raw::wait_for_close);
  Answers answers;
  std::optional<IoPool> pool(2);
  ClientOptions options;
  options.connections = 4;
  auto client = connect(*pool, server.url(), options);
  const auto request = std::make_shared<const Request>(get("/"));
  for (int i = 0; i < 100; ++i)
    client->send(request, answers.handler());
  SECTION("by close()") {
    client->close();
  }
  SECTION("by its end") {
    client.reset();
  }
  SECTION("by the end of its threads") {
    pool.reset();
  }
  REQUIRE(answers.wait_for(100));
  if (client) client->send(request, answers.handler()); // afterwards: at once
  client.reset();
  pool.reset();
  const auto all = answers.all();
  CHECK(all.size() >= 100);
  CHECK(all.size() <= 101);
  for (const auto& answer : all)
    CHECK(fault_of(answer) == TransportFault::cancelled);
}

TEST_CASE("Requests beyond what may wait are turned away at once", "[http]") {
  raw::Server server(raw::wait_for_close);
  Answers answers;
  IoPool pool(1);
  ClientOptions options;
  options.connections = 2;
  options.max_waiting = 3;
  const auto client = connect(pool, server.url(), options);
  const auto request = std::make_shared<const Request>(get("/"));
  for (int i = 0; i < 8; ++i)
    client->send(request, answers.handler());
  const auto all = answers.all();
  REQUIRE(all.size() == 3);
  for (const auto& answer : all)
    CHECK(fault_of(answer) == TransportFault::overload);
}

TEST_CASE("The number of connections follows what is set while requests run", "[http]") {
  std::mutex mutex;
  std::condition_variable changed;
  int open = 0; // requests that wait for their answer
  bool answer = false;
  raw::Server server(raw::each([&](raw::Session& session, const raw::Request&) {
    std::unique_lock lock(mutex);
    ++open;
    changed.notify_all();
    changed.wait_for(lock, 30s, [&] { return answer; });
    --open;
    session.answer(200);
  }));
  const auto reaches = [&](int count) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, 30s, [&] { return open == count; });
  };
  const auto release = [&] {
    const std::lock_guard lock(mutex);
    answer = true;
    changed.notify_all();
  };
  Answers answers;
  IoPool pool(2);
  ClientOptions options;
  options.connections = 2;
  options.timeout = 60s;
  const auto client = connect(pool, server.url(), options);
  const auto request = std::make_shared<const Request>(get("/"));
  for (int i = 0; i < 20; ++i)
    client->send(request, answers.handler());
  CHECK(reaches(2));
  SECTION("more") {
    client->set_connections(7);
    CHECK(reaches(7));
    CHECK(client->stats().connections == 7);
    release();
    REQUIRE(answers.wait_for(20));
  }
  SECTION("fewer than there are threads") {
    client->set_connections(1);
    release();
    REQUIRE(answers.wait_for(20));
    CHECK(client->stats().connections == 1);
  }
  for (const auto& each : answers.all())
    CHECK(each);
  CHECK(client->stats().outstanding == 0);
}

// -- options -----------------------------------------------------------------------------------------

TEST_CASE("A client's options are checked and named", "[http]") {
  IoPool pool(1);
  const auto problem = [&](const std::function<void(ClientOptions&)>& change) {
    ClientOptions options;
    options.name = "apis.storage";
    options.base_url = "http://127.0.0.1:1";
    change(options);
    const auto client = Client::create(pool, options);
    return client ? std::string() : client.error().member;
  };
  CHECK(problem([](ClientOptions&) {}).empty());
  CHECK(problem([](ClientOptions& o) { o.base_url = "platform.altinn.no"; }) == "apis.storage.base_url");
  CHECK(problem([](ClientOptions& o) { o.connections = 0; }) == "apis.storage.connections");
  CHECK(problem([](ClientOptions& o) { o.connections = 10'001; }) == "apis.storage.connections");
  CHECK(problem([](ClientOptions& o) { o.timeout = 0ms; }) == "apis.storage.timeout");
  CHECK(problem([](ClientOptions& o) { o.subscription_key = "a\nb"; }) ==
        "apis.storage.subscription_key_file");
  CHECK(problem([](ClientOptions& o) {
          o.base_url = "https://127.0.0.1:1";
          o.ca_file = "/nowhere.pem";
        }) == "apis.storage.ca_file");
}
