#pragma once

#include "engine_run.hpp"
#include "report.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <string>

namespace bench {

/// The command line of one benchmark: --json, --engine and its own options.
struct CommandLine {
  CommandLine(const std::string& description, const std::string& name)
      : app(description, name) {
    app.add_flag("--json", json, "one JSON object");
    app.add_option("--engine", engine_program, "another engine than the one built here");
  }

  /// Runs the benchmark and prints its report; what main() returns.
  template <class Run>
  int run(int argc, char** argv, Run benchmark) {
    try {
      app.parse(argc, argv);
      benchmark().print(app.get_name(), json);
      return 0;
    } catch (const CLI::ParseError& error) {
      return app.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& error) {
      std::fprintf(stderr, "error: %s: %s\n", app.get_name().c_str(), error.what());
      return 1;
    }
  }

  CLI::App app;
  bool json = false;
};

inline void add_engine_options(CommandLine& line, EngineSettings& settings) {
  line.app.add_option("--threads", settings.threads, "engine.threads, 0 = one per core")
      ->capture_default_str();
  line.app.add_option("--connections", settings.connections, "per API")->capture_default_str();
  line.app.add_option("--credit", settings.credit, "records in flight per shard")->capture_default_str();
  line.app.add_option("--shards", settings.shards_in_flight, "in flight")->capture_default_str();
}

} // namespace bench
