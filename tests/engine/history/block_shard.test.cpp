#include "../actor_fixture.hpp"

#include <dialogferry/codec/messages.hpp>
#include <dialogferry/engine/history/block_shard.hpp>

#include <algorithm>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

Uuid target_of(std::int32_t source_id) {
  auto id = codec::message_uuid(source_id);
  id.bytes[0] = 1;
  return id;
}

/// A shard of the second stage of 10 March, with blocks that the first one has handed over.
struct BlockWorld : World {
  BlockWorld() {
    setup->before = "migrate";
    setup->controls = controls;
    setup->blocks_at_once = 2;
    setup->publishers = {stand_in_of<publisher_actor>(publish)};
    setup->now = instants();
    setup->probe = probe;
    load->at_once = [this](const LoadHandedOver& asked) {
      HandedOverLoaded loaded;
      for (const auto& block : blocks)
        if (block.id > asked.after && loaded.over.blocks.size() < asked.limit)
          loaded.over.blocks.push_back(block);
      loaded.over.is_whole = is_whole;
      return std::optional(loaded);
    };
    progress->at_once = [](const NoteProgress&) { return std::optional(Noted{}); };
    const auto made = spawn_as([this](caf::event_based_actor* self) -> caf::behavior {
      return {[self, desk = load](const LoadHandedOver& in) { return desk->take(self, in); },
              [self, desk = progress](const NoteProgress& in) { return desk->take(self, in); },
              [](Act& act) { act.what(); }};
    });
    load->actor = progress->actor = made;
    setup->ledger = caf::actor_cast<ledger_actor>(made);
    parent = stand_in<supervisor_actor>([ends = ends](const ShardEnded& ended) { ends->push_back(ended); });
  }

  /// One more block, with so many records.
  void hand_over(std::size_t count) {
    ledger::Block block;
    block.id = static_cast<std::int64_t>(blocks.size()) + 1;
    for (std::size_t i = 0; i < count; ++i)
      block.records.push_back({++last_, target_of(last_)});
    blocks.push_back(std::move(block));
  }

  void start() {
    Shard shard;
    shard.key = {"a2-correspondence-historic", "publish", *parse_day("2025-03-10"), "", 0};
    shard.from = shard.key.day.start();
    shard.to = shard.key.day.end();
    actor = spawn<BlockShard>(shard, std::shared_ptr<const BlockShardSetup>(setup), parent);
    run();
  }

  /// Every record of the `index`th list is there now.
  void reply(std::size_t index, PublishedRecord with = {Outcome::created}) {
    answer(publish, index, Published{std::vector(publish->asked.at(index).records.size(), with)});
  }
  void reply_all() {
    for (std::size_t i = 0; i < publish->asked.size(); ++i)
      if (publish->open.contains(i)) reply(i);
  }

  std::vector<std::size_t> lists() const {
    std::vector<std::size_t> sizes;
    for (const auto& list : publish->asked)
      sizes.push_back(list.records.size());
    return sizes;
  }

  /// The commits of blocks, without that of the new state.
  std::vector<ledger::Commit> commits() const {
    std::vector<ledger::Commit> found;
    for (const auto& note : progress->asked)
      if (!note.commit.state) found.push_back(note.commit);
    return found;
  }
  std::optional<ledger::StateChange> last_state() const {
    return progress->asked.empty() ? std::nullopt : progress->asked.back().commit.state;
  }

