#include "../supervisor_fixture.hpp"

#include <dialogferry/engine/carry/retrier.hpp>
#include <dialogferry/source/storage.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

const std::string record = "50001234/0dbc1da6-f744-4fff-83bc-131e7988a1bb";
const Uuid guid = *parse_uuid("0dbc1da6-f744-4fff-83bc-131e7988a1bb");
const Instant noted_version = *parse_instant("2025-06-18T09:00:00Z");
const Instant changed = *parse_instant("2025-06-18T10:00:00Z");
const ShardKey shard{"a3-app-instances-historic", "carry", *parse_day("2025-06-18"), "ttd", 3};

struct RetrierWorld : World {
  RetrierWorld() {
    RetrierSetup setup;
    setup.ledger = ledger.actor;
    setup.carriers = {carrier};
    setup.uploaders = {stand_in_of<uploader_actor>(uploads)};
    setup.now = instants();
    setup.pages = {&source::storage::app_instances, stand_in_of<gate_actor>(storage)};
    retrier = spawn<Retrier>(std::move(setup));
  }

  static ledger::Exception exception(ledger::ExceptionId id, const std::string& record_id = record) {
    ledger::Exception made;
    made.id = id;
    made.row = shard.row;
    made.stage = shard.stage;
    made.day = shard.day;
    made.organisation = shard.organisation;
    made.part = shard.part;
    made.record_id = record_id;
    made.last_changed = noted_version;
    made.state = ledger::ExceptionState::retrying;
    return made;
  }

  static ledger::WakeUp wake_up(std::int64_t id, SecondLook::Why why, std::uint32_t looks = 0) {
    auto made = wake_up_of(shard.row, shard.stage, {record, why, looks, shard}, {});
    made.id = id;
    return made;
  }

  std::shared_ptr<Reply<Noted>> retry(std::vector<ledger::Exception> exceptions,
                                      std::vector<ledger::WakeUp> wake_ups = {}) {
    return ask<Noted>(retrier, RetryRecords{std::move(exceptions), std::move(wake_ups)});
  }

  /// The uploader is done with the `index`th record.
  void finish(std::size_t index, Outcome outcome, std::optional<SecondLook> again = std::nullopt) {
    Uploaded uploaded;
    uploaded.outcome = outcome;
    uploaded.again = std::move(again);
    uploaded.last_changed = changed;
    answer(uploads, index, uploaded);
  }

  const ledger::Commit& commit(std::size_t index = 0) const {
    return ledger.progress->asked.at(index).commit;
  }

  LedgerDesks ledger{*this};
  carrier_actor carrier = stand_in<carrier_actor>([](const Carry&) {});
  std::shared_ptr<Desk<Upload, Uploaded>> uploads = std::make_shared<Desk<Upload, Uploaded>>();
  std::shared_ptr<Desk<Call, Answered>> storage = std::make_shared<Desk<Call, Answered>>();
  retrier_actor retrier;
};

} // namespace

TEST_CASE("An exception's record is read in its lane as it is now", "[engine][retrier]") {
  RetrierWorld world;
  world.retry({world.exception(7)});
  REQUIRE(world.uploads->asked.size() == 1);
  const auto& upload = world.uploads->asked[0];
  CHECK(upload.record_id == record);
  CHECK(upload.lane == guid);
  CHECK_FALSE(upload.decision);
  CHECK(upload.carrier == world.carrier);
  CHECK(upload.is_migration);
  CHECK_FALSE(upload.absence_confirmed);
  CHECK(upload.priority == Priority::history);
}

TEST_CASE("A record that is carried after all moves from failed to what became of it", "[engine][retrier]") {
  const auto outcome = GENERATE(Outcome::created, Outcome::excluded);
  RetrierWorld world;
  const auto reply = world.retry({world.exception(7)});
  world.finish(0, outcome);
  REQUIRE(world.ledger.progress->asked.size() == 1);
  const auto& commit = world.commit();
  CHECK(commit.key == shard);
  CHECK(commit.resolved == std::vector<ledger::ExceptionId>{7});
  CHECK(commit.failures.empty());
  CHECK(commit.counts.read() == 1);
  CHECK(commit.counts[outcome] == 1);
  CHECK(commit.taken_back.read() == 1);
  CHECK(commit.taken_back[Outcome::failed] == 1);
  CHECK(commit.digest_read == Digest{});
  Digest acknowledged;
  if (outcome == Outcome::created) acknowledged.add(guid, changed);
  CHECK(commit.digest_acked == acknowledged);
  CHECK_FALSE(commit.checkpoint);
  CHECK_FALSE(commit.state);
  CHECK_FALSE(reply->value().problem);
}

