#include "front.hpp"

#include "clock.hpp"
#include "migration.hpp"

namespace altinn_sim::sink {

void Front::answer(const Incoming& incoming, Answer& answer) const {
  std::size_t endpoint = 0;
  if (sink_.messages() != nullptr) answer.response.file = sink_.messages()->file(incoming.target, endpoint);
  if (answer.response.file) {
    answer.response.content_type = "application/octet-stream";
    answer.response.status = 200;
  }
  int status = answer.response.file ? 200 : sink_.answer(incoming, answer.raw, endpoint);
  if (status == 0) {
    answer = simulator_.answer(incoming);
    return;
  }
  auto now = steady_us();
  simulator_.log().note(endpoint, status, now);
  answer.delivery.delay = std::chrono::microseconds(simulator_.turn_of(api_of(endpoint), now).ends_us - now);
  if (publish_time_.count() > 0)
    answer.delivery.delay += publish_time_ * static_cast<std::int64_t>(published_by(incoming));
}

} // namespace altinn_sim::sink