  std::vector<ledger::Block> blocks;
  bool is_whole = true;
  std::shared_ptr<RowControls> controls = std::make_shared<RowControls>();
  std::shared_ptr<BlockShardSetup> setup = std::make_shared<BlockShardSetup>();
  std::shared_ptr<RowProbe> probe = std::make_shared<RowProbe>();
  std::shared_ptr<Desk<Publish, Published>> publish = std::make_shared<Desk<Publish, Published>>();
  std::shared_ptr<Desk<LoadHandedOver, HandedOverLoaded>> load =
      std::make_shared<Desk<LoadHandedOver, HandedOverLoaded>>();
  std::shared_ptr<Desk<NoteProgress, Noted>> progress = std::make_shared<Desk<NoteProgress, Noted>>();
  std::shared_ptr<std::vector<ShardEnded>> ends = std::make_shared<std::vector<ShardEnded>>();
  supervisor_actor parent;
  shard_actor actor;

private:
  std::int32_t last_ = 0;
};

using Sizes = std::vector<std::size_t>;

} // namespace

TEST_CASE("What was handed over is asked for in full lists, over the blocks, and the rest at the end",
          "[engine][block_shard][OC-3]") {
  BlockWorld world;
  for (const auto size : {13U, 13U, 9U, 7U, 3U})
    world.hand_over(size);
  world.start();
  CHECK(world.lists() == Sizes{20, 20, 5});
  std::int32_t next = 1;
  for (const auto& list : world.publish->asked)
    for (const auto& record : list.records) {
      CHECK(record == ledger::Handed{next, target_of(next)});
      ++next;
    }
}

TEST_CASE("A block is done with in the commit that counts its records, when the last of them is answered",
          "[engine][block_shard]") {
  BlockWorld world;
  world.hand_over(15);
  world.hand_over(10);
  world.start();
  REQUIRE(world.lists() == Sizes{20, 5});
  world.reply(1);
  CHECK(world.commits().empty());
  world.reply(0);
  const auto commits = world.commits();
  REQUIRE(commits.size() == 2);
  CHECK(commits[0].gone_on_with == std::vector<std::int64_t>{1});
  CHECK(commits[0].counts[Outcome::created] == 15);
  CHECK(commits[1].gone_on_with == std::vector<std::int64_t>{2});
  CHECK(commits[1].counts.read() == 10);
  CHECK(commits[0].digest_read == commits[0].digest_acked);
  CHECK(world.probe->done == 25);
  CHECK(world.probe->in_flight == 0);
}

TEST_CASE("A shard is complete when all it was handed over is answered and the stage before is",
          "[engine][block_shard]") {
  BlockWorld world;
  world.is_whole = GENERATE(true, false);
  world.hand_over(3);
  world.start();
  CHECK(world.ends->empty());
  CHECK_FALSE(world.last_state());
  world.reply(0);
  REQUIRE(world.last_state());
  CHECK(world.last_state()->state == (world.is_whole ? ShardState::complete : ShardState::parked));
  if (!world.is_whole) CHECK(world.last_state()->reason == "migrate is not complete");
  REQUIRE(world.ends->size() == 1);
  CHECK(world.ends->front().how == ShardEnded::How::complete);
}

TEST_CASE("A day on which nothing was handed over is complete at once", "[engine][block_shard]") {
  BlockWorld world;
  world.start();
  CHECK(world.publish->asked.empty());
  REQUIRE(world.ends->size() == 1);
  CHECK(world.last_state()->state == ShardState::complete);
}

TEST_CASE("A shard that drains waits for the lists that are under way, and asks for no more",
          "[engine][block_shard][OC-1]") {
  BlockWorld world;
  world.controls->credit = 40;
  world.hand_over(40);
  world.hand_over(40);
  world.start();
  REQUIRE(world.lists() == Sizes{20, 20});
  world.tell(world.actor, Drain{});
  CHECK(world.ends->empty());
  world.reply(0);
  CHECK(world.ends->empty());
  world.reply(1);
  CHECK(world.lists().size() == 2);
  REQUIRE(world.ends->size() == 1);
  CHECK(world.ends->front().how == ShardEnded::How::drained);
  CHECK(world.commits().size() == 1);
}

