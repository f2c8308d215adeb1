#pragma once

#include "simulator.hpp"

#include <cstdint>
#include <string>

namespace bench {

/// Changes that the simulator makes, and tells of.
struct Changes {
  double rate = 200; ///< a second
  double seconds = 60;
  std::uint64_t seed = 1;
};

/// Begins with them, telling the engine at `address`.
void emit(const Simulator& simulator, const std::string& address, const Changes& changes);

/// `GET /_sim/emit`.
struct Emitted {
  bool over = false; ///< all changes are made and told of
  double changes = 0;
  double events = 0;
  double retried = 0;
  double given_up = 0;
  double measured = 0; ///< changes that a dialog had to show
  double p50_ms = 0;
  double p99_ms = 0;
  double max_ms = 0;
};

Emitted emitted(const Simulator& simulator);

} // namespace bench
