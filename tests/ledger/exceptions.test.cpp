#include "temp_ledger.hpp"

using namespace dialogferry;
using namespace dialogferry::ledger;
using namespace dialogferry::ledger::test;

namespace {

/// A ledger with two days and exceptions 1 to 3: two on the 14th, one on the 13th.
struct Fixture {
  TempLedger folder;
  std::unique_ptr<Ledger> ledger = open_or_die(folder.url());
  ShardKey newer = key(day("2025-11-14"));
  ShardKey older = key(day("2025-11-13"), "skd", 0);

  Fixture() {
    must(ledger->start_shards(std::vector{whole_day(newer), whole_day(older)}, now));
    fail(newer, {failure("50001234/a", "M-87", 422), failure("50001234/b", "instance.created", 0)});
    fail(older, {failure("50001234/c", "M-87", 422)});
  }

  void fail(const ShardKey& shard, std::vector<Failure> failures, Instant when = now) const {
    Commit commit;
    commit.key = shard;
    commit.failures = std::move(failures);
    must(ledger->commit(std::vector{commit}, when));
  }

  std::vector<ExceptionId> ids(const ExceptionFilter& filter) const {
    std::vector<ExceptionId> found;
    for (const auto& exception : must(ledger->exceptions(filter)))
      found.push_back(exception.id);
    return found;
  }
};

using Ids = std::vector<ExceptionId>;

} // namespace

TEST_CASE("An exception says which record, where, why and how often", "[ledger]") {
  const Fixture fixture;
  const auto exception = must(fixture.ledger->exception(3));
  REQUIRE(exception.has_value());
  CHECK(exception->row == row);
  CHECK(exception->stage == stage);
  CHECK(exception->day == day("2025-11-13"));
  CHECK(exception->organisation == "skd");
  CHECK(exception->record_id == "50001234/c");
  CHECK(exception->last_changed == at("2025-11-10T08:00:00.1234567Z"));
  CHECK(exception->problem == Problem{"M-87", "is not allowed", "look at it"});
  CHECK(exception->http_status == 422);
  CHECK(exception->attempts == 1);
  CHECK(exception->first_at == now);
  CHECK(exception->body_excerpt == "{}");
  CHECK_FALSE(must(fixture.ledger->exception(4)).has_value());
}

TEST_CASE("Exceptions are listed by row, day, state and cause, a page at a time", "[ledger]") {
  const Fixture fixture;
  ExceptionFilter filter;
  CHECK(fixture.ids(filter) == Ids{1, 2, 3});
  filter.limit = 2;
  CHECK(fixture.ids(filter) == Ids{1, 2});
  filter.after = 2;
  CHECK(fixture.ids(filter) == Ids{3});
  filter = {};
  filter.day = day("2025-11-14");
  CHECK(fixture.ids(filter) == Ids{1, 2});
  filter = {};
  filter.cause = "M-87";
  CHECK(fixture.ids(filter) == Ids{1, 3});
  filter = {};
  filter.row = "a3-app-instances-live";
  CHECK(fixture.ids(filter).empty());
  must(fixture.ledger->retry(Ids{2}, now));
  filter = {};
  filter.states = {ExceptionState::retrying, ExceptionState::dismissed};
  CHECK(fixture.ids(filter) == Ids{2});
}

TEST_CASE("A record that fails again is the same exception with more attempts", "[ledger]") {
  const Fixture fixture;
  must(fixture.ledger->retry(Ids{1}, now));
  const auto later = at("2025-11-21T00:00:00Z");
  auto again = failure("50001234/a", "M-88", 400);
  again.attempts = 2;
  fixture.fail(fixture.newer, {again}, later);
  const auto exception = must(fixture.ledger->exception(1));
  CHECK(exception->attempts == 3);
  CHECK(exception->first_at == now);
  CHECK(exception->last_at == later);
  CHECK(exception->state == ExceptionState::open);
  CHECK(exception->problem.member == "M-88");
  CHECK(fixture.ids({}) == Ids{1, 2, 3});
}

TEST_CASE("Dismissing needs a reason and keeps who did it; a retry takes it back", "[ledger]") {
  const Fixture fixture;
  CHECK_FALSE(fixture.ledger->dismiss(1, "", "kari", now).has_value());
  CHECK_FALSE(fixture.ledger->dismiss(77, "old", "kari", now).has_value());
  must(fixture.ledger->dismiss(1, "a test record", "kari", now));
  auto exception = must(fixture.ledger->exception(1));
  CHECK(exception->state == ExceptionState::dismissed);
  CHECK(exception->closed_reason == "a test record");
  CHECK(exception->closed_by == "kari");
  CHECK(must(fixture.ledger->retry(row, std::nullopt, now)).exceptions == 2);
  CHECK(must(fixture.ledger->retry(Ids{1}, now)) == 1);
  exception = must(fixture.ledger->exception(1));
  CHECK(exception->state == ExceptionState::retrying);
  CHECK(exception->closed_reason.empty());
  CHECK_FALSE(fixture.ledger->retry(Ids{1, 99}, now).has_value());
}

TEST_CASE("A day's exceptions are marked for another attempt together", "[ledger]") {
  const Fixture fixture;
  CHECK(must(fixture.ledger->retry(row, day("2025-11-14"), now)).exceptions == 2);
  ExceptionFilter filter;
  filter.states = {ExceptionState::retrying};
  CHECK(fixture.ids(filter) == Ids{1, 2});
}

TEST_CASE("The engine learns that a tool has written, and not of its own writing", "[ledger]") {
  const Fixture fixture;
  must(fixture.ledger->changed_elsewhere());
  fixture.fail(fixture.newer, {failure("50001234/d", "M-87", 422)});
  CHECK_FALSE(must(fixture.ledger->changed_elsewhere()));
  must(open_or_die(fixture.folder.url(), OpenMode::tool)->retry(Ids{1}, now));
  CHECK(must(fixture.ledger->changed_elsewhere()));
  CHECK_FALSE(must(fixture.ledger->changed_elsewhere()));
}
