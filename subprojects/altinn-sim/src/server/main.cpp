#include "options.hpp"
#include "problem.hpp"
#include "simulator.hpp"

#include <cstdio>
#include <exception>

namespace {

using namespace altinn_sim;

void add_controls(Simulator& simulator) {
  simulator.control("GET /health", [](const Request&) { return json_answer(200, {{"status", "healthy"}}); });
  simulator.control("GET /requests",
                    [&log = simulator.log()](const Request&) { return json_answer(200, log.as_json()); });
  simulator.control("POST /requests/reset", [&log = simulator.log()](const Request&) {
    log.reset();
    return Response{204, {}, {}, {}};
  });
}

int serve(const Options& options) {
  Simulator simulator({options.latency});
  add_controls(simulator);
  HttpServer server({options.port, options.threads, options.gzip},
                    [&](const Incoming& incoming) { return simulator.answer(incoming); });
  server.stop_on_signals();
  std::printf("listening on 127.0.0.1:%u\n", static_cast<unsigned>(server.port()));
  std::fflush(stdout);
  server.run();
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  auto reading = read_options(argc, argv);
  if (!reading.options) return reading.exit_status;
  try {
    return serve(*reading.options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "altinn-sim: %s\n", error.what());
    return 1;
  }
}
