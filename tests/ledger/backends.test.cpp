#include "temp_ledger.hpp"

#include <map>
#include <random>

using namespace dialogferry;
using namespace dialogferry::ledger;
using namespace dialogferry::ledger::test;

namespace {

const std::string messages = "a2-correspondence-historic";
const Day newest = day("2025-11-14");

/// The same course of events for every ledger it is used on: of shards of two stages and of feeds, several of
/// the same day, record and key in one group.
class Course {
public:
  explicit Course(unsigned seed)
      : random_(seed) {}

  Instant now() const { return now_; }
  void pass() { now_ = now_ + std::chrono::milliseconds{pick(4'000)}; }

  std::vector<Commit> shards(const Ledger& ledger) {
    std::vector<Commit> commits;
    for (auto left = pick(6); left > 0; --left)
      commits.push_back(shard(ledger));
    return commits;
  }

  std::vector<FeedCommit> feeds(const Ledger& ledger) {
    std::vector<FeedCommit> commits;
    for (auto left = pick(4); left > 0; --left)
      commits.push_back(feed(ledger));
    return commits;
  }

  std::vector<InboxEvent> events() {
    std::vector<InboxEvent> events;
    for (auto left = pick(5); left > 0; --left)
      events.push_back({"live", record(), now_});
    return events;
  }

private:
  std::uint32_t pick(std::uint32_t below) { return static_cast<std::uint32_t>(random_() % below); }
  std::string record() { return "50001234/" + std::to_string(pick(8)); }
  Uuid id() {
    Uuid id;
    id.bytes[3] = static_cast<std::uint8_t>(random_());
    return id;
  }

  Failure failed() {
    auto failed = failure(record(), pick(2) != 0 ? "M-87" : "M-88", 422);
    failed.organisation = pick(2) != 0 ? "ttd" : "";
    failed.attempts = 1 + pick(3);
    return failed;
  }

  WakeUp wake_up(const std::string& row, const std::string& stage) {
    return {0,
            row,
            stage,
            "moment/" + record(),
            now_,
            std::to_string(pick(100)),
            pick(2) != 0 ? "dialogporten" : "",
            "behind",
            now_};
  }

  /// Ids differ from ledger to ledger; their order does not.
  std::vector<ExceptionId> exception(const Ledger& ledger) {
    const auto known = must(ledger.exceptions({}));
    const auto at = pick(8);
    return at < known.size() ? std::vector{known[at].id} : std::vector<ExceptionId>{};
  }
  std::vector<std::int64_t> woken(const Ledger& ledger, const std::string& row, const std::string& stage) {
    const auto key = "moment/" + record();
    for (const auto& wake_up : must(ledger.wake_ups(row, stage, now_, 1'000)))
      if (wake_up.key == key) return {wake_up.id};
    return {};
  }

  Commit shard(const Ledger& ledger) {
    Commit commit;
    const bool is_first = pick(3) > 0;
    commit.key = {messages,
                  is_first ? "migrate" : "publish",
                  {newest.number - static_cast<std::int32_t>(pick(4))},
                  pick(2) != 0 ? "skd" : "ttd",
                  0};
    commit.counts[Outcome::created] = pick(20);
    commit.counts[Outcome::deferred] = pick(2);
    const auto before = must(ledger.load(commit.key));
    if (before && before->counts[Outcome::deferred] > 3) commit.taken_back[Outcome::deferred] = 1;
    commit.digest_read.add(id(), now_);
    commit.restarts = pick(2);
    if (pick(2) != 0) commit.checkpoint = Checkpoint{now_, {id(), id()}};
    if (pick(3) == 0) commit.failures = {failed()};
    if (pick(4) == 0) commit.resolved = exception(ledger);
    if (pick(3) == 0) commit.wake_ups = {wake_up(commit.key.row, commit.key.stage)};
    if (pick(3) == 0) commit.woken = woken(ledger, commit.key.row, commit.key.stage);
    if (pick(2) == 0)
      commit.state = StateChange{pick(3) == 0 ? ShardState::parked : ShardState::complete, "no answer", now_};
    if (is_first) {
      commit.next_stage = "publish";
      if (pick(2) != 0) commit.handed = {{static_cast<std::int32_t>(pick(99)), id()}};
    } else if (pick(2) != 0) {
      const auto waiting = must(ledger.handed_over(commit.key, "migrate", 0, 1)).blocks;
      if (!waiting.empty()) commit.gone_on_with = {waiting.front().id};
    }
    return commit;
  }

  FeedCommit feed(const Ledger& ledger) {
    FeedCommit commit;
    commit.row = "live";
    commit.stage = stage;
    commit.feed = pick(2) != 0 ? "stream/ttd" : "stream/skd";
    commit.counts[Outcome::updated] = pick(5);
    if (pick(2) != 0) commit.cursor = Checkpoint{now_, {id()}};
    if (pick(3) == 0) commit.up_to_date_at = now_;
    for (auto left = pick(3); left > 0; --left)
      commit.failures.push_back(failed());
    for (auto left = pick(3); left > 0; --left)
      commit.settled.push_back(record());
    for (const auto& entry : must(ledger.inbox("live", 0, 2)))
      commit.handled.push_back(entry.id);
    if (pick(3) == 0) commit.wake_ups = {wake_up("live", stage), wake_up("live", stage)};
    if (pick(3) == 0) commit.woken = woken(ledger, "live", stage);
    return commit;
  }

  std::mt19937 random_;
  Instant now_ = test::now;
};

/// All that a ledger tells, as text; but for rates, which need not be exact.
std::string told(const Ledger& ledger) {
  std::string text;
  const auto add = [&text](const auto&... values) { ((text += values, text += ' '), ...); };
  const auto add_counts = [&](const Counts& counts) {
    for (const auto count : counts.of)
      add(std::to_string(count));
  };
  const auto snapshot = must(ledger.snapshot());
  for (const auto& one : snapshot.stages) {
    add("\nstage", one.row, one.stage, std::to_string(one.open_shards), std::to_string(one.restarts),
        to_string(one.changed_at.value_or(Instant{})), to_string(one.carried_at.value_or(Instant{})));
    add_counts(one.counts);
    for (const auto& tally : one.days)
      add("\n day", to_string(tally.day), std::string(name_of(tally.state)), std::to_string(tally.read),
          std::to_string(tally.failed), std::string(name_of(tally.verified)));
    for (const auto& parked : one.parked)
      add("\n parked", to_string(parked.key), parked.reason, to_string(parked.retry_at));
    for (const auto& feed : one.feeds)
      add("\n feed", feed.name, to_string(feed.cursor.at), to_string(feed.cursor.tie_ids.at(0)),
          to_string(feed.changed_at), to_string(feed.up_to_date_at.value_or(Instant{})));
  }
  for (const auto& [row, waiting] : snapshot.inbox)
    add("\ninbox", row, std::to_string(waiting.records), to_string(*waiting.oldest));
  for (const auto& cause : snapshot.causes)
    add("\ncause", cause.row, cause.stage, cause.cause, std::to_string(cause.count),
        std::string(name_of(cause.state)));
  for (const auto& held : snapshot.held)
    add("\nheld", held.row, held.stage, held.api, std::to_string(held.records), to_string(held.since),
        to_string(held.due));
  for (const auto& change : snapshot.changelog)
    add("\nchange", change.row, change.stage, to_string(change.at),
        change.migrated_back_to ? to_string(*change.migrated_back_to) : "-",
        std::to_string(change.exceptions));
  for (const auto& entry : snapshot.journal)
    add("\njournal", std::string(name_of(entry.kind)), entry.stage, to_string(entry.day.value_or(Day{})));
  for (const auto& exception : must(ledger.exceptions({})))
    add("\nexception", exception.stage, exception.record_id, exception.organisation, to_string(exception.day),
        exception.problem.member, std::to_string(exception.attempts), std::string(name_of(exception.state)),
        to_string(exception.first_at), to_string(exception.last_at));
  for (const auto* of : {"migrate", "publish"}) {
    for (std::int32_t back = 0; back < 4; ++back)
      for (const auto* organisation : {"skd", "ttd"}) {
        const ShardKey place{messages, of, {newest.number - back}, organisation, 0};
        const auto shard = must(ledger.load(place));
        if (!shard) continue;
        add("\nshard", to_string(place), std::string(name_of(shard->state)), shard->reason,
            to_string(shard->retry_at), to_string(shard->checkpoint.at),
            std::to_string(shard->checkpoint.tie_ids.size()), std::to_string(shard->digest_read.high),
            std::to_string(shard->digest_read.low));
        add_counts(shard->counts);
        for (const auto& block : must(ledger.handed_over(place, "migrate", 0, 100)).blocks)
          add("block", std::to_string(block.records.at(0).source_id));
      }
    std::map<std::string, WakeUp> wake_ups;
    for (const auto& wake_up : must(ledger.wake_ups(messages, of, now + std::chrono::hours{24}, 100)))
      wake_ups.emplace(wake_up.key, wake_up);
    for (const auto& [key, wake_up] : wake_ups)
      add("\nwake-up", key, wake_up.payload, wake_up.api, to_string(wake_up.due));
  }
  return text;
}

} // namespace

TEST_CASE("After the same commits both kinds of ledger tell the same", "[ledger][postgres]") {
  const auto seed = GENERATE(range(1U, 7U));
  const TempLedger file(Backend::sqlite), database(Backend::postgres);
  std::vector<std::string> tales;
  for (const auto* place : {&file, &database}) {
    const auto ledger = open_or_die(place->url());
    for (const auto* of : {"migrate", "publish"}) {
      must(ledger->set_plan({messages, of, {newest.number - 3}, newest, {"skd", "ttd"}}, now));
      std::vector<ShardStart> starts;
      for (std::int32_t back = 0; back < 4; ++back)
        for (const auto* organisation : {"skd", "ttd"})
          starts.push_back(whole_day({messages, of, {newest.number - back}, organisation, 0}));
      must(ledger->start_shards(starts, now));
    }
    Course course(seed);
    for (int step = 0; step < 60; ++step) {
      course.pass();
      const auto shards = course.shards(*ledger);
      const auto feeds = course.feeds(*ledger);
      must(ledger->commit(shards, feeds, course.now()));
      must(ledger->note_events(course.events()));
    }
    tales.push_back(told(*ledger));
  }
  CHECK(tales[0].size() > 1'000);
  const auto differ = std::mismatch(tales[0].begin(), tales[0].end(), tales[1].begin(), tales[1].end());
  const auto line_of = [](const std::string& tale, auto at) {
    const auto from = tale.rfind('\n', static_cast<std::size_t>(at - tale.begin()));
    return tale.substr(from, tale.find('\n', from + 1) - from);
  };
  INFO(line_of(tales[0], differ.first) << line_of(tales[1], differ.second));
  CHECK((differ.first == tales[0].end() && differ.second == tales[1].end()));
}

TEST_CASE("Text that is none is kept as far as it is", "[ledger][postgres]") {
  const TempLedger place(Backend::postgres);
  const auto ledger = open_or_die(place.url());
  const auto first = key(day("2025-11-14"));
  must(ledger->start_shards(std::vector{whole_day(first)}, now));
  Commit commit;
  commit.key = first;
  commit.failures = {failure("50001234/a", "M-87", 422)};
  commit.failures[0].body_excerpt = std::string("a\0b\xc3\x28\xed\xa0\x80 \xf0\x9f\x98", 12) + "\xc3\xb8";
  must(ledger->commit(std::vector{commit}, now));
  const std::string none = "\xef\xbf\xbd";
  CHECK(must(ledger->exception(1))->body_excerpt ==
        "a" + none + "b" + none + "(" + none + none + none + " " + none + none + none + "\xc3\xb8");
}
