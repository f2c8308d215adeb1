// Whether the engine keeps every connection busy when answers take their time. A record costs one GET of its
// events at Storage and one POST at Dialogporten, each API with connections of its own: c connections and
// answers that take t allow c ÷ t records a second, whatever the engine does.
#include "support/engine_run.hpp"
#include "support/options.hpp"
#include "support/pace.hpp"
#include "support/report.hpp"

#include <cstdio>
#include <stdexcept>
#include <string>

namespace {

using namespace bench;

struct Options {
  std::vector<int> answer_times{5, 20, 100}; ///< ms
  double warm_up = 4;                        ///< seconds: applications, people, full connections
  double seconds = 10;
  EngineSettings engine;
};

/// What wrk gets out of as many connections on the same server: how far the server and a busy machine keep to
/// the answer time themselves.
double wrk_rate(const Simulator& simulator, const Options& options) {
  const auto target = simulator.url() + "/storage/api/v1/applications/" + std::string(History::organisation);
  Process process({"wrk", "-t", "1", "-c", std::to_string(options.engine.connections), "-d", "3s", target});
  constexpr std::string_view before = "Requests/sec:";
  while (const auto line = process.line())
    if (line->rfind(before, 0) == 0) return std::stod(line->substr(before.size()));
  throw std::runtime_error("wrk gave no result");
}

Report measure(int milliseconds, const Options& options) {
  const Simulator simulator({4000, 4000}, {"--sink", "--latency", std::to_string(milliseconds) + "ms"});
  EngineRun engine(simulator, options.engine);
  const auto rate = pace_of(simulator, engine, options.warm_up, options.seconds);
  engine.stop();
  const auto wrk = wrk_rate(simulator, options);
  const auto ceiling = options.engine.connections / (milliseconds * 1e-3);
  Report report;
  report.number("answer_time_ms", milliseconds, 0)
      .number("connections", options.engine.connections, 0)
      .number("ceiling_per_s", ceiling, 0)
      .number("records_per_s", rate, 1)
      .number("ratio", rate / ceiling, 3)
      .number("wrk_ratio", wrk / ceiling, 3);
  return report;
}

Report run(const Options& options) {
  std::fprintf(stderr, "latency: %zu answer times, %.0f s each\n", options.answer_times.size(),
               options.warm_up + options.seconds);
  std::vector<Report> parts;
  for (const auto milliseconds : options.answer_times)
    parts.push_back(measure(milliseconds, options));
  Report report;
  report.number("credit", options.engine.credit, 0)
      .number("shards_in_flight", options.engine.shards_in_flight, 0)
      .list("answer_times", std::move(parts));
  return report;
}

} // namespace

int main(int argc, char** argv) {
  Options options;
  CommandLine line("Records a second as a share of connections ÷ answer time.", "latency");
  line.app.add_option("--answer-times", options.answer_times, "ms, one after another")->delimiter(',');
  line.app.add_option("--seconds", options.seconds, "measured, each")->capture_default_str();
  line.app.add_option("--warm-up", options.warm_up, "seconds before that")->capture_default_str();
  add_engine_options(line, options.engine);
  return line.run(argc, argv, [&] { return run(options); });
}
