#include "supervisor_fixture.hpp"

#include <dialogferry/engine/retrier.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

const std::string guid = "0dbc1da6-f744-4fff-83bc-131e7988a1bb";
const Instant changed = *parse_instant("2025-06-18T10:00:00Z");

struct RetrierWorld : World {
  RetrierWorld() {
    RetrierSetup setup;
    setup.storage = stand_in_of<gate_actor>(storage);
    setup.ledger = ledger.actor;
    setup.carriers = {stand_in<carrier_actor>([this](const Carry& hand) { hands.push_back(hand); })};
    retrier = spawn<Retrier>(std::move(setup));
  }

  static ledger::Exception exception(ledger::ExceptionId id, const std::string& record = "50001234/" + guid) {
    ledger::Exception made;
    made.id = id;
    made.row = "a3-app-instances-historic";
    made.stage = "carry";
    made.day = *parse_day("2025-06-18");
    made.organisation = "ttd";
    made.part = 3;
    made.record_id = record;
    made.last_changed = *parse_instant("2025-06-18T09:00:00Z");
    made.state = ledger::ExceptionState::retrying;
    return made;
  }

  std::shared_ptr<Reply<Noted>> retry(std::vector<ledger::Exception> exceptions) {
    return ask<Noted>(retrier, RetryExceptions{std::move(exceptions)});
  }

  void reply(std::size_t index, http::Answer with, std::uint32_t attempts = 1) {
    answer(storage, index, answered(http::Operation::instance, std::move(with), attempts));
  }
  void reply_instance(std::size_t index, const std::string& record = guid) {
    reply(index,
          response(200, R"({"id":"50001234/)" + record +
                            R"(","instanceOwner":{"partyId":"50001234"},"appId":"ttd/form","org":"ttd",)"
                            R"("created":"2025-06-18T08:54:53Z","lastChanged":"2025-06-18T10:00:00Z"})"));
  }

  /// The carriers are done with the `index`th record they were handed.
  void finish(std::size_t index, RecordResult result) {
    const auto& job = hands.at(index).jobs.at(0);
    tell(retrier, RecordDone{job.batch, job.index, std::move(result)});
  }

  const ledger::Commit& commit(std::size_t index = 0) const {
    return ledger.progress->asked.at(index).commit;
  }

  LedgerDesks ledger{*this};
  std::shared_ptr<Desk<Call, Answered>> storage = std::make_shared<Desk<Call, Answered>>();
  std::vector<Carry> hands;
  retrier_actor retrier;
};

} // namespace

TEST_CASE("An exception's record is read as it is now and carried the way of every record",
          "[engine][retrier]") {
  RetrierWorld world;
  world.retry({world.exception(7)});
  REQUIRE(world.storage->asked.size() == 1);
  CHECK(world.storage->asked[0].request->target == "/storage/api/v1/instances/50001234/" + guid);
  CHECK(world.storage->asked[0].operation == http::Operation::instance);
  world.reply_instance(0);
  REQUIRE(world.hands.size() == 1);
  CHECK(world.hands[0].is_migration);
  CHECK(world.hands[0].priority == Priority::history);
  REQUIRE(world.hands[0].jobs.size() == 1);
  const auto& row = world.hands[0].jobs[0].row;
  CHECK(row.id == "50001234/" + guid);
  CHECK(row.party_id == "50001234");
  CHECK(row.app_id == "ttd/form");
  CHECK(row.org == "ttd");
  CHECK(row.last_changed == changed);
  CHECK_FALSE(row.problem);
  CHECK(row.json.padding >= codec::json_padding);
}

TEST_CASE("A record that is carried after all moves from failed to what became of it", "[engine][retrier]") {
  const auto outcome = GENERATE(Outcome::created, Outcome::excluded);
  RetrierWorld world;
  const auto reply = world.retry({world.exception(7)});
  world.reply_instance(0);
  world.finish(0, {outcome, std::nullopt});
  REQUIRE(world.ledger.progress->asked.size() == 1);
  const auto& commit = world.commit();
  CHECK(commit.key == ShardKey{"a3-app-instances-historic", "carry", *parse_day("2025-06-18"), "ttd", 3});
  CHECK(commit.resolved == std::vector<ledger::ExceptionId>{7});
  CHECK(commit.failures.empty());
  CHECK(commit.counts.read() == 1);
  CHECK(commit.counts[outcome] == 1);
  CHECK(commit.taken_back.read() == 1);
  CHECK(commit.taken_back[Outcome::failed] == 1);
  CHECK(commit.digest_read == Digest{});
  Digest acknowledged;
  if (outcome == Outcome::created) acknowledged.add(*parse_uuid(guid), changed);
  CHECK(commit.digest_acked == acknowledged);
  CHECK_FALSE(commit.checkpoint);
  CHECK_FALSE(commit.state);
  CHECK_FALSE(reply->value().problem);
}

