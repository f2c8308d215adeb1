#include "feed_fixture.hpp"

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

using Strings = std::vector<std::string>;

void carry_at_once(FeedWorld& world) {
  world.setup.poll = world.setup.look_every = 300s; // days go by
  world.uploads->at_once = [](const Upload&) {
    Uploaded uploaded;
    uploaded.outcome = Outcome::unchanged;
    return std::optional(uploaded);
  };
}

std::optional<Instant> passed(const FeedWorld& world) {
  std::optional<Instant> last;
  for (const auto& note : world.ledger.feeds->asked)
    if (note.commit.feed == "reconcile/ttd" && note.commit.cursor) last = note.commit.cursor->at;
  return last;
}

} // namespace

TEST_CASE("Once a day a live row goes over its recent days, behind everything else", "[engine][feed][OS-5]") {
  FeedWorld world;
  world.setup.reconcile = 24h;
  carry_at_once(world);
  const auto at = world.instant();
  for (std::uint32_t i = 0; i < 25; ++i)
    world.list.rows.push_back({world.record(i), at + std::chrono::seconds(i)});
  world.start();
  CHECK(passed(world) == at);
  world.advance(2h);
  CHECK(world.carried().size() == 25);
  const auto asked = world.storage->asked.size();
  world.advance(23h);
  REQUIRE(world.carried().size() == 50);
  CHECK(world.uploads->asked.back().priority == Priority::history);
  CHECK(std::any_of(world.storage->asked.begin() + static_cast<std::ptrdiff_t>(asked),
                    world.storage->asked.end(),
                    [](const Call& call) { return call.priority == Priority::history; }));
  REQUIRE(passed(world));
  CHECK(*passed(world) >= at + 24h);
  CHECK_FALSE(world.probe->polling_fails);
  world.advance(24h);
  CHECK(world.carried().size() == 75);
  world.advance(48h); // now they are older than two days
  CHECK(world.carried().size() == 75);
}

TEST_CASE("When the last pass was is in the ledger: a feed that begins anew goes on from that",
          "[engine][feed][OS-5]") {
  FeedWorld world;
  world.setup.reconcile = 24h;
  carry_at_once(world);
  const auto at = world.instant();
  world.list.rows = {{world.record(1), at + 1s}};
  world.ledger.cursors->at_once = [&](const LoadCursors& load) {
    CHECK(load.feeds == Strings{"stream/ttd", "reconcile/ttd"});
    CursorsLoaded loaded;
    loaded.cursors = {Checkpoint{at + 10min, {}}, Checkpoint{at - 23h, {}}};
    return std::optional(loaded);
  };
  world.start();
  world.advance(50min);
  CHECK(world.carried().empty());
  world.advance(20min);
  CHECK(world.carried() == Strings{world.record(1)});
}

TEST_CASE("A pass leaves room for what is new, and its records do not count as lag", "[engine][feed][OS-5]") {
  FeedWorld world;
  world.setup.reconcile = 24h;
  world.controls->credit = 40;
  carry_at_once(world);
  const auto at = world.instant();
  for (std::uint32_t i = 0; i < 200; ++i)
    world.list.rows.push_back({world.record(i), at + std::chrono::seconds(i)});
  world.start();
  world.advance(1h);
  REQUIRE(world.carried().size() == 200);
  world.uploads->at_once = nullptr;
  world.advance(24h);
  CHECK(world.uploads->open.size() >= 10);
  CHECK(world.uploads->open.size() <= 20);
  CHECK(world.probe->oldest_waiting == 0);
  world.event(world.record(900));
  CHECK(world.uploads->asked.back().record_id == world.record(900));
  CHECK(world.uploads->asked.back().priority == Priority::live);
}

TEST_CASE("Without a time between two passes there is none", "[engine][feed][OS-5]") {
  FeedWorld world;
  carry_at_once(world);
  world.list.rows = {{world.record(1), world.instant() + 1s}};
  world.start();
  world.advance(100h);
  CHECK(world.carried().size() == 1);
  CHECK_FALSE(passed(world));
}

TEST_CASE("A service owner that is new gets a stream from where the row begins", "[engine][feed][OR-5]") {
  FeedWorld world;
  carry_at_once(world);
  world.start();
  world.advance(60s);
  world.tell(world.actor, NewOrganisations{{"nav", "ttd"}});
  world.advance(300s);
  const auto asks_for_nav = [](const Call& call) {
    return call.request->target.find("org=nav") != std::string::npos &&
           call.request->target.find("gte:2025-11-17T12:00:00Z") != std::string::npos;
  };
  CHECK(std::any_of(world.storage->asked.begin(), world.storage->asked.end(), asks_for_nav));
  const auto loads = world.ledger.cursors->asked.size();
  world.tell(world.actor, NewOrganisations{{"nav", "ttd"}});
  CHECK(world.ledger.cursors->asked.size() == loads);
}
