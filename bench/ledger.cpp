// What the ledger does per second, on a real file in the temporary folder.
#include "allocations.hpp"
#include "support/filled_ledger.hpp"
#include "support/folder.hpp"

#include <dialogferry/ledger/ledger.hpp>
#include <dialogferry/ledger/temporary_postgres.hpp>

#include <benchmark/benchmark.h>
#include <map>
#include <stdexcept>

using namespace dialogferry;

namespace {

using bench::Folder;
using bench::page_of;
using bench::require;

constexpr Instant now{20412 * Instant::per_day};
const std::string row = "a3-app-instances-historic";
const std::string stage = "carry";
constexpr Day newest{20406};

std::unique_ptr<ledger::Ledger> open_at(const std::string& url) {
  auto ledger = ledger::open(url, "local", ledger::OpenMode::engine, now);
  if (!ledger) throw std::runtime_error(ledger.error().message);
  return std::move(*ledger);
}

std::unique_ptr<ledger::Ledger> open_in(const Folder& folder, const std::string& options = "") {
  return open_at("sqlite:" + folder.file("ferry.db") + options);
}

/// An empty database of a server that flushes what it confirms.
std::string new_database() {
  static const auto server = ledger::TemporaryPostgres::start({.is_durable = true});
  static int number = 0;
  if (!server) throw std::runtime_error(server.error().message + ": " + server.error().hint);
  const auto name = "bench" + std::to_string(++number);
  require((*server)->make(name));
  return (*server)->url(name);
}

/// Where a benchmark's ledger is: in a file with options, or in PostgreSQL.
std::unique_ptr<ledger::Ledger> open_new(const Folder& folder, const std::string& kind) {
  return kind == "postgres" ? open_at(new_database()) : open_in(folder, kind);
}

ShardKey key(int days_back, int organisation) {
  return {row, stage, {newest.number - days_back}, "org" + std::to_string(organisation), 0};
}

/// `days` x `organisations` shards.
ledger::Plan plan_of(int days, int organisations) {
  ledger::Plan plan{row, stage, {newest.number - days + 1}, newest, {}};
  for (int i = 0; i < organisations; ++i)
    plan.organisations.push_back("org" + std::to_string(i));
  return plan;
}

/// 365 000 finished shards of so many organisations, made once.
const Folder& large(int organisations) {
  static std::map<int, Folder> folders;
  const auto [made, fresh] = folders.try_emplace(organisations);
  if (fresh) bench::fill(*open_in(made->second), plan_of(365'000 / organisations, organisations), now);
  return made->second;
}

// -- benchmarks -------------------------------------------------------------------

/// Pages acknowledged per second, `range(0)` of them in one commit, eight shards in flight.
void commit(benchmark::State& state, const std::string& kind) {
  const Folder folder;
  const auto ledger = open_new(folder, kind);
  std::vector<ledger::ShardStart> starts;
  std::vector<ledger::Commit> commits;
  starts.reserve(8);
  for (int i = 0; i < 8; ++i) {
    const auto place = key(i, 0);
    starts.push_back({place, place.day.start(), place.day.end()});
  }
  require(ledger->start_shards(starts, now));
  commits.reserve(static_cast<std::size_t>(state.range(0)));
  for (int i = 0; i < state.range(0); ++i)
    commits.push_back(page_of(key(i % 8, 0)));
  const bench::AllocationCount allocations(state);
  while (state.KeepRunning())
    require(ledger->commit(commits, now));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK_CAPTURE(commit, normal, "")->Arg(1)->Arg(10)->Arg(100)->MinTime(0.5)->UseRealTime();
BENCHMARK_CAPTURE(commit, postgres, "postgres")->Arg(1)->Arg(10)->Arg(100)->MinTime(0.5)->UseRealTime();
BENCHMARK_CAPTURE(commit, written_through, "?synchronous=full")
    ->Arg(1)
    ->Arg(10)
    ->Arg(100)
    ->MinTime(0.5)
    ->UseRealTime();

/// Shards begun and completed per second, a day of eight organisations a time.
void plan_and_complete(benchmark::State& state, const std::string& kind) {
  const Folder folder;
  const auto ledger = open_new(folder, kind);
  int back = 0;
  std::vector<ledger::ShardStart> starts(8);
  std::vector<ledger::Commit> commits(8);
  const bench::AllocationCount allocations(state);
  while (state.KeepRunning()) {
    for (std::size_t i = 0; i < 8; ++i) {
      const auto place = key(back, static_cast<int>(i));
      starts[i] = {place, place.day.start(), place.day.end()};
      commits[i] = page_of(place);
      commits[i].state = ledger::StateChange{ShardState::complete, {}, {}};
    }
    ++back;
    require(ledger->start_shards(starts, now));
    require(ledger->commit(commits, now));
  }
  state.SetItemsProcessed(state.iterations() * 8);
}
BENCHMARK_CAPTURE(plan_and_complete, sqlite, "")->MinTime(0.5)->UseRealTime();
BENCHMARK_CAPTURE(plan_and_complete, postgres, "postgres")->MinTime(0.5)->UseRealTime();

/// What a restart does with 365 000 finished shards: open, enumerate.
void restart(benchmark::State& state) {
  const auto& folder = large(static_cast<int>(state.range(0)));
  std::size_t found = 0;
  while (state.KeepRunning()) {
    const auto ledger = open_in(folder);
    found = 0;
    require(ledger->finished(row, stage, [&](const ledger::FinishedShard&) { ++found; }));
    if (!ledger->open_shards(row, stage)) throw std::runtime_error("no open shards");
  }
  state.counters["shards"] = static_cast<double>(found);
}
BENCHMARK(restart)->ArgName("organisations")->Arg(1)->Arg(100)->Unit(benchmark::kMillisecond)->UseRealTime();

/// What the page reads, over 365 000 finished shards.
void snapshot(benchmark::State& state) {
  const auto ledger = open_in(large(static_cast<int>(state.range(0))));
  std::size_t days = 0;
  while (state.KeepRunning()) {
    const auto snapshot = ledger->snapshot();
    if (!snapshot) throw std::runtime_error(snapshot.error().message);
    days = snapshot->stages.front().days.size();
  }
  state.counters["days"] = static_cast<double>(days);
}
BENCHMARK(snapshot)->ArgName("organisations")->Arg(1)->Arg(100)->Unit(benchmark::kMillisecond)->UseRealTime();

} // namespace
