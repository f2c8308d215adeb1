#pragma once

#include "simulator.hpp"
#include "sink.hpp"

#include <chrono>

namespace altinn_sim::sink {

/// The sink as a handler: counts what it answers, and leaves to the simulator what is below "/_sim". Answers
/// are as late as the simulator's, and by `publish_time` for each message that is published at once.
class Front {
public:
  /// Sink and simulator outlive it.
  Front(const Sink& sink, Simulator& simulator, std::chrono::microseconds publish_time = {})
      : sink_(sink)
      , simulator_(simulator)
      , publish_time_(publish_time) {}

  void answer(const Incoming& incoming, Answer& answer) const;

private:
  const Sink& sink_;
  Simulator& simulator_;
  std::chrono::microseconds publish_time_;
};

} // namespace altinn_sim::sink
