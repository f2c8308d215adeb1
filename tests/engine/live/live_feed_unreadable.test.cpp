#include "feed_fixture.hpp"

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

std::vector<ledger::Failure> failures(const FeedWorld& world) {
  std::vector<ledger::Failure> all;
  for (const auto& note : world.ledger.feeds->asked)
    all.insert(all.end(), note.commit.failures.begin(), note.commit.failures.end());
  return all;
}

/// Everything is carried as it comes.
void carry_at_once(FeedWorld& world) {
  world.uploads->at_once = [](const Upload&) {
    Uploaded uploaded;
    uploaded.outcome = Outcome::created;
    return std::optional(uploaded);
  };
}

} // namespace

TEST_CASE("A row that the source cannot read is an exception once, and the stream goes on around it",
          "[engine][feed][OS-4]") {
  FeedWorld world;
  carry_at_once(world);
  const auto at = world.instant();
  const auto bad = GENERATE(0U, 3U, 9U, 24U);
  for (std::uint32_t i = 0; i < 25; ++i)
    world.list.rows.push_back({world.record(i), at + std::chrono::seconds(i)});
  world.list.rows[bad].readable = false;
  world.start();
  world.advance(1s);
  CHECK(world.carried().size() == 24);
  const auto failed = failures(world);
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].record_id == "unreadable at " + to_string(world.list.rows[bad].at) + ", ttd");
  CHECK(failed[0].organisation == "ttd");
  CHECK(failed[0].problem.message.find("Path: $.DataValues.n") != std::string::npos);
  CHECK_FALSE(world.probe->polling_fails);
  if (bad != 24) CHECK(world.cursor()->at == at + 24s);

  world.list.rows.push_back({world.record(25), at + 30s});
  const auto asked = world.storage->asked.size();
  world.advance(31s);
  CHECK(world.carried().size() == 25);
  CHECK(failures(world).size() == 1);
  CHECK(world.storage->asked.size() - asked <= 7 * 6); // around it, page by page, at each poll
}

TEST_CASE("A row that cannot be read among rows of one time that fill a page is found by that time",
          "[engine][feed][OS-4]") {
  FeedWorld world;
  carry_at_once(world);
  const auto at = world.instant();
  for (std::uint32_t i = 0; i < 25; ++i)
    world.list.rows.push_back({world.record(i), at + 1s});
  world.list.rows.push_back({world.record(25), at + 2s});
  world.list.rows[17].readable = false;
  world.start();
  world.advance(1s);
  const auto failed = failures(world);
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].last_changed == at + 1s);
  CHECK(world.carried().size() == 11);
  CHECK(world.carried().back() == world.record(25));
}

TEST_CASE("A source that answers every list with 500 is a stream that cannot be read",
          "[engine][feed][OS-4]") {
  FeedWorld world;
  world.list.rows = {{world.record(1), world.instant() + 1s}};
  world.storage->at_once = [&](const Call& call) {
    return std::optional(answered(call.operation, response(500, world.list.unreadable)));
  };
  world.start();
  world.advance(60s);
  CHECK(failures(world).empty());
  CHECK(world.probe->polling_fails);
}

TEST_CASE("An unreadable row's exception that is tried again: its records are looked at once it can be read",
          "[engine][feed][OS-4]") {
  FeedWorld world;
  carry_at_once(world);
  const auto at = world.instant();
  world.list.rows = {{world.record(1), at + 1s}, {world.record(2), at + 2s}};
  world.list.rows[0].readable = false;
  world.start();
  world.advance(1s);
  REQUIRE(failures(world).size() == 1);
  ledger::Exception exception;
  exception.id = 7;
  exception.record_id = failures(world)[0].record_id;
  exception.organisation = "ttd";
  exception.last_changed = at + 1s;

  world.due.exceptions = {exception};
  world.advance(1s);
  CHECK(failures(world).size() == 2);

  world.list.rows[0].readable = true;
  world.due.exceptions = {exception};
  world.advance(1s);
  CHECK(failures(world).size() == 2);
  const auto& last = world.ledger.feeds->asked.back().commit;
  CHECK(last.settled == std::vector{exception.record_id});
  REQUIRE(last.wake_ups.size() == 1);
  auto wake_up = last.wake_ups[0];
  wake_up.id = 3;
  world.due.wake_ups = {wake_up};
  world.advance(1s);
  CHECK(world.carried().back() == world.record(1));
}
