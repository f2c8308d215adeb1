#include "../../src/ledger/postgres/open.hpp"
#include "../engine/limit/rate_board.hpp"
#include "relay.hpp"
#include "temp_ledger.hpp"

#include <dialogferry/ledger/one_rate.hpp>

#include <array>
#include <mutex>
#include <numeric>
#include <random>
#include <thread>

using namespace dialogferry;
using namespace dialogferry::ledger;
using namespace dialogferry::ledger::test;
using namespace std::chrono_literals;
using dialogferry::engine::Moment;
using dialogferry::engine::simulated::RateBoard;

namespace {

/// A ledger in PostgreSQL whose clock of rates stands still until the test moves it.
class StoppedClock {
public:
  StoppedClock() {
    must(ledger::open(url, "local", OpenMode::engine, now));
    must(server().run(database, "CREATE TABLE moment (at bigint); INSERT INTO moment VALUES (1000000000);"
                                "CREATE OR REPLACE FUNCTION dialogferry.rate_clock() RETURNS bigint LANGUAGE "
                                "sql AS 'SELECT at FROM public.moment'"));
  }

  void advance(std::chrono::microseconds span) {
    time += span;
    connection.run(("UPDATE public.moment SET at = at + " + std::to_string(span.count())).c_str());
  }

  std::unique_ptr<OneRate> engine() const { return must(one_rate_of(url)); }

  std::string database = new_database();
  std::string url = server().url(database);
  postgres::Connection connection{url, {}};
  Moment time = 1000s;
};

RateUse use_of(double wanted, double rate = 100) {
  RateUse use;
  use.api = "dialogporten";
  use.rate = rate;
  use.wanted = wanted;
  return use;
}

RateShare exchange(OneRate& engine, const RateUse& use) {
  return must(engine.exchange(std::vector{use})).at(0);
}

} // namespace

TEST_CASE("A ledger in a file has no rate to share", "[ledger][one-rate]") {
  CHECK(must(one_rate_of("sqlite:ferry.db")) == nullptr);
  CHECK_FALSE(one_rate_of("postgresql://host/db?no_such_option=1").has_value());
}

TEST_CASE("One engine alone gets everything, after a moment", "[ledger][postgres][one-rate]") {
  StoppedClock ledger;
  const auto one = ledger.engine();
  const auto first = exchange(*one, use_of(5));
  CHECK(first.share == 0);
  CHECK(first.leads);
  CHECK(first.engines == 1);
  ledger.advance(100ms);
  CHECK(exchange(*one, use_of(5)).share == 1);
}

TEST_CASE("A share grows only by what the others have given up", "[ledger][postgres][one-rate]") {
  StoppedClock ledger;
  const auto one = ledger.engine();
  const auto two = ledger.engine();
  exchange(*one, use_of(1000));
  CHECK(exchange(*one, use_of(1000)).share == 1);
  CHECK(exchange(*two, use_of(1000)).share == 0);
  CHECK(exchange(*two, use_of(1000)).share == 0);
  CHECK(exchange(*one, use_of(1000)).share == 0.5);
  CHECK(exchange(*two, use_of(20)).share == 0.2);
  CHECK(exchange(*one, use_of(1000)).share == 0.8);
}

TEST_CASE("The share of an engine that is not heard of goes to the others", "[ledger][postgres][one-rate]") {
  StoppedClock ledger;
  const auto one = ledger.engine();
  const auto two = ledger.engine();
  exchange(*one, use_of(1000));
  exchange(*two, use_of(1000));
  CHECK(exchange(*one, use_of(1000)).share == 0.5);
  ledger.advance(share_lasts);
  CHECK(exchange(*two, use_of(1000)).share == 0.5);
  ledger.advance(1us);
  const auto alone = exchange(*two, use_of(1000));
  CHECK(alone.share == 1);
  CHECK(alone.engines == 1);
  CHECK_FALSE(alone.leads);
  ledger.advance(lead_lasts - share_lasts);
  CHECK(exchange(*two, use_of(1000)).leads);
  CHECK(exchange(*one, use_of(1000)).share == 0);
}

