#include "../../src/ledger/postgres/connection.hpp"
#include "../../src/ledger/postgres/open.hpp"
#include "temp_ledger.hpp"

#include <dialogferry/ledger/partitions.hpp>

#include <thread>

using namespace dialogferry;
using namespace dialogferry::ledger;
using namespace dialogferry::ledger::test;

namespace {

const std::string live = "a3-app-instances-live";
const auto later = at("2025-11-20T12:00:31Z");

/// The record of a partition.
std::string in(unsigned partition) {
  constexpr std::string_view digits = "0123456789abcdef";
  return std::string("50001234/0dbc1da6-f744-4fff-83bc-0000000000") + digits[partition / 16] +
         digits[partition % 16];
}

Partitions only(std::initializer_list<unsigned> numbers) {
  Partitions some;
  for (const auto number : numbers)
    some.set(number);
  return some;
}

std::vector<std::string> ids_of(const std::vector<InboxEntry>& entries) {
  std::vector<std::string> ids;
  for (const auto& entry : entries)
    ids.push_back(entry.record_id);
  return ids;
}

using Strings = std::vector<std::string>;

} // namespace

TEST_CASE("The end of a record's id tells its partition", "[ledger]") {
  CHECK(partition_of("50001234/0dbc1da6-f744-4fff-83bc-2a2f5d8a2f3f") == 0x3f);
  CHECK(partition_of("50009999/0dbc1da6-f744-4fff-83bc-2a2f5d8a2f3f") == 0x3f);
  CHECK(partition_of("50001234/0DBC1DA6-F744-4FFF-83BC-2A2F5D8A2FAB") == (0xab & 63));
  CHECK(partition_of("00") == 0);
  CHECK(partition_of("purge/50001234/x-41") == 1);
  for (const auto* id : {"", "7", "50001234/x", "a-z", "+5", "0x", "9 ", "å"})
    CHECK(partition_of(id) == 0);
}

TEST_CASE("Partitions are the same to both databases", "[ledger][postgres]") {
  const auto place = must(postgres::parse_url(server().url(new_database())));
  open_or_die(place.uri);
  const auto connection = postgres::connect(place, {OpenMode::tool});
  for (const auto* id :
       {"", "7", "x", "a-z", "+5", "0x", "9 ", "å", "blåb", "AB", "3f", "fF", "purge/1/x-41"}) {
    const auto told =
        connection->ask("SELECT partition_of($1)::bigint", postgres::Parameters::of(std::string_view(id)));
    CHECK(told.integer(0, 0) == partition_of(id));
  }
}

TEST_CASE("An inbox, wake-ups and exceptions can be read by partition", "[ledger]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  must(ledger->note_events(
      std::vector<InboxEvent>{{live, in(63), now}, {live, in(5), now}, {live, in(0), now}}));
  CHECK(ids_of(must(ledger->inbox(live, 0, 10, only({5, 63})))) == Strings{in(63), in(5)});
  CHECK(ids_of(must(ledger->inbox(live, 0, 1, only({0, 5})))) == Strings{in(5)});
  CHECK(must(ledger->inbox(live, 0, 10, only({7}))).empty());
  CHECK(must(ledger->inbox(live, 0, 10, Partitions())).empty());
  CHECK(must(ledger->inbox(live, 0, 10)).size() == 3);

  must(ledger->set_wake_up({0, live, stage, "late/" + in(5), now, ""}));
  must(ledger->set_wake_up({0, live, stage, "late/" + in(63), now, ""}));
  CHECK(must(ledger->wake_ups(live, stage, later, 10, only({63}))).front().key == "late/" + in(63));
  CHECK(must(ledger->wake_ups(live, stage, later, 10, only({63, 5}))).size() == 2);
  CHECK(must(ledger->wake_ups(live, stage, later, 10, only({4}))).empty());

  FeedCommit failed;
  failed.row = live;
  failed.stage = stage;
  for (const auto partition : {5U, 63U}) {
    failed.failures.push_back(failure("x", "M-87", 422));
    failed.failures.back().record_id = in(partition);
  }
  must(ledger->commit({}, std::vector{failed}, now));
  ExceptionFilter filter;
  filter.partitions = only({5});
  const auto found = must(ledger->exceptions(filter));
  REQUIRE(found.size() == 1);
  CHECK(found.front().record_id == in(5));
}

