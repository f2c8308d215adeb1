#include "pace.hpp"

#include <chrono>
#include <thread>

namespace bench {

namespace {

void sleep(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

struct Mark {
  std::chrono::steady_clock::time_point at = std::chrono::steady_clock::now();
  double created = 0;
};

Mark mark(const Simulator& simulator) {
  const auto created = simulator.requests().created;
  return {std::chrono::steady_clock::now(), static_cast<double>(created)};
}

} // namespace

double pace_of(const Simulator& simulator, EngineRun& engine, double warm_up, double seconds) {
  sleep(warm_up);
  const auto begin = mark(simulator);
  sleep(seconds);
  engine.require_running();
  const auto end = mark(simulator);
  return (end.created - begin.created) / std::chrono::duration<double>(end.at - begin.at).count();
}

} // namespace bench
