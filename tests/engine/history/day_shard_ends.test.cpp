#include "shard_fixture.hpp"

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;
using How = ShardEnded::How;

// -- draining -----------------------------------------------------------------------------------

TEST_CASE("A shard told to drain reads no more, commits what it has read, and stops", "[engine][shard]") {
  ShardWorld world;
  for (int i = 0; i < 100; ++i)
    world.list.add(i);
  world.start();
  const auto asked = world.storage->asked.size();
  world.tell(world.actor, Drain{});
  CHECK(world.ended.empty());
  world.let_go();
  CHECK(world.end().how == How::drained);
  CHECK(world.storage->asked.size() == asked);
  CHECK(world.counts().read() == 20);
  for (const auto& note : world.ledger->asked)
    CHECK_FALSE(note.commit.state);
  CHECK(world.ledger->asked.back().commit.checkpoint->at == world.list.rows[80].at);
  CHECK(world.probe->in_flight == 0);
}

TEST_CASE("A shard told to drain waits for the ledger to answer what it has committed", "[engine][shard]") {
  ShardWorld world;
  for (int i = 0; i < 100; ++i)
    world.list.add(i);
  world.start();
  world.finish_all();
  world.tell(world.actor, Drain{});
  REQUIRE(!world.ledger->open.empty());
  while (!world.ledger->open.empty()) {
    CHECK(world.ended.empty());
    world.acknowledge(world.ledger->open.begin()->first);
  }
  CHECK(world.end().how == How::drained);
}

TEST_CASE("A page on its way when a shard is told to drain is carried or read again, never half done",
          "[engine][shard]") {
  ShardWorld world;
  for (int i = 0; i < 100; ++i)
    world.list.add(i);
  world.storage->at_once = nullptr;
  world.start();
  world.tell(world.actor, Drain{});
  CHECK(world.ended.empty());
  world.answer(world.storage, 0, world.list.answer(world.storage->asked[0]));
  CHECK(world.end().how == How::drained);
  CHECK(world.ledger->asked.empty());
  CHECK(world.jobs.empty());
}

TEST_CASE("A shard told to drain while the ledger has its last commit still waits for the answer",
          "[engine][shard]") {
  ShardWorld world;
  world.start();
  world.tell(world.actor, Drain{});
  CHECK(world.ended.empty());
  world.acknowledge(0);
  CHECK(world.end().how == How::complete);
  CHECK(world.ledger->asked.size() == 1);
}

// -- failures -------------------------------------------------------------------------------------

TEST_CASE("A page that could not be had fails the shard, and nothing unfinished is committed",
          "[engine][shard]") {
  ShardWorld world;
  world.controls->credit = 1000;
  for (int i = 0; i < 100; ++i)
    world.list.add(i);
  world.storage->at_once = [&](const Call& call) -> std::optional<Answered> {
    if (world.storage->asked.size() > 4) return std::nullopt;
    return world.list.answer(call);
  };
  world.start();
  REQUIRE(world.jobs.size() == 20);
  for (std::size_t i = 0; i < 10; ++i)
    world.finish(i);
  REQUIRE(world.ledger->asked.size() == 1);
  for (std::size_t i = 10; i < 15; ++i)
    world.finish(i);
  world.answer(world.storage, 4, answered(http::Operation::list, response(500, R"({"title":"Broken"})"), 4));
  CHECK(world.end().how == How::failed);
  CHECK(world.end().problem.message == "status 500, Broken");
  for (std::size_t i = 15; i < 20; ++i)
    world.finish(i);
  CHECK(world.ledger->asked.size() == 1);
  CHECK(world.commit(0).counts.read() == 10);
  CHECK_FALSE(world.commit(0).state);
  CHECK(world.probe->in_flight == 0);
}

