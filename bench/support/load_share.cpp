#include "load_share.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace bench {

CpuMark::CpuMark(const Simulator& simulator, const EngineRun& of)
    : seconds(std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count())
    , engine(of.cpu_seconds())
    , server(simulator.cpu_seconds())
    , machine(machine_cpu_seconds()) {}

double seconds_between(const CpuMark& begin, const CpuMark& end) {
  return end.seconds - begin.seconds;
}

LoadShare share_between(const CpuMark& begin, const CpuMark& end) {
  const auto seconds = seconds_between(begin, end);
  LoadShare share;
  share.engine = (end.engine - begin.engine) / seconds;
  share.server = (end.server - begin.server) / seconds;
  share.others = std::max(0.0, (end.machine - begin.machine) / seconds - share.engine - share.server);
  return share;
}

std::string what_limits(const LoadShare& share) {
  const double cores = std::max(1U, std::thread::hardware_concurrency());
  const auto used = fmt::format("engine {:.2f}, server {:.2f} and other programs {:.2f} of {:.0f} cores",
                                share.engine, share.server, share.others, cores);
  if (share.others >= 0.1 * cores) return "other programs, measure again on an idle machine: " + used;
  if (share.server >= 0.9) return "the server's one thread: " + used;
  if (share.engine + share.server >= 0.9 * cores) return "the machine: " + used;
  return "waiting: " + used;
}

} // namespace bench
