// How well the engine finds a limit that the target does not tell of: a token bucket at the simulator's
// Dialogporten whose rate steps up and down, with and without Retry-After.
#include "support/engine_run.hpp"
#include "support/options.hpp"
#include "support/report.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <cstdio>
#include <thread>

namespace {

using namespace bench;

struct Options {
  std::vector<int> rates{100, 300, 50};
  int seconds = 120; ///< of a plateau
  double burst_seconds = 1;
  std::vector<std::string> retry_after{"on", "off"};
  EngineSettings engine;
};

/// What the bucket has let pass and refused, second by second.
struct Second {
  double allowed = 0;
  double refused = 0;
};

/// One engine at one bucket.
class Trial {
public:
  Trial(const Options& options, const std::string& retry_after)
      : options_(options)
      , retry_after_(retry_after)
      , simulator_({300, 1000}, {}) {
    std::string schedule;
    for (const auto rate : options.rates)
      schedule += fmt::format("{}[{},{}]", schedule.empty() ? "" : ",", rate, options.seconds);
    simulator_.post("/_sim/faults",
                    fmt::format(R"({{"limit":{{"api":"dialogporten","schedule":[{}],"burst_seconds":{},)"
                                R"("retry_after":"{}"}}}})",
                                schedule, options.burst_seconds, retry_after));
    engine_ = std::make_unique<EngineRun>(simulator_, options.engine);
  }

  /// Waits until the schedule is over.
  void finish() {
    const auto all = options_.rates.size() * static_cast<std::size_t>(options_.seconds);
    while (seconds().size() <= all) {
      engine_->require_running();
      std::this_thread::sleep_for(std::chrono::milliseconds{500});
    }
    counted_ = seconds();
    engine_->stop();
  }

  std::vector<Report> plateaus() const {
    std::vector<Report> reports;
    for (std::size_t i = 0; i < options_.rates.size(); ++i)
      reports.push_back(plateau(i));
    return reports;
  }

private:
  std::vector<Second> seconds() const {
    const simdjson::padded_string json(simulator_.get("/_sim/faults"));
    simdjson::dom::parser parser;
    const simdjson::dom::element root = parser.parse(json);
    const simdjson::dom::array list = root["limits"].at(0)["seconds"];
    std::vector<Second> seconds;
    for (const auto each : list)
      seconds.push_back({double(each["allowed"]), double(each["refused"])});
    return seconds;
  }

  /// From 15 s after the step for what passes, from 5 s after it for what is refused.
  Report plateau(std::size_t index) const {
    const auto length = static_cast<std::size_t>(options_.seconds);
    const auto settled = std::min<std::size_t>(15, length / 2);
    const auto adapted = std::min<std::size_t>(5, length / 4);
    const auto step = index * length;
    double allowed = 0;
    double answers = 0;
    double refused = 0;
    for (auto at = step + adapted; at < step + length; ++at) {
      answers += counted_[at].allowed + counted_[at].refused;
      refused += counted_[at].refused;
      if (at >= step + settled) allowed += counted_[at].allowed;
    }
    const auto rate = static_cast<double>(options_.rates[index]);
    Report report;
    report.text("retry_after", retry_after_)
        .number("allowed_per_s", rate, 0)
        .number("reached_per_s", allowed / static_cast<double>(length - settled), 1)
        .number("share_reached", allowed / static_cast<double>(length - settled) / rate, 4)
        .number("share_429", answers > 0 ? refused / answers : 0, 4);
    return report;
  }

  const Options& options_;
  std::string retry_after_;
  Simulator simulator_;
  std::unique_ptr<EngineRun> engine_;
  std::vector<Second> counted_;
};

/// All at the same time: what they need of the machine is little.
Report run(const Options& options) {
  std::fprintf(stderr, "limit: %zu plateaus of %d s\n", options.rates.size(), options.seconds);
  std::vector<std::unique_ptr<Trial>> trials;
  for (const auto& retry_after : options.retry_after)
    trials.push_back(std::make_unique<Trial>(options, retry_after));
  std::vector<Report> plateaus;
  for (auto& trial : trials) {
    trial->finish();
    for (auto& plateau : trial->plateaus())
      plateaus.push_back(std::move(plateau));
  }
  Report report;
  report.number("plateau_s", options.seconds, 0).list("plateaus", std::move(plateaus));
  return report;
}

} // namespace

int main(int argc, char** argv) {
  Options options;
  CommandLine line("How near the engine comes to a limit it is not told of.", "limit");
  line.app.add_option("--seconds", options.seconds, "of a plateau; less for a quick look")
      ->check(CLI::Range(4, 3600))
      ->capture_default_str();
  line.app.add_option("--rates", options.rates, "requests a second, plateau by plateau")->delimiter(',');
  line.app.add_option("--burst-seconds", options.burst_seconds, "what the bucket stores")
      ->capture_default_str();
  line.app.add_option("--retry-after", options.retry_after, "on, off, alternate")->delimiter(',');
  add_engine_options(line, options.engine);
  return line.run(argc, argv, [&] { return run(options); });
}
