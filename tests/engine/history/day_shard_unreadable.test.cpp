#include "shard_fixture.hpp"

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;
using How = ShardEnded::How;

namespace {

std::vector<ledger::Failure> failures(const ShardWorld& world) {
  std::vector<ledger::Failure> all;
  for (const auto& note : world.ledger->asked)
    all.insert(all.end(), note.commit.failures.begin(), note.commit.failures.end());
  return all;
}

/// 300 rows of one day, a second apart.
void fill(ShardWorld& world) {
  world.setup.page_size = 100;
  world.controls->credit = 200;
  for (int i = 0; i < 300; ++i)
    world.list.add(i * 1'000'000);
}

} // namespace

TEST_CASE(
    "One row of 300 that the source cannot read is an exception that names its microsecond; the day is done",
    "[engine][shard][OS-4]") {
  ShardWorld world;
  fill(world);
  const auto bad = GENERATE(0, 1, 42, 150, 199, 298, 299);
  world.list.rows[static_cast<std::size_t>(bad)].readable = false;
  const auto at = world.list.rows[static_cast<std::size_t>(bad)].at;
  world.start();
  world.let_go();
  CHECK(world.end().how == How::complete);
  CHECK(world.carried().size() == 299);
  CHECK(world.jobs.size() == 299);
  CHECK(world.counts()[Outcome::created] == 299);
  CHECK(world.counts()[Outcome::failed] == 1);
  const auto failed = failures(world);
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].record_id == "unreadable at " + to_string(at) + ", ttd");
  CHECK(failed[0].organisation == "ttd");
  CHECK(failed[0].last_changed == at);
  CHECK(failed[0].http_status == 500);
  CHECK(failed[0].problem.message.find("Path: $.DataValues.n") != std::string::npos);
  CHECK(world.storage->asked.size() <= 60);
  CHECK(world.ledger->asked.back().commit.state->state == ShardState::complete);
  CHECK(world.probe->in_flight == 0);
}

TEST_CASE("Several rows that the source cannot read are an exception each", "[engine][shard][OS-4]") {
  ShardWorld world;
  fill(world);
  for (const std::size_t i : {7U, 8U, 120U, 299U})
    world.list.rows[i].readable = false;
  world.start();
  world.let_go();
  CHECK(world.end().how == How::complete);
  CHECK(world.carried().size() == 296);
  CHECK(failures(world).size() == 4);
}

TEST_CASE("A row that cannot be read in a tie group of more than a page: what came before it is carried, its "
          "microsecond is the exception",
          "[engine][shard][OS-4]") {
  ShardWorld world;
  world.list.add(9);
  for (int i = 0; i < 25; ++i)
    world.list.add(5);
  world.list.add(1);
  world.list.rows[17].readable = false;
  world.start();
  world.let_go();
  CHECK(world.end().how == How::complete);
  const auto failed = failures(world);
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].last_changed == world.list.rows[1].at);
  CHECK(world.carried().size() == 12);
  CHECK(world.jobs.size() == 12);
}

TEST_CASE("A shard that goes on behind an unreadable row does not count it again", "[engine][shard][OS-4]") {
  ShardWorld world;
  fill(world);
  world.list.rows[120].readable = false;
  world.start();
  while (failures(world).empty()) {
    world.finish_all();
    if (!world.ledger->open.empty()) world.acknowledge(world.ledger->open.begin()->first);
  }
  Checkpoint checkpoint;
  for (const auto& note : world.ledger->asked)
    if (note.commit.checkpoint) checkpoint = *note.commit.checkpoint;
  CHECK(checkpoint.at == world.list.rows[120].at);

  ShardWorld next;
  fill(next);
  next.list.rows[120].readable = false;
  next.shard.checkpoint = checkpoint;
  next.start();
  next.let_go();
  CHECK(next.end().how == How::complete);
  CHECK(failures(next).empty());
  CHECK(next.jobs.size() == 120);
}

TEST_CASE("A source that answers every list with 500 is no unreadable row: the shard fails as ever",
          "[engine][shard][OS-4]") {
  ShardWorld world;
  fill(world);
  const auto words =
      GENERATE(as<std::string>{}, R"("Path: $.everything")", R"("no connection to the database")");
  world.storage->at_once = [&](const Call& call) {
    return std::optional(answered(call.operation, response(500, words)));
  };
  world.start();
  CHECK(world.end().how == How::failed);
  CHECK(world.ledger->asked.empty());
}

TEST_CASE("A page that can be read after all is read again by the next shard", "[engine][shard][OS-4]") {
  ShardWorld world;
  fill(world);
  bool refused = false;
  world.storage->at_once = [&](const Call& call) {
    if (!std::exchange(refused, true))
      return std::optional(answered(call.operation, response(500, world.list.unreadable)));
    return std::optional(world.list.answer(call));
  };
  world.start();
  CHECK(world.end().how == How::failed);
  CHECK(failures(world).empty());
}

TEST_CASE("A shard told to drain while it looks for an unreadable row stops", "[engine][shard][OS-4]") {
  ShardWorld world;
  fill(world);
  world.list.rows[120].readable = false;
  world.storage->at_once = nullptr;
  world.start();
  for (int i = 0; i < 100 && world.ended.empty(); ++i) {
    if (i == 5) world.tell(world.actor, Drain{});
    const auto last = world.storage->asked.size() - 1;
    if (world.storage->open.contains(last))
      world.answer(world.storage, last, world.list.answer(world.storage->asked[last]));
    world.finish_all();
    while (!world.ledger->open.empty())
      world.acknowledge(world.ledger->open.begin()->first);
  }
  CHECK(world.end().how == How::drained);
}

TEST_CASE("A row without lastChanged stands where it is listed, at a page's end as well",
          "[engine][shard][OS-6]") {
  ShardWorld world;
  for (int i = 0; i < 35; ++i) {
    const bool is_bare = i % 10 == 5 || i == 12;
    const auto id =
        "50001234/0dbc1da6-f744-4fff-83bc-0000000000" + std::string(i < 10 ? "0" : "") + std::to_string(i);
    world.list.add(i, is_bare ? R"({"id":")" + id +
                                    R"(","appId":"ttd/form","org":"ttd","created":"2020-03-01T00:00:00Z"})"
                              : std::string{});
  }
  world.start();
  world.let_go();
  CHECK(world.end().how == How::complete);
  CHECK(world.jobs.size() == 35);
}
