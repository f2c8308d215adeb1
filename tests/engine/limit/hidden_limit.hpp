#pragma once

#include <dialogferry/engine/limit/rate_controller.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <random>
#include <utility>
#include <vector>

/// A simulated target with a limit the callers do not know, and callers with endless demand, or with requests
/// that come one by one, on a virtual clock: the same seed gives the same run.
namespace dialogferry::engine::simulated {

using namespace std::chrono_literals;

/// From `from` on the target allows `limit` requests a second; 0 = all.
struct Step {
  Moment from;
  double limit;
};

enum class RetryAfter : std::uint8_t { never, always, alternating };

/// Some of the requests, which take so many times as long as others.
struct Slower {
  double times = 1;
  std::function<double(Moment now)> share;
};

struct Target {
  std::vector<Step> steps{};
  double burst_seconds = 1;                   ///< the target's bucket keeps so many seconds of requests
  RetryAfter retry_after = RetryAfter::never; ///< whole seconds, as the header has it
  Moment fastest = 1ms;                       ///< answers take between fastest and slowest, evenly spread
  Moment slowest = 50ms;
  double random_429 = 0; ///< share of requests throttled for no reason
  double random_503 = 0;
  Moment random_503_until = Moment::max();
  double random_5xx = 0;
  std::optional<std::chrono::milliseconds> random_retry_after{}; ///< with random 429 and 503
  /// Answer time of a request, if it is not evenly spread; `busy` are the requests at the target.
  std::function<Moment(Moment now, std::uint32_t busy, std::mt19937&)> answer_time{};
  std::optional<Slower> slower{}; ///< a kind of their own
};

struct Second {
  double sent = 0;
  double accepted = 0; ///< passed the limit, whatever came after
  double throttled = 0;
  double pace = 0;  ///< at its end
  double found = 0; ///< at its end; 0 = none
  std::uint32_t concurrency = 0;
};

struct Run {
  std::vector<Second> seconds;
  std::vector<Moment> sends; ///< of every attempt, in order

  double accepted(std::size_t from, std::size_t to) const { return sum(from, to, &Second::accepted); }
  double throttled(std::size_t from, std::size_t to) const { return sum(from, to, &Second::throttled); }
  /// 429 answers among all answers.
  double throttled_share(std::size_t from, std::size_t to) const {
    const auto all = accepted(from, to) + throttled(from, to);
    return all > 0 ? throttled(from, to) / all : 0;
  }

private:
  double sum(std::size_t from, std::size_t to, double Second::*member) const {
    double total = 0;
    for (auto i = from; i < std::min(to, seconds.size()); ++i)
      total += seconds[i].*member;
    return total;
  }
};

/// The most events in any closed window of one second.
inline std::size_t most_in_a_second(const std::vector<Moment>& sends) {
  std::size_t most = 0;
  for (std::size_t first = 0, last = 0; last < sends.size(); ++last) {
    while (sends[first] < sends[last] - 1s)
      ++first;
    most = std::max(most, last - first + 1);
  }
  return most;
}

/// Who sends.
struct Caller {
  RateController* limiter;
  double demand = 0; ///< requests per second that come at random; 0: without end
  bool is_dead = false;

  Moment poll_at = Moment::max();
  Moment next_request{0};
  std::uint32_t waiting = 0;
  std::vector<Moment> sends = {};
};

class Simulation {
public:
  Simulation(RateController& limiter, Target target, unsigned seed)
      : Simulation{std::vector{Caller{&limiter}}, std::move(target), seed} {}

  Simulation(std::vector<Caller> callers, Target target, unsigned seed)
      : callers_{std::move(callers)}
      , target_{std::move(target)}
      , random_{seed} {}

  Caller& caller(std::size_t index) { return callers_[index]; }

  /// Has `what` done at a moment, or at once where that has passed.
  void at(Moment when, std::function<void(Moment)> what) {
    schedule({std::max(when, now_), Kind::act, 0ns, {}, {}, acts_.size()});
    acts_.push_back(std::move(what));
  }

  /// Runs for `length`; `each` is called every millisecond or so, before attempts start.
  Run run(Moment length, const std::function<void(Moment)>& each = {}) {
    for (std::size_t who = 0; who < callers_.size(); ++who)
      poll(who, 0ns);
    while (!events_.empty() && events_.top().at <= length) {
      const auto event = events_.top();
      events_.pop();
      now_ = event.at;
      close_seconds();
      if (each) each(now_);
      if (event.kind == Kind::arrival)
        arrive(event);
      else if (event.kind == Kind::answer)
        answer(event);
      else if (event.kind == Kind::act)
        std::exchange(acts_[event.who], {})(now_);
      else if (event.at == callers_[event.who].poll_at)
        callers_[event.who].poll_at = never;
      for (std::size_t who = 0; who < callers_.size(); ++who)
        if (!callers_[who].is_dead) start_attempts(who);
    }
    now_ = length;
    close_seconds();
    return std::move(run_);
  }

private:
  enum class Kind : std::uint8_t { poll, arrival, answer, act };
  struct Event {
    Moment at;
    Kind kind;
    Moment sent;
    Signal signal;
    std::optional<std::chrono::milliseconds> retry_after;
    std::size_t who = 0; ///< of callers_, or acts_
    std::uint64_t order = 0;
    bool is_slower = false;

