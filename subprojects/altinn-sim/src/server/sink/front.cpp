#include "front.hpp"

#include "clock.hpp"

namespace altinn_sim::sink {

void Front::answer(const Incoming& incoming, Answer& answer) const {
  std::size_t endpoint = 0;
  int status = sink_.answer(incoming, answer.raw, endpoint);
  if (status == 0) {
    answer = simulator_.answer(incoming);
    return;
  }
  simulator_.log().note(endpoint, status, steady_us());
  answer.delivery.delay = latency_;
}

} // namespace altinn_sim::sink
