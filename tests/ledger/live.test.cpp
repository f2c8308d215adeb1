#include "temp_ledger.hpp"

using namespace dialogferry;
using namespace dialogferry::ledger;
using namespace dialogferry::ledger::test;

namespace {
const std::string live = "a3-app-instances-live";
}

TEST_CASE("Events of one record are joined and none is lost while the first is handled", "[ledger]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  const auto later = at("2025-11-20T12:00:31Z");
  must(ledger->note_events(std::vector<InboxEvent>{{live, "50001234/a", now}, {live, "50001234/b", now}}));
  const auto before = must(ledger->inbox(live, 0, 10));
  REQUIRE(before.size() == 2);
  must(ledger->note_events(std::vector<InboxEvent>{{live, "50001234/a", later}}));

  FeedCommit handled;
  handled.row = live;
  handled.stage = stage;
  handled.handled = {before[0].id, before[1].id};
  must(ledger->commit({}, std::vector{handled}, later));
  const auto after = must(ledger->inbox(live, 0, 10));
  REQUIRE(after.size() == 1);
  CHECK(after.front().record_id == "50001234/a");
  CHECK(after.front().received_at == now);
  CHECK(after.front().events == 2);
  CHECK(after.front().id > before[1].id);
  CHECK(must(ledger->inbox("other", 0, 10)).empty());
  CHECK(must(ledger->inbox(live, after.front().id, 10)).empty());
}

TEST_CASE("A wake-up is kept until it is done with, and a newer one takes its place", "[ledger]") {
  const TempLedger folder;
  const auto early = at("2025-11-20T12:01:00Z"), late = at("2025-11-20T12:10:00Z");
  {
    const auto ledger = open_or_die(folder.url());
    must(ledger->set_wake_up({0, live, stage, "purge/a", late, "first"}));
    must(ledger->set_wake_up({0, live, stage, "receipt/b", late, "two"}));
    must(ledger->set_wake_up({0, live, stage, "purge/a", early, "second"}));
  }
  const auto ledger = open_or_die(folder.url());
  CHECK(must(ledger->wake_ups(live, stage, now, 10)).empty());
  const auto due = must(ledger->wake_ups(live, stage, early, 10));
  REQUIRE(due.size() == 1);
  CHECK(due.front().key == "purge/a");
  CHECK(due.front().payload == "second");
  FeedCommit done;
  done.row = live;
  done.stage = stage;
  done.woken = {due.front().id};
  must(ledger->commit({}, std::vector{done}, early));
  const auto rest = must(ledger->wake_ups(live, stage, late, 10));
  REQUIRE(rest.size() == 1);
  CHECK(rest.front().key == "receipt/b");
  CHECK_FALSE(ledger->set_wake_up({0, live, stage, "k", late, std::string(70'000, 'x')}).has_value());
}

TEST_CASE("What waits in an inbox is known without counting, and by when the oldest came", "[ledger]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  const auto later = at("2025-11-20T12:00:31Z");
  CHECK(must(ledger->waiting(live)) == Waiting{});
  must(ledger->note_events(std::vector<InboxEvent>{{live, "50001234/a", now}, {live, "50001234/b", later}}));
  must(ledger->note_events(std::vector<InboxEvent>{{live, "50001234/a", later}, {"other", "1/c", later}}));
  CHECK(must(ledger->waiting(live)) == Waiting{2, now});
  CHECK(must(ledger->waiting("other")) == Waiting{1, later});
  const auto snapshot = must(ledger->snapshot());
  CHECK(snapshot.inbox.size() == 2);
  CHECK(snapshot.inbox.at(live) == Waiting{2, now});

  FeedCommit handled;
  handled.row = live;
  handled.stage = stage;
  for (const auto& entry : must(ledger->inbox(live, 0, 10)))
    if (entry.record_id == "50001234/a") handled.handled.push_back(entry.id);
  must(ledger->commit({}, std::vector{handled}, later));
  CHECK(must(ledger->waiting(live)) == Waiting{1, later});
  must(ledger->commit({}, std::vector{handled}, later));
  CHECK(must(ledger->waiting(live)) == Waiting{1, later});
  handled.handled = {must(ledger->inbox(live, 0, 10)).at(0).id};
  must(ledger->commit({}, std::vector{handled}, later));
  CHECK(must(ledger->waiting(live)) == Waiting{});
  CHECK(must(ledger->snapshot()).inbox.size() == 1);
}

TEST_CASE("A feed tells when it was up to date, a stage when it last carried something", "[ledger]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  const auto read_at = at("2025-11-20T12:00:40Z"), later = at("2025-11-20T12:00:45Z");
  FeedCommit carried;
  carried.row = live;
  carried.stage = stage;
  carried.feed = "stream/ttd";
  carried.cursor = Checkpoint{now, {}};
  carried.counts[Outcome::updated] = 1;
  must(ledger->commit({}, std::vector{carried}, now));
  CHECK_FALSE(must(ledger->snapshot()).stages.at(0).feeds.at(0).up_to_date_at);

  FeedCommit quiet;
  quiet.row = live;
  quiet.stage = stage;
  quiet.feed = "stream/ttd";
  quiet.up_to_date_at = read_at;
  must(ledger->commit({}, std::vector{quiet}, later));
  const auto snapshot = must(ledger->snapshot());
  const auto& known = snapshot.stages.at(0);
  CHECK(known.feeds.at(0).up_to_date_at == read_at);
  CHECK(known.feeds.at(0).cursor.at == now);
  CHECK(known.carried_at == now);
  CHECK(known.changed_at == later);
}
