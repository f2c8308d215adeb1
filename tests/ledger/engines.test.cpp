#include "../../src/ledger/postgres/engines.hpp"

#include "../../src/ledger/postgres/open.hpp"
#include "temp_ledger.hpp"

#include <dialogferry/ledger/outage.hpp>

#include <csignal>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace dialogferry;
using namespace dialogferry::ledger;
using namespace dialogferry::ledger::test;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

constexpr auto deadline = 60s;
const Day newest = day("2025-11-14");

bool eventually(const std::function<bool()>& done) {
  const auto until = std::chrono::steady_clock::now() + deadline;
  while (!done()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

/// Engines on one database, whose leases are short.
struct Shared {
  std::string database = new_database();

  explicit Shared(int lease_ms = 300) {
    open("first of all");
    must(server().run(database, "UPDATE dialogferry.ledger SET lease = " + std::to_string(lease_ms)));
  }

  Result<std::unique_ptr<Ledger>> try_open(const Introduction& introduction) const {
    return ledger::open_to_wait(server().url(database), "local", now, outage, introduction);
  }
  std::unique_ptr<Ledger> open(const std::string& name, const std::string& configuration = {}) const {
    return must(try_open({name, "1.0", configuration}));
  }
  std::vector<EngineEntry> engines() const {
    return must(open_or_die(server().url(database), OpenMode::read_only)->snapshot()).engines;
  }
  EngineEntry engine(const std::string& name) const {
    for (auto& one : engines())
      if (one.name == name) return one;
    FAIL("there is no engine " + name);
    return {};
  }

  std::shared_ptr<Outage> outage = std::make_shared<Outage>();
};

/// Days back from the newest.
std::vector<ShardStart> last_days(int count) {
  std::vector<ShardStart> starts;
  for (int back = 0; back < count; ++back)
    starts.push_back(whole_day(key({newest.number - back})));
  return starts;
}

std::vector<std::string> days_of(const std::vector<ShardKey>& keys) {
  std::vector<std::string> days;
  for (const auto& one : keys)
    days.push_back(to_string(one.day));
  return days;
}
std::vector<std::string> days_of(const std::vector<Shard>& shards) {
  std::vector<std::string> days;
  for (const auto& one : shards)
    days.push_back(to_string(one.key.day));
  return days;
}

using Strings = std::vector<std::string>;

ClaimedShards claim(Ledger& ledger, std::size_t most) {
  return must(ledger.claim_shards({row, stage, {newest.number - 100}, newest, most}, now));
}

Commit one_record(const ShardKey& place) {
  Commit commit;
  commit.key = place;
  commit.counts = counts(1);
  return commit;
}

} // namespace

// -- claims ---------------------------------------------------------------------------------

TEST_CASE("Shards that begin are claimed, as many as were asked for, newest first", "[ledger][engines]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  const auto first = must(ledger->start_shards(last_days(4), now, 2));
  CHECK(days_of(first.begun) == Strings{"2025-11-14", "2025-11-13"});
  CHECK(first.known.empty());
  const auto second = must(ledger->start_shards(last_days(4), now, 1));
  CHECK(days_of(second.begun) == Strings{"2025-11-12"});
  CHECK(days_of(second.known) == Strings{"2025-11-14", "2025-11-13"});
  CHECK_FALSE(must(ledger->load(key({newest.number - 3}))).has_value());
  const auto rest = claim(*ledger, 10);
  CHECK(rest.shards.empty());
  CHECK_FALSE(rest.more);
  CHECK_FALSE(rest.elsewhere);
}

TEST_CASE("What was let go of may be claimed: what is open, and what is parked and due",
          "[ledger][engines]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  must(ledger->start_shards(last_days(5), now));
  const auto open = key(newest), due = key({newest.number - 1}), parked = key({newest.number - 2}),
             done = key({newest.number - 3});
  auto rests = one_record(open);
  rests.lets_go = true;
  const auto later = at("2025-11-20T13:00:00Z");
  must(ledger->commit(
      std::vector{rests, parks(due, "no answer", now), parks(parked, "no answer", later), completes(done, 1)},
      now));
  CHECK(claim(*ledger, 0).more);
  const auto first = claim(*ledger, 1);
  CHECK(days_of(first.shards) == Strings{"2025-11-14"});
  CHECK(first.shards[0].counts == counts(1));
  CHECK(first.more);
  const auto second = claim(*ledger, 5);
  CHECK(days_of(second.shards) == Strings{"2025-11-13"});
  CHECK(second.shards[0].state == ShardState::parked);
  CHECK_FALSE(second.more);
  CHECK(claim(*ledger, 5).shards.empty());
  CHECK(must(ledger->claim_shards({row, stage, newest, newest, 5}, later)).shards.empty()); // other days
  CHECK(days_of(must(ledger->claim_shards({row, stage, {0}, newest, 5}, later)).shards) ==
        Strings{"2025-11-12"});
}

TEST_CASE("Parts that are split off are nobody's", "[ledger][engines]") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  must(ledger->start_shards(last_days(1), now));
  auto split = completes(key(newest), 1);
  split.from = at("2025-11-14T12:00:00Z");
  split.split_off = {{1, at("2025-11-14T06:00:00Z"), at("2025-11-14T12:00:00Z")},
                     {2, at("2025-11-14T00:00:00Z"), at("2025-11-14T06:00:00Z")}};
  must(ledger->commit(std::vector{split}, now));
  const auto claimed = claim(*ledger, 1);
  REQUIRE(claimed.shards.size() == 1);
  CHECK(claimed.shards[0].key.part == 1);
  CHECK(claimed.more);
  CHECK(claim(*ledger, 9).shards.at(0).key.part == 2);
}

