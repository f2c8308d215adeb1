#include "shard_fixture.hpp"

#include <dialogferry/engine/carry/waiting.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;
using How = ShardEnded::How;

namespace {

/// The carriers find that the `index`th job of all is not complete at the source yet.
void defer(ShardWorld& world, std::size_t index) {
  const auto& job = world.jobs.at(index);
  RecordResult result{Outcome::deferred};
  result.again = SecondLook{SecondLook::Why::import, world.instant() + 60s, std::string(job.row.id)};
  world.tell(world.actor, RecordsDone{{{job.batch, job.index, std::move(result)}}});
}

} // namespace

TEST_CASE("A shard with deferred records asks to be complete, and says when it is looked at where it is not",
          "[engine][shard][storage 3.2]") {
  ShardWorld world;
  world.setup.park_cooldown = 1h;
  for (int i = 0; i < 5; ++i)
    world.list.add(i);
  world.start();
  defer(world, 1);
  defer(world, 3);
  for (const auto i : {0U, 2U, 4U})
    world.finish(i);
  REQUIRE(world.ledger->asked.size() == 1);
  const auto& commit = world.commit(0);
  CHECK(commit.counts[Outcome::deferred] == 2);
  CHECK(commit.counts[Outcome::created] == 3);
  REQUIRE(commit.state);
  CHECK(commit.state->state == ShardState::complete); // the ledger counts (StateChange)
  CHECK(commit.state->retry_at == world.instant() + 1h);
  REQUIRE(commit.wake_ups.size() == 2);
  for (const auto& wake_up : commit.wake_ups) {
    CHECK(wake_up.due == world.instant() + 60s);
    const auto waiting = waiting_of(wake_up);
    REQUIRE(waiting);
    CHECK(waiting->shard == world.shard.key);
    CHECK((waiting->record_id == world.jobs[1].row.id || waiting->record_id == world.jobs[3].row.id));
  }
  Digest three;
  for (const auto i : {0U, 2U, 4U})
    three.add(*world.jobs[i].row.guid, *world.jobs[i].row.last_changed);
  CHECK(commit.digest_read == world.list.digest());
  CHECK(commit.digest_acked == three);
  world.acknowledge(0);
  CHECK(world.end().how == How::complete);
}

TEST_CASE("What was deferred in an earlier batch counts at the end", "[engine][shard]") {
  ShardWorld world;
  for (int i = 0; i < 45; ++i)
    world.list.add(i);
  world.start();
  defer(world, 0);
  world.done = 1;
  world.let_go();
  const auto& last = world.ledger->asked.back().commit;
  REQUIRE(last.state);
  CHECK(last.state->state == ShardState::complete);
  CHECK(world.counts()[Outcome::deferred] == 1);
  CHECK(world.end().how == How::complete);
}

TEST_CASE("A parked shard that is due again completes once nothing is deferred any more, and carries nothing",
          "[engine][shard]") {
  ShardWorld world;
  world.shard.state = ShardState::parked;
  world.shard.checkpoint.at = world.shard.from;
  world.shard.counts[Outcome::created] = 5;
  SECTION("nothing is") {
    world.start();
    CHECK(world.commit(0).state->state == ShardState::complete);
  }
  SECTION("something still is, which the ledger knows better") {
    world.shard.counts[Outcome::deferred] = 1;
    world.start();
    CHECK(world.commit(0).state->state == ShardState::complete);
    CHECK(world.commit(0).state->retry_at > world.instant());
  }
  CHECK(world.jobs.empty());
  CHECK(world.commit(0).counts.read() == 0);
  world.acknowledge(0);
  CHECK(world.end().how == How::complete);
}

TEST_CASE("A shard that splits with deferred records waits for them itself; its parts do not",
          "[engine][shard]") {
  ShardWorld world;
  world.setup.split_after = 1;
  world.setup.split_parts = 2;
  for (int i = 0; i < 45; ++i)
    world.list.add(i * 1'000'000);
  world.start();
  defer(world, 0);
  world.done = 1;
  world.let_go();
  CHECK(world.end().how == How::split);
  const auto& last = world.ledger->asked.back().commit;
  CHECK(last.state->state == ShardState::complete); // the ledger parks it while records wait
  CHECK(last.state->retry_at > Instant{});
  CHECK(last.split_off.size() == 2);
  for (const auto& part : world.end().parts)
    CHECK(part.counts[Outcome::deferred] == 0);
}

TEST_CASE("What waits for somebody counts at once, before the ledger is looked into",
          "[engine][shard][OD-2]") {
  ShardWorld world;
  world.setup.probe = std::make_shared<RowProbe>();
  world.list.add(1);
  world.list.add(2);
  world.start();
  defer(world, 0); // an import: it waits for nobody
  const auto& job = world.jobs.at(1);
  RecordResult result{Outcome::deferred};
  result.again = SecondLook{SecondLook::Why::moment, world.instant() + 60s, std::string(job.row.id),
                            Held{"dialogporten", "behind"}};
  world.tell(world.actor, RecordsDone{{{job.batch, job.index, std::move(result)}}});
  REQUIRE(world.commit(0).wake_ups.size() == 2);
  CHECK(world.setup.probe->held == 1);
}

TEST_CASE("A shard reads no further while enough of its row waits for somebody, and goes on when it is told",
          "[engine][shard][OD-2]") {
  ShardWorld world;
  for (int i = 0; i < 45; ++i)
    world.list.add(i);
  world.setup.probe = std::make_shared<RowProbe>();
  world.setup.probe->held = most_held;
  world.start();
  CHECK(world.jobs.empty());
  CHECK(world.ledger->asked.empty());
  world.setup.probe->held = most_held - 1;
  world.tell(world.actor, Proceed{});
  CHECK_FALSE(world.jobs.empty());
}
