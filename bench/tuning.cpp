// A table of threads x connections x credit x shards_in_flight, as bench/tuning.toml lists them.
#include "support/engine_run.hpp"
#include "support/options.hpp"
#include "support/report.hpp"

#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <thread>
#include <toml++/toml.h>

namespace {

using namespace bench;

/// One line of the table.
struct Cell {
  int answer_time_ms = 0;
  EngineSettings engine;
};

struct Plan {
  double warm_up = 1;
  double seconds = 2;
  std::vector<Cell> cells;
};

std::vector<std::uint32_t> numbers(const toml::table& table, std::string_view key) {
  std::vector<std::uint32_t> values;
  if (const auto* list = table[key].as_array())
    for (const auto& each : *list)
      if (const auto value = each.value<std::uint32_t>()) values.push_back(*value);
  if (values.empty()) throw std::runtime_error(std::string(key) + " must be a list of numbers");
  return values;
}

void add_cells(Plan& plan, const toml::table& table) {
  Cell cell;
  cell.answer_time_ms = table["answer_time_ms"].value_or(0);
  for (const auto threads : numbers(table, "threads"))
    for (const auto connections : numbers(table, "connections"))
      for (const auto credit : numbers(table, "credit"))
        for (const auto shards : numbers(table, "shards_in_flight")) {
          cell.engine.threads = threads;
          cell.engine.connections = connections;
          cell.engine.credit = credit;
          cell.engine.shards_in_flight = shards;
          plan.cells.push_back(cell);
        }
}

Plan read_plan(const std::string& path) {
  const auto file = toml::parse_file(path);
  Plan plan;
  plan.warm_up = file["warm_up"].value_or(plan.warm_up);
  plan.seconds = file["seconds"].value_or(plan.seconds);
  const auto* tables = file["tables"].as_array();
  if (tables == nullptr) throw std::runtime_error(path + " has no [[tables]]");
  for (const auto& table : *tables)
    if (const auto* each = table.as_table()) add_cells(plan, *each);
  return plan;
}

Report measure(const Simulator& simulator, const Cell& cell, const Plan& plan) {
  using clock = std::chrono::steady_clock;
  const auto wait = [](double seconds) {
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  };
  EngineRun engine(simulator, cell.engine);
  wait(plan.warm_up);
  const auto created = simulator.requests().created;
  const auto cpu = engine.cpu_seconds();
  const auto begin = clock::now();
  wait(plan.seconds);
  engine.require_running();
  const auto seconds = std::chrono::duration<double>(clock::now() - begin).count();
  const auto used = engine.cpu_seconds() - cpu;
  const auto records = static_cast<double>(simulator.requests().created - created);
  const auto usage = engine.stop();
  Report report;
  report.number("answer_time_ms", cell.answer_time_ms, 0)
      .number("threads", cell.engine.threads, 0)
      .number("connections", cell.engine.connections, 0)
      .number("credit", cell.engine.credit, 0)
      .number("shards_in_flight", cell.engine.shards_in_flight, 0)
      .number("records_per_s", records / seconds, 0)
      .number("cpu_us_per_record", records > 0 ? used / records * 1e6 : 0, 1)
      .number("rss_mb", usage.rss_mb, 1);
  return report;
}

Report run(const std::string& path) {
  const auto plan = read_plan(path);
  std::fprintf(stderr, "tuning: %zu settings, about %.0f s\n", plan.cells.size(),
               static_cast<double>(plan.cells.size()) * (plan.warm_up + plan.seconds + 0.3));
  std::vector<Report> lines;
  for (const auto& cell : plan.cells) {
    const Simulator simulator({4000, 4000},
                              {"--sink", "--latency", std::to_string(cell.answer_time_ms) + "ms"});
    lines.push_back(measure(simulator, cell, plan));
  }
  Report report;
  report.list("settings", std::move(lines));
  return report;
}

} // namespace

int main(int argc, char** argv) {
  std::string path = TUNING_FILE;
  CommandLine line("Records a second by settings.", "tuning");
  line.app.add_option("--file", path, "the settings to try")->check(CLI::ExistingFile);
  return line.run(argc, argv, [&] { return run(path); });
}
