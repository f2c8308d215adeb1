// The main program of the micro benchmarks: Google Benchmark's own, and --json for one object with what each
// of them does per second of one core.
#include "support/report.hpp"

#include <algorithm>
#include <benchmark/benchmark.h>
#include <cstring>
#include <string>
#include <vector>

namespace {

class Collector : public benchmark::BenchmarkReporter {
public:
  bool ReportContext(const Context& context) override {
    static_cast<void>(context);
    return true;
  }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const auto& run : runs) {
      bench::Report operation;
      const auto& name = run.run_name;
      operation.text("name", name.function_name + (name.args.empty() ? "" : "/" + name.args));
      if (run.error_occurred) {
        failed_ = true;
        operations_.push_back(std::move(operation.text("error", run.error_message)));
        continue;
      }
      const auto counter = [&](const char* name) { return run.counters.find(name); };
      const auto rate = counter("items_per_second");
      const bool counted = rate != run.counters.end();
      const auto per_second = counted ? static_cast<double>(rate->second)
                                      : static_cast<double>(run.iterations) / run.real_accumulated_time;
      operation.number("operations_per_s", per_second, per_second < 100 ? 2 : 0);
      if (const auto bytes = counter("bytes_per_op"); bytes != run.counters.end())
        operation.number("bytes_per_operation", bytes->second, 0)
            .number("allocations_per_operation", counter("allocs_per_op")->second, 1);
      operations_.push_back(std::move(operation));
    }
  }

  bool failed() const { return failed_; }
  std::vector<bench::Report> take() { return std::move(operations_); }

private:
  std::vector<bench::Report> operations_;
  bool failed_ = false;
};

/// The usual table, and whether all went well.
class Table : public benchmark::ConsoleReporter {
public:
  Table()
      : ConsoleReporter(OO_Tabular) {}

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const auto& run : runs)
      failed_ |= run.error_occurred;
    ConsoleReporter::ReportRuns(runs);
  }

  bool failed() const { return failed_; }

private:
  bool failed_ = false;
};

/// Takes --json out of the arguments.
bool wants_json(int& argc, char** argv) {
  auto* const end =
      std::remove_if(argv + 1, argv + argc, [](const char* text) { return !std::strcmp(text, "--json"); });
  const auto left = static_cast<int>(end - argv);
  const bool found = left < argc;
  argc = left;
  argv[argc] = nullptr;
  return found;
}

} // namespace

int main(int argc, char** argv) {
  const bool json = wants_json(argc, argv);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  if (!json) {
    Table table;
    benchmark::RunSpecifiedBenchmarks(&table);
    return table.failed() ? 1 : 0;
  }
  Collector collector;
  benchmark::RunSpecifiedBenchmarks(&collector);
  bench::Report report;
  report.list("operations", collector.take()).print(BENCHMARK_NAME, true);
  return collector.failed() ? 1 : 0;
}
