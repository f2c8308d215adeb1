#include <dialogferry/engine/io_scheduler.hpp>
#include <dialogferry/engine/resident.hpp>
#include <dialogferry/http/client.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
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

/// Does what it is told at home.
class JobsAtHome : public caf::event_based_actor, public Resident {
public:
  JobsAtHome(caf::actor_config& config, std::size_t home)
      : caf::event_based_actor(config)
      , Resident(home) {}
  caf::behavior make_behavior() override {
    return {[](const Job& job) { job.what(); }};
  }
};

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

/// Notes who came by, how often, on which threads.
class Visits {
public:
  void note() {
    const std::lock_guard lock(mutex_);
    ++count_;
    threads_.insert(std::this_thread::get_id());
    changed_.notify_all();
  }
  /// False when it takes longer.
  bool wait_for_count(std::size_t count, std::chrono::milliseconds time = 30s) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [&] { return count_ >= count; });
  }
  bool wait_for_threads(std::size_t threads, std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [&] { return threads_.size() >= threads; });
  }
  std::set<std::thread::id> threads() const {
    const std::lock_guard lock(mutex_);
    return threads_;
  }

private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t count_ = 0;
  std::set<std::thread::id> threads_;
};

} // namespace

TEST_CASE("Actors and answers come on the same threads, one for each loop", "[engine][scheduler]") {
  Visits visits;
  Scheduled scheduled;
  const auto client = scheduled.client_of_nobody();
  for (int i = 0; i < 20; ++i) {
    const auto& worker = scheduled.spawn_worker();
    for (int k = 0; k < 10; ++k) {
      caf::anon_send(worker, Job{[&] { visits.note(); }});
      client->send(request(), [&](const http::Answer&) { visits.note(); });
    }
  }
  REQUIRE(visits.wait_for_count(400));
  CHECK(visits.threads().size() == 2);
  CHECK_FALSE(visits.threads().contains(std::this_thread::get_id()));
}

TEST_CASE("What an actor is sent for later comes later", "[engine][scheduler]") {
  Visits visits;
  Scheduled scheduled;
  const auto begun = std::chrono::steady_clock::now();
  const auto& worker = scheduled.spawn_worker();
  caf::scoped_actor self(scheduled.system);
  self->delayed_send(worker, 30ms, Job{[&] { visits.note(); }});
  REQUIRE(visits.wait_for_count(1));
  CHECK(std::chrono::steady_clock::now() - begun >= 30ms);
}

TEST_CASE("The network is looked after while actors never rest", "[engine][scheduler]") {
  Visits answers;
  std::atomic<bool> enough{false};
  std::function<void(const caf::actor&)> again = [&](const caf::actor& worker) {
    if (!enough) caf::anon_send(worker, Job{[&again, worker] { again(worker); }});
  };
  Scheduled scheduled;
  for (int i = 0; i < 4; ++i)
    again(scheduled.spawn_worker());
  const auto client = scheduled.client_of_nobody();
  for (int i = 0; i < 100; ++i)
    client->send(request(), [&](const http::Answer&) { answers.note(); });
  CHECK(answers.wait_for_count(100, 10s));
  enough = true;
}

TEST_CASE("A worker with much to do hands over to one that waits", "[engine][scheduler]") {
  // The other may not wait yet when the jobs come: then once more, with other threads.
  bool handed_over = false;
  for (int round = 0; round < 10 && !handed_over; ++round) {
    Visits begun;
    Visits visits;
    Scheduled scheduled;
    for (int i = 0; i < 16; ++i)
      scheduled.spawn_worker();
    const auto first = scheduled.spawn_worker();
    for (const auto& worker : scheduled.workers)
      caf::anon_send(worker, Job{[&] { begun.note(); }});
    REQUIRE(begun.wait_for_count(17)); // where an actor begins is another matter
    const Job visit{[&] {
      visits.note();
      visits.wait_for_threads(2, 5ms);
    }};
    caf::anon_send(first, Job{[&] {
                     for (std::size_t i = 0; i < 16; ++i)
                       caf::anon_send(scheduled.workers[i], visit);
                   }});
    REQUIRE(visits.wait_for_count(16));
    handed_over = visits.threads().size() == 2;
  }
  CHECK(handed_over);
}

TEST_CASE("A resident runs on the worker that it was given, whoever sends to it", "[engine][scheduler]") {
  Scheduled scheduled;
  std::array<Visits, 2> visits;
  std::vector<caf::actor> residents;
  for (std::size_t home = 0; home < 2; ++home)
    residents.push_back(scheduled.system.spawn<JobsAtHome>(home));
  for (const auto& resident : residents)
    scheduled.workers.push_back(resident);
  for (int round = 0; round < 100; ++round)
    for (std::size_t home = 0; home < 2; ++home) {
      const Job visit{[&visits, home] { visits[home].note(); }};
      caf::anon_send(residents[home], visit);
      caf::anon_send(residents[1 - home],
                     Job{[&residents, home, visit] { caf::anon_send(residents[home], visit); }});
    }
  for (auto& each : visits) {
    REQUIRE(each.wait_for_count(200));
    CHECK(each.threads().size() == 1);
  }
  CHECK(visits[0].threads() != visits[1].threads());
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
