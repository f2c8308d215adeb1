#include <dialogferry/engine/limit/knee.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace dialogferry::engine {

using namespace std::chrono_literals;

namespace {

constexpr Moment shortest_window = 30ms;
constexpr Moment longest_window = 10s; ///< without an end a look is given up
constexpr std::uint32_t fewest_answers = 64;
constexpr double answers_to_tell =
    54; ///< times the variance: two windows that differ by `waits` then differ by three standard errors
constexpr Moment watch_window = 1s; ///< while nothing is looked for: noise is to call for no look

constexpr std::uint32_t few_of = 8; ///< the way up begins at an eighth of the places
constexpr double waits = 0.58;      ///< binary logarithm: answers take half as long again
constexpr double waited = 0.3;      ///< binary logarithm: half the places make answers a fifth faster
constexpr double waiting_matters =
    24.25; ///< binary logarithm of 20 ms in ns: shorter answers wait for nobody's harm
constexpr double brings_more = 1.25; ///< twice the places carry a quarter more
constexpr double carries_as_much =
    0.9; ///< what noise takes from a window, a quarter fewer places would take more
constexpr std::uint32_t doubts_to_stop = 2;
constexpr std::uint32_t changed_to_look = 3;
constexpr double follows = 0.1; ///< of each window, in what counts as usual

constexpr Moment first_apart = 15s; ///< between looks; doubled each time
constexpr Moment last_apart = 120s;
constexpr Moment last_apart_with_all = 300s; ///< where all connections are used

/// Two answer times at least: requests that began together are answered together.
Moment window_length(Moment least, double time) {
  return std::max(least, Moment{static_cast<std::int64_t>(2 * std::exp2(time))});
}

} // namespace

void Knee::change(std::uint32_t most) {
  settled_ = lowered() ? std::min(settled_, most) : most;
  value_ = std::min(phase_ == Phase::settled ? settled_ : value_, most);
  most_ = most;
}

void Knee::answered(Moment sent, Moment now, Moment took, bool all_taken) {
  if (most_ < 2) return;
  if (phase_ != Phase::settled && now - begun_ > longest_window) return settle(settled_, now);
  all_seconds_ += in_seconds(now - sent);
  if (!all_taken || sent < begun_) return; // of other places than those in use now
  if (answers_ == 0) first_ = now;
  ++answers_;
  const auto nanoseconds = std::max<std::int64_t>(1000, took.count());
  const auto logarithm = static_cast<double>(std::log2(static_cast<float>(nanoseconds)));
  logarithms_ += logarithm;
  squares_ += logarithm * logarithm;
  seconds_ += in_seconds(took);
  if (answers_ <= fewest_answers) return;
  const auto time = logarithms_ / answers_;
  const auto variance = squares_ / answers_ - time * time;
  const auto least = phase_ == Phase::settled ? watch_window : shortest_window;
  if (answers_ < answers_to_tell * variance || now - first_ < window_length(least, time)) return;
  // Little's law: while every place is taken; between such times nobody may have wanted anything.
  const Measure measure{value_ / (seconds_ / answers_), time};
  in_flight_ = all_seconds_ / std::max(1e-6, in_seconds(now - begun_));
  begin_window(now);
  measured(measure, now);
}

void Knee::spoil(Moment now) {
  if (phase_ != Phase::settled)
    settle(settled_, now);
  else
    begin_window(now);
}

void Knee::measured(const Measure& measure, Moment now) {
  switch (phase_) {
  case Phase::settled: return watch(measure, now);
  case Phase::half: // that answers wait can be told at half the speed; where they do not, no more is lost
    return here_.time - measure.time < waited ? settle(most_, now) : use(Phase::few, most_ / few_of, now);
  case Phase::few:
    base_ = measure;
    base_places_ = value_;
    return use(Phase::more, 2 * value_, now);
  case Phase::more: return climb(measure, now);
  case Phase::fewer: return thin_out(measure, now);
  }
}

/// Other answer times may mean that the knee has moved; otherwise it is looked for now and
/// then.
void Knee::watch(const Measure& measure, Moment now) {
  if (!std::exchange(measured_here_, true)) { // with requests of before in it
    here_ = measure;
    return;
  }
  const bool worse = measure.time > here_.time + waits;
  const bool better = lowered() && measure.time < here_.time - waits;
  changed_ = worse || better ? changed_ + 1 : 0;
  if (!worse) here_.time += follows * (measure.time - here_.time);
  if (!lowered() && measure.time < waiting_matters) return;
  const bool is_other = changed_ >= changed_to_look;
  if (is_other) looks_apart_ = first_apart;
  const bool is_due = now >= look_at_ || is_other;
  if (!looked_ || (is_other && worse) || (is_due && !lowered())) {
    here_ = measure;
    return look(now);
  }
  if (!is_due) return;
  from_few_ = false;
  base_ = measure;
  base_places_ = value_;
  use(Phase::more, 2 * value_, now);
}

void Knee::look(Moment now) {
  looked_ = true;
  from_few_ = true;
  lowered() ? use(Phase::few, most_ / few_of, now) : use(Phase::half, half_of_used(), now);
}

/// Of the places that were really taken: records may come too slowly for all of them.
std::uint32_t Knee::half_of_used() const {
  return static_cast<std::uint32_t>(std::clamp(in_flight_ / 2, 1.0, most_ / 2.0));
}

void Knee::climb(const Measure& measure, Moment now) {
  const bool in_vain = measure.rate < brings_more * base_.rate && measure.time - base_.time >= waits;
  if (in_vain && ++doubts_ < doubts_to_stop) return;
  if (in_vain) return from_few_ ? use(Phase::fewer, base_places_ * 3 / 4, now) : settle(base_places_, now);
  if (!from_few_) looks_apart_ = first_apart; // it is not as it was
  from_few_ = true;
  base_ = measure;
  base_places_ = value_;
  if (value_ == most_) return settle(most_, now);
  use(Phase::more, 2 * value_, now);
}

/// One place in four more than needed: a target that is handed its next request before it has answered the
/// last one never idles.
void Knee::thin_out(const Measure& measure, Moment now) {
  if (measure.rate >= carries_as_much * base_.rate) {
    base_places_ = value_;
    if (value_ > 1) return use(Phase::fewer, value_ * 3 / 4, now);
  }
  settle(base_places_ + std::max(1U, base_places_ / 4), now);
}

void Knee::use(Phase phase, std::uint32_t places, Moment now) {
  phase_ = phase;
  value_ = std::clamp(places, 1U, most_);
  doubts_ = 0;
  begin_window(now);
}

void Knee::settle(std::uint32_t places, Moment now) {
  settled_ = std::min(places, most_);
  use(Phase::settled, settled_, now);
  measured_here_ = false;
  changed_ = 0;
  looks_apart_ = std::clamp(2 * looks_apart_, first_apart, lowered() ? last_apart : last_apart_with_all);
  look_at_ = now + looks_apart_;
}

void Knee::begin_window(Moment now) {
  begun_ = now;
  answers_ = 0;
  logarithms_ = 0;
  squares_ = 0;
  seconds_ = 0;
  all_seconds_ = 0;
}

} // namespace dialogferry::engine
