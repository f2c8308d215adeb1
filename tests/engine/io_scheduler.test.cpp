#include <dialogferry/engine/io_scheduler.hpp>
#include <dialogferry/http/client.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <latch>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace dialogferry::engine::test {

/// Something to do on an actor's thread.
struct Job {
  std::function<void()> what;
};

} // namespace dialogferry::engine::test

DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::test::Job)

using namespace dialogferry::engine;
using namespace dialogferry::engine::test;
using namespace dialogferry;
using namespace std::chrono_literals;

namespace {

/// Actors over two loops, ended with their pool as the engine ends them.
struct Scheduled {
  ~Scheduled() {
    for (const auto& worker : workers)
      caf::anon_send_exit(worker, caf::exit_reason::kill);
    pool.close();
    system.await_all_actors_done();
  }

  const caf::actor& spawn_worker() {
    workers.push_back(system.spawn(
        [](caf::event_based_actor*) -> caf::behavior { return {[](const Job& job) { job.what(); }}; }));
    return workers.back();
  }

  /// Nothing listens there: the answer is a fault, once the loop has had its turns.
  std::unique_ptr<http::Client> client_of_nobody() {
    http::ClientOptions options;
    options.base_url = "http://127.0.0.1:1";
    return http::Client::create(pool, std::move(options)).value();
  }

  http::IoPool pool{2, http::IoPool::Threads::lent};
  IoScheduledConfig config{pool};
  caf::actor_system system{config};
  std::vector<caf::actor> workers;
};

std::shared_ptr<const http::Request> request() {
  http::Request request;
  request.target = "/";
  return std::make_shared<const http::Request>(std::move(request));
}

/// Notes which threads came by.
class Threads {
public:
  void note() {
    const std::lock_guard lock(mutex_);
    seen_.insert(std::this_thread::get_id());
  }
  std::set<std::thread::id> seen() const {
    const std::lock_guard lock(mutex_);
    return seen_;
  }

private:
  mutable std::mutex mutex_;
  std::set<std::thread::id> seen_;
};

} // namespace

TEST_CASE("Actors and answers come on the same threads, one for each loop", "[engine][scheduler]") {
  Scheduled scheduled;
  Threads threads;
  const auto client = scheduled.client_of_nobody();
  std::latch done(400);
  for (int i = 0; i < 20; ++i) {
    const auto& worker = scheduled.spawn_worker();
    for (int k = 0; k < 10; ++k) {
      caf::anon_send(worker, Job{[&] {
                       threads.note();
                       done.count_down();
                     }});
      client->send(request(), [&](const http::Answer&) {
        threads.note();
        done.count_down();
      });
    }
  }
  done.wait();
  CHECK(threads.seen().size() == 2);
  CHECK_FALSE(threads.seen().contains(std::this_thread::get_id()));
}

TEST_CASE("What an actor is sent for later comes later", "[engine][scheduler]") {
  Scheduled scheduled;
  std::promise<void> come;
  const auto begun = std::chrono::steady_clock::now();
  const auto& worker = scheduled.spawn_worker();
  caf::scoped_actor self(scheduled.system);
  self->delayed_send(worker, 30ms, Job{[&] { come.set_value(); }});
  come.get_future().wait();
  CHECK(std::chrono::steady_clock::now() - begun >= 30ms);
}

TEST_CASE("The network is looked after while actors never rest", "[engine][scheduler]") {
  Scheduled scheduled;
  std::atomic<bool> enough{false};
  for (int i = 0; i < 4; ++i) {
    const auto worker = scheduled.spawn_worker();
    auto again = std::make_shared<std::function<void()>>();
    *again = [&enough, worker, weak = std::weak_ptr(again)] {
      if (const auto self = weak.lock(); self && !enough) caf::anon_send(worker, Job{[self] { (*self)(); }});
    };
    caf::anon_send(worker, Job{[again] { (*again)(); }});
  }
  const auto client = scheduled.client_of_nobody();
  std::latch done(100);
  for (int i = 0; i < 100; ++i)
    client->send(request(), [&](const http::Answer&) { done.count_down(); });
  done.wait();
  enough = true;
}

TEST_CASE("A worker with much to do hands over to one that waits", "[engine][scheduler]") {
  Scheduled scheduled;
  Threads threads;
  std::latch done(16);
  for (int i = 0; i < 16; ++i)
    scheduled.spawn_worker();
  const auto& first = scheduled.spawn_worker();
  std::this_thread::sleep_for(20ms); // until both wait
  caf::anon_send(first, Job{[&] {
                   for (std::size_t i = 0; i < 16; ++i)
                     caf::anon_send(scheduled.workers[i], Job{[&] {
                                      threads.note();
                                      std::this_thread::sleep_for(1ms);
                                      done.count_down();
                                    }});
                 }});
  done.wait();
  CHECK(threads.seen().size() == 2);
}

TEST_CASE("Systems end while messages and requests are under way", "[engine][scheduler]") {
  for (int round = 0; round < 20; ++round) {
    Scheduled scheduled;
    const auto client = scheduled.client_of_nobody();
    for (int i = 0; i < 10; ++i) {
      const auto worker = scheduled.spawn_worker();
      client->send(request(), [worker](const http::Answer&) { caf::anon_send(worker, Job{[] {}}); });
    }
  }
}
