#include "simulator.hpp"

#include "clock.hpp"
#include "fault_answers.hpp"
#include "problem.hpp"
#include "token.hpp"

#include <algorithm>

namespace altinn_sim {

namespace {

std::int64_t wall_ticks() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>>(now)
      .count();
}

Request request_from(const Incoming& incoming, const Target& target, const Route& route, Method method) {
  Request request;
  request.method = method;
  request.path = route.path;
  request.query = target.query;
  request.parameters = target.parameters;
  request.if_match = incoming.if_match;
  request.content_type = incoming.content_type;
  request.authorization = incoming.authorization;
  request.body = incoming.body;
  request.host = incoming.host;
  request.has_length = incoming.has_length;
  request.body_size = incoming.body_size;
  request.body_md5 = incoming.body_md5;
  return request;
}

/// Work whose end is counted, and spoilt where it is to be. A reset comes in its midst.
class FollowedWork : public Work {
public:
  FollowedWork(RequestLog& log, const Route& route, Effect effect, std::shared_ptr<Work> work)
      : log_(log)
      , api_(route.api)
      , endpoint_(route.endpoint)
      , effect_(effect)
      , work_(std::move(work)) {}
  FollowedWork(const FollowedWork&) = delete;
  FollowedWork& operator=(const FollowedWork&) = delete;

  ~FollowedWork() override {
    if (!ended_) log_.answered(endpoint_, 0);
  }

  std::optional<std::chrono::microseconds> next(Response& answer) override {
    const bool resets = effect_.fault == Fault::reset;
    const auto rest = work_ ? work_->next(answer) : std::nullopt;
    if (rest && resets) {
      work_.reset();
      return *rest / 2;
    }
    if (rest) return rest;
    ended_ = true;
    spoil_body(answer, effect_);
    log_.answered(endpoint_, resets ? 0 : answer.status);
    log_.refused(api_, effect_.fault == Fault::none ? answer.refusal : name_of(effect_.fault));
    return std::nullopt;
  }

private:
  RequestLog& log_;
  Api api_;
  std::size_t endpoint_;
  Effect effect_;
  std::shared_ptr<Work> work_;
  bool ended_ = false;
};

} // namespace

Answer Simulator::answer(const Incoming& incoming) {
  auto target = split_target(incoming.target);
  auto method = method_named(incoming.method);
  auto route = route_of(method, target.path);
  auto request = request_from(incoming, target, route, method);
  request.now = clock_ ? clock_() : wall_ticks();
  if (route.api == Api::control) return {control_answer(request), {}, {}};
  auto now = steady_us();
  log_.arrived(route.api, now);
  auto effect = faults_.decide({route.api, method, &target, incoming.body}, now);
  bool acts = effect.fault == Fault::none || effect.acts_first;
  auto turn = acts ? turn_of(route.api, now) : Places::Turn{now, now + options_.latency.count()};
  request.begins_us = turn.begins_us;
  request.ends_us = turn.ends_us;
  request.register_down = effect.register_down;
  request.behind = effect.behind;
  request.token_expired = is_expired(request.authorization, wall_ticks() / 10'000'000);
  Answer answer{acts ? service_answer(route, request) : refusal_answer(effect, route), {}, {}};
  auto ready = std::max(turn.ends_us, answer.response.ready_us);
  if (answer.response.work) {
    answer.delivery = effect.delivery;
    answer.delivery.delay = std::chrono::microseconds(ready - now);
    answer.response.work =
        std::make_shared<FollowedWork>(log_, route, effect, std::move(answer.response.work));
    return answer;
  }
  if (effect.fault != Fault::none) spoil(answer, effect);
  answer.delivery.delay = std::chrono::microseconds(ready - now);
  bool reset = answer.delivery.way == Delivery::Way::reset;
  log_.answered(route.endpoint, reset ? 0 : answer.response.status);
  log_.refused(route.api, effect.fault == Fault::none ? answer.response.refusal : name_of(effect.fault));
  return answer;
}

Places::Turn Simulator::turn_of(Api api, std::int64_t now_us) {
  if (api == Api::dialogporten) return places_.take(now_us);
  return {now_us, now_us + options_.latency.count()};
}

Response Simulator::service_answer(const Route& route, const Request& request) {
  auto index = static_cast<std::size_t>(route.api);
  if (route.api == Api::none) {
    if (auto page = pages_.find(request.path); page != pages_.end()) return page->second(request);
  } else if (admits_ && !admits_(request.authorization)) {
    Response refused;
    refused.status = 401;
    refused.headers.emplace_back("WWW-Authenticate", "Bearer");
    return refused;
  }
  if (index >= platform_apis || !services_[index]) {
    return problem_answer(404, "Not found", "No API of the platform is at this path.");
  }
  return services_[index](request);
}

Response Simulator::control_answer(const Request& request) {
  std::string wanted(name_of(request.method));
  wanted += ' ';
  wanted += request.path;
  auto found = controls_.upper_bound(wanted);
  if (found != controls_.begin()) {
    const auto& [pattern, service] = *--found;
    bool prefix = pattern.back() == '/' && wanted.size() > pattern.size();
    if (wanted == pattern || (prefix && wanted.compare(0, pattern.size(), pattern) == 0)) {
      return service(request);
    }
  }
  return problem_answer(404, "Not found", "The simulator has no such control.");
}

} // namespace altinn_sim
