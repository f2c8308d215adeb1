// How long a change takes from its event to its dialog while history runs at full speed, and what history
// loses by it.
#include "support/engine_run.hpp"
#include "support/options.hpp"
#include "support/report.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <thread>

namespace {

using namespace bench;

struct Options {
  int rate = 200;    ///< changes per second
  int seconds = 60;  ///< of changes
  double alone = 10; ///< seconds of history by itself
  int days = 400;    ///< so many that history outlasts the changes
  int per_day = 4000;
  EngineSettings engine;
};

/// What the simulator tells of the changes it makes.
struct Told {
  bool over = false;
  double changes = 0;
  double measured = 0;
  double p50 = 0;
  double p99 = 0;
  double worst = 0;
};

Told told_by(const Simulator& simulator) {
  const simdjson::padded_string json(simulator.get("/_sim/emit"));
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(json);
  Told told;
  told.over = !bool(root["running"]) && std::uint64_t(root["pending"]) == 0;
  told.changes = static_cast<double>(std::uint64_t(root["changes"]));
  told.measured = static_cast<double>(std::uint64_t(root["latency"]["count"]));
  told.p50 = root["latency"]["p50_ms"];
  told.p99 = root["latency"]["p99_ms"];
  told.worst = root["latency"]["max_ms"];
  return told;
}

/// What is not right in the audit of the live row.
std::string faults(const Simulator& simulator) {
  const auto day = to_string(History::last);
  const simdjson::padded_string json(simulator.get("/_sim/audit?from=" + day + "&to=" + day));
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(json);
  for (const simdjson::dom::element row : simdjson::dom::array(root["rows"])) {
    if (std::string_view(row["id"]) != "a3-app-instances-live") continue;
    std::string found;
    for (const auto* fault : {"missing", "doubled", "stale", "wrong"})
      if (const std::uint64_t count = row[fault]; count > 0) found += fmt::format("{} {} ", count, fault);
    return found;
  }
  return "no audit of the live row";
}

void sleep(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

/// Waits until everything is carried that was told of, and what no event told of: at most a minute.
void settle(const Simulator& simulator) {
  std::string wrong;
  for (int look = 0; look < 30; ++look) {
    sleep(2);
    if (told_by(simulator).over && (wrong = faults(simulator)).empty()) return;
  }
  throw std::runtime_error("live changes are not carried: " + wrong);
}

double per_second(const Simulator& simulator, double seconds) {
  const auto before = simulator.requests().created;
  sleep(seconds);
  return static_cast<double>(simulator.requests().created - before) / seconds;
}

Report run(const Options& options) {
  const Simulator simulator({options.days, options.per_day}, {});
  auto settings = options.engine;
  settings.live = true;
  EngineRun engine(simulator, settings);
  const auto address = engine.address();
  std::fprintf(stderr, "live: %.0f s of history alone, %d s with %d changes a second\n", options.alone,
               options.seconds, options.rate);
  sleep(2);
  const auto alone = per_second(simulator, options.alone);

  const auto server = simulator.cpu_seconds();
  const auto client = engine.cpu_seconds();
  simulator.post("/_sim/emit", fmt::format(R"({{"deliver_to":"{}/events","rate":{},"seconds":{},"seed":1,)"
                                           R"("duplicates":0.1,"reorder":0.1,"bursts":0.1}})",
                                           address, options.rate, options.seconds));
  const auto beside = per_second(simulator, options.seconds);
  engine.require_running();
  const bool history_runs = per_second(simulator, 1) > 0;
  const auto server_cores = (simulator.cpu_seconds() - server) / (options.seconds + 1);
  const auto client_cores = (engine.cpu_seconds() - client) / (options.seconds + 1);
  settle(simulator);
  const auto told = told_by(simulator);
  const auto usage = engine.stop();
  if (!history_runs) throw std::runtime_error("history ended before the changes did: give more --days");
  if (told.measured < 1) throw std::runtime_error("no change was seen in a dialog");

  Report report;
  report.number("p50_ms", told.p50, 1)
      .number("p99_ms", told.p99, 1)
      .number("max_ms", told.worst, 1)
      .number("changes", told.changes, 0)
      .number("changes_measured", told.measured, 0)
      .number("history_records_per_s", beside, 0)
      .number("history_records_per_s_alone", alone, 0)
      .number("rss_mb", usage.rss_mb, 1)
      .text("what_limits", fmt::format("engine {:.2f} and simulator {:.2f} of {} cores", client_cores,
                                       server_cores, std::thread::hardware_concurrency()));
  return report;
}

} // namespace

int main(int argc, char** argv) {
  Options options;
  CommandLine line("From event to dialog while history runs.", "live");
  line.app.add_option("--rate", options.rate, "changes per second")->capture_default_str();
  line.app.add_option("--seconds", options.seconds, "of changes")->capture_default_str();
  line.app.add_option("--alone", options.alone, "seconds of history by itself")->capture_default_str();
  line.app.add_option("--days", options.days, "of history")->capture_default_str();
  add_engine_options(line, options.engine);
  return line.run(argc, argv, [&] { return run(options); });
}