TEST_CASE("A shard that drains in the midst of a block ends with its answers; the block stays in the ledger",
          "[engine][block_shard][OC-1]") {
  BlockWorld world;
  world.controls->credit = 20;
  world.hand_over(30);
  world.start();
  REQUIRE(world.lists() == Sizes{20});
  world.tell(world.actor, Drain{});
  world.reply(0);
  CHECK(world.lists().size() == 1);
  CHECK(world.commits().empty());
  REQUIRE(world.ends->size() == 1);
  CHECK(world.ends->front().how == ShardEnded::How::drained);
  CHECK(world.probe->in_flight == 0);
}

TEST_CASE("A block of more records than may be in flight is carried all the same", "[engine][block_shard]") {
  BlockWorld world;
  world.controls->credit = 40;
  world.hand_over(100);
  world.start();
  for (int i = 0; i < 5; ++i) {
    CHECK(world.publish->open.size() <= 2);
    world.reply_all();
  }
  CHECK(world.lists() == Sizes{20, 20, 20, 20, 20});
  REQUIRE(world.commits().size() == 1);
  CHECK(world.commits()[0].counts[Outcome::created] == 100);
  REQUIRE(world.ends->size() == 1);
}

TEST_CASE("What waits for the ledger counts as in flight", "[engine][block_shard]") {
  BlockWorld world;
  world.controls->credit = 40;
  world.progress->at_once = nullptr;
  for (int i = 0; i < 4; ++i)
    world.hand_over(20);
  world.start();
  world.reply_all();
  CHECK(world.lists().size() == 2);
  world.answer(world.progress, 0, Noted{});
  CHECK(world.lists().size() == 3);
}

TEST_CASE("A refused record is an exception of its block, one whom the moment held is tried again",
          "[engine][block_shard]") {
  BlockWorld world;
  world.hand_over(2);
  world.start();
  PublishedRecord refused{Outcome::failed, {"correspondence.content", "is too long", {}}, 0, 2};
  PublishedRecord held{Outcome::failed, {"correspondence", "Timeout", {}}, 503, 2};
  held.held = Held{"correspondence", "behind"};
  world.answer(world.publish, 0, Published{{refused, held}});
  const auto commits = world.commits();
  REQUIRE(commits.size() == 1);
  CHECK(commits[0].counts[Outcome::failed] == 1);
  CHECK(commits[0].counts[Outcome::deferred] == 1);
  REQUIRE(commits[0].failures.size() == 1);
  CHECK(commits[0].failures[0].record_id == "1");
  CHECK(commits[0].failures[0].problem.member == "correspondence.content");
  REQUIRE(commits[0].wake_ups.size() == 1);
  CHECK(world.probe->held == 1);
}

TEST_CASE("Nothing more is asked for while enough records wait for somebody", "[engine][block_shard]") {
  BlockWorld world;
  world.probe->held = most_held;
  world.hand_over(20);
  world.start();
  CHECK(world.publish->asked.empty());
  CHECK(world.ends->empty());
  world.probe->held = 0;
  world.tell(world.actor, Proceed{});
  CHECK(world.lists() == Sizes{20});
}

TEST_CASE("A publisher that has ended fails the shard, which says so", "[engine][block_shard]") {
  BlockWorld world;
  world.hand_over(1);
  caf::anon_send_exit(world.publish->actor, caf::exit_reason::kill);
  world.run();
  world.start();
  REQUIRE(world.ends->size() == 1);
  CHECK(world.ends->front().how == ShardEnded::How::failed);
}

TEST_CASE("A ledger that does not take a block fails the shard", "[engine][block_shard]") {
  BlockWorld world;
  world.progress->at_once = [](const NoteProgress&) {
    return std::optional(Noted{Problem{"ledger", "is full", {}}});
  };
  world.hand_over(1);
  world.start();
  world.reply(0);
  REQUIRE(world.ends->size() == 1);
  CHECK(world.ends->front().how == ShardEnded::How::failed);
  CHECK(world.ends->front().problem.message == "is full");
}
