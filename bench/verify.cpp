// How fast a day is compared by search, beside how fast it is carried, against one server in one run; and how
// much memory that takes. Twice: with answers that come at once, where both ask as much of the CPU as they
// can get, and with answers that take as long as those of real servers.
#include "support/engine_run.hpp"
#include "support/load_share.hpp"
#include "support/options.hpp"
#include "support/pace.hpp"
#include "support/report.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <cstdio>
#include <stdexcept>
#include <string>

namespace {

using namespace bench;

struct Options {
  int records = 1'000'000;
  int answer_time = 20; ///< ms
  EngineSettings engine;
};

/// `dialogferry verify` of the one day; throws unless it found every record on both sides, and no difference.
Usage verify(const EngineRun& engine, std::uint64_t records) {
  const auto day = to_string(History::last);
  Process process({engine_program, "verify", "--config", engine.config(), "--row", std::string(historic_row),
                   "--from", day, "--to", day, "--format", "json"});
  std::string output;
  while (const auto line = process.line())
    output += *line + '\n';
  const auto usage = process.wait();
  if (usage.status != 0)
    throw std::runtime_error("verify ended with status " + std::to_string(usage.status) + ": " + output);
  simdjson::dom::parser parser;
  const simdjson::padded_string json(output);
  const simdjson::dom::element day_compared = parser.parse(json).at(0);
  if (std::string_view(day_compared["how"]) != "search" || std::uint64_t(day_compared["compared"]) != records)
    throw std::runtime_error("not everything was compared by search: " + output);
  return usage;
}

void compare_at_once(Report& report, const History& history, const Options& options) {
  const Simulator simulator(history, {"--sink"});
  EngineRun engine(simulator, options.engine);
  const auto carried = engine.finish();
  const auto carry_rate = options.records / carried.seconds;
  std::fprintf(stderr, "  %.0f records/s; now it is compared\n", carry_rate);

  const auto server = simulator.cpu_seconds();
  const auto compared = verify(engine, history.records());
  const auto rate = options.records / compared.seconds;
  const LoadShare share{compared.cpu_seconds / compared.seconds,
                        (simulator.cpu_seconds() - server) / compared.seconds, 0};
  std::fprintf(stderr, "  %.0f records/s\n", rate);
  report.number("records_per_s", rate, 0)
      .number("ratio_to_carry", rate / carry_rate, 2)
      .number("rss_mb", compared.rss_mb, 1)
      .number("carry_records_per_s", carry_rate, 0)
      .number("cpu_us_per_record", compared.cpu_seconds / options.records * 1e6, 2)
      .number("server_us_per_record", share.server * compared.seconds / options.records * 1e6, 2)
      .text("what_limits", what_limits(share));
}

/// With answers that take their time the whole day would take minutes to carry: its pace is measured.
void compare_with_answer_time(Report& report, const History& history, const Options& options) {
  constexpr double warm_up = 5; // seconds: applications, people, full connections
  constexpr double seconds = 20;
  const auto answer_time = fmt::format("{}ms", options.answer_time);
  const Simulator simulator(history, {"--sink", "--latency", answer_time});
  EngineRun engine(simulator, options.engine);
  const auto carry_rate = pace_of(simulator, engine, warm_up, seconds);
  engine.stop();
  std::fprintf(stderr, "  answers take %s: carried at %.0f records/s\n", answer_time.c_str(), carry_rate);
  const auto rate = options.records / verify(engine, history.records()).seconds;
  std::fprintf(stderr, "  compared at %.0f records/s\n", rate);
  report.number("answer_time_ms", options.answer_time, 0)
      .number("answer_time_records_per_s", rate, 0)
      .number("answer_time_carry_records_per_s", carry_rate, 0)
      .number("answer_time_ratio_to_carry", rate / carry_rate, 2);
}

Report run(const Options& options) {
  const History history{1, options.records};
  std::fprintf(stderr, "verify: a day of %d records is carried\n", options.records);
  Report report;
  compare_at_once(report, history, options);
  compare_with_answer_time(report, history, options);
  return report;
}

} // namespace

int main(int argc, char** argv) {
  Options options;
  CommandLine line("A day compared by search, beside the same day carried.", "verify");
  line.app.add_option("--records", options.records, "of the day")
      ->check(CLI::Range(1000, 10'000'000))
      ->capture_default_str();
  line.app.add_option("--answer-time", options.answer_time, "ms, the second time")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  add_engine_options(line, options.engine);
  return line.run(argc, argv, [&] { return run(options); });
}
