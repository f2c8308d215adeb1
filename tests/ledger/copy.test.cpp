#include "../../src/ledger/copy/store.hpp"
#include "../../src/ledger/sqlite/database.hpp"
#include "temp_ledger.hpp"

#include <dialogferry/ledger/copy.hpp>

#include <sqlite3.h>

#include <set>

using namespace dialogferry;
using namespace dialogferry::ledger;
using namespace dialogferry::ledger::test;
using Catch::Contains;

namespace {

const std::string live = "a3-app-instances-live";

Uuid id(std::uint8_t last) {
  Uuid id;
  id.bytes[15] = last;
  return id;
}

/// Something in every table.
void fill(const std::string& url) {
  const auto ledger = open_or_die(url);
  const auto newest = day("2025-11-14");
  must(ledger->set_plan(plan({newest.number - 2}, newest, {"skd", "ttd"}), now));
  for (const auto* organisation : {"skd", "ttd"})
    must(ledger->start_shards(std::vector{whole_day(key(newest, organisation))}, now));
  auto commit = completes(key(newest), 3);
  commit.checkpoint = Checkpoint{now, {id(1), id(2)}};
  commit.digest_read.add(id(1), now);
  commit.failures = {failure("50001234/a", "M-87", 422)};
  commit.wake_ups = {{0, row, stage, "purge/a", now, "payload"}, {0, row, stage, "purge/b", now, "payload"}};
  commit.next_stage = "publish";
  commit.handed = {{7, id(9)}};
  must(ledger->commit(std::vector{commit, parks(key(newest, "skd"), "ærlig talt", now)}, now));
  FeedCommit feed;
  feed.row = live;
  feed.stage = stage;
  feed.feed = "stream/ttd";
  feed.cursor = Checkpoint{now, {id(3)}};
  feed.up_to_date_at = now;
  must(ledger->commit({}, std::vector{feed}, now));
  must(ledger->note_events(std::vector<InboxEvent>{{live, "50001234/x", now}, {live, "50001234/y", now}}));
  must(ledger->note_files(
      std::vector<TakenFile>{{"a", id(4), newest.next(), std::nullopt}, {"b", id(5), newest, now}}));
  must(ledger->set({"apis.dialogporten.rate", "200", "kari", now}));
  must(ledger->add_note({0, now, "kari", {{"en", "Slow today"}, {"nb", "Tregt i dag"}}}));
  must(ledger->set_goals(std::vector<GoalConfig>{{{"2025 data", "2025-data"}, {row}, newest, newest}}));
  Verification verification;
  verification.row = row;
  verification.day = newest;
  verification.at = now;
  verification.wrong = 1;
  verification.first = {{DifferenceKind::wrong, "50001234/x", id(6), "createdAt", "1", "2", false}};
  must(ledger->note_verification(verification));
}

/// The rows of every table, as text.
std::vector<std::string> contents(const std::string& url, Backend backend) {
  const auto store = must(backend == Backend::sqlite ? open_sqlite_store(url, Side::from)
                                                     : open_postgres_store(url, Side::from));
  std::vector<std::string> all;
  for (const auto& table : copied_tables()) {
    std::multiset<std::string> rows;
    store->read(table, [&](const Row& row) {
      std::string text(table.name);
      for (const auto& value : row) {
        text += '|';
        if (const auto* number = std::get_if<std::int64_t>(&value)) text += std::to_string(*number);
        if (const auto* words = std::get_if<std::string>(&value)) text += '"' + *words + '"';
      }
      rows.insert(text);
    });
    if (rows.empty()) UNSCOPED_INFO("nothing in " << table.name);
    CHECK_FALSE(rows.empty());
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

} // namespace

TEST_CASE("A ledger is copied with all it holds, there and back", "[ledger][copy]") {
  const TempLedger first; // of each kind
  const bool is_file = first.backend() == Backend::sqlite;
  const TempLedger second(is_file ? Backend::postgres : Backend::sqlite);
  const TempLedger third(first.backend());
  fill(first.url());
  std::set<std::string> told;
  const auto counts =
      must(ledger::copy(first.url(), second.url(), [&](std::string_view table, auto done, auto all) {
        told.emplace(table);
        CHECK(done <= all);
      }));
  CHECK(counts.size() == copied_tables().size());
  CHECK(told.size() == counts.size());
  for (const auto& count : counts)
    CHECK(count.from == count.to);
  must(ledger::copy(second.url(), third.url(), {}));
  const auto there = contents(second.url(), second.backend());
  CHECK(contents(first.url(), first.backend()) == there);
  CHECK(contents(third.url(), third.backend()) == there);

  const auto ledger = open_or_die(second.url());
  CHECK(must(ledger->waiting(live)).records == 2);
  const auto snapshot = must(ledger->snapshot());
  CHECK(snapshot.stages.at(0).days.at(0).verified == DayCheck::differs);
  CHECK(snapshot.notes.at(0).text.at("nb") == "Tregt i dag");
  // It goes on where the first one was: no id is given twice.
  const auto before = must(ledger->inbox(live, 0, 10)).back().id;
  must(ledger->note_events(std::vector<InboxEvent>{{live, "50001234/z", now}}));
  CHECK(must(ledger->inbox(live, 0, 10)).back().id > before);
  auto more = completes(key(day("2025-11-14")), 0);
  more.failures = {failure("50001234/new", "M-87", 422)};
  must(ledger->commit(std::vector{more}, now));
  CHECK(must(ledger->exceptions({})).size() == 2);
}

TEST_CASE("An id that is gone is not given again by a copy", "[ledger][copy]") {
  const TempLedger first;
  const TempLedger second(first.backend() == Backend::sqlite ? Backend::postgres : Backend::sqlite);
  std::int64_t last = 0;
  {
    const auto ledger = open_or_die(first.url());
    must(ledger->note_events(std::vector<InboxEvent>{{live, "50001234/x", now}, {live, "50001234/y", now}}));
    FeedCommit handled;
    handled.row = live;
    handled.stage = stage;
    for (const auto& entry : must(ledger->inbox(live, 0, 10)))
      handled.handled.push_back(last = entry.id);
    must(ledger->commit({}, std::vector{handled}, now));
  }
  must(ledger::copy(first.url(), second.url(), {}));
  const auto ledger = open_or_die(second.url());
  must(ledger->note_events(std::vector<InboxEvent>{{live, "50001234/z", now}}));
  CHECK(must(ledger->inbox(live, 0, 10)).at(0).id > last);
}

TEST_CASE("A ledger in use, or none, is not copied; nor is one onto another", "[ledger][copy]") {
  const TempLedger first;
  const TempLedger second(first.backend() == Backend::sqlite ? Backend::postgres : Backend::sqlite);
  const auto refused = [](const TempLedger& from, const TempLedger& to) {
    const auto copied = ledger::copy(from.url(), to.url(), {});
    REQUIRE_FALSE(copied.has_value());
    CHECK_FALSE(copied.error().hint.empty());
    return copied.error().message;
  };
  CHECK_THAT(refused(first, second), Contains("does not exist") || Contains("holds nothing"));
  {
    const auto engine = open_or_die(first.url());
    CHECK_THAT(refused(first, second), Contains("in use by another engine"));
  }
  must(ledger::copy(first.url(), second.url(), {}));
  CHECK_THAT(refused(first, second), Contains("holds a ledger already"));
  {
    const auto engine = open_or_die(second.url());
    CHECK_THAT(refused(first, second), Contains("in use by another engine"));
  }
}

TEST_CASE("Every table is copied, with every column", "[ledger][copy]") {
  const TempFolder folder;
  open_or_die(folder.url());
  sqlite::Database db(folder.file(), SQLITE_OPEN_READONLY);
  std::set<std::string> here{"ledger.only_one"}, copied{"shard.engine"}; // what a stopped ledger has none of
  auto column = db.query("SELECT t.name || '.' || c.name FROM sqlite_master t, pragma_table_info(t.name) c "
                         "WHERE t.type = 'table' AND t.name NOT IN ('inbox_size', 'sqlite_sequence')");
  while (column.step())
    here.insert(column.string(0));
  for (const auto& table : copied_tables())
    for (const auto& one : table.columns)
      copied.insert(std::string(table.name) + '.' + std::string(one.name));
  CHECK(copied == here);
}