TEST_CASE("A record that fails again stays an exception, with what it failed with now", "[engine][retrier]") {
  RetrierWorld world;
  const auto reply = world.retry({world.exception(7)});
  Uploaded failed;
  failed.problem = {"Party", "is not known", {}};
  failed.http_status = 422;
  failed.attempts = 4;
  failed.body = "the start of the answer";
  world.answer(world.uploads, 0, failed);
  const auto& commit = world.commit();
  CHECK(commit.resolved.empty());
  REQUIRE(commit.failures.size() == 1);
  CHECK(commit.failures[0].record_id == record);
  CHECK(commit.failures[0].organisation == "ttd");
  CHECK(commit.failures[0].last_changed == noted_version);
  CHECK(commit.failures[0].problem == failed.problem);
  CHECK(commit.failures[0].http_status == 422);
  CHECK(commit.failures[0].attempts == 4);
  CHECK(commit.failures[0].body_excerpt == failed.body);
  CHECK(commit.counts[Outcome::failed] == 1);
  CHECK(commit.taken_back[Outcome::failed] == 1);
  CHECK(commit.digest_acked == Digest{});
  CHECK_FALSE(reply->value().problem);
}

TEST_CASE("A record without an id that can be read fails again without a request", "[engine][retrier]") {
  RetrierWorld world;
  const auto reply = world.retry({world.exception(7, "")});
  CHECK(world.uploads->asked.empty());
  REQUIRE(world.commit().failures.size() == 1);
  CHECK(world.commit().failures[0].problem.member == "id");
  CHECK(reply->there());
}

// -- records whose time has come --------------------------------------------------------

TEST_CASE("A deferred record that is complete now moves from deferred to what became of it",
          "[engine][retrier]") {
  RetrierWorld world;
  const auto reply = world.retry({}, {world.wake_up(11, SecondLook::Why::import)});
  REQUIRE(world.uploads->asked.size() == 1);
  CHECK(world.uploads->asked[0].record_id == record);
  world.finish(0, Outcome::created);
  const auto& commit = world.commit();
  CHECK(commit.key == shard);
  CHECK(commit.taken_back[Outcome::deferred] == 1);
  CHECK(commit.counts[Outcome::created] == 1);
  CHECK(commit.woken == std::vector<std::int64_t>{11});
  CHECK(commit.wake_ups.empty());
  CHECK(commit.resolved.empty());
  CHECK_FALSE(reply->value().problem);
}

TEST_CASE("A record that is still not complete waits twice as long as before, at most an hour",
          "[engine][retrier]") {
  const auto [looks, seconds] =
      GENERATE(std::make_pair(0U, 20), std::make_pair(2U, 80), std::make_pair(30U, 3600));
  RetrierWorld world;
  world.retry({}, {world.wake_up(11, SecondLook::Why::import, looks)});
  world.finish(0, Outcome::deferred, SecondLook{SecondLook::Why::import, world.instant() + 10s, {}});
  const auto& commit = world.commit();
  CHECK(commit.counts[Outcome::deferred] == 1);
  CHECK(commit.taken_back[Outcome::deferred] == 1);
  REQUIRE(commit.wake_ups.size() == 1);
  CHECK(commit.wake_ups[0].due == world.instant() + std::chrono::seconds(seconds));
  CHECK(waiting_of(commit.wake_ups[0])->looks == looks + 1);
  CHECK(waiting_of(commit.wake_ups[0])->shard == shard);
}

TEST_CASE("A record that was found gone once is looked at for the second time", "[engine][retrier]") {
  RetrierWorld world;
  world.retry({}, {world.wake_up(11, SecondLook::Why::absence)});
  CHECK(world.uploads->asked.at(0).absence_confirmed);
  world.finish(0, Outcome::purged);
  CHECK(world.commit().counts[Outcome::purged] == 1);
}

TEST_CASE("What the ledger keeps of a waiting record is read back as it was", "[engine][retrier]") {
  const auto why = GENERATE(SecondLook::Why::import, SecondLook::Why::receipts, SecondLook::Why::absence);
  const Waiting waiting{record, why, 3, GENERATE(std::optional<ShardKey>(), std::optional<ShardKey>(shard))};
  const auto back = waiting_of(wake_up_of(shard.row, shard.stage, waiting, changed));
  REQUIRE(back);
  CHECK(back->record_id == waiting.record_id);
  CHECK(back->why == waiting.why);
  CHECK(back->looks == 3);
  CHECK(back->shard == waiting.shard);
  CHECK_FALSE(waiting_of(ledger::WakeUp{0, shard.row, shard.stage, "other/" + record, {}, "0"}));
  CHECK_FALSE(waiting_of(ledger::WakeUp{0, shard.row, shard.stage, "import/" + record, {}, "?"}));
}

// -- hands ------------------------------------------------------------------------------

