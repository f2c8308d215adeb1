#include "shard_fixture.hpp"

#include <dialogferry/engine/carry/lanes.hpp>

#include <random>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;
using How = ShardEnded::How;

// -- the whole day --------------------------------------------------------------------------

TEST_CASE("An empty day completes with one request and one commit", "[engine][shard]") {
  ShardWorld world;
  world.start();
  CHECK(world.storage->asked.size() == 1);
  REQUIRE(world.ledger->asked.size() == 1);
  CHECK(world.commit(0).key == world.shard.key);
  CHECK(world.commit(0).counts.read() == 0);
  CHECK(world.commit(0).checkpoint == Checkpoint{world.shard.from, {}});
  REQUIRE(world.commit(0).state);
  CHECK(world.commit(0).state->state == ShardState::complete);
  CHECK(world.ended.empty());
  world.acknowledge(0);
  CHECK(world.end().how == How::complete);
  CHECK(world.end().key == world.shard.key);
}

TEST_CASE("The buffer of a page goes back when its last row has been let go", "[engine][shard]") {
  ShardWorld world;
  world.setup.bodies = std::make_shared<http::BodyStore>(4);
  world.list.add(1, R"({"large":")" + std::string(http::BodyStore::large, 'x') + R"("})");
  world.list.add(2);
  world.start();
  REQUIRE(world.jobs.size() == 2);
  world.storage->asked.clear();
  world.hands.clear();
  world.jobs.erase(world.jobs.begin());
  CHECK(world.setup.bodies->kept() == 0);
  CHECK_FALSE(world.jobs.front().row.json.text.empty());
  world.jobs.clear();
  CHECK(world.setup.bodies->kept() == 1);
}

TEST_CASE("A day is carried whole, each record once, whatever the order of outcomes and answers",
          "[engine][shard]") {
  const auto seed = GENERATE(range(1U, 41U));
  std::mt19937 random(seed);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  ShardWorld world;
  world.setup.page_size = static_cast<unsigned>(2 + below(9));
  world.controls->credit = static_cast<std::uint32_t>(world.setup.page_size + below(60));
  const auto rows = below(150);
  const auto times = 1 + below(200);
  for (std::size_t i = 0; i < rows; ++i)
    world.list.add(static_cast<std::int64_t>(below(times)));
  world.start();

  std::vector<std::size_t> open;
  std::size_t known = 0;
  Instant checkpoint = world.shard.to;
  std::size_t commits = 0;
  for (int step = 0; step < 5'000 && world.ended.empty(); ++step) {
    for (; known < world.jobs.size(); ++known)
      open.push_back(known);
    if (!open.empty() && below(4) != 0) {
      const auto pick = below(open.size());
      world.finish(open[pick], below(10) == 0 ? Outcome::excluded : Outcome::created);
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(pick));
    } else if (!world.ledger->open.empty()) {
      world.acknowledge(world.ledger->open.begin()->first);
    }
    // No checkpoint runs ahead of an outcome.
    for (; commits < world.ledger->asked.size(); ++commits) {
      const auto& commit = world.commit(commits);
      if (!commit.checkpoint) continue;
      CHECK(commit.checkpoint->at <= checkpoint);
      checkpoint = commit.checkpoint->at;
      std::set<Uuid> tie(commit.checkpoint->tie_ids.begin(), commit.checkpoint->tie_ids.end());
      for (const auto& row : world.list.rows) {
        const bool told =
            row.at > checkpoint || (row.at == checkpoint && tie.contains(*parse_uuid(row.guid)));
        if (told) CHECK(world.finished.contains("50001234/" + row.guid));
      }
    }
  }
  CHECK(world.end().how == How::complete);
  CHECK(world.jobs.size() == rows);
  CHECK(world.carried().size() == rows);
  CHECK(world.counts().read() == rows);
  Digest read;
  std::size_t complete = 0;
  for (const auto& note : world.ledger->asked) {
    read += note.commit.digest_read;
    if (note.commit.state) ++complete;
  }
  CHECK(read == world.list.digest());
  CHECK(complete == 1);
  CHECK(world.ledger->asked.back().commit.state);
  CHECK(world.probe->in_flight == 0);
  CHECK(world.probe->read == rows);
  CHECK(world.probe->done == rows);
}

