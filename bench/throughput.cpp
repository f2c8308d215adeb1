// How many records a second the engine carries against a server that costs almost nothing, beside wrk with
// the same requests and a plain loop with the same work; all three in turns against one server.
#include "support/engine_run.hpp"
#include "support/load_share.hpp"
#include "support/options.hpp"
#include "support/report.hpp"

#include <dialogferry/ledger/temporary_postgres.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <sstream>

namespace {

using namespace bench;
namespace ledger = dialogferry::ledger;

struct Options {
  int rounds = 5;
  int records = 100'000;
  int wrk_seconds = 4;
  int wrk_threads = 1;
  bool postgres = false;
  EngineSettings engine;
};

/// What one program did in one round.
struct Turn {
  double seconds = 0;
  double cpu_seconds = 0;
  double server_cpu_seconds = 0;
  double other_cpu_seconds = 0; ///< of programs that have nothing to do with it
  double requests = 0;          ///< at Storage and Dialogporten
  double records = 0;
  double rss_mb = 0;

  double records_per_second() const { return records / seconds; }
  double cpu_us_per_record() const { return cpu_seconds / records * 1e6; }
  LoadShare share() const {
    return {cpu_seconds / seconds, server_cpu_seconds / seconds, other_cpu_seconds / seconds};
  }
};

/// Runs a program and notes what it and the server used.
template <class Run>
Turn measured(const Simulator& simulator, Run run) {
  const auto requests = simulator.requests();
  const auto cpu = simulator.cpu_seconds();
  const auto machine = machine_cpu_seconds();
  const Usage usage = run();
  Turn turn;
  turn.server_cpu_seconds = simulator.cpu_seconds() - cpu;
  const auto after = simulator.requests();
  turn.seconds = usage.seconds;
  turn.cpu_seconds = usage.cpu_seconds;
  turn.rss_mb = usage.rss_mb;
  turn.other_cpu_seconds =
      std::max(0.0, machine_cpu_seconds() - machine - turn.server_cpu_seconds - usage.cpu_seconds);
  turn.requests = static_cast<double>(after.total - requests.total);
  turn.records = static_cast<double>(after.created - requests.created);
  return turn;
}

std::vector<std::string> straight_command(const Simulator& simulator, const Options& options) {
  const auto& history = simulator.history();
  return {STRAIGHT,
          "--url",
          simulator.url(),
          "--from",
          to_string(history.first()),
          "--to",
          to_string(History::last),
          "--connections",
          std::to_string(options.engine.connections)};
}

Usage run_straight(const Simulator& simulator, const Options& options, const std::string& capture = {}) {
  auto command = straight_command(simulator, options);
  if (!capture.empty()) command.insert(command.end(), {"--capture", capture});
  Process process(command);
  const auto records = process.line().value_or("no");
  const auto usage = process.wait();
  if (usage.status != 0 || records != std::to_string(simulator.history().records()))
    throw std::runtime_error("the plain loop has carried " + records + " records");
  return usage;
}

/// wrk counts for itself: what it still has under way when its time is over does not count.
Turn run_wrk(const Simulator& simulator, const Options& options, const std::string& requests) {
  Usage usage;
  double answered = 0;
  auto turn = measured(simulator, [&] {
    Process process({"wrk", "-t", std::to_string(options.wrk_threads), "-c",
                     std::to_string(2 * options.engine.connections), "-d",
                     fmt::format("{}s", options.wrk_seconds), "-s", WRK_SCRIPT, simulator.url(), "--",
                     requests});
    double errors = -1;
    while (const auto line = process.line()) {
      double microseconds = 0;
      if (line->rfind("result ", 0) == 0)
        std::istringstream(line->substr(7)) >> answered >> microseconds >> errors;
      usage.seconds = std::max(usage.seconds, microseconds * 1e-6);
    }
    if (errors != 0) throw std::runtime_error("wrk met errors, or gave no result");
    usage.cpu_seconds = process.wait().cpu_seconds;
    return usage;
  });
  turn.records = turn.records / turn.requests * answered;
  turn.requests = answered;
  return turn;
}

/// An engine whose ledger is in PostgreSQL, an empty database each time.
class OnPostgres {
public:
  OnPostgres() {
    auto started = ledger::TemporaryPostgres::start({.is_durable = true});
    if (!started) throw std::runtime_error(started.error().message + ": " + started.error().hint);
    server_ = std::move(*started);
  }
  Usage run(const Simulator& simulator, EngineSettings settings) {
    const auto database = "round" + std::to_string(++rounds_);
    if (const auto made = server_->make(database); !made) throw std::runtime_error(made.error().message);
    settings.ledger = server_->url(database);
    return EngineRun(simulator, settings).finish();
  }

private:
  std::unique_ptr<ledger::TemporaryPostgres> server_;
  int rounds_ = 0;
};

Report run(const Options& options) {
  const History history{std::max(1, options.records / 4000), 4000};
  const Simulator simulator(history, {"--sink"});
  const Folder folder;
  const auto requests = folder.file("requests");
  std::fprintf(stderr, "throughput: %d rounds of engine, wrk and plain loop\n", options.rounds);
  run_straight(simulator, options, requests); // warms the server up, too

  std::vector<Turn> engines;
  std::vector<double> to_wrk;
  std::vector<double> to_straight;
  std::vector<double> cpu_to_wrk;
  std::vector<double> cpu_to_straight;
  std::vector<double> server_us;
  std::vector<double> wrk_rates;
  std::vector<double> straight_rates;
  std::vector<double> to_sqlite;
  std::optional<OnPostgres> on_postgres;
  if (options.postgres) on_postgres.emplace();
  for (int round = 0; round < options.rounds; ++round) {
    const auto engine = measured(simulator, [&] { return EngineRun(simulator, options.engine).finish(); });
    const auto wrk = run_wrk(simulator, options, requests);
    const auto straight = measured(simulator, [&] { return run_straight(simulator, options); });
    engines.push_back(engine);
    to_wrk.push_back(engine.records_per_second() / wrk.records_per_second());
    to_straight.push_back(engine.records_per_second() / straight.records_per_second());
    cpu_to_wrk.push_back(engine.cpu_us_per_record() / wrk.cpu_us_per_record());
    cpu_to_straight.push_back(engine.cpu_us_per_record() / straight.cpu_us_per_record());
    server_us.push_back(wrk.server_cpu_seconds / wrk.requests * 1e6);
    wrk_rates.push_back(wrk.records_per_second());
    straight_rates.push_back(straight.records_per_second());
    if (on_postgres) {
      const auto other = measured(simulator, [&] { return on_postgres->run(simulator, options.engine); });
      to_sqlite.push_back(other.records_per_second() / engine.records_per_second());
    }
    std::fprintf(stderr, "  records/s: engine %.0f, wrk %.0f, plain loop %.0f\n", engine.records_per_second(),
                 wrk_rates.back(), straight_rates.back());
  }
  const auto of_engine = [&](auto value) {
    std::vector<double> values;
    for (const auto& turn : engines)
      values.push_back(value(turn));
    return median(std::move(values));
  };

  Turn middle;
  middle.seconds = of_engine([](const Turn& turn) { return turn.seconds; });
  middle.cpu_seconds = of_engine([](const Turn& turn) { return turn.cpu_seconds; });
  middle.server_cpu_seconds = of_engine([](const Turn& turn) { return turn.server_cpu_seconds; });
  middle.other_cpu_seconds = of_engine([](const Turn& turn) { return turn.other_cpu_seconds; });
  Report report;
  report.number("records_per_s", of_engine([](const Turn& turn) { return turn.records_per_second(); }), 0)
      .number("requests_per_record", of_engine([](const Turn& turn) { return turn.requests / turn.records; }),
              3)
      .number("ratio_to_wrk", median(to_wrk), 3)
      .number("ratio_to_straight", median(to_straight), 3)
      .number("cpu_us_per_record", of_engine([](const Turn& turn) { return turn.cpu_us_per_record(); }), 1)
      .number("cpu_ratio_to_wrk", median(cpu_to_wrk), 2)
      .number("cpu_ratio_to_straight", median(cpu_to_straight), 2)
      .number("server_us_per_request", median(server_us), 2)
      .number("rss_mb", of_engine([](const Turn& turn) { return turn.rss_mb; }), 1)
      .text("what_limits", what_limits(middle.share()))
      .number("wrk_records_per_s", median(wrk_rates), 0)
      .number("straight_records_per_s", median(straight_rates), 0);
  if (on_postgres) report.number("postgresql_to_sqlite", median(to_sqlite), 3);
  return report;
}

} // namespace

int main(int argc, char** argv) {
  Options options;
  CommandLine line("Records a second, beside wrk and a plain loop.", "throughput");
  line.app.add_option("--rounds", options.rounds)->check(CLI::Range(1, 1000))->capture_default_str();
  line.app.add_option("--records", options.records, "a round")->check(CLI::Range(4000, 100'000'000));
  line.app.add_option("--wrk-seconds", options.wrk_seconds)->check(CLI::Range(1, 600))->capture_default_str();
  line.app.add_option("--wrk-threads", options.wrk_threads)->check(CLI::Range(1, 64))->capture_default_str();
  line.app.add_flag("--postgres", options.postgres, "an engine with its ledger in PostgreSQL as well");
  add_engine_options(line, options.engine);
  return line.run(argc, argv, [&] { return run(options); });
}
