// What refusals that any load meets cost: an API that answers 2 % with 503 and 2 % with 429, `Retry-After: 1`
// on each, beside the same API without them; in turns.
#include "support/engine_run.hpp"
#include "support/options.hpp"
#include "support/report.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace {

using namespace bench;

struct Options {
  int rounds = 2;
  int records = 200'000;
  double share = 0.02; ///< of each status
  EngineSettings engine;
};

double records_per_second(const Options& options, double share) {
  const Simulator simulator({std::max(1, options.records / 1000), 1000}, {"--latency", "5ms"});
  simulator.post("/_sim/faults",
                 fmt::format(R"({{"seed":7,"429":{0},"503":{0},"retry_after":"on"}})", share));
  const auto usage = EngineRun(simulator, options.engine).finish();
  return static_cast<double>(simulator.history().records()) / usage.seconds;
}

Report run(const Options& options) {
  std::fprintf(stderr, "noise: %d rounds without and with refusals\n", options.rounds);
  std::vector<double> alone;
  std::vector<double> with_noise;
  std::vector<double> ratios;
  for (int round = 0; round < options.rounds; ++round) {
    alone.push_back(records_per_second(options, 0));
    with_noise.push_back(records_per_second(options, options.share));
    ratios.push_back(with_noise.back() / alone.back());
    std::fprintf(stderr, "  records/s: %.0f without, %.0f with\n", alone.back(), with_noise.back());
  }
  Report report;
  report.number("records_per_s_without", median(alone), 0)
      .number("records_per_s_with", median(with_noise), 0)
      .number("ratio", median(ratios), 3);
  return report;
}

} // namespace

int main(int argc, char** argv) {
  Options options;
  CommandLine line("Records a second where an API refuses a few requests whatever the load.", "noise");
  line.app.add_option("--rounds", options.rounds)->check(CLI::Range(1, 1000))->capture_default_str();
  line.app.add_option("--records", options.records, "a round")->check(CLI::Range(1000, 100'000'000));
  line.app.add_option("--share", options.share, "of each status")->check(CLI::Range(0.0, 0.5));
  add_engine_options(line, options.engine);
  return line.run(argc, argv, [&] { return run(options); });
}