TEST_CASE("Rows of equal times are carried once each, however many pages they fill", "[engine][shard]") {
  ShardWorld world;
  world.controls->credit = 1000;
  for (int i = 0; i < 5; ++i)
    world.list.add(500 + i);
  for (int i = 0; i < 47; ++i)
    world.list.add(400);
  for (int i = 0; i < 5; ++i)
    world.list.add(100 + i);
  world.start();
  world.let_go();
  CHECK(world.end().how == How::complete);
  CHECK(world.jobs.size() == 57);
  CHECK(world.carried().size() == 57);
}

TEST_CASE("A page goes to the carriers in hands, each record to its own", "[engine][shard]") {
  ShardWorld world;
  for (int i = 0; i < 40; ++i)
    world.list.add(i);
  world.setup.page_size = 100;
  world.controls->credit = 100;
  world.setup.is_migration = false;
  world.start();
  REQUIRE(world.hands.size() == 2);
  CHECK(world.taken_by == std::vector<std::size_t>{1, 1});
  CHECK(world.jobs.size() == 40);
  for (const auto& hand : world.hands) {
    CHECK(hand.owner == world.actor);
    CHECK(hand.priority == Priority::history);
    CHECK_FALSE(hand.is_migration);
    const auto turn = turn_of(*hand.jobs.front().row.guid, 2);
    for (const auto& job : hand.jobs)
      CHECK(turn_of(*job.row.guid, 2) == turn);
  }
}

TEST_CASE("A list is asked for as history, with the patience of a page", "[engine][shard]") {
  ShardWorld world;
  world.setup.pages.listing = &source::storage::archived_forms;
  world.start();
  const auto& call = world.storage->asked.at(0);
  CHECK(call.operation == http::Operation::list);
  CHECK(call.priority == Priority::history);
  CHECK(call.patience == Patience::page);
  CHECK(call.request->target.find("org=ttd&mainVersionExclude=3") != std::string::npos);
}

TEST_CASE("A shard that begins at a checkpoint carries what is left and nothing twice", "[engine][shard]") {
  ShardWorld world;
  for (int i = 0; i < 40; ++i)
    world.list.add(100 + i / 4);
  world.shard.checkpoint.at = world.list.rows[20].at;
  world.shard.checkpoint.tie_ids = {*parse_uuid(world.list.rows[20].guid),
                                    *parse_uuid(world.list.rows[22].guid)};
  world.start();
  world.let_go();
  CHECK(world.end().how == How::complete);
  CHECK(world.jobs.size() == 22);
  CHECK(world.carried().size() == 22);
  CHECK_FALSE(world.carried().contains("50001234/" + world.list.rows[20].guid));
  CHECK(world.carried().contains("50001234/" + world.list.rows[21].guid));
}

// -- credit -----------------------------------------------------------------------------------

TEST_CASE("A shard reads no further than its credit, and on only when the ledger has acknowledged",
          "[engine][shard]") {
  ShardWorld world;
  world.controls->credit = 30;
  for (int i = 0; i < 200; ++i)
    world.list.add(i);
  world.start();
  std::size_t acknowledged = 0;
  while (world.ended.empty()) {
    CHECK(world.jobs.size() - acknowledged <= 30);
    const auto carried = world.jobs.size();
    world.finish_all();
    CHECK(world.jobs.size() == carried); // outcomes alone give no credit
    REQUIRE(!world.ledger->open.empty());
    const auto index = world.ledger->open.begin()->first;
    acknowledged += world.commit(index).counts.read();
    world.acknowledge(index);
  }
  CHECK(world.jobs.size() == 200);
}

TEST_CASE("While requests wait out a pause of their own, pages behind theirs are read, but not without end",
          "[engine][shard]") {
  const bool rests = GENERATE(true, false);
  ShardWorld world;
  world.setup.resting = std::make_shared<RestingCalls>(rests ? 1 : 0);
  for (int i = 0; i < 500; ++i)
    world.list.add(i);
  world.start();
  CHECK(world.jobs.size() == 20);
  for (std::size_t job = 0; job < world.jobs.size(); ++job)
    if (job % 10 != 0)
      world.finish(job); // of each page one waits: eleven of them are more than the credit lets in
  CHECK(world.jobs.size() == (rests ? 110 : 20));
  CHECK(world.ledger->asked.empty());
}

