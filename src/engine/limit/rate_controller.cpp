#include <dialogferry/engine/limit/rate_controller.hpp>

#include <algorithm>
#include <utility>

namespace dialogferry::engine {

using namespace std::chrono_literals;

namespace {

/// Jitter and the spread of a restart are this share of the pause, within bounds.
constexpr double jitter_share = 0.1;
constexpr Moment most_jitter = 250ms;
/// After a pause the places in flight open one after another over this time.
constexpr Moment restart_spread = 100ms;
/// The API as a whole refuses where this share of so many newest answers ask for a pause. A sprinkle of 4 %
/// comes to that by chance once in hours.
constexpr double refusing_share = 0.25;
constexpr double refusing_answers = 64;

Moment jitter_of(Moment pause) {
  return std::min(most_jitter, from_seconds(in_seconds(pause) * jitter_share));
}

RateOptions sane(RateOptions options) {
  options.connections = std::max<std::uint32_t>(1, options.connections);
  return options;
}

} // namespace

std::string_view name_of(RateReason reason) {
  switch (reason) {
  case RateReason::free: return "free";
  case RateReason::configured_rate: return "configured rate";
  case RateReason::found_limit: return "found limit";
  case RateReason::pause: return "retry-after pause";
  case RateReason::latency: return "latency";
  }
  return "free";
}

RateController::RateController(const RateOptions& options, Random random)
    : options_{sane(options)}
    , random_{std::move(random)}
    , ceiling_{options.rate, options.burst}
    , concurrency_{options_.connections}
    , knee_{options_.connections} {}

// -- acquiring ------------------------------------------------------------------

std::uint32_t RateController::acquire_up_to(std::uint32_t wanted, Moment now) {
  if (now < resume_) {
    refused(RateReason::pause, now);
    knee_.spoil(now);
    return 0;
  }
  const auto in_places = std::min(wanted, places(now));
  const auto in_ceiling = ceiling_.available(in_places, now);
  const auto count = finder_.available(in_ceiling, now);
  ceiling_.take(count);
  finder_.take(count);
  in_flight_ += count;
  if (count == wanted) return count;

  if (count < in_ceiling)
    refused(RateReason::found_limit, now);
  else if (in_ceiling < in_places)
    refused(RateReason::configured_rate, now);
  else
    refused(concurrency_.lowered() || knee_.lowered() ? RateReason::latency : RateReason::free, now);
  if (count < in_places) knee_.spoil(now);
  if (in_places < wanted) concurrency_.refused();
  return count;
}

std::uint32_t RateController::places(Moment now) const {
  auto limit = std::min(concurrency_.value(), knee_.value());
  if (now < spread_until_) {
    const auto open = in_seconds(now - resume_) / in_seconds(spread_until_ - resume_);
    limit = std::max<std::uint32_t>(1, static_cast<std::uint32_t>(limit * open));
  }
  return limit > in_flight_ ? limit - in_flight_ : 0;
}

std::optional<Moment> RateController::next_chance(Moment now) {
  if (now < resume_) return resume_;
  if (places(now) == 0) return now < spread_until_ ? std::optional{now + 1ms} : std::nullopt;
  return std::max(ceiling_.next_token(now), finder_.next_token(now));
}

void RateController::give_back(std::uint32_t count) {
  ceiling_.put_back(count);
  finder_.put_back(count);
  in_flight_ -= std::min(count, in_flight_);
}

// -- learning -------------------------------------------------------------------

void RateController::on_answer(Moment sent, Moment now, Signal signal,
                               std::optional<std::chrono::milliseconds> retry_after) {
  const bool all_taken = in_flight_ >= std::min(concurrency_.value(), knee_.value());
  if (in_flight_ > 0) --in_flight_;
  if (options_.adaptive) learn(sent, now, signal, all_taken);
  const bool asks_to_wait = retry_after && retry_after->count() > 0;
  asks_to_wait ? refusals_.add_throttled(now) : refusals_.add_passed(now);
  if (asks_to_wait && all_are_refused(now)) pause_for(*retry_after, now);
}

bool RateController::all_are_refused(Moment now) const {
  return refusals_.recent(now, 0s, refusing_answers).share() >= refusing_share;
}

void RateController::learn(Moment sent, Moment now, Signal signal, bool all_taken) {
  if (signal == Signal::success) knee_.answered(sent, now, all_taken);
  if (signal == Signal::throttled) return finder_.throttled(sent, now);
  finder_.passed(now);
  if (signal == Signal::overloaded) return concurrency_.overloaded(now);
  if (knee_.looks()) return; // other places, other answer times
  concurrency_.answered(now - sent, signal == Signal::failed, now);
}

void RateController::pause_for(Moment wait, Moment now) {
  if (now >= resume_) paused_at_ = now;
  pause_until(now + wait + from_seconds(in_seconds(jitter_of(wait)) * random_()));
  finder_.paused(now, resume_);
}

void RateController::pause_until(Moment until) {
  if (until <= resume_) return;
  resume_ = until;
  spread_until_ = until + restart_spread;
}

void RateController::configure(const RateOptions& options, Moment now) {
  options_ = sane(options);
  ceiling_.change(options.rate, options.burst, now);
  concurrency_.change(options_.connections);
  knee_.change(options_.connections);
  if (options.adaptive) return;
  finder_ = {};
  concurrency_ = ConcurrencyLimit{options_.connections};
  knee_ = Knee{options_.connections};
}

void RateController::refused(RateReason reason, Moment now) {
  refused_by_ = reason;
  refused_at_ = now;
}

// -- looking --------------------------------------------------------------------

RateView RateController::view(Moment now) const {
  RateView view;
  view.found_limit = finder_.limit();
  view.rate = options_.rate;
  if (const auto pace = finder_.pace(); pace > 0 && (view.rate <= 0 || pace < view.rate)) view.rate = pace;
  view.in_flight = in_flight_;
  view.concurrency_limit = std::min(concurrency_.value(), knee_.settled());
  if (now < resume_) {
    view.paused_until = resume_;
    view.pause = resume_ - paused_at_;
  }
  if (view.paused_until)
    view.reason = RateReason::pause;
  else if (now - refused_at_ < 1s)
    view.reason = refused_by_;
  return view;
}

} // namespace dialogferry::engine