    bool operator>(const Event& other) const { return at != other.at ? at > other.at : order > other.order; }
  };
  static constexpr Moment never = Moment::max();

  void schedule(Event event) {
    event.order = ++order_;
    events_.push(event);
  }

  void poll(std::size_t who, Moment when) {
    if (when >= callers_[who].poll_at) return;
    callers_[who].poll_at = when;
    schedule({when, Kind::poll, 0ns, {}, {}, who});
  }

  void start_attempts(std::size_t who) {
    auto& caller = callers_[who];
    if (caller.demand > 0) await_requests(who);
    while ((caller.demand <= 0 || caller.waiting > 0) && caller.limiter->try_acquire(now_)) {
      ++second_.sent;
      run_.sends.push_back(now_);
      caller.sends.push_back(now_);
      if (caller.waiting > 0) --caller.waiting;
      ++busy_;
      const bool is_slower = target_.slower && uniform() < target_.slower->share(now_);
      const auto took =
          is_slower ? from_seconds(in_seconds(answer_time()) * target_.slower->times) : answer_time();
      schedule({now_ + took / 2, Kind::arrival, now_, Signal::success, {}, who, 0, is_slower});
    }
    if (caller.demand > 0 && caller.waiting == 0) return;
    if (const auto next = caller.limiter->next_chance(now_)) poll(who, std::max(*next, now_ + 1ns));
  }

  void await_requests(std::size_t who) {
    auto& caller = callers_[who];
    for (; caller.next_request <= now_; ++caller.waiting)
      caller.next_request += from_seconds(-std::log(1 - uniform()) / caller.demand);
    poll(who, caller.next_request);
  }

  Moment answer_time() {
    if (target_.answer_time) return target_.answer_time(now_, busy_, random_);
    return target_.fastest + from_seconds(uniform() * in_seconds(target_.slowest - target_.fastest));
  }

  void arrive(Event event) {
    event.signal = judge(event);
    const auto travelled = event.at - event.sent;
    event.at += travelled;
    event.kind = Kind::answer;
    schedule(event);
  }

  Signal judge(Event& event) {
    if (uniform() < target_.random_429) {
      event.retry_after = target_.random_retry_after;
      return throttled();
    }
    if (!let_pass()) {
      const bool with_header = target_.retry_after == RetryAfter::always ||
                               (target_.retry_after == RetryAfter::alternating && (++refusals_ % 2 == 0));
      const auto wait = std::ceil((1 - tokens_) / limit());
      if (with_header) event.retry_after = std::chrono::milliseconds{static_cast<int>(1000 * wait)};
      return throttled();
    }
    ++second_.accepted;
    if (now_ < target_.random_503_until && uniform() < target_.random_503) {
      event.retry_after = target_.random_retry_after;
      return Signal::overloaded;
    }
    return uniform() < target_.random_5xx ? Signal::failed : Signal::success;
  }

  Signal throttled() {
    ++second_.throttled;
    return Signal::throttled;
  }

  bool let_pass() {
    const auto rate = limit();
    if (rate <= 0) return true;
    tokens_ = std::max(0.0, std::min(std::max(1.0, rate * target_.burst_seconds),
                                     tokens_ + rate * in_seconds(now_ - filled_at_)));
    filled_at_ = now_;
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

  double limit() const {
    double limit = 0;
    for (const auto& step : target_.steps)
      if (step.from <= now_) limit = step.limit;
    return limit;
  }

  void answer(const Event& event) {
    --busy_;
    const auto& caller = callers_[event.who];
    if (caller.is_dead) return;
    const RequestKind kind{static_cast<std::uint8_t>(event.is_slower ? 1 : 0)};
    caller.limiter->on_answer(event.sent, now_, event.signal, event.retry_after, kind);
  }

  void close_seconds() {
    while (now_ >= (run_.seconds.size() + 1) * Moment{1s}) {
      const auto view = callers_.front().limiter->view(now_);
      second_.pace = view.rate;
      second_.found = view.found_limit.value_or(0);
      second_.concurrency = view.concurrency_limit;
      run_.seconds.push_back(second_);
      second_ = {};
    }
  }

  double uniform() { return static_cast<double>(random_()) / 4294967296.0; }

  std::vector<Caller> callers_;
  Target target_;
  std::mt19937 random_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  std::vector<std::function<void(Moment)>> acts_;
  std::uint64_t order_ = 0;
  Moment now_{0};
  std::uint32_t busy_ = 0;
  std::uint64_t refusals_ = 0;
  double tokens_ = 1e18;
  Moment filled_at_{0};
  Second second_;
  Run run_;
};

} // namespace dialogferry::engine::simulated
