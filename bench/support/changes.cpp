#include "changes.hpp"

#include <fmt/format.h>
#include <simdjson.h>

namespace bench {

void emit(const Simulator& simulator, const std::string& address, const Changes& changes) {
  simulator.post("/_sim/emit", fmt::format(R"({{"deliver_to":"{}/events","rate":{},"seconds":{},"seed":{}}})",
                                           address, changes.rate, changes.seconds, changes.seed));
}

Emitted emitted(const Simulator& simulator) {
  const simdjson::padded_string json(simulator.get("/_sim/emit"));
  simdjson::dom::parser parser;
  const simdjson::dom::element told = parser.parse(json);
  const auto latency = told["latency"];
  Emitted emitted;
  emitted.over = !bool(told["running"]) && std::uint64_t(told["pending"]) == 0;
  emitted.changes = double(told["changes"]);
  emitted.events = double(told["events"]);
  emitted.retried = double(told["retried"]);
  emitted.given_up = double(told["given_up"]);
  emitted.measured = double(latency["count"]);
  emitted.p50_ms = double(latency["p50_ms"]);
  emitted.p99_ms = double(latency["p99_ms"]);
  emitted.max_ms = double(latency["max_ms"]);
  return emitted;
}

} // namespace bench