TEST_CASE("What a stream has found waits with what it is, and with the cursor that has passed it",
          "[ledger]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  FeedCommit found;
  found.row = live;
  found.stage = stage;
  found.feed = "stream/ttd";
  found.cursor = Checkpoint{later, {}};
  found.found = {{live, in(1), now, Listed{now, 7}}, {live, in(2), now, Listed{now, ~std::uint64_t{0}}}};
  must(ledger->commit({}, std::vector{found}, now));
  CHECK(must(ledger->cursor(live, stage, "stream/ttd"))->at == later);
  auto waiting = must(ledger->inbox(live, 0, 10));
  REQUIRE(waiting.size() == 2);
  CHECK(waiting[0].record_id == in(1));
  CHECK(waiting[0].listed == Listed{now, 7});
  CHECK(waiting[1].listed == Listed{now, ~std::uint64_t{0}});
  CHECK(must(ledger->waiting(live)).records == 2);

  SECTION("another finding is the newer one") {
    found.found = {{live, in(1), later, Listed{later, 8}}};
    must(ledger->commit({}, std::vector{found}, later));
    waiting = must(ledger->inbox(live, 0, 10));
    CHECK(waiting.back().listed == Listed{later, 8});
    CHECK(waiting.back().events == 2);
    CHECK(waiting.back().received_at == now);
  }
  SECTION("what somebody told of is to be looked at, whatever was found") {
    must(ledger->note_events(std::vector<InboxEvent>{{live, in(1), later}}));
    must(ledger->commit({}, std::vector{found}, later));
    waiting = must(ledger->inbox(live, 0, 10));
    REQUIRE(waiting.size() == 2);
    CHECK(waiting[0].record_id == in(1));
    CHECK_FALSE(waiting[0].listed);
    CHECK(waiting[0].events == 3);
    CHECK(waiting[1].listed == Listed{now, ~std::uint64_t{0}});
  }
  SECTION("at once as well") {
    found.found = {{live, in(3), now, Listed{now, 1}},
                   {live, in(3), later},
                   {live, in(4), now, Listed{now, 1}},
                   {live, in(4), now, Listed{later, 2}}};
    must(ledger->commit({}, std::vector{found}, later));
    waiting = must(ledger->inbox(live, 0, 10, only({3, 4})));
    REQUIRE(waiting.size() == 2);
    CHECK_FALSE(waiting[0].listed);
    CHECK(waiting[1].listed == Listed{later, 2});
  }
}

TEST_CASE("No entry of an inbox is overtaken by one that was noted after it", "[ledger][postgres]") {
  const auto url = server().url(new_database());
  const auto slow = open_or_die(url), quick = open_or_die(url);
  const auto place = must(postgres::parse_url(url));
  // Its id is given, and it takes a while until others can see it.
  postgres::connect(place, {OpenMode::tool})
      ->run("CREATE FUNCTION hold_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "PERFORM pg_sleep(0.5); RETURN NEW; END $$; "
            "CREATE TRIGGER hold_up BEFORE INSERT ON inbox FOR EACH ROW WHEN (NEW.record_id = 'slow') "
            "EXECUTE FUNCTION hold_up()");
  const auto watch = postgres::connect(place, {OpenMode::tool});
  std::thread first([&] { must(slow->note_events(std::vector<InboxEvent>{{live, "slow", now}})); });
  while (watch->ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'").integer(0, 0) == 0)
    std::this_thread::yield();
  must(quick->note_events(std::vector<InboxEvent>{{live, "quick", now}}));
  const auto seen = must(quick->inbox(live, 0, 10));
  first.join();
  REQUIRE_FALSE(seen.empty());
  CHECK(ids_of(seen) == Strings{"slow", "quick"});
}
