#include "carrier_fixture.hpp"

#include <algorithm>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

// -- what a record waits for ----------------------------------------------------------------

TEST_CASE("A record is mapped when its events, its application and its owner are there, in any order",
          "[engine][carrier]") {
  std::vector<int> order = {0, 1, 2};
  do {
    CarrierWorld world;
    world.carry_one();
    for (const auto part : order) {
      CHECK(world.uploads->asked.empty());
      if (part == 0) world.reply_events(0, response(200, no_events));
      if (part == 1) world.reply_application();
      if (part == 2) world.reply_party();
    }
    REQUIRE(world.uploads->asked.size() == 1);
    CHECK(world.done->empty());
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("A record waits for the names of those who acted on it", "[engine][carrier][M-113]") {
  CarrierWorld world;
  world.carry_one();
  world.reply_application();
  world.reply_party();
  world.reply_events(0, response(200, created_by(20001234)));
  CHECK(world.uploads->asked.empty());
  REQUIRE(world.registry->asked.size() == 2);
  CHECK(world.registry->asked[1].users == std::vector<std::int64_t>{20001234});
  world.reply_user(1);
  REQUIRE(world.uploads->asked.size() == 1);
  CHECK(world.uploads->asked[0].decision->body.find("02886430348") != std::string::npos);
}

TEST_CASE("The owners of a hand of records are asked for together, each once", "[engine][carrier][D-13]") {
  CarrierWorld world;
  world.carry(
      {instance_json(1, guid), instance_json(2, guid), instance_json(1, guid), instance_json(3, guid)});
  REQUIRE(world.registry->asked.size() == 1);
  CHECK(world.registry->asked[0].parties == std::vector<std::int64_t>{1, 2, 3});
}

TEST_CASE("What the records of a hand need is asked of Storage in one list", "[engine][carrier]") {
  CarrierWorld world;
  world.carry({instance_json(1, guid), instance_json(2, guid), instance_json(3, guid)});
  CHECK(world.storage->lists == std::vector<std::size_t>{3});
}

TEST_CASE("What was looked up is used for the records that follow, until it is old", "[engine][carrier]") {
  CarrierWorld world;
  world.advance(120s);
  world.carry_one();
  world.reply_application();
  world.reply_party();
  world.reply_events(0, response(200, created_by(20001234)));
  world.reply_user(1);
  world.advance(lookup_age_of_carriers - 1s);
  world.carry_one();
  world.reply_events(1, response(200, created_by(20001234)));
  CHECK(world.uploads->asked.size() == 2);
  CHECK(world.registry->asked.size() == 2);
  CHECK(world.metadata->asked.size() == 1);
  world.advance(lookup_age_of_carriers + 2s);
  world.carry_one();
  CHECK(world.registry->asked.size() == 2);
  CHECK(world.metadata->asked.size() == 2);
  world.advance(lookup_age);
  world.carry_one();
  CHECK(world.registry->asked.size() == 3);
}

TEST_CASE("A record that begins when its owner was forgotten again asks anew", "[engine][carrier]") {
  CarrierWorld world;
  world.tell(world.carrier, SetWindow{1});
  world.people->put({1, false}, urn, world.clock()());
  world.people->put({2, false}, urn, world.clock()());
  world.carry({instance_json(1, guid), instance_json(2, guid)});
  CHECK(world.registry->asked.empty());
  world.advance(lookup_age + 1s);
  world.reply_application();
  world.reply_events(0, response(500)); // the first one is done with
  REQUIRE(world.done->size() == 1);
  REQUIRE(world.registry->asked.size() == 1);
  CHECK(world.registry->asked[0].parties == std::vector<std::int64_t>{2});
  world.reply_events(1, response(200, no_events));
  CHECK(world.uploads->asked.empty());
  world.reply_party(0, 2);
  CHECK(world.uploads->asked.size() == 1);
}

TEST_CASE("What was looked up for a record is not forgotten while it waits for the rest",
          "[engine][carrier]") {
  const auto known_before = GENERATE(false, true);
  CarrierWorld world;
  if (known_before) {
    world.carry_one();
    world.reply_application();
    world.reply_party();
    world.reply_events(0, response(200, created_by(20001234)));
    world.reply_user(1);
    world.carry_one();
    world.carry({instance_json(2, guid)}); // acted on by the same user, its owner's name comes late
    world.reply_events(2, response(200, created_by(20001234)));
    world.advance(2 * lookup_age); // the book knows them no more
    world.reply_party(2, 2);
    REQUIRE(world.uploads->asked.size() == 2);
    CHECK(world.uploads->asked[1].decision->body.find("02886430348") != std::string::npos);
    world.reply_events(1, response(200, no_events));
    REQUIRE(world.uploads->asked.size() == 3);
  } else {
    world.carry_one();
    world.reply_application();
    world.reply_party();
    world.advance(2 * lookup_age);
    world.reply_events(0, response(200, no_events));
    REQUIRE(world.uploads->asked.size() == 1);
  }
  CHECK(world.done->empty());
}

TEST_CASE("Every request for a record has the record's priority", "[engine][carrier]") {
  CarrierWorld world;
  world.carry({instance_json(50001234, guid)}, Priority::live, false);
  world.reply_application();
  world.reply_party();
  world.reply_events(0, response(200, created_by(20001234)));
  world.reply_user(1);
  REQUIRE(world.uploads->asked.size() == 1);
  CHECK(world.storage->asked[0].priority == Priority::live);
  CHECK(world.storage->asked[0].patience == Patience::record);
  CHECK(world.metadata->asked[0].priority == Priority::live);
  CHECK(world.registry->asked[0].priority == Priority::live);
  CHECK(world.registry->asked[1].priority == Priority::live);
  CHECK(world.uploads->asked[0].priority == Priority::live);
  CHECK_FALSE(world.uploads->asked[0].decision->silent);
}

TEST_CASE("A record that changed since it was listed is read anew", "[engine][carrier]") {
  // A page is listed 5 s after the world's first moment; clocks may differ by some minutes.
  const auto [created, anew] = GENERATE(table<const char*, bool>(
      {{"2020-01-01T00:00:00Z", false}, {"2025-06-18T10:00:01Z", false}, {"2099-01-01T00:00:00Z", true}}));
  CarrierWorld world;
  world.carry_one();
  world.reply_application();
  world.reply_party();
  world.reply_events(0, response(200, R"({"instanceEvents":[{"id":"4ef9d179-2d4b-403f-9fcc-6f7cd619f12e",)"
                                      R"("eventType":"Created","user":{"orgId":"ttd"},"created":")" +
                                          std::string(created) + R"("}]})"));
  REQUIRE(world.uploads->asked.size() == 1);
  CHECK((world.uploads->asked[0].decision == nullptr) == anew);
  CHECK(world.uploads->asked[0].record_id == "50001234/" + guid);
}