TEST_CASE("A page that cannot be read fails the shard", "[engine][shard]") {
  const auto body = GENERATE("<html>", R"({"instances":7})", R"({"count":0})",
                             R"({"next":"https://storage/api?continuationToken=1","instances":[]})");
  ShardWorld world;
  world.storage->at_once = [&](const Call& call) {
    return std::optional(answered(call.operation, response(200, body)));
  };
  world.start();
  CHECK(world.end().how == How::failed);
  CHECK_FALSE(world.end().problem.message.empty());
  CHECK(world.ledger->asked.empty());
}

TEST_CASE("A list that never comes closer to its end fails the shard", "[engine][shard]") {
  ShardWorld world;
  for (int i = 0; i < 30; ++i)
    world.list.add(i);
  world.storage->at_once = [&](const Call& call) {
    auto first = call;
    http::Request request = *call.request;
    if (request.target.find("lt:") != std::string::npos)
      request.target = world.storage->asked.front().request->target;
    first.request = std::make_shared<const http::Request>(request);
    return std::optional(world.list.answer(first));
  };
  world.controls->credit = 1000;
  world.start();
  world.let_go();
  CHECK(world.end().how == How::failed);
}

TEST_CASE("A row that cannot be read becomes a failure while its day completes", "[engine][shard]") {
  ShardWorld world;
  for (int i = 0; i < 15; ++i)
    world.list.add(i, i % 5 == 2 ? R"({"id":"50001234/0dbc1da6-f744-4fff-83bc-00000000000)" +
                                       std::string(1, "0123456789abcdef"[i]) + R"("})"
                                 : "");
  world.start();
  while (world.ended.empty()) {
    for (; world.done < world.jobs.size(); ++world.done)
      world.finish(world.done, world.jobs[world.done].row.problem ? Outcome::failed : Outcome::created);
    REQUIRE(!world.ledger->open.empty());
    world.acknowledge(world.ledger->open.begin()->first);
  }
  CHECK(world.end().how == How::complete);
  CHECK(world.counts()[Outcome::created] == 12);
  CHECK(world.counts()[Outcome::failed] == 3);
  std::size_t failures = 0;
  for (const auto& note : world.ledger->asked)
    failures += note.commit.failures.size();
  CHECK(failures == 3);
}

TEST_CASE("Rows without an id are counted once each, and told apart by what they hold", "[engine][shard]") {
  const auto digest_with = [](const std::string& row) {
    ShardWorld world;
    for (int i = 0; i < 25; ++i)
      world.list.add(i, i == 12 ? row : i == 14 ? R"({"appId":"ttd/form"})" : "");
    world.start();
    world.let_go();
    CHECK(world.end().how == How::complete);
    CHECK(world.counts().read() == 25);
    Digest digest;
    for (const auto& note : world.ledger->asked)
      digest += note.commit.digest_read;
    return digest;
  };
  CHECK(digest_with(R"({"appId":"ttd/a"})") == digest_with(R"({"appId":"ttd/a"})"));
  CHECK_FALSE(digest_with(R"({"appId":"ttd/a"})") == digest_with(R"({"appId":"ttd/b"})"));
}

TEST_CASE("What a ledger refuses fails the shard", "[engine][shard]") {
  ShardWorld world;
  for (int i = 0; i < 5; ++i)
    world.list.add(i);
  world.start();
  world.finish_all();
  world.answer(world.ledger, 0, Noted{Problem{"ledger", "the disk is full", {}}});
  CHECK(world.end().how == How::failed);
  CHECK(world.end().problem.message == "the disk is full");
  CHECK(world.probe->in_flight == 0);
}

TEST_CASE("An outcome told twice counts once, one nobody waits for not at all", "[engine][shard]") {
  ShardWorld world;
  for (int i = 0; i < 3; ++i)
    world.list.add(i);
  world.start();
  world.finish(0);
  world.finish(0);
  world.tell(world.actor, RecordsDone{{{77, 0, {Outcome::created, std::nullopt}}}});
  world.tell(world.actor, RecordsDone{{{0, 77, {Outcome::created, std::nullopt}}}});
  CHECK(world.ledger->asked.empty());
  world.finish(1);
  CHECK(world.ledger->asked.empty());
  world.finish(2);
  world.acknowledge(0);
  CHECK(world.counts().read() == 3);
}

TEST_CASE("A shard that is killed gives back what it counted as in flight", "[engine][shard]") {
  ShardWorld world;
  for (int i = 0; i < 30; ++i)
    world.list.add(i);
  world.start();
  for (std::size_t i = 0; i < 10; ++i)
    world.finish(i);
  CHECK(world.probe->in_flight == 20);
  caf::anon_send_exit(world.actor, caf::exit_reason::kill);
  world.run();
  CHECK(world.probe->in_flight == 0);
  CHECK(world.ended.empty());
}