TEST_CASE("Who leaves hands share and lead back at once", "[ledger][postgres][one-rate]") {
  StoppedClock ledger;
  const auto one = ledger.engine();
  const auto two = ledger.engine();
  exchange(*one, use_of(1000));
  exchange(*one, use_of(1000));
  exchange(*two, use_of(1000));
  one->leave();
  const auto heard = exchange(*two, use_of(1000));
  CHECK(heard.share == 1);
  CHECK(heard.leads);
}

TEST_CASE("The database decides as the few lines do that the limiter is tested with",
          "[ledger][postgres][one-rate]") {
  const auto seed = GENERATE(range(1U, 4U));
  std::mt19937 random{seed};
  const auto below = [&](std::uint32_t end) { return static_cast<std::uint32_t>(random() % end); };
  StoppedClock ledger;
  RateBoard board;
  std::vector<std::unique_ptr<OneRate>> engines;
  for (int i = 0; i < 4; ++i)
    engines.push_back(ledger.engine());

  for (int i = 0; i < 200; ++i) {
    const auto who = below(4);
    auto use = use_of(below(3) == 0 ? 0 : below(300), below(3) == 0 ? 0 : 200);
    use.answers = {below(50), below(5), below(5), below(2) == 0};
    use.found = {below(2) * 120.0, 100.0 + below(50), std::int64_t{below(3)}};
    if (below(10) == 0) use.pause = std::chrono::milliseconds{below(1000)};
    if (below(40) == 0) {
      engines[who]->leave();
      board.leave(std::to_string(who));
    }
    const auto heard = exchange(*engines[who], use);
    const auto meant = board.exchange(std::to_string(who), use, ledger.time);
    INFO("seed " << seed << ", exchange " << i << ", engine " << who);
    REQUIRE(heard.share == Approx(meant.share).margin(2e-6));
    REQUIRE(heard.engines == meant.engines);
    REQUIRE(heard.leads == meant.leads);
    REQUIRE(heard.answers == meant.answers);
    REQUIRE(heard.found == meant.found);
    REQUIRE(heard.pause == meant.pause);
    ledger.advance(std::chrono::milliseconds{below(8) == 0 ? below(700) : below(60)});
  }
}

TEST_CASE("Engines that ask at the same time never hold more than the whole",
          "[ledger][postgres][one-rate]") {
  const StoppedClock ledger;
  std::mutex mutex;
  std::array<double, 3> held{};
  double most = 0;
  const auto hold = [&](std::size_t who, double share) {
    const std::lock_guard lock(mutex);
    held[who] = share;
    most = std::max(most, std::accumulate(held.begin(), held.end(), 0.0));
  };
  const auto ask_often = [&](std::size_t who) {
    const auto rates = ledger.engine();
    std::mt19937 random{static_cast<unsigned>(who)};
    auto other = use_of(0);
    other.api = "storage";
    for (int i = 0; i < 200; ++i) {
      hold(who, 0);
      hold(who, rates->exchange(std::vector{use_of(random() % 200), other})->at(0).share);
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t who = 0; who < held.size(); ++who)
    threads.emplace_back(ask_often, who);
  for (auto& thread : threads)
    thread.join();
  CHECK(most <= 1);
  CHECK(most > 0.9);
}

TEST_CASE("An exchange fails where the ledger is away, and works again when it is back",
          "[ledger][postgres][one-rate][outage]") {
  const auto database = new_database();
  must(ledger::open(server().url(database), "local", OpenMode::engine, now));
  dialogferry::test::Relay relay{server().port()};
  const auto rates = must(one_rate_of(relay.instead(server().url(database))));
  exchange(*rates, use_of(10));
  relay.cut();
  CHECK_FALSE(rates->exchange(std::vector{use_of(10)}).has_value());
  CHECK_FALSE(rates->exchange(std::vector{use_of(10)}).has_value());
  relay.restore();
  const auto until = std::chrono::steady_clock::now() + 30s;
  auto heard = rates->exchange(std::vector{use_of(10)});
  while (!heard && std::chrono::steady_clock::now() < until)
    heard = rates->exchange(std::vector{use_of(10)});
  REQUIRE(heard);
  CHECK(heard->at(0).engines == 1);
}
