// How long a change takes from its event to its dialog while history runs as fast as it can. The simulator is
// the whole platform here, not its sink: it makes the changes, sends the events, measures and audits.
#include "support/changes.hpp"
#include "support/engine_run.hpp"
#include "support/load_share.hpp"
#include "support/options.hpp"
#include "support/report.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

using namespace bench;
using Clock = std::chrono::steady_clock;

constexpr auto look_every = std::chrono::milliseconds{200};
constexpr double second_look = 4; ///< seconds: purge_confirm of the configuration and what may come on top

struct Options {
  double rate = 200; ///< changes per second
  double seconds = 60;
  double alone = 15;  ///< seconds of history without changes
  double warm_up = 5; ///< seconds before that: applications, people, connections
  double settle = 60; ///< seconds that what was told may take at the end
  int days = 800;
  std::uint64_t seed = 1;
  EngineSettings engine;
};

void sleep(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

/// What the audit finds wrong with the changes; empty where every one is exactly in its dialog. The day keeps
/// it from walking through the whole history.
std::string faults(const Simulator& simulator) {
  const simdjson::padded_string json(simulator.get("/_sim/audit?from=1900-01-01&to=1900-01-01"));
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(json);
  for (const auto row : simdjson::dom::array(root["rows"])) {
    if (std::string_view(row["id"]) != live_row) continue;
    std::string faults;
    for (const auto* member : {"missing", "doubled", "stale", "wrong"})
      if (std::uint64_t(row[member]) > 0)
        faults += fmt::format(" {} {} {}", member, std::uint64_t(row[member]),
                              simdjson::minify(row[fmt::format("{}_ids", member)]));
    if (std::uint64_t(row["present"]) == 0) faults += " no dialog at all";
    return faults;
  }
  throw std::runtime_error("the audit has no row " + std::string(live_row));
}

/// Where history, programs and the clock stand.
struct Mark {
  Mark(const Simulator& simulator, const EngineRun& engine)
      : history(engine.tally(historic_row).read)
      , cpu(simulator, engine) {}

  std::uint64_t history;
  CpuMark cpu;
};

double history_per_s(const Mark& begin, const Mark& end) {
  return static_cast<double>(end.history - begin.history) / seconds_between(begin.cpu, end.cpu);
}

/// Throws where history may be over. What has changed may have left its day before that was carried.
void require_history(const Simulator& simulator, const EngineRun& engine) {
  const auto carried = static_cast<double>(engine.tally(historic_row).read);
  if (carried + emitted(simulator).changes >= static_cast<double>(simulator.history().records()))
    throw std::runtime_error("history was over before the changes were; try more --days");
}

/// Waits until all events are delivered, the row has nothing left to do and the audit finds no fault.
void settle(const Simulator& simulator, EngineRun& engine, const Options& options) {
  const auto until = Clock::now() + std::chrono::duration<double>(options.settle);
  const auto late = [&] { return Clock::now() >= until; };
  while (!emitted(simulator).over || engine.tally(live_row).waiting > 0) {
    engine.require_running();
    if (late()) throw std::runtime_error("events are still waiting when the time to settle is over");
    std::this_thread::sleep_for(look_every);
  }
  sleep(second_look); // the audit keeps the server from everything else for seconds
  auto found = faults(simulator);
  while (!found.empty() && !late()) {
    sleep(1);
    engine.require_running();
    found = faults(simulator);
  }
  if (!found.empty()) throw std::runtime_error("the audit finds faults in the changes:" + found);
  if (const auto exceptions = engine.tally(live_row).exceptions; !exceptions.empty())
    throw std::runtime_error("some changes could not be carried:" + exceptions);
}

Report run(const Options& options) {
  const History history{options.days, 4000};
  const Simulator simulator(history, {"--seed", std::to_string(options.seed)});
  auto settings = options.engine;
  settings.live = true;
  EngineRun engine(simulator, settings);
  engine.address(); // it listens
  std::fprintf(stderr, "live: %.0f s of history alone, then %.0f s with %.0f changes a second\n",
               options.alone, options.seconds, options.rate);
  sleep(options.warm_up);
  const Mark alone(simulator, engine);
  sleep(options.alone);
  const Mark begin(simulator, engine);
  std::fprintf(stderr, "  history alone: %.0f records/s\n", history_per_s(alone, begin));

  emit(simulator, engine.address(), {options.rate, options.seconds, options.seed});
  sleep(options.seconds);
  const Mark end(simulator, engine);
  std::fprintf(stderr, "  history beside the changes: %.0f records/s\n", history_per_s(begin, end));
  require_history(simulator, engine);
  settle(simulator, engine, options);
  const auto live = emitted(simulator);
  if (live.given_up > 0) throw std::runtime_error("events could not be delivered");
  const auto usage = engine.stop();

  Report report;
  report.number("p50_ms", live.p50_ms, 1)
      .number("p99_ms", live.p99_ms, 1)
      .number("max_ms", live.max_ms, 0)
      .number("changes", live.changes, 0)
      .number("events", live.events, 0)
      .number("events_retried", live.retried, 0)
      .number("measured", live.measured, 0)
      .number("history_records_per_s", history_per_s(begin, end), 0)
      .number("history_records_per_s_alone", history_per_s(alone, begin), 0)
      .number("rss_mb", usage.rss_mb, 1)
      .text("what_limits", what_limits(share_between(begin.cpu, end.cpu)));
  return report;
}

} // namespace

int main(int argc, char** argv) {
  Options options;
  CommandLine line("From event to dialog while history runs at full speed.", "live");
  line.app.add_option("--rate", options.rate, "changes a second")
      ->check(CLI::Range(0.1, 20'000.0))
      ->capture_default_str();
  line.app.add_option("--seconds", options.seconds, "of changes")
      ->check(CLI::Range(1.0, 3600.0))
      ->capture_default_str();
  line.app.add_option("--alone", options.alone, "seconds of history without changes, before them")
      ->check(CLI::Range(1.0, 3600.0))
      ->capture_default_str();
  line.app.add_option("--warm-up", options.warm_up, "seconds before that")->capture_default_str();
  line.app.add_option("--settle", options.settle, "seconds at the most until all is carried")
      ->capture_default_str();
  line.app.add_option("--days", options.days, "of history, 4000 records each: more than it gets through")
      ->check(CLI::Range(1, 7000))
      ->capture_default_str();
  line.app.add_option("--seed", options.seed, "of history and changes")->capture_default_str();
  add_engine_options(line, options.engine);
  return line.run(argc, argv, [&] { return run(options); });
}
