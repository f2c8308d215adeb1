#pragma once

#include <dialogferry/ledger/ledger.hpp>

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace dialogferry::ledger::test {

/// A folder that goes with the test.
class TempFolder {
public:
  TempFolder() {
    auto name = (std::filesystem::temp_directory_path() / "ledger-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::filesystem::path path() const { return path_; }
  std::string file(const std::string& name = "ferry.db") const { return (path_ / name).string(); }
  std::string url(const std::string& name = "ferry.db") const { return "sqlite:" + file(name); }

private:
  std::filesystem::path path_;
};

inline const std::string row = "a3-app-instances-historic";
inline const std::string stage = "carry";

inline Day day(const char* text) {
  return *parse_day(text);
}
inline Instant at(const char* text) {
  return *parse_instant(text);
}
inline const Instant now = at("2025-11-20T12:00:30Z");

inline std::unique_ptr<Ledger> open_or_die(const std::string& url, OpenMode mode = OpenMode::engine) {
  auto ledger = open(url, "local", mode, now);
  if (!ledger) FAIL(ledger.error().member + " " + ledger.error().message);
  return std::move(*ledger);
}

template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().member + " " + result.error().message);
  return std::move(*result);
}
inline void must(const Result<void>& result) {
  if (!result) FAIL(result.error().member + " " + result.error().message);
}

inline ShardKey key(Day day, std::string organisation = "ttd", std::uint32_t part = 0) {
  return {row, stage, day, std::move(organisation), part};
}

inline ShardStart whole_day(const ShardKey& key) {
  return {key, key.day.start(), key.day.end()};
}

inline Counts counts(std::uint64_t created, std::uint64_t failed = 0) {
  Counts counts;
  counts[Outcome::created] = created;
  counts[Outcome::failed] = failed;
  return counts;
}

inline Commit completes(const ShardKey& key, std::uint64_t created = 0) {
  Commit commit;
  commit.key = key;
  commit.counts = counts(created);
  commit.state = StateChange{ShardState::complete, {}, {}};
  commit.lets_go = true;
  return commit;
}

inline Commit parks(const ShardKey& key, std::string reason, Instant retry_at) {
  Commit commit;
  commit.key = key;
  commit.state = StateChange{ShardState::parked, std::move(reason), retry_at};
  commit.lets_go = true;
  return commit;
}

inline Plan plan(Day from, Day cutover, std::vector<std::string> organisations = {"ttd"}) {
  return {row, stage, from, cutover, std::move(organisations)};
}

inline Failure failure(std::string record_id, std::string member, int http_status) {
  Failure failure;
  failure.record_id = std::move(record_id);
  failure.last_changed = at("2025-11-10T08:00:00.1234567Z");
  failure.problem = {std::move(member), "is not allowed", "look at it"};
  failure.http_status = http_status;
  failure.body_excerpt = "{}";
  return failure;
}

/// The one stage of these tests, from a snapshot.
inline StageSnapshot stage_of(const Ledger& ledger) {
  const auto snapshot = must(ledger.snapshot());
  REQUIRE(snapshot.stages.size() == 1);
  return snapshot.stages.front();
}

} // namespace dialogferry::ledger::test
