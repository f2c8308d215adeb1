#include "live/live_controls.hpp"

#include "json_reader.hpp"
#include "problem.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <stdexcept>

namespace altinn_sim::live {

namespace json = boost::json;
using namespace storage;

namespace {

template <class Use>
Response with_body(const Request& request, Use use) {
  try {
    boost::system::error_code error;
    auto body = json::parse({request.body.data(), request.body.size()}, error);
    if (error) return problem_answer(400, "Bad request", "The body is no JSON: " + error.message());
    return use(body);
  } catch (const std::invalid_argument& error) {
    return problem_answer(400, "Bad request", error.what());
  }
}

json::object answer_of(const Changed& change) {
  if (change.event_type.empty()) return {{"instance", guid_text(change.instance)}, {"pending", true}};
  return {{"instance", change.id()},
          {"dialog", guid_text(change.dialog)},
          {"last_changed", time_text(change.last_changed)}};
}

Response make_changes(Emitter& emitter, const std::vector<OneChange>& orders) {
  json::array made;
  for (const auto& order : orders) {
    if (order.elsewhere) {
      made.push_back(emitter.make_elsewhere(*order.elsewhere));
      continue;
    }
    const auto outcome = emitter.change(order);
    if (const auto* problem = std::get_if<std::string>(&outcome)) {
      return problem_answer(409, "Conflict",
                            "changes[" + std::to_string(made.size()) + "]: " + *problem +
                                "; those before it are made.");
    }
    made.push_back(answer_of(std::get<Changed>(outcome)));
  }
  return json_answer(200, json::object{{"changes", std::move(made)}});
}

Response emit(Emitter& emitter, LiveLog& log, const Request& request) {
  return with_body(request, [&](const json::value& body) {
    const auto orders = read_orders(body);
    if (orders.stop) emitter.stop_load();
    if (orders.receipt_wait) log.set_receipt_wait(*orders.receipt_wait);
    if (orders.deliver_to) emitter.deliver_to(*orders.deliver_to);
    if (orders.retry_scale) emitter.set_retry_scale(*orders.retry_scale);
    auto answer = make_changes(emitter, orders.changes);
    if (!orders.load || answer.status != 200) return answer;
    emitter.start(*orders.load);
    answer.status = 202;
    return answer;
  });
}

Response clock_answer(const PlatformClock& clock) {
  return json_answer(200, json::object{{"now", time_text(clock.now())}});
}

Response set_clock(PlatformClock& clock, const Request& request) {
  return with_body(request, [&](const json::value& body) {
    JsonReader members(body, "clock");
    const auto now = members.text("now", "a date-time");
    const auto by = members.duration("advance", std::chrono::milliseconds(0));
    members.finish();
    const auto time = now ? parse_time(*now) : std::nullopt;
    if (now && !time) refuse("now", "a date-time");
    if (time) clock.set(*time);
    clock.advance(by.count() * millisecond);
    return clock_answer(clock);
  });
}

} // namespace

void add_live_controls(Simulator& simulator, Emitter& emitter, LiveLog& log, PlatformClock& clock) {
  simulator.use_clock([&clock] { return clock.now(); });
  simulator.serve(Api::events, [&](const Request& request) {
    if (request.path.starts_with("/subscriptions")) return emitter.subscriptions().handle(request);
    return problem_answer(404, "Not found", "Only subscriptions are simulated.");
  });
  simulator.control("POST /emit", [&](const Request& request) { return emit(emitter, log, request); });
  simulator.control("GET /emit", [&](const Request&) { return json_answer(200, emitter.counts()); });
  simulator.control("POST /clock", [&](const Request& request) { return set_clock(clock, request); });
  simulator.control("GET /clock", [&](const Request&) { return clock_answer(clock); });
}

} // namespace altinn_sim::live
