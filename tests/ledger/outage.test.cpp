#include "../../src/ledger/postgres/open.hpp"
#include "relay.hpp"
#include "temp_ledger.hpp"

#include <dialogferry/ledger/outage.hpp>

#include <future>
#include <random>

using namespace dialogferry;
using namespace dialogferry::ledger;
using namespace dialogferry::ledger::test;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

constexpr auto deadline = 60s;

/// An engine's ledger behind a line that can be cut.
struct World {
  std::string database = new_database();
  dialogferry::test::Relay relay{server().port()};
  std::shared_ptr<Outage> outage = std::make_shared<Outage>();
  std::unique_ptr<Ledger> ledger = open();
  ShardKey place = key(day("2025-11-14"));

  World() { must(ledger->start_shards(std::vector{whole_day(place)}, now)); }

  std::unique_ptr<Ledger> open(OpenMode mode = OpenMode::engine) {
    postgres::Setup setup;
    setup.mode = mode;
    if (mode == OpenMode::engine) setup.outage = outage;
    setup.patience = {2s, 400ms};
    const auto place = must(postgres::parse_url(relay.instead(server().url(database))));
    return must(postgres::open(place, "local", now, setup));
  }

  Commit one_record() const {
    Commit commit;
    commit.key = place;
    commit.counts = counts(1);
    return commit;
  }
  Result<void> commit() { return ledger->commit(std::vector{one_record()}, now); }
  std::future<Result<void>> commit_later() {
    return std::async(std::launch::async, [this] { return commit(); });
  }
  /// As another program sees it.
  std::uint64_t records() const {
    const auto reader = open_or_die(server().url(database), OpenMode::read_only);
    const auto read = must(reader->load(place))->counts.read();
    CHECK(stage_of(*reader).counts.read() == read);
    return read;
  }
  void wait_until_away() const {
    const auto until = std::chrono::steady_clock::now() + deadline;
    while (!outage->now() && std::chrono::steady_clock::now() < until)
      std::this_thread::yield();
    REQUIRE(outage->now());
  }
};

} // namespace

TEST_CASE("A commit waits where the ledger is away, and says so", "[ledger][postgres][outage]") {
  World world;
  must(world.commit());
  CHECK_FALSE(world.outage->now());
  world.relay.cut();
  auto committed = world.commit_later();
  world.wait_until_away();
  CHECK_THAT(world.outage->now()->problem.message, Contains("cannot be reached"));
  CHECK(world.records() == 1);
  world.relay.restore();
  must(committed.get());
  CHECK_FALSE(world.outage->now());
  CHECK(world.outage->times() == 1);
  CHECK(world.records() == 2);
  must(world.commit());
  CHECK(world.records() == 3);
}

TEST_CASE("A commit whose answer is lost has happened, once", "[ledger][postgres][outage]") {
  World world;
  world.relay.lose_answers();
  must(world.commit());
  CHECK(world.outage->times() == 1);
  CHECK(world.records() == 1);
  must(world.ledger->set({"rows.x.paused", "true", "kari", now}));
  world.relay.lose_answers();
  must(world.ledger->set({"rows.x.paused", "", "kari", now}));
  CHECK(must(world.ledger->snapshot()).journal.size() == 2);
}

TEST_CASE("A commit that has not arrived is made again, once", "[ledger][postgres][outage]") {
  World world;
  world.relay.lose_requests();
  must(world.commit());
  CHECK(world.outage->times() == 1);
  CHECK(world.records() == 1);
  world.relay.lose_requests();
  CHECK(must(world.ledger->load(world.place))->counts == counts(1));
}

TEST_CASE("Whatever happens to the line, and when, each commit happens once", "[ledger][postgres][outage]") {
  World world;
  std::atomic<bool> is_over = false;
  std::thread trouble([&] {
    std::mt19937 random(7);
    while (!is_over) {
      std::this_thread::sleep_for(std::chrono::milliseconds{random() % 200});
      switch (random() % 3) {
      case 0: world.relay.cut(); break;
      case 1: world.relay.lose_answers(); break;
      default: world.relay.lose_requests(); break;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds{random() % 30});
      world.relay.restore();
    }
  });
  std::uint64_t made = 0;
  Result<void> last;
  const auto until = std::chrono::steady_clock::now() + deadline;
  while ((made < 40 || world.outage->times() < 5) && std::chrono::steady_clock::now() < until) {
    last = world.commit();
    if (!last) break;
    ++made;
  }
  is_over = true;
  trouble.join();
  must(last);
  CHECK(made >= 40);
  CHECK(world.records() == made);
}

TEST_CASE("PostgreSQL that is killed and started again has what it has confirmed",
          "[ledger][postgres][outage]") {
  World world;
  for (int times = 1; times <= 2; ++times) {
    must(world.commit());
    server().stop_at_once();
    auto committed = world.commit_later();
    world.wait_until_away();
    must(server().start_again());
    must(committed.get());
    CHECK(world.records() == 2U * static_cast<unsigned>(times));
  }
}

TEST_CASE("Whoever gives up waiting for a ledger has nothing", "[ledger][postgres][outage]") {
  World world;
  world.relay.cut();
  auto committed = world.commit_later();
  world.wait_until_away();
  world.outage->give_up();
  const auto result = committed.get();
  REQUIRE_FALSE(result.has_value());
  CHECK_THAT(result.error().message, Contains("cannot be reached"));
  CHECK(world.records() == 0);
}

TEST_CASE("An engine that comes back when another one has ended it writes nothing",
          "[ledger][postgres][outage]") {
  World world;
  world.relay.cut();
  auto committed = world.commit_later();
  world.wait_until_away();
  must(server().run(world.database,
                    "SET search_path = dialogferry; SELECT end_engine(id, 'gone') FROM engine "
                    "WHERE left_at IS NULL"));
  world.relay.restore();
  const auto result = committed.get();
  REQUIRE_FALSE(result.has_value());
  CHECK_THAT(result.error().message, Contains("other engines"));
  CHECK(world.records() == 0);
}

TEST_CASE("A reader fails while the ledger is away, and reads when it is back",
          "[ledger][postgres][outage]") {
  World world;
  const auto reader = world.open(OpenMode::read_only);
  CHECK(reader->load(world.place).has_value());
  SECTION("away") {
    world.relay.cut();
    CHECK_FALSE(reader->snapshot().has_value());
    world.relay.restore();
    const auto until = std::chrono::steady_clock::now() + deadline;
    while (!reader->snapshot() && std::chrono::steady_clock::now() < until)
      std::this_thread::yield();
    CHECK(reader->snapshot().has_value());
  }
  SECTION("cut between two calls") {
    world.relay.cut();
    world.relay.restore();
    CHECK(reader->load(world.place).has_value());
  }
}
