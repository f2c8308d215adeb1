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
/// Of a few answers so many, unless all of them do: a pause too many leaves as few answers to judge the next
/// by.
constexpr double refusals_to_tell = 4;
/// Two engines name the end of one pause so far apart at the most; what is later is another pause.
constexpr Moment same_pause = 50ms;

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
  if (sharing_ && sharing_->lapses(now)) take_share(now);
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
  if (sharing_) sharing_->asked(in_places, count);
  if (count == wanted) return count;

  if (count < in_ceiling && sharing_) sharing_->held_back();
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
                               std::optional<std::chrono::milliseconds> retry_after, RequestKind kind) {
  const bool all_taken = in_flight_ >= std::min(concurrency_.value(), knee_.value());
  if (in_flight_ > 0) --in_flight_;
  if (options_.adaptive) learn(sent, now, signal, kind, all_taken);
  const bool asks_to_wait = retry_after && retry_after->count() > 0;
  asks_to_wait ? refusals_.add_throttled(now) : refusals_.add_passed(now);
  if (asks_to_wait && all_are_refused(now)) pause_for(*retry_after, now);
}

bool RateController::all_are_refused(Moment now) const {
  const auto newest = refusals_.recent(now, 0s, refusing_answers);
  if (newest.passed == 0) return newest.throttled > 0;
  return newest.throttled >= refusals_to_tell && newest.share() >= refusing_share;
}

void RateController::learn(Moment sent, Moment now, Signal signal, RequestKind kind, bool all_taken) {
  const auto took = times_.comparable(kind, now - sent, signal == Signal::success && kind.is_judged);
  if (signal == Signal::success) knee_.answered(sent, now, took, all_taken && kind.is_judged);
  if (signal == Signal::throttled)
    return follows() ? sharing_->throttled(sent) : finder_.throttled(sent, now);
  follows() ? sharing_->passed() : finder_.passed(now);
  if (signal == Signal::overloaded) return concurrency_.overloaded(now);
  if (knee_.looks()) return; // other places, other answer times
  if (kind.is_judged) concurrency_.answered(took, signal == Signal::failed, now);
}

void RateController::pause_for(Moment wait, Moment now) {
  if (now >= resume_) paused_at_ = now;
  pause_until(now + wait + from_seconds(in_seconds(jitter_of(wait)) * random_()));
  if (!follows()) finder_.paused(now, resume_);
  if (!sharing_) return;
  sharing_->pause(resume_);
  has_pause_to_tell_ = true;
}

void RateController::pause_until(Moment until) {
  if (until <= resume_) return;
  resume_ = until;
  spread_until_ = until + restart_spread;
}

void RateController::configure(const RateOptions& options, Moment now) {
  options_ = sane(options);
  if (!sharing_) ceiling_.change(options.rate, options.burst, now);
  concurrency_.change(options_.connections);
  knee_.change(options_.connections);
  if (!options.adaptive) {
    finder_ = {};
    concurrency_ = ConcurrencyLimit{options_.connections};
    knee_ = Knee{options_.connections};
  }
  if (sharing_) take_share(now);
}

void RateController::refused(RateReason reason, Moment now) {
  refused_by_ = reason;
  refused_at_ = now;
}

// -- one of several engines -----------------------------------------------------

void RateController::begin_sharing(Moment now) {
  sharing_.emplace(now);
  take_share(now);
  ceiling_.restart_empty(now);
}

/// Every engine keeps at least a token, so that what comes alone need not wait; these are of the burst, and
/// where that is too small, of the rate.
void RateController::take_share(Moment now) {
  const auto share = sharing_->share();
  const auto engines = sharing_->engines();
  const auto burst = std::max(1.0, options_.burst);
  const auto rate = std::max(options_.rate / 2, options_.rate - std::max(0.0, engines - burst));
  ceiling_.change(share * rate, 1 + share * std::max(0.0, burst - engines), now);
  finder_.set_share(share, now);
}

ledger::RateUse RateController::tell(bool is_idle, Moment now) {
  if (sharing_->lapses(now)) take_share(now);
  if (!follows()) finder_.pass_time(now);
  auto use = sharing_->tell(is_idle, now < resume_, now);
  use.rate = options_.rate;
  if (!follows()) use.found = {finder_.limit().value_or(0), finder_.pace(), finder_.reductions()};
  told_pace_ = finder_.pace();
  has_pause_to_tell_ = false;
  return use;
}

void RateController::hear(const ledger::RateShare& heard, Moment told, Moment now) {
  const bool led = sharing_->leads();
  sharing_->hear(heard, told, now);
  take_share(now);
  if (options_.adaptive) {
    const auto& found = heard.found;
    const bool is_told = found.reduction > 0;
    if (heard.leads && !led)
      finder_.lead(is_told ? found.limit : finder_.limit().value_or(0), found.reduction, now);
    if (!heard.leads && is_told) finder_.follow(found.limit, found.pace, now);
    const auto& others = heard.answers;
    if (heard.leads)
      finder_.others_answered(others.passed, others.throttled, others.late, others.held_back, now);
  }
  if (const auto until = now + heard.pause; heard.pause.count() > 0 && until > resume_ + same_pause)
    follow_pause(until, now);
}

/// Somebody else was told to wait.
void RateController::follow_pause(Moment until, Moment now) {
  if (now >= resume_) paused_at_ = now;
  pause_until(until);
  if (!follows()) finder_.paused(now, resume_);
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
