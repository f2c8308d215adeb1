#include "../../src/ledger/sqlite/schema.hpp"
#include "temp_ledger.hpp"

#include <sqlite3.h>

#include <fstream>

using namespace dialogferry;
using namespace dialogferry::ledger;
using namespace dialogferry::ledger::test;

namespace {

Problem refused(const std::string& url, OpenMode mode = OpenMode::engine,
                std::string_view environment = "local") {
  const auto ledger = ledger::open(url, environment, mode, now);
  REQUIRE_FALSE(ledger.has_value());
  CHECK_FALSE(ledger.error().hint.empty());
  return ledger.error();
}

using Catch::Contains;

/// A database made by hand, `version` migrations old.
void make_database(const std::string& file, std::size_t version, std::int64_t stamp) {
  sqlite::Database db(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  for (std::size_t step = 0; step < version && step < sqlite::migrations().size(); ++step)
    db.run(std::string(sqlite::migrations()[step]).c_str());
  db.run(("PRAGMA application_id = " + std::to_string(sqlite::application_id)).c_str());
  db.run(("PRAGMA user_version = " + std::to_string(stamp)).c_str());
}

} // namespace

TEST_CASE("A new ledger is made where there is none", "[ledger]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  const auto snapshot = must(ledger->snapshot());
  CHECK(snapshot.environment == "local");
  CHECK(snapshot.created_at == now);
  CHECK(snapshot.stages.empty());
}

TEST_CASE("A ledger of another environment is refused", "[ledger]") {
  const TempLedger folder;
  open_or_die(folder.url());
  CHECK_THAT(refused(folder.url(), OpenMode::engine, "prod").message, Contains("local") && Contains("prod"));
  CHECK_THAT(refused(folder.url(), OpenMode::read_only, "prod").message,
             Contains("belongs to the environment local"));
}

TEST_CASE("A ledger of a newer version is refused and left alone", "[ledger]") {
  const TempFolder folder;
  const auto newer = sqlite::schema_version() + 1;
  make_database(folder.file(), 99, newer);
  CHECK_THAT(refused(folder.url()).message, Contains("newer dialogferry"));
  sqlite::Database db(folder.file(), SQLITE_OPEN_READONLY);
  CHECK(db.value("PRAGMA user_version") == newer);
}

TEST_CASE("A file that is no ledger is refused and left alone", "[ledger]") {
  const TempFolder folder;
  const std::string text(4096, 'x');
  std::ofstream(folder.file("notes.txt")) << text;
  CHECK_THAT(refused(folder.url("notes.txt")).message, Contains("no SQLite database"));
  std::ifstream kept(folder.file("notes.txt"));
  CHECK(std::string(std::istreambuf_iterator<char>(kept), {}) == text);

  sqlite::Database(folder.file("other.db"), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
      .run("CREATE TABLE t (x)");
  CHECK_THAT(refused(folder.url("other.db")).message, Contains("another program"));
}

TEST_CASE("A folder that cannot be used is refused", "[ledger]") {
  const TempFolder folder;
  CHECK_THAT(refused(folder.url("missing/ferry.db")).message, Contains("folder does not exist"));
  CHECK_THAT(refused("sqlite:" + folder.path().string()).message, Contains("is a folder"));
  std::ofstream(folder.file("plain")) << "x";
  CHECK_THAT(refused(folder.url("plain/ferry.db")).message, Contains("cannot be opened"));
}

TEST_CASE("Reading a ledger that does not exist makes none", "[ledger]") {
  const TempFolder folder;
  CHECK_THAT(refused(folder.url(), OpenMode::read_only).message, Contains("does not exist yet"));
  CHECK_THAT(refused(folder.url(), OpenMode::tool).message, Contains("does not exist yet"));
  CHECK_FALSE(std::filesystem::exists(folder.file()));
}

TEST_CASE("A url that is not understood is refused", "[ledger]") {
  CHECK_THAT(refused("mysql://host/db").message, Contains("mysql"));
  CHECK_THAT(refused("sqlite:").message, Contains("names no file"));
  CHECK_THAT(refused("sqlite:x.db?synchronous=off").message, Contains("synchronous=off"));
  const TempFolder folder;
  CHECK(ledger::open(folder.url() + "?synchronous=full", "local", OpenMode::engine, now).has_value());
}

TEST_CASE("One engine at a time on a file, and any number of readers and tools beside it", "[ledger]") {
  const TempFolder folder;
  auto engine = open_or_die(folder.url());
  const auto problem = refused(folder.url());
  CHECK_THAT(problem.message, Contains("in use by another engine, process " + std::to_string(getpid())));

  const auto reader = open_or_die(folder.url(), OpenMode::read_only);
  const auto tool = open_or_die(folder.url(), OpenMode::tool);
  must(engine->start_shards(std::vector{whole_day(key(day("2025-11-14")))}, now));
  CHECK(must(reader->open_shards(row, stage)).size() == 1);
  must(tool->add_note({0, now, "kari", {{"en", "Slow today"}}}));
  CHECK(must(reader->snapshot()).notes.size() == 1);
  CHECK_FALSE(reader->start_shards(std::vector{whole_day(key(day("2025-11-13")))}, now).has_value());

  engine.reset();
  CHECK(ledger::open(folder.url(), "local", OpenMode::engine, now).has_value());
}

TEST_CASE("Two ways to write a file's name are one ledger", "[ledger]") {
  const TempFolder folder;
  std::filesystem::create_directory(folder.path() / "sub");
  const auto engine = open_or_die(folder.url());
  CHECK_THAT(refused(folder.url("sub/../ferry.db")).message, Contains("another engine"));
}

TEST_CASE("A ledger file that is deleted or exchanged while an engine has it is noticed", "[ledger]") {
  const TempFolder folder;
  const auto ledger = open_or_die(folder.url());
  must(ledger->start_shards(std::vector{whole_day(key(day("2025-11-14")))}, now));
  CHECK(ledger->due_shards(row, stage, now).has_value());
  std::string said;
  SECTION("deleted") {
    std::filesystem::remove(folder.file());
    said = folder.file() + " was deleted while the engine runs";
  }
  SECTION("exchanged for a copy") {
    std::filesystem::copy_file(folder.file(), folder.file("copy"));
    std::filesystem::rename(folder.file("copy"), folder.file());
    said = folder.file() + " was exchanged for another file while the engine runs";
  }
  SECTION("its log deleted") {
    std::filesystem::remove(folder.file() + "-wal");
    said = folder.file() + "-wal was deleted while the engine runs";
  }
  const auto written = ledger->start_shards(std::vector{whole_day(key(day("2025-11-13")))}, now);
  REQUIRE_FALSE(written);
  CHECK(written.error().message == said);
  CHECK_THAT(written.error().member, Contains(folder.file()));
  const auto noted = ledger->note_events(std::vector<InboxEvent>{{row, "50001234/x", now}});
  REQUIRE_FALSE(noted);
  CHECK(noted.error().message == said);
  const auto read = ledger->due_shards(row, stage, now);
  REQUIRE_FALSE(read);
  CHECK(read.error().message == said);
}

TEST_CASE("A reader of the ledger sees engines come and go", "[ledger]") {
  const TempLedger folder;
  auto engine = open_or_die(folder.url());
  must(engine->start_shards(std::vector{whole_day(key(day("2025-11-14")))}, now));
  const auto reader = open_or_die(folder.url(), OpenMode::read_only);
  engine.reset();
  CHECK(must(reader->open_shards(row, stage)).size() == 1);
  engine = open_or_die(folder.url());
  must(engine->start_shards(std::vector{whole_day(key(day("2025-11-13")))}, now));
  CHECK(must(reader->open_shards(row, stage)).size() == 2);
}

TEST_CASE("A ledger of version 1 is taken to today's version with all it holds", "[ledger]") {
  const TempFolder folder;
  make_database(folder.file(), 1, 1);
  {
    sqlite::Database db(folder.file(), SQLITE_OPEN_READWRITE);
    db.run("INSERT INTO ledger VALUES (1, 'local', 5);"
           "INSERT INTO stage (id, row, stage) VALUES (1, 'a3-app-instances-historic', 'carry');"
           "INSERT INTO organisation VALUES (1, 'ttd');"
           "INSERT INTO shard (stage, day, organisation, part, state, window_from, window_to, checkpoint, "
           "created, "
           "changed_at) VALUES (1, 20406, 1, 0, 1, 0, 9, 3, 42, 7)");
  }
  CHECK_THAT(refused(folder.url(), OpenMode::read_only).message, Contains("older version 1"));
  const auto ledger = open_or_die(folder.url());
  const auto shard = must(ledger->load(key(day("2025-11-14"))));
  REQUIRE(shard.has_value());
  CHECK(shard->state == ShardState::complete);
  CHECK(shard->counts == counts(42));
  must(ledger->note_events(std::vector<InboxEvent>{{row, "50001234/x", now}}));
  CHECK(must(ledger->inbox(row, 0, 10)).size() == 1);
  sqlite::Database db(folder.file(), SQLITE_OPEN_READONLY);
  CHECK(db.value("PRAGMA user_version") == sqlite::schema_version());
}

TEST_CASE("A ledger of version 2 keeps what waits in it, and knows how much that is", "[ledger]") {
  const TempFolder folder;
  make_database(folder.file(), 2, 2);
  {
    sqlite::Database db(folder.file(), SQLITE_OPEN_READWRITE);
    db.run("INSERT INTO ledger VALUES (1, 'local', 5);"
           "INSERT INTO inbox (row, record_id, received_at, events) VALUES ('live', '1/a', 7, 1), "
           "('live', '1/b', 6, 3), ('other', '1/a', 9, 1)");
  }
  const auto ledger = open_or_die(folder.url());
  CHECK(must(ledger->waiting("live")) == Waiting{2, Instant{6}});
  must(ledger->note_events(std::vector<InboxEvent>{{"live", "1/a", now}, {"live", "1/c", now}}));
  CHECK(must(ledger->waiting("live")) == Waiting{3, Instant{6}});
  CHECK(must(ledger->waiting("other")) == Waiting{1, Instant{9}});
}
