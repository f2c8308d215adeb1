#pragma once

#include "simulator.hpp"
#include "sink.hpp"

namespace altinn_sim::sink {

/// The sink as a handler: counts what it answers, and leaves to the simulator what is below "/_sim".
class Front {
public:
  /// Sink and simulator outlive it.
  Front(const Sink& sink, Simulator& simulator, std::chrono::microseconds latency)
      : sink_(sink)
      , simulator_(simulator)
      , latency_(latency) {}

  void answer(const Incoming& incoming, Answer& answer) const;

private:
  const Sink& sink_;
  Simulator& simulator_;
  std::chrono::microseconds latency_;
};

} // namespace altinn_sim::sink