TEST_CASE("An engine that starts goes on with what the one before it had", "[ledger][engines]") {
  const TempLedger folder;
  {
    const auto before = open_or_die(folder.url());
    must(before->start_shards(last_days(3), now));
  }
  const auto ledger = open_or_die(folder.url());
  CHECK(days_of(claim(*ledger, 2).shards) == Strings{"2025-11-14", "2025-11-13"});
  CHECK(days_of(claim(*ledger, 2).shards) == Strings{"2025-11-12"});
}

// -- several engines ------------------------------------------------------------------------

TEST_CASE("Two engines share days, and neither gets what the other has", "[ledger][engines][postgres]") {
  const Shared shared;
  const auto a = shared.open("a"), b = shared.open("b");
  CHECK(days_of(must(a->start_shards(last_days(6), now, 2)).begun) == Strings{"2025-11-14", "2025-11-13"});
  const auto started = must(b->start_shards(last_days(6), now, 2));
  CHECK(days_of(started.begun) == Strings{"2025-11-12", "2025-11-11"});
  CHECK(days_of(started.known) == Strings{"2025-11-14", "2025-11-13"});
  CHECK(claim(*b, 5).shards.empty());
  CHECK(claim(*b, 5).elsewhere);
  must(a->commit(std::vector{completes(key(newest), 3)}, now));
  must(b->commit(std::vector{completes(key({newest.number - 2}), 4)}, now));
  CHECK(stage_of(*a).counts == counts(7));
  CHECK(shared.engine("a").shards == 1);
  const auto forgotten = b->forget(row, stage, {newest.number - 1}, newest, now);
  REQUIRE_FALSE(forgotten.has_value());
  CHECK_THAT(forgotten.error().message, Contains("by another engine"));
}