TEST_CASE("A shard uses the credit it has", "[engine][shard]") {
  ShardWorld world;
  world.controls->credit = 40;
  for (int i = 0; i < 200; ++i)
    world.list.add(i);
  world.start();
  CHECK(world.jobs.size() == 40);
}

TEST_CASE("A credit below the size of a page still lets one page through", "[engine][shard]") {
  ShardWorld world;
  world.controls->credit = 1;
  for (int i = 0; i < 35; ++i)
    world.list.add(i);
  world.start();
  CHECK(world.jobs.size() == 10);
  world.let_go();
  CHECK(world.end().how == How::complete);
  CHECK(world.jobs.size() == 35);
}

TEST_CASE("A shard in the middle of a large tie group keeps to its credit", "[engine][shard]") {
  ShardWorld world;
  for (int i = 0; i < 100; ++i)
    world.list.add(7);
  world.start();
  CHECK(world.jobs.size() <= 20);
  world.let_go();
  CHECK(world.end().how == How::complete);
  CHECK(world.carried().size() == 100);
}

// -- splitting ----------------------------------------------------------------------------------

TEST_CASE("A large day ends after its pages, and its parts take over where it stands", "[engine][shard]") {
  const auto part = GENERATE(0U, 2U);
  ShardWorld world;
  world.shard.key.part = part;
  world.setup.split_after = 2;
  world.setup.split_parts = 4;
  for (int i = 0; i < 100; ++i)
    world.list.add(i * 1000);
  world.start();
  world.let_go();
  CHECK(world.jobs.size() == 20);
  const auto& ended = world.end();
  CHECK(ended.how == How::split);
  REQUIRE(ended.parts.size() == 4);

  const auto& last = world.ledger->asked.back().commit;
  REQUIRE(last.state);
  CHECK(last.state->state == ShardState::complete);
  REQUIRE(last.from);
  CHECK(*last.from == world.list.rows[80].at);
  Instant meets = *last.from;
  REQUIRE(last.split_off.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    const auto& child = ended.parts[i];
    CHECK(child.to == meets);
    CHECK(child.from < child.to);
    CHECK(child.checkpoint == Checkpoint{child.to, {}});
    CHECK(child.key.part == part * 4 + i + 1);
    CHECK(child.key.day == world.shard.key.day);
    CHECK(last.split_off[i].part == child.key.part);
    CHECK(last.split_off[i].from == child.from);
    CHECK(last.split_off[i].to == child.to);
    meets = child.from;
  }
  CHECK(meets == world.shard.from);
  CHECK(world.counts().read() == 20);
}

TEST_CASE("The parts of a large day carry the rest of it", "[engine][shard]") {
  ShardWorld world;
  world.setup.split_after = 3;
  for (int i = 0; i < 500; ++i)
    world.list.add((i * i) % 977);
  std::vector<Shard> open = {world.shard};
  std::set<std::uint32_t> parts;
  std::size_t carried = 0;
  while (!open.empty()) {
    world.shard = open.back();
    open.pop_back();
    CHECK(parts.insert(world.shard.key.part).second);
    world.ended.clear();
    world.start();
    world.let_go();
    carried += world.jobs.size();
    world.jobs.clear();
    world.done = 0;
    for (const auto& child : world.end().parts)
      open.push_back(child);
  }
  CHECK(parts.size() > 8);
  CHECK(carried == 500);
  CHECK(world.finished.size() == 500);
}

TEST_CASE("A window that cannot be divided is carried to its end", "[engine][shard]") {
  ShardWorld world;
  world.setup.split_after = 1;
  world.shard.from = Instant{shard_day.start().ticks + 20 * Instant::per_microsecond};
  for (int i = 0; i < 40; ++i)
    world.list.add(i < 20 ? 21 : 20);
  world.start();
  world.let_go();
  CHECK(world.end().how == How::complete);
  CHECK(world.carried().size() == 40);
}
