#include "gate_fixture.hpp"

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

using Strings = std::vector<std::string>;

/// Sends `count` calls of one priority: `name` and a number.
std::vector<std::shared_ptr<Reply<Answered>>> calls(GateWorld& world, const std::string& name, int count,
                                                    Priority priority = Priority::history) {
  std::vector<std::shared_ptr<Reply<Answered>>> replies;
  for (int i = 0; i < count; ++i)
    replies.push_back(world.call(name + std::to_string(i), priority));
  return replies;
}

/// Answers every attempt for one target the same way at once, forever.
void always(GateWorld& world, const http::Answer& answer) {
  world.on_send = [&world, answer](std::size_t index) { world.sent[index].handler(answer); };
}

} // namespace

// -- rate -----------------------------------------------------------------------------

TEST_CASE("A gate sends its burst at once and then no faster than its rate", "[engine][gate]") {
  GateWorld world([](GateSetup& setup) { setup.rate = {10, 5, 1000, false}; });
  calls(world, "/a", 40);
  CHECK(world.sent.size() == 5);
  world.advance(1s);
  CHECK(world.sent.size() == 15);
  world.advance(2'450ms);
  CHECK(world.sent.size() == 39);
  world.advance(60s);
  CHECK(world.sent.size() == 40);
  for (std::size_t i = 6; i < world.sent.size(); ++i)
    CHECK(world.sent[i].at - world.sent[i - 1].at >= 99ms);
}

TEST_CASE("What the client repeats by itself costs a token as well", "[engine][gate]") {
  std::uint64_t repeats = 0;
  GateWorld world([&](GateSetup& setup) {
    setup.rate = {10, 5, 1000, false};
    setup.repeats = [&] { return repeats; };
  });
  calls(world, "/a", 40);
  REQUIRE(world.sent.size() == 5);
  repeats = 4;
  world.answer(0, response(200));
  world.advance(1s);
  CHECK(world.sent.size() == 5 + 10 - 4);
  world.advance(1s);
  CHECK(world.sent.size() == 5 + 20 - 4);
}

TEST_CASE("A gate holds no more requests in flight than it has connections", "[engine][gate]") {
  GateWorld world([](GateSetup& setup) { setup.rate = {0, 1, 3, false}; });
  calls(world, "/a", 10);
  world.advance(60s);
  REQUIRE(world.sent.size() == 3);
  world.answer(1, response(200));
  CHECK(world.sent.size() == 4);
  world.answer(0, response(200));
  world.answer(2, response(200));
  CHECK(world.sent.size() == 6);
}

TEST_CASE("Other figures hold from the moment they are given", "[engine][gate]") {
  GateWorld world([](GateSetup& setup) { setup.rate = {0.01, 1, 100, false}; });
  calls(world, "/a", 21);
  world.advance(1s);
  REQUIRE(world.sent.size() == 1);

  world.tell(world.gate, Reconfigure{{10, 1, 100, false}});
  world.advance(1'010ms);
  CHECK(world.sent.size() == 11);
  world.advance(1s);
  CHECK(world.sent.size() == 21);
}

TEST_CASE("Fewer connections hold as soon as enough requests have ended", "[engine][gate]") {
  GateWorld world([](GateSetup& setup) { setup.rate = {0, 1, 3, false}; });
  calls(world, "/a", 6);
  world.tell(world.gate, Reconfigure{{0, 1, 1, false}});
  world.answer(0, response(200));
  world.answer(1, response(200));
  CHECK(world.sent.size() == 3);
  world.answer(2, response(200));
  CHECK(world.sent.size() == 4);
}

// -- answers --------------------------------------------------------------------------

TEST_CASE("A call is answered once, with its verdict and its answer", "[engine][gate]") {
  GateWorld world;
  const auto reply = world.call("/a");
  CHECK_FALSE(reply->there());
  world.answer(0, response(200, "body"));
  CHECK(reply->value().verdict.kind == http::Verdict::Kind::success);
  CHECK((*reply->value().answer)->body == "body");
  CHECK(reply->value().attempts == 1);
  world.advance(60s);
  CHECK(reply->value().attempts == 1);
  CHECK(world.sent.size() == 1);
}

TEST_CASE("Many answers at once reach each call its own", "[engine][gate]") {
  GateWorld world;
  const auto replies = calls(world, "/a", 20);
  for (std::size_t i = 0; i < 20; ++i)
    world.sent[19 - i].handler(response(200, world.sent[19 - i].target));
  world.run();
  for (std::size_t i = 0; i < 20; ++i)
    CHECK((*replies[i]->value().answer)->body == "/a" + std::to_string(i));
}

TEST_CASE("Calls of a list are answered in lists, each under its number", "[engine][gate]") {
  GateWorld world;
  std::vector<std::size_t> lists;
  std::map<std::uint64_t, std::string> bodies;
  const auto asker = world.stand_in<caf::actor>([&](const Answers& answers) {
    lists.push_back(answers.items.size());
    for (const auto& [number, answered] : answers.items)
      bodies[number] = (*answered.answer)->body;
  });
  Calls calls;
  for (const auto* target : {"/a", "/b", "/c"}) {
    http::Request request;
    request.target = target;
    calls.items.push_back(
        {7 + calls.items.size(),
         {std::make_shared<const http::Request>(std::move(request)), http::Operation::list}});
  }
  world.tell_as(asker, world.gate, calls);
  REQUIRE(world.targets() == std::vector<std::string>{"/a", "/b", "/c"});
  world.sent[2].handler(response(200, "c"));
  world.sent[0].handler(response(200, "a"));
  world.run();
  world.answer(1, response(200, "b"));
  CHECK(lists == std::vector<std::size_t>{2, 1});
  CHECK(bodies == std::map<std::uint64_t, std::string>{{7, "a"}, {8, "b"}, {9, "c"}});
}

TEST_CASE("An answer for good is not tried again", "[engine][gate]") {
  GateWorld world;
  const auto reply = world.call("/a");
  world.answer(0, response(400));
  CHECK(reply->value().verdict.kind == http::Verdict::Kind::exception);
  CHECK(reply->value().verdict.status == 400);
  world.advance(60s);
  CHECK(world.sent.size() == 1);
}

// -- retries --------------------------------------------------------------------------

TEST_CASE("After a server's or a connection's failure the same request goes out again", "[engine][gate]") {
  const auto failure = GENERATE(http::Answer(response(500)), http::Answer(response(502)), no_answer(),
                                no_answer(http::TransportFault::timeout));
  GateWorld world;
  const auto reply = world.call("/a");
  world.answer(0, failure);
  CHECK_FALSE(reply->there());
  CHECK(world.sent.size() == 1);
  world.advance(10s);
  REQUIRE(world.targets() == Strings{"/a", "/a"});
  world.answer(1, response(200));
  CHECK(reply->value().verdict.kind == http::Verdict::Kind::success);
  CHECK(reply->value().attempts == 2);
}

TEST_CASE("The pause between attempts doubles up to its longest, half of it at random", "[engine][gate]") {
  const auto seed = GENERATE(1, 2, 3);
  GateWorld world([&](GateSetup& setup) {
    setup.seed = static_cast<std::uint64_t>(seed);
    setup.patience = {8, 75s, 200ms, 2'000ms};
  });
  const auto reply = world.call("/a", Priority::history, Patience::page);
  always(world, response(500));
  world.answer(0, response(500));
  // A run of failures brings a probe; an answered one leaves the failures with the call.
  world.on_send = [&](std::size_t i) {
    world.sent[i].handler(world.sent[i].target == "/probe" ? response(200) : response(500));
  };
  world.advance(60s);
  std::vector<Moment> attempts;
  for (const auto& one : world.sent)
    if (one.target == "/a") attempts.push_back(one.at);
  REQUIRE(attempts.size() == 8);
  std::vector<Moment> pauses;
  for (std::size_t i = 1; i < attempts.size(); ++i)
    pauses.push_back(attempts[i] - attempts[i - 1]);
  Moment whole = 200ms;
  for (const auto pause : pauses) {
    CHECK(pause >= whole / 2);
    CHECK(pause <= whole);
    CHECK(pause != whole / 2);
    whole = std::min<Moment>(2'000ms, whole * 2);
  }
}

TEST_CASE("Calls that failed together do not come back together", "[engine][gate]") {
  GateWorld world;
  calls(world, "/a", 4);
  for (std::size_t i = 0; i < 4; ++i)
    world.answer(i, response(500));
  world.advance(1s);
  REQUIRE(world.sent.size() == 8);
  for (std::size_t i = 5; i < 8; ++i)
    CHECK(world.sent[i].at != world.sent[i - 1].at);
}

TEST_CASE("Nobody sends before a Retry-After has passed", "[engine][gate]") {
  const auto status = GENERATE(429, 503);
  GateWorld world;
  const auto throttled_call = world.call("/a");
  const auto told = world.now();
  world.answer(0, throttled(2'000ms, status));
  const auto other = world.call("/b");
  world.advance(1'999ms);
  CHECK(world.sent.size() == 1);
  world.advance(3s);
  REQUIRE(world.sent.size() == 3);
  CHECK(world.sent[1].at >= told + 2'000ms);
  CHECK(world.sent[2].at >= told + 2'000ms);
}

// -- patience -------------------------------------------------------------------------

TEST_CASE("What waits out a pause of its own is counted as resting while it waits", "[engine][gate]") {
  const auto resting = std::make_shared<RestingCalls>(0);
  GateWorld world([&](GateSetup& setup) { setup.resting = resting; });
  const auto others = calls(world, "/other", 40);
  for (std::size_t i = 0; i < 40; ++i)
    world.answer(i, response(200));
  world.call("/a");
  world.call("/b");
  world.answer(40, throttled(1'000ms));
  world.answer(41, response(500));
  CHECK(*resting == 1);
  world.call("/c"); // one refusal stops nobody else
  CHECK(world.targets(42).front() == "/c");
  world.advance(1'500ms);
  CHECK(*resting == 0);
}

TEST_CASE("A call that many records wait for counts as many while it rests", "[engine][gate]") {
  const auto resting = std::make_shared<RestingCalls>(0);
  GateWorld world([&](GateSetup& setup) { setup.resting = resting; });
  http::Request list;
  list.target = "/list";
  Call call{std::make_shared<const http::Request>(std::move(list))};
  call.records = 30;
  world.ask<Answered>(world.gate, std::move(call));
  world.answer(0, throttled(1'000ms));
  CHECK(*resting == 30);
  world.advance(1'500ms);
  CHECK(*resting == 0);
}

TEST_CASE("When patience has ended the caller gets the last answer with its problem", "[engine][gate]") {
  const auto [patience, attempts] = GENERATE(std::make_pair(Patience::page, std::size_t{4}),
                                             std::make_pair(Patience::record, std::size_t{14}));
  GateWorld world;
  const auto reply = world.call("/a", Priority::history, patience);
  world.on_send = [&](std::size_t i) {
    world.sent[i].handler(world.sent[i].target == "/probe" ? response(200)
                                                           : response(500, R"({"title":"Broken"})"));
  };
  world.answer(0, response(500));
  world.advance(300s);
  CHECK(reply->value().verdict.kind == http::Verdict::Kind::again);
  CHECK(reply->value().verdict.problem.message == "status 500, Broken");
  CHECK((*reply->value().answer)->status == 500);
  CHECK(reply->value().api == "storage");
  if (patience == Patience::record) { // 75 s, with growing pauses that vary
    CHECK(reply->value().attempts >= 10);
    CHECK(reply->value().attempts <= 25);
    CHECK(world.sent.back().at <= 90s + world.sent.front().at);
    return;
  }
  CHECK(reply->value().attempts == attempts);
  CHECK(world.sent.size() - world.probes() == attempts);
}

TEST_CASE("A slow write is awaited; a read that was not answered in time has twice as long the next time",
          "[engine][gate][OR-3]") {
  GateWorld world([](GateSetup& setup) { setup.limits = {10s, 60s}; });
  http::Request request;
  request.target = "/create";
  const auto write =
      world.ask<Answered>(world.gate, Call{std::make_shared<const http::Request>(request),
                                           http::Operation::create, Priority::history, Patience::record});
  CHECK(world.sent[0].limit == 60s);
  world.call("/read");
  for (std::size_t i = 1; i < 6; ++i) {
    REQUIRE(world.advance_until(60s, [&] { return world.sent.size() > i; }));
    CHECK(world.sent[i].limit == std::min<std::chrono::milliseconds>(60s, 10s * (1 << (i - 1))));
    world.answer(i, no_answer(http::TransportFault::timeout));
    if (i < 5) continue;
  }
  world.answer(0, response(201));
  CHECK(write->value().verdict.kind == http::Verdict::Kind::success);
  CHECK(write->value().attempts == 1);
}

TEST_CASE("A write that may have arrived goes back to who sent it, who looks before it is sent again",
          "[engine][gate][OR-3]") {
  GateWorld world;
  http::Request request;
  request.target = "/create";
  const auto write =
      world.ask<Answered>(world.gate, Call{std::make_shared<const http::Request>(request),
                                           http::Operation::create, Priority::history, Patience::record});
  world.answer(0, tl::unexpected(http::TransportError{http::TransportFault::reset, "ended", true}));
  world.advance(60s);
  CHECK(write->value().verdict.kind == http::Verdict::Kind::unknown);
  CHECK(world.sent.size() == 1);
}

TEST_CASE("Calls that are refused alike wait for one probe at a time, and the rest goes on at full speed",
          "[engine][gate][OD-2]") {
  GateWorld world;
  bool register_is_down = true;
  std::size_t bad = 0;
  world.on_send = [&](std::size_t i) {
    const auto& target = world.sent[i].target;
    const bool refuses = register_is_down && target.starts_with("/bad");
    bad += target.starts_with("/bad") ? 1 : 0;
    world.sent[i].handler(response(refuses ? 502 : 200));
  };
  const auto waiting = calls(world, "/bad", 40);
  world.advance(1s);
  const auto after_a_second = bad;
  world.advance(49s);
  CHECK(bad - after_a_second <= 15); // of 40 calls together
  const auto good = calls(world, "/good", 100);
  for (const auto& reply : good)
    CHECK(reply->value().verdict.kind == http::Verdict::Kind::success);
  register_is_down = false;
  world.advance(10s);
  for (const auto& reply : waiting)
    CHECK(reply->value().verdict.kind == http::Verdict::Kind::success);
}

TEST_CASE("What waits in place for one trouble is bounded; the rest goes back at once",
          "[engine][gate][OD-2]") {
  GateWorld world([](GateSetup& setup) { setup.rate.connections = 500; });
  world.on_send = [&](std::size_t i) {
    world.sent[i].handler(response(world.sent[i].target == "/probe" ? 200 : 502));
  };
  const auto replies = calls(world, "/bad", 200);
  world.advance(5s);
  const auto back =
      std::count_if(replies.begin(), replies.end(), [](const auto& reply) { return reply->there(); });
  CHECK(back >= 100);
  CHECK(back <= 200 - static_cast<int>(Trouble::most_waiting) + 8);
  world.advance(120s);
  for (const auto& reply : replies)
    CHECK(reply->value().verdict.kind == http::Verdict::Kind::again);
}

TEST_CASE("What waits to be tried again as the engine stops is given back at once", "[engine][gate]") {
  GateWorld world;
  const auto record = world.call("/record");
  const auto page = world.call("/page", Priority::history, Patience::page);
  const auto in_flight = world.call("/in-flight");
  world.answer(0, response(500));
  world.answer(1, response(500));
  CHECK_FALSE(record->there());
  world.tell(world.gate, Drain{});
  CHECK(record->value().verdict.kind == http::Verdict::Kind::again);
  CHECK_FALSE(page->there()); // it ends by itself within seconds
  world.answer(2, response(500));
  CHECK(in_flight->value().attempts == 1);
  const auto last = world.call("/last");
  world.answer(3, response(200));
  CHECK(last->value().verdict.kind == http::Verdict::Kind::success);
  world.advance(120s);
  const auto targets = world.targets();
  CHECK(std::count(targets.begin(), targets.end(), "/record") == 1);
}

TEST_CASE("Calls that wait for one trouble are given back as the engine stops", "[engine][gate]") {
  GateWorld world;
  std::vector<std::shared_ptr<Reply<Answered>>> replies;
  for (int i = 0; i < 20; ++i)
    replies.push_back(world.call("/" + std::to_string(i)));
  world.on_send = [&](std::size_t i) {
    world.sent[i].handler(world.sent[i].target == "/probe" ? response(200) : response(500));
  };
  for (std::size_t i = 0; i < 20; ++i)
    world.answer(i, response(500));
  world.advance(2s);
  world.tell(world.gate, Drain{});
  world.advance(2s);
  CHECK(std::all_of(replies.begin(), replies.end(), [](const auto& reply) { return reply->there(); }));
}

TEST_CASE("Who is asked to come slower waits for its turn while the engine stops", "[engine][gate]") {
  GateWorld world;
  const auto reply = world.call("/a");
  world.answer(0, throttled(1s));
  world.tell(world.gate, Drain{});
  CHECK_FALSE(reply->there());
  REQUIRE(world.advance_until(5s, [&] { return world.sent.size() == 2; }));
  world.answer(1, response(200));
  CHECK(reply->value().verdict.kind == http::Verdict::Kind::success);
}

TEST_CASE("A target that asks for less does not use up patience", "[engine][gate]") {
  GateWorld world;
  const auto reply = world.call("/a", Priority::history, Patience::page);
  for (std::size_t i = 0; i < 50; ++i) {
    REQUIRE(world.advance_until(60s, [&] { return world.sent.size() == i + 1; }));
    world.answer(i, throttled(100ms));
    REQUIRE_FALSE(reply->there());
  }
  for (std::size_t i = 50; i < 53; ++i) {
    REQUIRE(world.advance_until(60s, [&] { return world.sent.size() == i + 1; }));
    world.answer(i, response(500));
    REQUIRE_FALSE(reply->there());
  }
  REQUIRE(world.advance_until(60s, [&] { return world.sent.size() == 54; }));
  world.answer(53, response(200));
  CHECK(reply->value().verdict.kind == http::Verdict::Kind::success);
  CHECK(reply->value().attempts == 54);
}

TEST_CASE("A target that asks for less for ever is not asked for ever", "[engine][gate]") {
  GateWorld world;
  const auto reply = world.call("/a");
  always(world, throttled(10ms));
  world.answer(0, throttled(10ms));
  world.advance(3600s);
  CHECK(reply->value().verdict.reason == http::Verdict::Reason::throttled);
  CHECK(world.sent.size() == 200);
}

// -- live before history ----------------------------------------------------------------

TEST_CASE("Live takes its share of the turns while both wait, and history the rest", "[engine][gate]") {
  GateWorld world([](GateSetup& setup) {
    setup.rate = {10, 1, 1000, false};
    setup.live_share = 0.7;
  });
  world.call("/first");
  calls(world, "/history", 100);
  calls(world, "/live", 100, Priority::live);
  world.advance(10'010ms);
  const auto targets = world.targets(1);
  REQUIRE(targets.size() == 100);
  const auto live = [&](std::size_t from, std::size_t to) {
    return std::count_if(targets.begin() + static_cast<std::ptrdiff_t>(from),
                         targets.begin() + static_cast<std::ptrdiff_t>(to),
                         [](const std::string& target) { return target.starts_with("/live"); });
  };
  CHECK(std::abs(live(0, 100) - 70) <= 1);
  for (std::size_t from = 0; from < 100; from += 10)
    CHECK(std::abs(live(from, from + 10) - 7) <= 1);
}

TEST_CASE("What is alone in waiting takes every turn, in the order it came", "[engine][gate]") {
  const auto priority = GENERATE(Priority::live, Priority::history);
  GateWorld world([](GateSetup& setup) { setup.rate = {10, 1, 1000, false}; });
  calls(world, "/a", 5, priority);
  world.advance(1s);
  CHECK(world.targets() == Strings{"/a0", "/a1", "/a2", "/a3", "/a4"});
}

TEST_CASE("A retry goes before what has not been tried yet", "[engine][gate]") {
  GateWorld world([](GateSetup& setup) { setup.rate = {1, 1, 1000, false}; });
  calls(world, "/a", 3);
  world.answer(0, response(500));
  world.advance(3'010ms);
  CHECK(world.targets() == Strings{"/a0", "/a0", "/a1", "/a2"});
}

// -- traces -----------------------------------------------------------------------------

TEST_CASE("All attempts for one record are one trace, each a span of its own", "[engine][gate]") {
  GateWorld world;
  http::Request request;
  request.target = "/a";
  const auto guid = *parse_uuid("0dbc1da6-f744-4fff-83bc-131e7988a1bc");
  Call call{std::make_shared<const http::Request>(request), http::Operation::list};
  call.trail = trail_of(nullptr, "50001234/0dbc1da6-f744-4fff-83bc-131e7988a1bc", guid);
  world.ask<Answered>(world.gate, call);
  world.answer(0, response(500));
  world.advance(1s);
  world.call("/nobody's");
  REQUIRE(world.sent.size() == 3);
  CHECK(world.sent[0].trace.id == guid);
  CHECK(world.sent[1].trace.id == guid);
  CHECK(world.sent[0].trace.span != world.sent[1].trace.span);
  CHECK(world.sent[2].trace.id != Uuid{});
  CHECK(world.sent[2].trace.id != guid);
}
