#include "gate_fixture.hpp"
#include "rate_board.hpp"

#include <dialogferry/engine/limit/rate_exchange.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;
using dialogferry::engine::simulated::RateBoard;

namespace {

/// What the engines of a test keep between them.
struct Board {
  std::map<std::string, RateBoard> apis;
  bool is_away = false;
  int exchanges = 0;
};

class BoardRates final : public ledger::OneRate {
public:
  BoardRates(std::shared_ptr<Board> board, std::string engine, std::function<Moment()> clock)
      : board_(std::move(board))
      , engine_(std::move(engine))
      , clock_(std::move(clock)) {}

  Result<std::vector<ledger::RateShare>> exchange(std::span<const ledger::RateUse> uses) override {
    if (board_->is_away) return fail("ledger", "cannot be reached");
    ++board_->exchanges;
    std::vector<ledger::RateShare> heard;
    for (const auto& use : uses)
      heard.push_back(board_->apis[use.api].exchange(engine_, use, clock_()));
    return heard;
  }
  void leave() override {
    for (auto& [api, board] : board_->apis)
      board.leave(engine_);
  }

private:
  std::shared_ptr<Board> board_;
  std::string engine_;
  std::function<Moment()> clock_;
};

/// The gate of a second engine in the same world, and the exchanges of both.
class TwoEngines : public GateWorld {
public:
  explicit TwoEngines(const RateOptions& rate)
      : GateWorld([&](GateSetup& setup) {
        setup.rate = rate;
        setup.shares = true;
      }) {
    GateSetup setup;
    setup.api = "storage";
    setup.rate = rate;
    setup.shares = true;
    setup.send = [this](const std::shared_ptr<const http::Request>&, http::Handler handler,
                        std::chrono::milliseconds, const http::Trace&) {
      sent_by_second.push_back(now());
      handlers.push_back(std::move(handler));
    };
    setup.clock = clock();
    setup.view = second_view;
    second = spawn<Gate>(std::move(setup));
    first_exchange = exchange_of("first", caf::actor_cast<sharing_gate_actor>(gate));
    second_exchange = exchange_of("second", caf::actor_cast<sharing_gate_actor>(second));
    run();
  }

  rate_exchange_actor exchange_of(const std::string& name, const sharing_gate_actor& gate) {
    RateExchangeSetup setup;
    setup.rates = std::make_shared<BoardRates>(board, name, clock());
    setup.gates.emplace("storage", gate);
    setup.clock = clock();
    return rate_exchange_actor(spawn<RateExchange>(std::move(setup)));
  }

  void call_second() {
    http::Request request;
    request.target = "/second";
    ask<Answered>(second,
                  Call{std::make_shared<const http::Request>(std::move(request)), http::Operation::list});
  }

  std::shared_ptr<Board> board = std::make_shared<Board>();
  std::vector<Moment> sent_by_second;
  std::vector<http::Handler> handlers;
  std::shared_ptr<Shared<GateView>> second_view = std::make_shared<Shared<GateView>>();
  gate_actor second;
  rate_exchange_actor first_exchange;
  rate_exchange_actor second_exchange;
};

} // namespace

TEST_CASE("Gates of two engines send at one rate between them", "[engine][gate][sharing]") {
  TwoEngines world({.rate = 100, .burst = 2, .connections = 1000});
  for (int i = 0; i < 500; ++i) {
    world.call("/a");
    world.call_second();
  }
  world.advance(1s);
  const auto first = world.sent.size();
  const auto second = world.sent_by_second.size();
  world.advance(2s);
  CHECK(world.sent.size() - first == Approx(100).margin(3));
  CHECK(world.sent_by_second.size() - second == Approx(100).margin(3));
  CHECK(world.view->get().rate.rate == 100);
  CHECK(world.board->exchanges >= 58);
  CHECK(world.board->exchanges <= 70);
}

TEST_CASE("A gate that has told and heard nothing sends almost nothing", "[engine][gate][sharing]") {
  GateWorld world([](GateSetup& setup) {
    setup.rate = {.rate = 100, .burst = 50, .connections = 1000};
    setup.shares = true;
  });
  for (int i = 0; i < 100; ++i)
    world.call("/a");
  world.advance(5s);
  CHECK(world.sent.size() == 5);
}

TEST_CASE("A pause that one engine is asked for reaches the others at once",
          "[engine][gate][sharing][pause]") {
  TwoEngines world({.rate = 0, .burst = 1, .connections = 1000});
  world.advance(500ms);
  world.call("/a");
  const auto asked_at = world.now();
  world.answer(0, throttled(3s));
  CHECK_FALSE(world.second_view->get().rate.paused_until);
  std::size_t calls = 0;
  REQUIRE(world.advance_until(200ms, [&] {
    world.call_second();
    ++calls;
    return world.second_view->get().rate.paused_until.has_value();
  }));
  const auto before = world.sent_by_second.size();
  CHECK(before == calls - 1);
  world.advance(asked_at + 3s - world.now() - 1ms);
  CHECK(world.sent_by_second.size() == before);
  world.advance(500ms);
  CHECK(world.sent_by_second.size() == calls);
}

TEST_CASE(
    "Where the ledger is away an engine goes on with almost nothing, and without a burst when it is back",
    "[engine][gate][sharing][outage]") {
  TwoEngines world({.rate = 100, .burst = 50, .connections = 1000});
  world.advance(3s);
  world.board->is_away = true;
  world.advance(1s);
  for (int i = 0; i < 300; ++i)
    world.call("/a");
  const auto burst = world.sent.size(); // what it had left
  CHECK(burst <= 2);
  world.advance(4s);
  CHECK(world.sent.size() - burst <= 4);
  world.board->is_away = false;
  const auto before = world.sent.size();
  world.advance(1500ms);
  const auto sent = world.sent.size() - before;
  CHECK(sent >= 75);
  CHECK(sent <= 150); // the rate, and nothing of the burst
}

TEST_CASE("Who ends hands its share back", "[engine][gate][sharing]") {
  TwoEngines world({.rate = 100, .burst = 2, .connections = 1000});
  for (int i = 0; i < 500; ++i)
    world.call_second();
  world.advance(1s);
  caf::anon_send_exit(world.first_exchange, caf::exit_reason::user_shutdown);
  world.run();
  const auto before = world.sent_by_second.size();
  world.advance(2s);
  CHECK(world.sent_by_second.size() - before >= 195);
}
