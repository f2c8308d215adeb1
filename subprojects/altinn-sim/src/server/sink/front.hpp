#pragma once

#include "simulator.hpp"
#include "sink.hpp"

namespace altinn_sim::sink {

/// The sink as a handler: counts what it answers, and leaves to the simulator what is below "/_sim". Answers
/// are as late as the simulator's.
class Front {
public:
  /// Sink and simulator outlive it.
  Front(const Sink& sink, Simulator& simulator)
      : sink_(sink)
      , simulator_(simulator) {}

  void answer(const Incoming& incoming, Answer& answer) const;

private:
  const Sink& sink_;
  Simulator& simulator_;
};

} // namespace altinn_sim::sink
