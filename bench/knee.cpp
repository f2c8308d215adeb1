// Whether the engine finds how many requests in flight carry the most. The server works on a few requests at
// once and lets the others wait, as a target does that has reached its knee; fixed numbers of connections
// tell what can be had, then the engine has all of them and finds out by itself.
#include "support/door.hpp"
#include "support/engine_run.hpp"
#include "support/options.hpp"
#include "support/report.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace bench;
using Clock = std::chrono::steady_clock;

struct Options {
  std::uint32_t places = 4;                         ///< of the server
  std::uint32_t latency = 20;                       ///< ms, each
  std::vector<std::uint32_t> fixed{1, 2, 4, 8, 32}; ///< connections
  double warm_up = 5;                               ///< seconds, with fixed connections
  double finding = 60;                              ///< seconds the engine has to find out
  double seconds = 15;                              ///< measured
  EngineSettings engine;
};

/// Dialogs a second and how long one took: the requests in flight at Dialogporten divided by their rate.
struct Measured {
  double rate = 0;
  double answer_ms = 0;
};

void sleep(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

double in_flight(const Door& engine) {
  constexpr std::string_view sample = "dialogferry_api_in_flight{api=\"dialogporten\"} ";
  const auto metrics = engine.get("/metrics");
  const auto at = metrics.find(sample);
  if (at == std::string::npos) throw std::runtime_error("the engine has no dialogferry_api_in_flight");
  return std::stod(metrics.substr(at + sample.size()));
}

Measured observe(const Simulator& simulator, const Door& engine, double seconds) {
  const auto begun = Clock::now();
  const auto before = simulator.requests().created;
  double sum = 0;
  int looks = 0;
  while (Clock::now() - begun < std::chrono::duration<double>(seconds)) {
    sum += in_flight(engine);
    ++looks;
    sleep(0.1);
  }
  const auto created = simulator.requests().created - before;
  const auto rate =
      static_cast<double>(created) / std::chrono::duration<double>(Clock::now() - begun).count();
  return {rate, 1000 * sum / looks / rate};
}

std::vector<std::string> server(const Options& options) {
  return {"--sink", "--latency", std::to_string(options.latency) + "ms", "--places",
          std::to_string(options.places)};
}

Measured with_fixed(std::uint32_t connections, const Options& options) {
  const Simulator simulator({4000, 4000}, server(options));
  auto settings = options.engine;
  settings.connections = connections;
  settings.adaptive = false;
  EngineRun engine(simulator, settings);
  const Door door(engine.address());
  sleep(options.warm_up);
  const auto measured = observe(simulator, door, options.seconds);
  engine.stop();
  return measured;
}

/// The first second from which on the rate stays within 95 % of `best`; the time that was given where none.
double seconds_to_find(const std::vector<Measured>& seconds, double best, double most_ms) {
  std::size_t found = seconds.size();
  while (found > 0 && seconds[found - 1].rate >= 0.9 * best && seconds[found - 1].answer_ms <= most_ms)
    --found;
  return static_cast<double>(found);
}

Report run(const Options& options) {
  std::vector<Measured> fixed;
  for (const auto connections : options.fixed) {
    std::fprintf(stderr, "knee: %u connections\n", connections);
    fixed.push_back(with_fixed(connections, options));
  }
  const auto best_rate =
      std::max_element(fixed.begin(), fixed.end(), [](const Measured& one, const Measured& other) {
        return one.rate < other.rate;
      })->rate;
  // The best setting: the fewest connections that carry as much as any, but for a twentieth.
  const auto best = std::find_if(fixed.begin(), fixed.end(),
                                 [&](const Measured& one) { return one.rate >= 0.95 * best_rate; });

  std::fprintf(stderr, "knee: %u connections, found by the engine\n", options.engine.connections);
  const Simulator simulator({4000, 4000}, server(options));
  EngineRun engine(simulator, options.engine);
  const Door door(engine.address());
  std::vector<Measured> finding;
  while (finding.size() < static_cast<std::size_t>(options.finding))
    finding.push_back(observe(simulator, door, 1));
  const auto found = observe(simulator, door, options.seconds);
  engine.stop();

  std::vector<Report> parts;
  for (std::size_t i = 0; i < fixed.size(); ++i)
    parts.emplace_back()
        .number("connections", options.fixed[i], 0)
        .number("records_per_s", fixed[i].rate, 1)
        .number("answer_ms", fixed[i].answer_ms, 1);
  Report report;
  report.number("share_of_best", found.rate / best_rate, 3)
      .number("answer_time_ratio", found.answer_ms / best->answer_ms, 2)
      .number("seconds_to_find", seconds_to_find(finding, best_rate, 1.5 * best->answer_ms), 0)
      .number("records_per_s", found.rate, 1)
      .number("answer_ms", found.answer_ms, 1)
      .list("fixed", std::move(parts));
  return report;
}

} // namespace

int main(int argc, char** argv) {
  Options options;
  CommandLine line("How close the engine comes to the best number of requests in flight.", "knee");
  line.app.add_option("--places", options.places, "requests the server works on at once")
      ->capture_default_str();
  line.app.add_option("--latency", options.latency, "ms it takes for each")->capture_default_str();
  line.app.add_option("--fixed", options.fixed, "connections, one after another")->delimiter(',');
  line.app.add_option("--finding", options.finding, "seconds before the measurement")->capture_default_str();
  line.app.add_option("--seconds", options.seconds, "measured")->capture_default_str();
  add_engine_options(line, options.engine);
  return line.run(argc, argv, [&] { return run(options); });
}
