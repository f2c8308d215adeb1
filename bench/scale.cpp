// Whether size matters: records a second and memory from small histories to large ones, planning a thousand
// years, and starting again on a ledger that long.
#include "support/engine_run.hpp"
#include "support/filled_ledger.hpp"
#include "support/options.hpp"
#include "support/report.hpp"

#include <dialogferry/engine/history/planner.hpp>

#include <chrono>
#include <cstdio>
#include <malloc.h>
#include <map>
#include <thread>

namespace {

using namespace bench;
using namespace dialogferry;

constexpr int per_day = 1000;
constexpr int long_plan = 365'000; // days
const std::string row = "a3-app-instances-historic";
const std::string stage = "carry";

struct Options {
  bool ten_million = false;
  std::vector<int> records{10'000, 100'000, 1'000'000};
  EngineSettings engine;
};

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// -- histories --------------------------------------------------------------------

struct Size {
  std::vector<double> rates;
  std::vector<double> rss_mb;
};

/// Up to the largest and down again, so that what the machine does besides falls on all of them.
std::map<int, Size> carry_all(const Options& options) {
  auto order = options.records;
  order.insert(order.end(), std::next(options.records.rbegin()), options.records.rend());
  std::map<int, Size> sizes;
  for (const auto records : order) {
    const Simulator simulator({records / per_day, per_day}, {"--sink"});
    const auto usage = EngineRun(simulator, options.engine).finish();
    sizes[records].rates.push_back(records / usage.seconds);
    sizes[records].rss_mb.push_back(usage.rss_mb);
    std::fprintf(stderr, "  %d records: %.0f records/s, %.1f MB\n", records, records / usage.seconds,
                 usage.rss_mb);
  }
  return sizes;
}

// -- planning ---------------------------------------------------------------------

double allocated_mb() {
  const auto info = mallinfo2();
  return static_cast<double>(info.uordblks + info.hblkhd) / 1e6;
}

void plan(Report& report) {
  const auto before = allocated_mb();
  const auto begin = std::chrono::steady_clock::now();
  engine::Planner planner(row, stage, {{History::last.number - long_plan + 1}, History::last},
                          {std::string(History::organisation)});
  const auto memory = allocated_mb() - before;
  int planned = 0;
  while (planner.next(History::last))
    ++planned;
  report.number("shards_planned_per_s", planned / seconds_since(begin), 0)
      .number("shards_planned", planned, 0)
      .number("planner_mb", memory, 2);
}

// -- starting again ---------------------------------------------------------------

void fill_ledger(const std::string& path, Day from) {
  const auto ledger = ledger::open("sqlite:" + path, "local", ledger::OpenMode::engine, system_now());
  if (!ledger) throw std::runtime_error(ledger.error().message);
  const ledger::Plan plan{row, stage, from, History::last.previous(), {std::string(History::organisation)}};
  fill(**ledger, plan, system_now());
}

/// The engine on a ledger in which all days but the newest are finished: how long until it asks for that one.
void restart(Report& report, const Options& options) {
  const Folder folder;
  const auto path = folder.file("ferry.db");
  const Day from{History::last.number - long_plan};
  fill_ledger(path, from);
  const Simulator simulator({1, per_day}, {"--sink"});
  const auto begin = std::chrono::steady_clock::now();
  EngineRun engine(simulator, options.engine, path, from);
  while (simulator.requests().total == 0) {
    engine.require_running();
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  report.number("finished_shards", long_plan, 0).number("restart_s", seconds_since(begin), 3);
  const auto usage = engine.finish();
  if (simulator.requests().created != per_day)
    throw std::runtime_error("the restarted engine carried something else");
  report.number("restart_to_end_s", usage.seconds, 3).number("restart_rss_mb", usage.rss_mb, 1);
}

Report run(Options options) {
  if (options.ten_million) options.records.push_back(10'000'000);
  std::fprintf(stderr, "scale: up to %d records\n", options.records.back());
  Report report;
  const auto sizes = carry_all(options);
  std::vector<Report> parts;
  for (const auto& [records, size] : sizes) {
    parts.emplace_back();
    parts.back()
        .number("records", records, 0)
        .number("records_per_s", median(size.rates), 0)
        .number("rss_mb", median(size.rss_mb), 1);
  }
  if (sizes.count(100'000) > 0 && sizes.count(1'000'000) > 0)
    report.number("rate_1m_to_100k", median(sizes.at(1'000'000).rates) / median(sizes.at(100'000).rates), 3);
  plan(report);
  restart(report, options);
  report.list("sizes", std::move(parts));
  return report;
}

} // namespace

int main(int argc, char** argv) {
  Options options;
  CommandLine line("Records a second and memory by the size of the history; planning; starting again.",
                   "scale");
  line.app.add_flag("--ten-million", options.ten_million, "10 million records as well");
  line.app.add_option("--records", options.records, "sizes, growing, multiples of 1000")->delimiter(',');
  add_engine_options(line, options.engine);
  return line.run(argc, argv, [&] { return run(options); });
}
