#include <dialogferry/engine/carry/publish_round.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;

namespace {

Uuid id(std::uint8_t last) {
  Uuid id;
  id.bytes[15] = last;
  return id;
}

std::vector<ledger::Handed> records(std::uint8_t count) {
  std::vector<ledger::Handed> records;
  for (std::uint8_t i = 1; i <= count; ++i)
    records.push_back({i, id(i)});
  return records;
}

codec::Published published(std::uint8_t number) {
  return {id(number), id(static_cast<std::uint8_t>(100 + number)), true, {}};
}
codec::Published empty(std::uint8_t number) {
  return {id(number), std::nullopt, true, {}};
}
codec::Published broken(std::uint8_t number, std::string error) {
  return {id(number), std::nullopt, false, std::move(error)};
}

void answer(PublishRound& round, std::vector<codec::Published> statuses) {
  REQUIRE(round.next() == PublishRound::Next::ask);
  round.on_answer(statuses);
}

/// The dialog of the first is there, and its message does not come to know it.
void find_stranded(PublishRound& round) {
  answer(round, {empty(1)});
  for (int i = 0; i < 5; ++i) {
    answer(round, {empty(1)});
    REQUIRE(round.next() == PublishRound::Next::look);
    round.on_there(id(50));
  }
  REQUIRE(round.next() == PublishRound::Next::purge);
}

Answered not_answered() {
  Answered answered;
  answered.verdict.kind = http::Verdict::Kind::again;
  answered.verdict.reason = http::Verdict::Reason::transport;
  answered.verdict.problem = {"reset", "the connection ended", {}};
  answered.api = "correspondence";
  return answered;
}

} // namespace

TEST_CASE("A list that goes well costs one call", "[publish]") {
  PublishRound round(records(3));
  CHECK(round.asked().size() == 3);
  answer(round, {published(3), published(1), published(2)});
  REQUIRE(round.next() == PublishRound::Next::done);
  for (const auto& record : round.take().records)
    CHECK(record.outcome == Outcome::created);
}

TEST_CASE("An empty dialog id is asked for once more before anything is made of it", "[publish][OC-2]") {
  PublishRound round(records(3));
  answer(round, {published(1), empty(2), empty(3)});
  CHECK(round.asked() == std::vector<ledger::Handed>{{2, id(2)}, {3, id(3)}});
  answer(round, {published(2), published(3)});
  REQUIRE(round.next() == PublishRound::Next::done);
  const auto results = round.take().records;
  CHECK(results[1].outcome == Outcome::created);
  CHECK_FALSE(results[1].repaired);
}

TEST_CASE("A dialog whose record does not know it is purged and made anew, and counted as repaired",
          "[publish][OC-1]") {
  PublishRound round(records(2));
  answer(round, {empty(1), published(2)});
  for (const std::uint32_t pauses : {1, 2, 3, 4, 5}) { // it may be about to learn of it
    CHECK(round.pauses() == pauses);
    answer(round, {empty(1)});
    REQUIRE(round.next() == PublishRound::Next::look);
    CHECK(round.current() == ledger::Handed{1, id(1)});
    round.on_there(id(50));
  }
  REQUIRE(round.next() == PublishRound::Next::purge);
  CHECK(round.revision() == id(50));
  round.on_purged();
  CHECK(round.asked() == std::vector<ledger::Handed>{{1, id(1)}});
  answer(round, {published(1)});
  REQUIRE(round.next() == PublishRound::Next::done);
  const auto results = round.take().records;
  CHECK(results[0].outcome == Outcome::created);
  CHECK(results[0].repaired);
  CHECK_FALSE(results[1].repaired);
}

TEST_CASE("A dialog that its message comes to know a moment later is left alone", "[publish][OC-2]") {
  PublishRound round(records(2));
  answer(round, {empty(1), empty(2)});
  answer(round, {empty(1), empty(2)});
  round.on_there(id(50));
  CHECK(round.next() == PublishRound::Next::look);
  CHECK(round.current() == ledger::Handed{2, id(2)});
  round.on_there(id(51));
  CHECK(round.asked().size() == 2);
  answer(round, {published(1), published(2)});
  REQUIRE(round.next() == PublishRound::Next::done);
  for (const auto& record : round.take().records) {
    CHECK(record.outcome == Outcome::created);
    CHECK_FALSE(record.repaired);
  }
}

TEST_CASE("A dialog that is made anew while it is looked at is not the one to purge", "[publish][OC-1]") {
  PublishRound round(records(1));
  find_stranded(round);
  round.on_not_purged(); // somebody else was faster
  for (int i = 0; i < 4; ++i) {
    answer(round, {empty(1)});
    REQUIRE(round.next() == PublishRound::Next::look);
    round.on_there(id(51));
  }
  SECTION("and its message comes to know it") {
    answer(round, {published(1)});
    REQUIRE(round.next() == PublishRound::Next::done);
    const auto result = round.take().records[0];
    CHECK(result.outcome == Outcome::created);
    CHECK_FALSE(result.repaired);
  }
  SECTION("nor is that of another one who mends") {
    answer(round, {empty(1)});
    round.on_there(id(52));
    CHECK(round.next() == PublishRound::Next::ask);
  }
}

