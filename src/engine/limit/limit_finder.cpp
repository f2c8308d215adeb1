#include <dialogferry/engine/limit/limit_finder.hpp>

#include <algorithm>
#include <cmath>

namespace dialogferry::engine {

using namespace std::chrono_literals;

namespace {

/// Between two reductions: long enough to count what passes while the target's bucket is empty.
constexpr Moment shortest_measure = 200ms;
/// Holding: long enough that the 429 answer that ends a probe is far below one answer in a hundred.
constexpr double shortest_hold = 0.5;
constexpr double usual_hold = 5;
constexpr double longest_hold = 60;
constexpr double answers_per_hold = 100;

constexpr Moment probe_step = 1s;
constexpr Moment climb_step = 500ms;
constexpr int idle_steps_to_free = 4;
constexpr double first_excess = 0.02;
constexpr double catch_up_pace = 1.5;
constexpr double smallest_burst = 0.05;
/// What a bucket of the supposed size would allow may be so many times what has passed.
constexpr double wrong_burst = 1.25;

/// Where a single 429 proves nothing: this share of the newest answers does.
constexpr double telling_share = 0.2;
constexpr Moment telling_span = 100ms;
constexpr double telling_answers = 40;
constexpr double telling_throttled = 5;
constexpr double telling_share_of_few = 0.5; // where there are not so many answers yet
/// A lonely 429 may be chance, and the bucket not empty: the estimate then falls to this share at the most,
/// until more of them follow.
constexpr double largest_drop = 0.6;
constexpr double smallest_estimate = 0.1;
constexpr Moment run_span = 1s;
constexpr Moment run_gap = 500ms;
constexpr double most_run = 5;
/// Without a limit a smaller share, if it lasts, is worth a try with less.
constexpr double lasting_share = 0.01;
constexpr Moment lasting_span = 1s;
constexpr double lasting_answers = 100;
/// It says nothing of a target that has just been met: what is asked of it is still growing.
constexpr Moment settled_after = 3s;
/// And the try is with this share of what passed lately at the least: whoever allowed much less would refuse
/// more.
constexpr double least_tried = 0.9;
/// Without a limit so many pauses, each soon after the one before, are worth it too: they cost more than the
/// few 429 answers show.
constexpr std::uint32_t telling_pauses = 3;
constexpr Moment pauses_apart = 10s;
/// So many reductions in vain, and the 429 answers are noise, unless they are too many for that.
constexpr double strikes_for_noise = 4;
constexpr double strike_forgotten = 0.5; // by a hold without one
constexpr double most_noise = 0.15;
constexpr double noise_fades = 0.01; // with each 429 of a second that had fewer of them

double capacity_for(double pace) {
  return pace * 0.1;
}

/// Among several engines: until each of them knows of a reduction, and is heard of.
constexpr Moment lag_of_others = 500ms;
/// What is found may lie so far above the limit, since the bucket was not empty when it was taken over.
constexpr double taken_over = 0.99;

} // namespace

// -- 429 answers ------------------------------------------------------------------

void LimitFinder::throttled(Moment sent, Moment now) {
  if (first_answer_at_ == never) first_answer_at_ = now;
  history_.add_throttled(now);
  ++throttled_;
  if (phase_ == Phase::free && now - last_throttled_at_ >= run_gap) note_empty(now);
  run_ = now - last_throttled_at_ < run_gap ? std::min(most_run, run_ + 1) : 1;
  last_throttled_at_ = now;
  if (phase_ != Phase::free && now - empty_at_ < run_span && is_run()) drop(now);
  if (phase_ != Phase::free && (sent < empty_at_ || now - empty_at_ < shortest_measure + lag_)) return;
  if (!is_evidence(now)) return;
  if (is_noise(now)) return;
  reduce(now);
}

bool LimitFinder::is_evidence(Moment now) {
  if (phase_ != Phase::free && noise_ == 0) return true;
  const auto newest = history_.recent(now, telling_span, telling_answers);
  const auto telling = newest.all() < telling_answers ? telling_share_of_few : telling_share + 3 * noise_;
  if (newest.throttled >= telling_throttled && newest.share() >= telling) return true;
  if (phase_ != Phase::free) return false;
  if (pauses_ >= telling_pauses && noise_ == 0) return true;
  const auto lasting = history_.recent(now, lasting_span, lasting_answers);
  const bool settled = now - first_answer_at_ >= settled_after && now - paused_until_ >= lasting_span;
  if (!settled || lasting.all() < lasting_answers) return false;
  if (lasting.share() < noise_) noise_ += noise_fades * (lasting.share() - noise_);
  const auto chance = noise_ > 0 ? 3 * std::sqrt(noise_ / lasting.all()) : 0; // three deviations of the count
  const auto expected = std::max(2 * noise_, noise_ + chance);
  return lasting.throttled >= telling_throttled && lasting.share() >= std::max(lasting_share, expected);
}

bool LimitFinder::is_noise(Moment now) {
  const bool expected = phase_ == Phase::probe || phase_ == Phase::climb;
  if (strikes_ == 0) before_ = {phase_, estimate_, passed_ + throttled_, throttled_};
  if (!expected) strikes_ += 1;
  if (strikes_ <= strikes_for_noise) return false;

  const auto share = (throttled_ - before_.throttled) / (passed_ + throttled_ - before_.answers);
  strikes_ = 0;
  if (share > most_noise) return false;
  noise_ = share;
  estimate_ = before_.estimate;
  if (before_.phase == Phase::free)
    begin(Phase::free, 0, 0s, now);
  else
    begin(Phase::hold, estimate_, from_seconds(shortest_hold), now);
  return true;
}

void LimitFinder::reduce(Moment now) {
  ++reductions_;
  const bool was_limited = phase_ != Phase::free;
  const bool was_empty = was_limited || now - empty_at_ >= shortest_measure;
  const auto elapsed = was_empty ? in_seconds(now - empty_at_) : 0.0;
  const auto passed = passed_ - passed_at_empty_;
  if (phase_ == Phase::climb) {
    // Had the bucket kept as much as supposed, the probe would have ended before the climb.
    if (last_was_climb_) burst_ = std::max(smallest_burst, burst_ / 2);
    last_was_climb_ = true;
  } else if (phase_ == Phase::probe) {
    last_was_climb_ = false;
  }

  const auto measured = was_empty ? std::max(passed, 0.5) / elapsed : 0.0;
  const auto since = was_limited ? empty_at_ : 0s;
  auto supposed = history_.rate_of_emptied_bucket(since, now, burst_);
  if (was_limited && phase_ != Phase::climb && supposed > wrong_burst * measured) {
    // Nothing but more that was kept lets more pass than the limit is.
    burst_ = std::min(1.0, 2 * burst_);
    supposed = history_.rate_of_emptied_bucket(since, now, burst_);
  }
  const auto least = was_limited ? largest_drop * estimate_ : least_from_free(now);
  lowest_ = std::max({measured, supposed, smallest_estimate});
  estimate_ = std::max(lowest_, least);
  const auto margin = measured >= supposed ? std::min(0.15, 0.01 + 1 / std::max(1.0, passed)) : 0.05;
  hold_pace_ = estimate_ * (1 - margin);
  hold_ = hold_length(measured >= supposed ? elapsed : shortest_hold);
  pauses_ = 0;
  note_empty(now);
  begin(Phase::hold, hold_pace_, hold_, now);
  bucket_.restart_empty(now);
  if (is_run()) drop(now);
}

double LimitFinder::least_from_free(Moment now) const {
  if (history_.recent(now, telling_span, telling_answers).share() >= telling_share) return smallest_estimate;
  const auto passed = history_.most_passed(lasting_span) / in_seconds(lasting_span);
  return std::max(smallest_estimate, least_tried * passed);
}

void LimitFinder::note_empty(Moment now) {
  empty_at_ = now;
  passed_at_empty_ = passed_;
}

/// More 429 answers have come: what was measured holds, however low it is.
void LimitFinder::drop(Moment now) {
  strikes_ = 0;
  if (lowest_ >= estimate_) return;
  const auto factor = lowest_ / estimate_;
  estimate_ = lowest_;
  hold_pace_ *= factor;
  set_pace(pace_ * factor, now);
}

Moment LimitFinder::hold_length(double measured) const {
  const auto longest = std::clamp(answers_per_hold / estimate_, usual_hold, longest_hold);
  return from_seconds(std::clamp(2 * measured, shortest_hold, longest));
}

// -- pauses -----------------------------------------------------------------------

void LimitFinder::paused(Moment now, Moment until) {
  if (now >= paused_until_) {
    pauses_ = now - paused_until_ < pauses_apart ? pauses_ + 1 : 1;
    paused_at_ = now;
  }
  paused_until_ = std::max(paused_until_, until);
  if (phase_ == Phase::free) return;
  if (phase_ == Phase::climb) reduce(now); // what has passed so far is more than the old limit
  const auto pause = in_seconds(paused_until_ - paused_at_);
  const auto saved = std::min(pause, 0.9 * burst_);
  hold_ = std::max(hold_, from_seconds(std::min(5 * pause, longest_hold)));
  begin(Phase::catch_up, hold_pace_ * catch_up_pace, from_seconds(saved / (catch_up_pace - 1)),
        paused_until_);
  bucket_.restart_empty(paused_until_);
}

// -- time -------------------------------------------------------------------------

void LimitFinder::step(Moment now) {
  switch (phase_) {
  case Phase::free:
  case Phase::follow: return;
  case Phase::catch_up: return begin(Phase::hold, hold_pace_, hold_, now);
  case Phase::hold:
    review_noise();
    spent_ = 0;
    excess_ = first_excess;
    return begin(Phase::probe, estimate_ * (1 + excess_), probe_step, now);
  case Phase::probe: return step_probe(now);
  case Phase::climb: return step_climb(now);
  }
}

/// A hold has ended without another reduction.
void LimitFinder::review_noise() {
  strikes_ = std::max(0.0, strikes_ - strike_forgotten);
  const auto answers = passed_ - passed_at_step_ + throttled_ - throttled_at_step_;
  if (noise_ > 0 && answers >= answers_per_hold)
    noise_ = std::min(most_noise, (throttled_ - throttled_at_step_) / answers);
}

void LimitFinder::step_probe(Moment now) {
  const bool tried = demand_ && passed_ - passed_at_step_ >= 2;
  if (!tried) return begin(Phase::probe, pace_, probe_step, now);
  spent_ += excess_ * in_seconds(probe_step);
  if (spent_ > burst_ + 0.2) {
    idle_steps_ = 0;
    return begin(Phase::climb, pace_ * 2, climb_step, now);
  }
  excess_ *= 2;
  begin(Phase::probe, estimate_ * (1 + excess_), probe_step, now);
}

void LimitFinder::step_climb(Moment now) {
  const bool tried = demand_ && passed_ - passed_at_step_ >= 2;
  if (tried) {
    idle_steps_ = 0;
    return begin(Phase::climb, pace_ * 2, climb_step, now);
  }
  // Other bounds hold now: if that lasts, there is no limit worth the name.
  if (!demand_ && ++idle_steps_ >= idle_steps_to_free) return begin(Phase::free, 0, 0s, now);
  begin(Phase::climb, pace_, climb_step, now);
}

void LimitFinder::begin(Phase phase, double pace, Moment length, Moment now) {
  phase_ = phase;
  set_pace(pace, now);
  step_at_ = now + length;
  demand_ = false;
  passed_at_step_ = passed_;
  throttled_at_step_ = throttled_;
}

void LimitFinder::set_pace(double pace, Moment now) {
  pace_ = pace;
  bucket_.change(pace * share_, capacity_for(pace) * share_, now);
}

// -- one of several engines ---------------------------------------------------------

void LimitFinder::set_share(double share, Moment now) {
  share_ = share;
  lag_ = share < 1 ? lag_of_others : 0s;
  set_pace(pace_, now);
}

void LimitFinder::others_answered(std::uint32_t passed, std::uint32_t fresh, std::uint32_t late,
                                  bool held_back, Moment now) {
  demand_ |= held_back;
  const auto refused = late + fresh;
  for (std::uint32_t i = 0; i < refused; ++i) { // as they may have come: not all of one kind together
    for (auto between = passed * (i + 1) / (refused + 1) - passed * i / (refused + 1); between > 0; --between)
      this->passed(now);
    throttled(i < late ? Moment{0} : now, now);
  }
  for (auto rest = passed - passed * refused / (refused + 1); rest > 0; --rest)
    this->passed(now);
}

void LimitFinder::follow(double limit, double pace, Moment now) {
  if (limit <= 0) return phase_ == Phase::free ? void() : begin(Phase::free, 0, 0s, now);
  estimate_ = limit;
  const bool is_new = phase_ == Phase::free;
  if (phase_ != Phase::follow) begin(Phase::follow, pace, Moment::max() - now, now);
  if (is_new) bucket_.restart_empty(now);
  if (pace != pace_) set_pace(pace, now);
}

void LimitFinder::lead(double limit, std::int64_t reductions, Moment now) {
  const auto share = share_;
  *this = {};
  set_share(share, now);
  reductions_ = reductions + 1;
  note_empty(now);
  if (limit <= 0) return;
  estimate_ = lowest_ = limit;
  hold_pace_ = limit * taken_over;
  hold_ = hold_length(usual_hold);
  begin(Phase::hold, hold_pace_, hold_, now);
  bucket_.restart_empty(now);
}

} // namespace dialogferry::engine