TEST_CASE("A hand of exceptions is answered when the ledger has the last of them", "[engine][retrier]") {
  RetrierWorld world;
  world.ledger.progress->at_once = nullptr;
  const auto reply =
      world.retry({world.exception(7), world.exception(8, "50001234/0dbc1da6-f744-4fff-83bc-131e7988a1bc")});
  REQUIRE(world.uploads->asked.size() == 2);
  world.finish(1, Outcome::created);
  world.finish(0, Outcome::created);
  REQUIRE(world.ledger.progress->asked.size() == 2);
  CHECK(world.commit(0).resolved == std::vector<ledger::ExceptionId>{8});
  CHECK(world.commit(1).resolved == std::vector<ledger::ExceptionId>{7});
  world.answer(world.ledger.progress, 1, Noted{});
  CHECK_FALSE(reply->there());
  world.answer(world.ledger.progress, 0, Noted{Problem{"ledger", "the disk is full", {}}});
  REQUIRE(reply->value().problem);
  CHECK(reply->value().problem->message == "the disk is full");
}

TEST_CASE("Told to drain, a retrier answers for what is not carried yet and leaves its mark",
          "[engine][retrier]") {
  RetrierWorld world;
  const auto reply = world.retry({world.exception(7)});
  world.tell(world.retrier, Drain{});
  CHECK_FALSE(reply->value().problem);
  world.finish(0, Outcome::created);
  CHECK(world.ledger.progress->asked.empty());
}

TEST_CASE("What the ledger already has when a retrier drains is waited for", "[engine][retrier]") {
  RetrierWorld world;
  world.ledger.progress->at_once = nullptr;
  const auto reply = world.retry({world.exception(7), world.exception(8)});
  world.finish(0, Outcome::created);
  world.tell(world.retrier, Drain{});
  CHECK_FALSE(reply->there());
  world.answer(world.ledger.progress, 0, Noted{});
  CHECK(reply->there());
}

TEST_CASE("No records are answered at once", "[engine][retrier]") {
  RetrierWorld world;
  CHECK_FALSE(world.retry({})->value().problem);
}

TEST_CASE("A record whose uploader is gone waits", "[engine][retrier]") {
  RetrierWorld world;
  caf::anon_send_exit(world.uploads->actor, caf::exit_reason::kill);
  world.run();
  const auto reply = world.retry({world.exception(7)});
  CHECK(world.commit().failures.empty());
  CHECK(world.commit().counts[Outcome::deferred] == 1);
  CHECK(world.commit().wake_ups.size() == 1);
  CHECK(reply->there());
}

// -- what the source could not read ---------------------------------------------------------------

TEST_CASE(
    "An unreadable row that is tried again is looked at by its microsecond, and stays an exception while it "
    "cannot be read",
    "[engine][retrier][OS-4]") {
  RetrierWorld world;
  const auto reply = world.retry({world.exception(7, "unreadable at 2025-06-18T09:00:00.123456Z, ttd")});
  REQUIRE(world.storage->asked.size() == 1);
  const auto& call = world.storage->asked[0];
  CHECK(call.request->target.find("org=ttd") != std::string::npos);
  CHECK(call.request->target.find("lastChanged=eq:2025-06-18T09:00:00.123456Z") != std::string::npos);
  world.answer(world.storage, 0, answered(call.operation, response(500, R"("… Path: $.DataValues.n")")));
  CHECK(world.uploads->asked.empty());
  CHECK(world.commit().taken_back[Outcome::failed] == 1);
  CHECK(world.commit().counts[Outcome::failed] == 1);
  REQUIRE(world.commit().failures.size() == 1);
  CHECK(world.commit().failures[0].record_id == "unreadable at 2025-06-18T09:00:00.123456Z, ttd");
  CHECK(reply->there());
}

TEST_CASE(
    "An unreadable row that can be read by now: its records wait to be read one by one, its day until then",
    "[engine][retrier][OS-4]") {
  RetrierWorld world;
  world.retry({world.exception(7, "unreadable at 2025-06-18T09:00:00Z, ttd")});
  const std::string row = R"({"id":")" + record + R"(","appId":"ttd/form","org":"ttd",)" +
                          R"("created":"2025-06-18T09:00:00Z","lastChanged":"2025-06-18T09:00:00Z"})";
  world.answer(world.storage, 0,
               answered(http::Operation::list, response(200, R"({"next":null,"instances":[)" + row + "]}")));
  CHECK(world.commit().taken_back[Outcome::failed] == 1);
  CHECK(world.commit().counts[Outcome::deferred] == 1);
  CHECK(world.commit().resolved == std::vector<ledger::ExceptionId>{7});
  REQUIRE(world.commit().state);
  CHECK(world.commit().state->state == ShardState::parked);
  REQUIRE(world.commit().wake_ups.size() == 1);
  auto wake_up = world.commit().wake_ups[0];
  CHECK(wake_up.due <= world.instant());
  wake_up.id = 3;
  world.retry({}, {wake_up});
  REQUIRE(world.uploads->asked.size() == 1);
  CHECK(world.uploads->asked[0].record_id == record);
  world.finish(0, Outcome::created);
  CHECK(world.commit(1).taken_back[Outcome::deferred] == 1);
  CHECK(world.commit(1).counts[Outcome::created] == 1);
}