TEST_CASE("Where somebody else is at it all the time a message waits", "[publish]") {
  PublishRound round(records(1));
  std::uint8_t others = 50;
  int asked = 0;
  for (; round.next() != PublishRound::Next::done && asked < 100; ++asked) {
    CHECK(round.pauses() <= 6);
    answer(round, {empty(1)});
    if (round.next() == PublishRound::Next::look) round.on_there(id(others++));
  }
  CHECK(asked < 20);
  CHECK(round.take().records[0].held);
}

TEST_CASE("What Dialogporten refuses is an exception with its reason", "[publish]") {
  PublishRound round(records(1));
  answer(round, {empty(1)});
  answer(round, {empty(1)});
  round.on_not_there(); // it may be between a purge of somebody else and its making
  answer(round, {empty(1)});
  round.on_not_there();
  REQUIRE(round.next() == PublishRound::Next::reason);
  SECTION("a rule that its record breaks") {
    round.on_reason(Problem{"correspondence.sendersReference", "is too long", {}});
    CHECK(round.take().records[0].problem.member == "correspondence.sendersReference");
  }
  SECTION("no rule that is known") {
    round.on_reason(std::nullopt);
    const auto result = round.take().records[0];
    CHECK(result.outcome == Outcome::failed);
    CHECK_FALSE(result.held);
    CHECK_THAT(result.problem.message, Catch::Contains("refuses"));
  }
  CHECK(round.next() == PublishRound::Next::done);
}

TEST_CASE("One that is refused still after it was purged is no loop", "[publish]") {
  PublishRound round(records(1));
  find_stranded(round);
  round.on_purged();
  answer(round, {empty(1)});
  REQUIRE(round.next() == PublishRound::Next::look);
  round.on_not_there();
  REQUIRE(round.next() == PublishRound::Next::reason);
  round.on_reason(std::nullopt);
  CHECK(round.next() == PublishRound::Next::done);
  const auto result = round.take().records[0];
  CHECK(result.outcome == Outcome::failed);
  CHECK(result.held); // Dialogporten had taken it before
}

TEST_CASE("An error after a purge is the moment's too, with the words of the last answer",
          "[publish][OC-1]") {
  PublishRound round(records(1));
  find_stranded(round);
  round.on_purged();
  answer(round, {broken(1, "Timeout")});
  REQUIRE(round.next() == PublishRound::Next::reason);
  round.on_reason(std::nullopt);
  const auto result = round.take().records[0];
  REQUIRE(result.held);
  CHECK(result.problem.message == "Timeout");
}

TEST_CASE("An error that a rule explains is an exception at once, any other the moment's: asked for again "
          "and again",
          "[publish]") {
  PublishRound round(records(2));
  answer(round, {broken(1, "Timeout"), broken(2, "boom")});
  CHECK(round.pauses() == 1);
  answer(round, {broken(1, "Timeout"), broken(2, "boom")});
  REQUIRE(round.next() == PublishRound::Next::reason);
  CHECK(round.current() == ledger::Handed{1, id(1)});
  round.on_reason(std::nullopt);
  REQUIRE(round.next() == PublishRound::Next::reason);
  CHECK(round.current() == ledger::Handed{2, id(2)});
  round.on_reason(Problem{"parties", "nobody knows the first reader", {}});
  const std::vector<ledger::Handed> left{{1, id(1)}};
  SECTION("which may help") {
    CHECK(round.asked() == left);
    CHECK(round.pauses() == 2);
    answer(round, {published(1)});
    CHECK(round.next() == PublishRound::Next::done);
    CHECK(round.take().records[0].outcome == Outcome::created);
  }
  SECTION("and at last waits") {
    for (int i = 0; i < 5; ++i) {
      CHECK(round.asked() == left);
      answer(round, {broken(1, "Timeout")});
    }
    REQUIRE(round.next() == PublishRound::Next::look);
    round.on_not_there();
    REQUIRE(round.next() == PublishRound::Next::reason);
    round.on_reason(std::nullopt);
    REQUIRE(round.next() == PublishRound::Next::done);
    const auto results = round.take().records;
    REQUIRE(results[0].held);
    CHECK(results[0].problem.message == "Timeout");
    CHECK_FALSE(results[1].held);
    CHECK(results[1].problem.member == "parties");
  }
}

TEST_CASE("A list that is not answered waits as a whole", "[publish]") {
  PublishRound round(records(2));
  REQUIRE(round.next() == PublishRound::Next::ask);
  round.on_no_answer(not_answered());
  REQUIRE(round.next() == PublishRound::Next::done);
  for (const auto& record : round.take().records) {
    CHECK(record.outcome == Outcome::failed);
    CHECK(record.held);
  }
}

TEST_CASE("A record that the answer does not name is asked for again", "[publish]") {
  PublishRound round(records(2));
  answer(round, {published(1)});
  CHECK(round.asked() == std::vector<ledger::Handed>{{2, id(2)}});
}
