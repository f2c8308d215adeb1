#include "gate_fixture.hpp"

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

using Strings = std::vector<std::string>;

/// An API that answers by itself: down, or well.
struct Api {
  bool down = true;
  bool probe_down = true;
};

void answers_as(GateWorld& world, const Api& api) {
  world.on_send = [&](std::size_t i) {
    const bool fails = world.sent[i].target == "/probe" ? api.probe_down : api.down;
    world.sent[i].handler(fails ? no_answer(http::TransportFault::connect) : http::Answer(response(200)));
  };
}

/// Five calls that failed without one success.
std::vector<std::shared_ptr<Reply<Answered>>> five_failures(GateWorld& world) {
  std::vector<std::shared_ptr<Reply<Answered>>> replies;
  for (int i = 0; i < 5; ++i)
    replies.push_back(world.call("/a" + std::to_string(i), Priority::history, Patience::page));
  for (std::size_t i = 0; i < 5; ++i)
    world.answer(i, no_answer());
  return replies;
}

} // namespace

TEST_CASE("A run of failures brings one probe, and nothing else is sent while it is under way",
          "[engine][gate]") {
  GateWorld world;
  five_failures(world);
  CHECK(world.targets(5) == Strings{"/probe"});
  world.call("/late");
  world.advance(60s);
  CHECK(world.targets(5) == Strings{"/probe"});
}

TEST_CASE("A success between failures brings no probe", "[engine][gate]") {
  GateWorld world;
  for (int i = 0; i < 6; ++i)
    world.call("/a" + std::to_string(i));
  for (std::size_t i = 0; i < 4; ++i)
    world.answer(i, no_answer());
  world.answer(4, response(404));
  world.answer(5, no_answer());
  CHECK(world.probes() == 0);
}

TEST_CASE("While an API is down it is only probed, with growing pauses, and then everybody goes on",
          "[engine][gate]") {
  GateWorld world;
  const auto replies = five_failures(world);
  Api api;
  answers_as(world, api);
  const auto begun = world.now();
  world.answer(5, no_answer());
  const auto late = world.call("/late");
  world.advance(60s);

  std::vector<Moment> pauses;
  REQUIRE(world.sent.size() > 10);
  for (std::size_t i = 6; i < world.sent.size(); ++i) {
    CHECK(world.sent[i].target == "/probe");
    pauses.push_back(world.sent[i].at - (i == 6 ? begun : world.sent[i - 1].at));
  }
  CHECK(pauses[0] == 250ms);
  CHECK(pauses[1] == 500ms);
  CHECK(pauses[2] == 1s);
  CHECK(pauses[3] == 2s);
  CHECK(pauses[4] == 4s);
  CHECK(pauses[5] == 5s);
  CHECK(pauses.back() == 5s);
  CHECK(world.view->get().down);
  CHECK(world.view->get().since == begun);

  const auto before = world.sent.size();
  api = {false, false};
  world.advance(5s);
  CHECK(world.targets(before).front() == "/probe");
  CHECK(world.sent.size() == before + 7);
  for (const auto& reply : replies)
    CHECK(reply->value().verdict.kind == http::Verdict::Kind::success);
  CHECK(late->value().verdict.kind == http::Verdict::Kind::success);
  world.call("/after");
  CHECK_FALSE(world.view->get().down);
}

TEST_CASE("What failed during an outage counts against nobody", "[engine][gate]") {
  GateWorld world([](GateSetup& setup) { setup.patience.page_attempts = 2; });
  const auto replies = five_failures(world);
  CHECK(std::none_of(replies.begin(), replies.end(), [](const auto& reply) { return reply->there(); }));
  Api api;
  answers_as(world, api);
  world.answer(5, no_answer());
  world.advance(60s);
  api.probe_down = false;
  world.on_send = nullptr;
  const auto before = world.sent.size();
  REQUIRE(world.advance_until(5s, [&] { return world.sent.size() == before + 1; }));
  world.answer(before, response(200));
  REQUIRE(world.advance_until(10s, [&] { return world.sent.size() == before + 6; }));
  world.answer(before + 1, response(500));
  CHECK(std::none_of(replies.begin(), replies.end(), [](const auto& reply) { return reply->there(); }));
}

TEST_CASE("What was under way when an outage began is tried again after it, however it fails",
          "[engine][gate]") {
  GateWorld world([](GateSetup& setup) { setup.patience.page_attempts = 1; });
  const auto slow = world.call("/slow", Priority::history, Patience::page);
  const auto slower = world.call("/slower", Priority::history, Patience::page);
  for (int i = 0; i < 5; ++i)
    world.call("/a" + std::to_string(i));
  for (std::size_t i = 2; i < 7; ++i)
    world.answer(i, no_answer());
  REQUIRE(world.targets(7) == Strings{"/probe"});
  world.answer(0, no_answer(http::TransportFault::timeout));
  CHECK_FALSE(slow->there());
  world.answer(7, no_answer());
  world.answer(1, no_answer(http::TransportFault::timeout));
  world.advance(200ms);
  CHECK_FALSE(slow->there());
  CHECK_FALSE(slower->there());
  Api api{false, false};
  answers_as(world, api);
  world.advance(60s);
  CHECK(slow->value().verdict.kind == http::Verdict::Kind::success);
  CHECK(slower->value().verdict.kind == http::Verdict::Kind::success);
}

TEST_CASE("Where a probe is answered the failures are the requests' own", "[engine][gate]") {
  GateWorld world;
  const auto replies = five_failures(world);
  Api api{true, false};
  answers_as(world, api);
  world.answer(5, response(404));
  world.advance(60s);
  for (const auto& reply : replies) {
    CHECK(reply->value().verdict.reason == http::Verdict::Reason::transport);
    CHECK(reply->value().attempts >= 4);
    CHECK(reply->value().attempts <= 5); // nobody gives up while a probe is under way
  }
  CHECK_FALSE(world.view->get().down);
}

TEST_CASE("A probe answered with a server's failure is no sign of life", "[engine][gate]") {
  GateWorld world;
  five_failures(world);
  world.answer(5, response(503));
  world.advance(250ms);
  CHECK(world.targets(5) == Strings{"/probe", "/probe"});
}

TEST_CASE("A pause that is asked for, and when an API that is down is asked again, are told at once",
          "[engine][gate][OR-9]") {
  GateWorld world;
  world.call("/a");
  CHECK_FALSE(world.view->get().rate.paused_until);
  auto refused = response(429);
  refused.retry_after = 1h;
  world.answer(0, std::move(refused));
  const auto view = world.view->get();
  REQUIRE(view.rate.paused_until);
  CHECK(*view.rate.paused_until >= world.now() + 1h);
  CHECK(view.rate.pause >= 1h);

  GateWorld other;
  five_failures(other);
  other.answer(5, no_answer());
  CHECK(other.view->get().down);
  CHECK(other.view->get().probe_at == other.now() + 250ms);
}
