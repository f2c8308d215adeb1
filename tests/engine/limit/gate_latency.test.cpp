#include "gate_fixture.hpp"

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;
using namespace std::chrono_literals;

TEST_CASE("What takes long by its nature does not pass for an API that is slower", "[gate][latency]") {
  constexpr std::uint32_t connections = 4;
  GateWorld world([](GateSetup& setup) { setup.rate = {0, 1, connections, true}; });
  const auto carry = [&](http::Operation operation, std::size_t bytes, Moment each, int rounds) {
    for (; rounds > 0; --rounds) {
      const auto first = world.sent.size();
      for (std::uint32_t i = 0; i < 2 * connections; ++i) { // half of them wait for a place
        http::Request request;
        request.body.assign(bytes, ' ');
        world.ask<Answered>(world.gate,
                            Call{std::make_shared<const http::Request>(std::move(request)), operation});
      }
      for (std::uint32_t i = 0; i < 2 * connections; ++i) {
        if (i % connections == 0) world.advance(each);
        REQUIRE(world.sent.size() > first + i);
        world.answer(first + i, response(200));
      }
    }
    CHECK(world.view->get().rate.concurrency_limit == connections);
  };
  for (int turn = 0; turn < 3; ++turn) {
    carry(http::Operation::migrate, 900, 2ms, 200);
    carry(http::Operation::publish, 800, 400ms, 10); // twenty messages
    carry(http::Operation::publish, 70, 20ms, 50);   // one
  }
}
