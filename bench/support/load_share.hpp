#pragma once

#include "engine_run.hpp"

#include <string>

namespace bench {

/// How many cores the programs have kept busy.
struct LoadShare {
  double engine = 0;
  double server = 0;
  double others = 0; ///< programs that have nothing to do with it
};

/// Where the CPU times stand while engine and simulator run.
struct CpuMark {
  CpuMark(const Simulator& simulator, const EngineRun& engine);

  double seconds; ///< by the clock
  double engine;
  double server;
  double machine;
};

double seconds_between(const CpuMark& begin, const CpuMark& end);
LoadShare share_between(const CpuMark& begin, const CpuMark& end);

/// Which of machine, server and settings allows no more, with the figures it follows from.
std::string what_limits(const LoadShare& share);

} // namespace bench
