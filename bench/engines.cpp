// Several engines on one ledger in PostgreSQL: how much more they carry than one, of history and of live
// changes, and whether they keep one rate, and one limit that nobody told them of, between them.
#include "support/changes.hpp"
#include "support/engine_run.hpp"
#include "support/options.hpp"
#include "support/report.hpp"

#include <dialogferry/ledger/temporary_postgres.hpp>

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <thread>

namespace {

using namespace bench;

struct Options {
  int most = 3; ///< engines
  int latency = 20;
  double warm_up = 6; ///< seconds: leases, applications, people, full connections
  double seconds = 15;
  double rate = 300;
  std::uint32_t burst = 50;
  std::vector<int> limits{300, 100};
  int plateau = 60; ///< seconds
  int records = 60'000;
  Changes changes{400, 10, 1};
  std::uint32_t change_connections = 4; ///< few, so that one engine is not enough
  EngineSettings engine;
};

void sleep(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

/// A PostgreSQL that flushes what it confirms, with a database for each trial.
class Databases {
public:
  Databases() {
    auto started = dialogferry::ledger::TemporaryPostgres::start({.is_durable = true});
    if (!started) throw std::runtime_error(started.error().message);
    server_ = std::move(*started);
  }
  std::string fresh() {
    const auto name = fmt::format("trial{}", ++number_);
    if (const auto made = server_->make(name); !made) throw std::runtime_error(made.error().message);
    return server_->url(name);
  }

private:
  std::unique_ptr<dialogferry::ledger::TemporaryPostgres> server_;
  int number_ = 0;
};

/// So many engines on one ledger.
class Engines {
public:
  Engines(const Simulator& simulator, EngineSettings settings, int count, const std::string& ledger) {
    settings.ledger = ledger;
    for (int i = 0; i < count; ++i)
      engines_.push_back(std::make_unique<EngineRun>(simulator, settings));
  }
  void require_running() {
    for (auto& engine : engines_)
      engine->require_running();
  }
  EngineRun& first() { return *engines_.front(); }
  void stop() {
    for (auto& engine : engines_)
      engine->stop();
  }

private:
  std::vector<std::unique_ptr<EngineRun>> engines_;
};

/// Records a second, once all are at work.
double carried_per_second(int count, const Options& options, Databases& databases) {
  const Simulator simulator({4000, 4000}, {"--sink", "--latency", fmt::format("{}ms", options.latency)});
  Engines engines(simulator, options.engine, count, databases.fresh());
  sleep(options.warm_up);
  const auto begun = std::chrono::steady_clock::now();
  const auto before = simulator.requests().created;
  sleep(options.seconds);
  engines.require_running();
  const auto created = simulator.requests().created - before;
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begun;
  engines.stop();
  return static_cast<double>(created) / spent.count();
}

/// How long changes wait for their dialogs, where more are told of than one engine's connections let through;
/// all of them at one engine.
Emitted changes_told_to_one(int count, const Options& options, Databases& databases) {
  constexpr double longest = 300;
  const Simulator simulator({4, 250}, {"--latency", fmt::format("{}ms", options.latency)});
  auto settings = options.engine;
  settings.live = true;
  settings.connections = options.change_connections;
  Engines engines(simulator, settings, count, databases.fresh());
  const auto address = engines.first().address();
  sleep(options.warm_up); // shares, and the end of a short history
  emit(simulator, address, options.changes);
  for (double spent = 0; !emitted(simulator).over || engines.first().tally(live_row).waiting > 0; ++spent) {
    engines.require_running();
    if (spent > longest) throw std::runtime_error("changes are still waiting");
    sleep(1);
  }
  const auto changes = emitted(simulator);
  engines.stop();
  if (changes.given_up > 0) throw std::runtime_error("events could not be delivered");
  std::fprintf(stderr, "  %d at work: %.0f changes, p50 %.0f ms, p99 %.0f ms\n", count, changes.changes,
               changes.p50_ms, changes.p99_ms);
  return changes;
}

/// What Dialogporten's bucket has let pass and refused, second by second.
struct Second {
  double allowed = 0;
  double refused = 0;
};

std::vector<Second> seconds_at(const Simulator& simulator) {
  const simdjson::padded_string json(simulator.get("/_sim/faults"));
  simdjson::dom::parser parser;
  const simdjson::dom::array list = parser.parse(json)["limits"].at(0)["seconds"];
  std::vector<Second> seconds;
  for (const auto each : list)
    seconds.push_back({double(each["allowed"]), double(each["refused"])});
  return seconds;
}

void limit(const Simulator& simulator, const std::vector<int>& rates, int seconds) {
  std::string schedule;
  for (const auto rate : rates)
    schedule += fmt::format("{}[{},{}]", schedule.empty() ? "" : ",", rate, seconds);
  simulator.post(
      "/_sim/faults",
      fmt::format(R"({{"limit":{{"api":"dialogporten","schedule":[{}],"retry_after":"off"}}}})", schedule));
}

/// The most that came in a second, as a share of `rate` + `burst`. The limit only counts.
Report kept_rate(const Options& options, Databases& databases) {
  constexpr int no_limit = 1'000'000;
  const Simulator simulator({300, 1000}, {});
  limit(simulator, {no_limit}, 3600);
  auto settings = options.engine;
  settings.rate = options.rate;
  settings.burst = options.burst;
  std::fprintf(stderr, "  do they keep %.0f/s, with %u at once?\n", options.rate, options.burst);
  Engines engines(simulator, settings, options.most, databases.fresh());
  sleep(options.warm_up + options.seconds);
  engines.require_running();
  auto seconds = seconds_at(simulator);
  seconds.pop_back(); // it is not over
  engines.stop();
  double most = 0, all = 0;
  for (std::size_t at = 0; at < seconds.size(); ++at) {
    most = std::max(most, seconds[at].allowed);
    if (at >= options.warm_up) all += seconds[at].allowed;
  }
  Report report;
  report.number("rate", options.rate, 0)
      .number("burst", options.burst, 0)
      .number("peak_per_second", most, 0)
      .number("peak_to_allowed", most / (options.rate + options.burst), 3)
      .number("share_of_rate", all / (static_cast<double>(seconds.size()) - options.warm_up) / options.rate,
              3);
  return report;
}

/// From 15 s after the step.
std::vector<Report> found_limits(const Options& options, Databases& databases) {
  constexpr int settled = 15;
  std::fprintf(stderr, "  do they find %zu limits, %d s each?\n", options.limits.size(), options.plateau);
  const Simulator simulator({300, 1000}, {});
  limit(simulator, options.limits, options.plateau);
  Engines engines(simulator, options.engine, options.most, databases.fresh());
  const auto all = static_cast<std::size_t>(options.plateau) * options.limits.size();
  while (seconds_at(simulator).size() <= all) {
    engines.require_running();
    sleep(0.5);
  }
  const auto seconds = seconds_at(simulator);
  engines.stop();
  std::vector<Report> plateaus;
  for (std::size_t i = 0; i < options.limits.size(); ++i) {
    const auto begin = i * static_cast<std::size_t>(options.plateau);
    double allowed = 0, refused = 0;
    for (auto at = begin + settled; at < begin + static_cast<std::size_t>(options.plateau); ++at) {
      allowed += seconds[at].allowed;
      refused += seconds[at].refused;
    }
    Report report;
    report.number("allowed_per_s", options.limits[i], 0)
        .number("share_of_limit", allowed / (options.plateau - settled) / options.limits[i], 4)
        .number("share_429", refused / std::max(1.0, allowed + refused), 4);
    plateaus.push_back(std::move(report));
  }
  return plateaus;
}

/// One engine at full speed on each of the two, in turn.
double postgresql_to_sqlite(const Options& options, Databases& databases) {
  std::fprintf(stderr, "  one engine, its ledger in a file and in PostgreSQL, three times each\n");
  const Simulator simulator({options.records / 1000, 1000}, {"--sink"});
  const auto seconds_on = [&](const std::string& ledger) {
    auto settings = options.engine;
    settings.ledger = ledger;
    return EngineRun(simulator, settings).finish().seconds;
  };
  std::vector<double> ratios;
  for (int round = 0; round < 3; ++round) {
    const auto in_file = seconds_on({});
    ratios.push_back(in_file / seconds_on(databases.fresh()));
  }
  std::sort(ratios.begin(), ratios.end());
  return ratios[1];
}

Report run(const Options& options) {
  std::fprintf(stderr, "engines: up to %d on one ledger\n", options.most);
  Databases databases;
  std::vector<Report> counts;
  double one = 0;
  for (int count = 1; count <= options.most; ++count) {
    const auto rate = carried_per_second(count, options, databases);
    if (count == 1) one = rate;
    std::fprintf(stderr, "  %d at work: %.0f records/s, %.2f times one\n", count, rate, rate / one);
    Report report;
    report.number("engines", count, 0).number("records_per_s", rate, 1).number("ratio_to_one", rate / one, 3);
    counts.push_back(std::move(report));
  }
  const auto alone = changes_told_to_one(1, options, databases);
  const auto shared = changes_told_to_one(options.most, options, databases);
  Report report;
  report.number("answer_time_ms", options.latency, 0)
      .list("counts", std::move(counts))
      .number("changes_p50_ms", shared.p50_ms, 0)
      .number("changes_p99_ms", shared.p99_ms, 0)
      .number("changes_p50_ratio_to_one", shared.p50_ms / alone.p50_ms, 3)
      .number("changes_p99_ratio_to_one", shared.p99_ms / alone.p99_ms, 3)
      .list("kept_rate", {kept_rate(options, databases)})
      .list("limits", found_limits(options, databases))
      .number("postgresql_to_sqlite", postgresql_to_sqlite(options, databases), 3);
  return report;
}

} // namespace

int main(int argc, char** argv) {
  Options options;
  CommandLine line("Several engines on one ledger in PostgreSQL.", "engines");
  line.app.add_option("--engines", options.most, "at the most")
      ->check(CLI::Range(1, 16))
      ->capture_default_str();
  line.app.add_option("--latency", options.latency, "ms an answer takes")->capture_default_str();
  line.app.add_option("--seconds", options.seconds, "measured, each")->capture_default_str();
  line.app.add_option("--rate", options.rate, "configured, where the peak is looked at")
      ->capture_default_str();
  line.app.add_option("--burst", options.burst, "likewise")->capture_default_str();
  line.app.add_option("--limits", options.limits, "that nobody tells of, one after another")->delimiter(',');
  line.app.add_option("--plateau", options.plateau, "seconds of each limit")->check(CLI::Range(20, 3600));
  line.app.add_option("--records", options.records, "carried on either ledger")->capture_default_str();
  line.app.add_option("--changes", options.changes.rate, "live changes a second, told of at one engine")
      ->capture_default_str();
  add_engine_options(line, options.engine);
  return line.run(argc, argv, [&] { return run(options); });
}
