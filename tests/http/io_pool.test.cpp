#include "answers.hpp"
#include "raw_server.hpp"

#include <dialogferry/http/client.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <future>
#include <optional>
#include <thread>

using namespace dialogferry::http;
using namespace std::chrono_literals;

namespace {

/// A thread that lends itself to a loop until it is told that this was enough.
class Lent {
public:
  Lent(IoPool& pool, std::size_t loop)
      : pool_(pool)
      , loop_(loop)
      , thread_([this] {
        while (!enough_)
          pool_.turn(loop_, true);
      }) {}
  ~Lent() {
    enough_ = true;
    pool_.wake(loop_);
    thread_.join();
  }
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;

private:
  IoPool& pool_;
  std::size_t loop_;
  std::atomic<bool> enough_{false};
  std::thread thread_;
};

raw::Server ok_server() {
  return raw::Server(
      raw::each([](raw::Session& session, const raw::Request&) { session.answer(200, "ok"); }));
}

} // namespace

TEST_CASE("A lent thread carries requests while it gives its turns", "[http][loop]") {
  auto server = ok_server();
  IoPool pool(1, IoPool::Threads::lent);
  const auto client = connect(pool, server.url());
  std::promise<Answer> answered;
  client->send(std::make_shared<const Request>(get("/")),
               [&](Answer answer) { answered.set_value(std::move(answer)); });
  auto answer = answered.get_future();
  CHECK(answer.wait_for(50ms) == std::future_status::timeout);
  const Lent lent(pool, 0);
  REQUIRE(answer.wait_for(30s) == std::future_status::ready);
  CHECK(answer.get()->body == "ok");
}

TEST_CASE("A turn that is not to wait comes back with nothing to do", "[http][loop]") {
  IoPool pool(2, IoPool::Threads::lent);
  pool.turn(0, false);
  pool.turn(1, false);
  CHECK(pool.threads() == 2);
}

TEST_CASE("Waking a loop ends its wait, also when it comes before", "[http][loop]") {
  IoPool pool(1, IoPool::Threads::lent);
  pool.wake(0);
  pool.turn(0, true);
  auto turn = std::async(std::launch::async, [&] { pool.turn(0, true); });
  CHECK(turn.wait_for(20ms) == std::future_status::timeout);
  pool.wake(0);
  CHECK(turn.wait_for(30s) == std::future_status::ready);
}

TEST_CASE("A pool that was closed has answered everything, and answers what comes later at once",
          "[http][loop]") {
  raw::Server server(raw::wait_for_close);
  Answers answers;
  std::optional<IoPool> pool(std::in_place, 2, IoPool::Threads::lent);
  const auto client = connect(*pool, server.url());
  {
    const Lent first(*pool, 0);
    const Lent second(*pool, 1);
    const auto request = std::make_shared<const Request>(get("/"));
    for (int i = 0; i < 50; ++i)
      client->send(request, answers.handler());
    pool->close();
    CHECK(answers.all().size() == 50);
    client->send(request, answers.handler());
    CHECK(answers.all().size() == 51);
  }
  pool.reset();
  for (const auto& answer : answers.all())
    CHECK(fault_of(answer) == TransportFault::cancelled);
}

TEST_CASE("A pool whose threads were taken back answers at its end", "[http][loop]") {
  raw::Server server(raw::wait_for_close);
  Answers answers;
  {
    IoPool pool(1, IoPool::Threads::lent);
    const auto client = connect(pool, server.url());
    client->send(std::make_shared<const Request>(get("/")), answers.handler());
  }
  REQUIRE(answers.all().size() == 1);
}

TEST_CASE("A request is carried by the thread that sends it where that has a connection free",
          "[http][loop]") {
  std::promise<void> let_go;
  raw::Server server(raw::each([&](raw::Session& session, const raw::Request& request) {
    if (request.line().starts_with("GET /held ")) let_go.get_future().wait_for(30s);
    session.answer(200, "ok");
  }));
  IoPool pool(2);
  const auto client = connect(pool, server.url());
  const auto send = [&](const char* target, Handler handler) {
    client->send(std::make_shared<const Request>(get(target)), std::move(handler));
  };
  std::promise<void> held;
  std::promise<std::thread::id> second_thread;
  std::promise<std::thread::id> third_thread;
  send("/held", [&](const Answer&) { held.set_value(); });
  send("/second", [&](const Answer&) { // by the other thread, since the first has more to do
    let_go.set_value();
    held.get_future().wait_for(30s); // now both have equally little to do
    second_thread.set_value(std::this_thread::get_id());
    send("/third", [&](const Answer&) { third_thread.set_value(std::this_thread::get_id()); });
  });
  auto third = third_thread.get_future();
  REQUIRE(third.wait_for(30s) == std::future_status::ready);
  CHECK(third.get() == second_thread.get_future().get());
}