TEST_CASE("Engines that commit side by side, to days of one another, count everything once",
          "[ledger][engines][postgres]") {
  const Shared shared(5'000);
  constexpr int each = 60;
  const auto work = [&](const std::string& name, int first) {
    const auto ledger = shared.open(name);
    if (!ledger->start_shards(last_days(4), now)) return;
    for (int i = 0; i < each; ++i) // also of the same day
      if (!ledger->commit(std::vector{one_record(key({newest.number - (i + first) % 4}))}, now)) return;
  };
  std::vector<std::thread> engines;
  for (int i = 0; i < 3; ++i)
    engines.emplace_back(work, std::string(1, static_cast<char>('a' + i)), i);
  for (auto& engine : engines)
    engine.join();
  const auto reader = open_or_die(server().url(shared.database), OpenMode::read_only);
  CHECK(stage_of(*reader).counts.read() == 3 * each);
  std::uint64_t sum = 0;
  for (const auto& start : last_days(4))
    sum += must(reader->load(start.key))->counts.read();
  CHECK(sum == 3 * each);
}

TEST_CASE("A commit of a lost lease is refused as a whole, and its work goes on elsewhere",
          "[ledger][engines][postgres]") {
  const Shared shared;
  const auto a = shared.open("a"), b = shared.open("b");
  must(a->start_shards(last_days(2), now));
  must(a->commit(std::vector{one_record(key(newest))}, now));
  const auto slept = std::chrono::steady_clock::now();
  std::vector<EngineEntry> ended;
  CHECK(eventually([&] { return !(ended = must(b->tell({}, now)).ended).empty(); }));
  CHECK(std::chrono::steady_clock::now() - slept >= 290ms);
  REQUIRE(ended.size() == 1);
  CHECK(ended[0].name == "a");
  CHECK(ended[0].left_why == "lost");
  const auto claimed = claim(*b, 5).shards;
  CHECK(days_of(claimed) == Strings{"2025-11-14", "2025-11-13"});
  CHECK(claimed[0].counts == counts(1));

  CHECK_FALSE(shared.outage->is_lost());
  const auto late =
      a->commit(std::vector{one_record(key({newest.number - 1})), completes(key(newest), 5)}, now);
  REQUIRE_FALSE(late.has_value());
  CHECK_THAT(late.error().message, Contains("taken over by other engines"));
  CHECK(shared.outage->is_lost());
  CHECK_FALSE(a->note_events(std::vector<InboxEvent>{{row, "1/a", now}}).has_value());
  CHECK_FALSE(a->tell({}, now).has_value());
  CHECK(must(b->load(key(newest)))->counts == counts(1));
  CHECK(must(b->load(key({newest.number - 1})))->counts == Counts{});
  must(b->commit(std::vector{completes(key(newest), 5)}, now));
  CHECK(stage_of(*b).counts == counts(6));
  const auto journal = must(b->snapshot()).journal;
  REQUIRE(journal.size() == 1);
  CHECK(journal[0].kind == JournalKind::engine_ended);
  CHECK(journal[0].subject == "a");
  CHECK(journal[0].value == "lost");
}

TEST_CASE("A lease that ran out while nobody noticed is renewed", "[ledger][engines][postgres]") {
  const Shared shared;
  const auto a = shared.open("a"), b = shared.open("b");
  must(a->start_shards(last_days(1), now));
  must(server().run(shared.database, "UPDATE dialogferry.engine SET expires = 0")); // as after an outage
  CHECK(must(b->tell({}, now)).ended.empty());                                      // it was away itself
  must(a->commit(std::vector{one_record(key(newest))}, now));
  CHECK(must(b->tell({}, now)).ended.empty());
  CHECK(claim(*a, 1).shards.empty());
}

TEST_CASE("An engine that leaves hands back at once", "[ledger][engines][postgres]") {
  const Shared shared(60'000);
  auto a = shared.open("a");
  const auto b = shared.open("b");
  must(a->start_shards(last_days(1), now));
  CHECK(must(a->tell({{"row/live"}}, now)).duties == Strings{"row/live"});
  CHECK(must(b->tell({{"row/live", "patrol"}}, now)).duties == Strings{"patrol"});
  CHECK(shared.engine("a").duties == Strings{"row/live"});
  SECTION("with a word") {
    a->leave("stopped");
  }
  SECTION("by the way") {
    a.reset();
  }
  CHECK(must(b->tell({{"row/live", "patrol"}}, now)).duties == Strings{"patrol", "row/live"});
  CHECK(days_of(claim(*b, 1).shards) == Strings{"2025-11-14"});
  CHECK(shared.engine("a").left_why == "stopped");
  CHECK(shared.engine("a").left_at.has_value());
  CHECK(must(b->snapshot()).journal.empty());
}

TEST_CASE("Engines share a pool: each has as many of its duties as the others",
          "[ledger][engines][postgres]") {
  const Shared shared(60'000);
  auto a = shared.open("a");
  const auto b = shared.open("b");
  News news;
  news.pools = {{"row/carry", {"p1", "p2", "p3", "p4", "p5"}}, {"row/streams", {"s1"}}};
  const auto alone = must(a->tell(news, now));
  CHECK(alone.duties == Strings{"p1", "p2", "p3", "p4", "p5", "s1"});
  CHECK(alone.too_many.empty());
  CHECK(must(b->tell(news, now)).duties.empty());
  const auto one_of_two = must(a->tell(news, now));
  CHECK(one_of_two.duties.size() == 6);
  CHECK(one_of_two.too_many == Strings{"p4", "p5"});
  CHECK(must(b->tell(news, now)).duties.empty()); // nothing is taken away

  auto returns = news;
  returns.returned = one_of_two.too_many;
  const auto fewer = must(a->tell(returns, now));
  CHECK(fewer.duties == Strings{"p1", "p2", "p3", "s1"});
  CHECK(fewer.too_many.empty());
  CHECK(must(b->tell(news, now)).duties == Strings{"p4", "p5"});
  CHECK(shared.engine("a").duties.empty());
  CHECK(shared.engine("a").shares == std::vector<PoolShare>{{"row/carry", 3}, {"row/streams", 1}});
  CHECK(shared.engine("b").shares == std::vector<PoolShare>{{"row/carry", 2}});

  const auto c = shared.open("c");
  must(c->tell(news, now)); // three of five: two, two and one
  CHECK(must(a->tell(news, now)).too_many == Strings{"p3"});
  CHECK(must(b->tell(news, now)).too_many.empty());
  c->leave("stopped");
  CHECK(must(a->tell(news, now)).too_many.empty());
  a->leave("stopped");
  const auto alone_again = must(b->tell(news, now));
  CHECK(alone_again.duties == Strings{"p1", "p2", "p3", "p4", "p5", "s1"});
  CHECK(alone_again.too_many.empty());
}

TEST_CASE("What one engine changes for all is heard by the others", "[ledger][engines][postgres]") {
  const Shared shared(60'000);
  const auto a = shared.open("a", "one"), b = shared.open("b", "one"), c = shared.open("c", "another");
  must(a->set({"rows.x.paused", "true", "kari", now}));
  const auto heard = must(b->tell({{}, 70, 35}, now));
  REQUIRE(heard.settings);
  REQUIRE(heard.settings->size() == 1);
  CHECK(heard.settings->front().name == "rows.x.paused");
  CHECK(heard.others == Strings{"c"});
  CHECK(heard.next == 20'000ms);
  must(b->tell({{}, 30, 15}, now));
  CHECK(shared.engine("b").records == 100);
  CHECK(shared.engine("b").rate == 15);
  CHECK(shared.engine("b").version == "1.0");
}

TEST_CASE("An engine that stands still in the midst of a commit does not hold up the others",
          "[ledger][engines][postgres]") {
  const Shared shared;
  const auto a = shared.open("a"), b = shared.open("b");
  must(a->start_shards(last_days(1), now));
  const auto place = must(postgres::parse_url(server().url(shared.database)));
  const auto stands = postgres::connect(place, {OpenMode::tool});
  stands->run(("SET application_name = '" + postgres::session_name(shared.engine("a").id) + "'").c_str());
  stands->run("BEGIN; SELECT id FROM stage FOR UPDATE");
  must(b->start_shards(last_days(3), now, 1));
  CHECK(shared.engine("a").left_why == "lost");
  CHECK(days_of(claim(*b, 5).shards) == Strings{"2025-11-14"});
}

// -- names ------------------------------------------------------------------------------------

TEST_CASE("The second engine of a name is refused, with the first's host and process",
          "[ledger][engines][postgres]") {
  const Shared shared;
  const auto a = shared.open("a");
  std::atomic<bool> is_over = false;
  std::thread lives([&] {
    while (!is_over)
      static_cast<void>(a->tell({}, now));
  });
  const auto second = shared.try_open({"a", {}, {}});
  is_over = true;
  lives.join();
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().member == "engine.name");
  CHECK_THAT(second.error().message,
             Contains("another engine, too: a, process " + std::to_string(getpid()) + " on "));
}

TEST_CASE("Without a name an engine is the host's next", "[ledger][engines][postgres]") {
  const Shared shared(60'000);
  auto first = shared.open("");
  const auto second = shared.open("");
  const auto name = shared.engines().at(0).name;
  CHECK_THAT(name, Catch::EndsWith("-1"));
  CHECK_THAT(shared.engines().at(1).name, Catch::EndsWith("-2"));
  first.reset();
  const auto third = shared.open("");
  CHECK(shared.engine(name).process == getpid());
}

TEST_CASE("The name of an engine that was killed here is free at once, elsewhere after its lease",
          "[ledger][engines][postgres]") {
  const bool is_here = GENERATE(true, false);
  const Shared shared(is_here ? 60'000 : 500);
  static_cast<void>(server()); // not the child's
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const auto process = fork();
  REQUIRE(process >= 0);
  if (process == 0) {
    const auto ledger = shared.try_open({"a", {}, {}});
    const bool begun = ledger && (*ledger)->start_shards(last_days(1), now) && write(ends[1], "x", 1) == 1;
    pause();
    _exit(begun ? 0 : 1);
  }
  char byte = 0;
  REQUIRE(read(ends[0], &byte, 1) == 1);
  kill(process, SIGKILL);
  waitpid(process, nullptr, 0);
  close(ends[0]);
  close(ends[1]);
  if (!is_here) must(server().run(shared.database, "UPDATE dialogferry.engine SET host = 'elsewhere'"));
  const auto again = shared.open("a");
  CHECK(days_of(claim(*again, 5).shards) == Strings{"2025-11-14"});
  CHECK(must(again->snapshot()).journal.at(0).value == (is_here ? "gone" : "lost"));
}

TEST_CASE("A newer program does not change the tables under engines at work", "[ledger][engines][postgres]") {
  const Shared shared(60'000);
  auto a = shared.open("a");
  must(server().run(shared.database, "UPDATE dialogferry.ledger SET version = version - 1"));
  const auto newer = shared.try_open({"b", {}, {}});
  REQUIRE_FALSE(newer.has_value());
  CHECK_THAT(newer.error().message, Contains("in use by another engine"));
  CHECK_THAT(newer.error().hint, Contains("stop all its engines"));
}