TEST_CASE("A record that fails again stays an exception, with what it failed with now", "[engine][retrier]") {
  RetrierWorld world;
  const auto reply = world.retry({world.exception(7)});
  world.reply_instance(0);
  ledger::Failure failure;
  failure.problem = {"Party", "is not known", {}};
  failure.http_status = 422;
  failure.attempts = 4;
  world.finish(0, {Outcome::failed, failure});
  const auto& commit = world.commit();
  CHECK(commit.resolved.empty());
  REQUIRE(commit.failures.size() == 1);
  CHECK(commit.failures[0].record_id == "50001234/" + guid);
  CHECK(commit.failures[0].problem == failure.problem);
  CHECK(commit.failures[0].http_status == 422);
  CHECK(commit.failures[0].attempts == 4);
  CHECK(commit.counts[Outcome::failed] == 1);
  CHECK(commit.taken_back[Outcome::failed] == 1);
  CHECK(commit.digest_acked == Digest{});
  CHECK_FALSE(reply->value().problem);
}

TEST_CASE("A record that cannot be had from the source fails again without being carried",
          "[engine][retrier]") {
  const auto [answer, status] =
      GENERATE(std::make_pair(http::Answer(response(500)), 500), std::make_pair(no_answer(), 0),
               std::make_pair(http::Answer(response(404, "Unable to find instance " + guid)), 404),
               std::make_pair(http::Answer(response(200, "<html>")), 0));
  RetrierWorld world;
  const auto reply = world.retry({world.exception(7)});
  world.reply(0, answer, 8);
  CHECK(world.hands.empty());
  REQUIRE(world.ledger.progress->asked.size() == 1);
  REQUIRE(world.commit().failures.size() == 1);
  const auto& failure = world.commit().failures[0];
  CHECK(failure.record_id == "50001234/" + guid);
  CHECK(failure.organisation == "ttd");
  CHECK(failure.last_changed == *parse_instant("2025-06-18T09:00:00Z"));
  CHECK(failure.http_status == status);
  CHECK_FALSE(failure.problem.message.empty());
  CHECK(reply->there());
}

TEST_CASE("A hand of exceptions is answered when the ledger has the last of them", "[engine][retrier]") {
  RetrierWorld world;
  world.ledger.progress->at_once = nullptr;
  const std::string other = "0dbc1da6-f744-4fff-83bc-131e7988a1bc";
  const auto reply = world.retry({world.exception(7), world.exception(8, "50001234/" + other)});
  REQUIRE(world.storage->asked.size() == 2);
  world.reply_instance(1, other);
  world.reply_instance(0);
  world.finish(1, {Outcome::created, std::nullopt});
  world.finish(0, {Outcome::created, std::nullopt});
  world.finish(0, {Outcome::created, std::nullopt}); // told twice
  REQUIRE(world.ledger.progress->asked.size() == 2);
  CHECK(world.commit(0).resolved == std::vector<ledger::ExceptionId>{7});
  CHECK(world.commit(1).resolved == std::vector<ledger::ExceptionId>{8});
  world.answer(world.ledger.progress, 1, Noted{});
  CHECK_FALSE(reply->there());
  world.answer(world.ledger.progress, 0, Noted{Problem{"ledger", "the disk is full", {}}});
  REQUIRE(reply->value().problem);
  CHECK(reply->value().problem->message == "the disk is full");
}

TEST_CASE("Told to drain, a retrier answers for what is not carried yet and leaves its mark",
          "[engine][retrier]") {
  RetrierWorld world;
  const auto reply = world.retry({world.exception(7), world.exception(8)});
  world.reply_instance(0);
  world.tell(world.retrier, Drain{});
  CHECK_FALSE(reply->value().problem);
  world.finish(0, {Outcome::created, std::nullopt});
  world.reply_instance(1);
  CHECK(world.ledger.progress->asked.empty());
  CHECK(world.hands.size() == 1);
}

TEST_CASE("What the ledger already has when a retrier drains is waited for", "[engine][retrier]") {
  RetrierWorld world;
  world.ledger.progress->at_once = nullptr;
  const auto reply = world.retry({world.exception(7), world.exception(8)});
  world.reply_instance(0);
  world.finish(0, {Outcome::created, std::nullopt});
  world.tell(world.retrier, Drain{});
  CHECK_FALSE(reply->there());
  world.answer(world.ledger.progress, 0, Noted{});
  CHECK(reply->there());
}

TEST_CASE("No exceptions are answered at once", "[engine][retrier]") {
  RetrierWorld world;
  CHECK_FALSE(world.retry({})->value().problem);
}

TEST_CASE("A record whose source actor is gone fails again", "[engine][retrier]") {
  RetrierWorld world;
  caf::anon_send_exit(world.storage->actor, caf::exit_reason::kill);
  world.run();
  const auto reply = world.retry({world.exception(7)});
  REQUIRE(world.commit().failures.size() == 1);
  CHECK(world.commit().failures[0].problem.member == "storage");
  CHECK(reply->there());
}
