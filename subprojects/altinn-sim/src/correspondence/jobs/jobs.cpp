#include "correspondence/jobs/jobs.hpp"

#include <algorithm>

namespace altinn_sim::correspondence {

void Jobs::add_at(Job job, Moment due, Moment now) {
  ++open_;
  if (due > now) {
    later_.emplace(due, std::move(job));
    return;
  }
  waiting_.push_back(std::move(job));
  take(now);
}

std::optional<Moment> Jobs::run(Moment until) {
  for (;;) {
    const bool has_event = !events_.empty();
    if (!has_event && later_.empty()) return std::nullopt;
    const bool is_later = !later_.empty() && (!has_event || later_.begin()->first < events_.top().at);
    const auto at = is_later ? later_.begin()->first : events_.top().at;
    if (at > until) return at;
    if (is_later) {
      waiting_.push_back(std::move(later_.begin()->second));
      later_.erase(later_.begin());
    } else {
      const auto job = events_.top().job;
      events_.pop();
      job ? act(*job, at) : static_cast<void>(--busy_);
    }
    take(at);
  }
}

/// Workers that are free take what waits.
void Jobs::take(Moment now) {
  while (busy_ < settings.workers && !waiting_.empty()) {
    ++busy_;
    const auto time = settings.time.count();
    const auto acts = time > 0 ? static_cast<Moment>(chance() % static_cast<std::uint64_t>(time)) : 0;
    events_.push({now + acts, order_++, std::make_shared<Job>(std::move(waiting_.front()))});
    events_.push({now + time, order_++, nullptr});
    waiting_.pop_front();
  }
}

void Jobs::act(Job& job, Moment now) {
  auto outcome = job.act(now);
  --open_;
  for (auto& next : outcome.then)
    add(std::move(next), now);
  if (!outcome.again) return;
  if (++job.tries >= most_tries) {
    ++given_up_;
    return;
  }
  ++retried_;
  const auto due = now + settings.retry.count() * job.tries;
  add_at(std::move(job), std::max(due, now + 1), now);
}

std::uint64_t Jobs::chance() {
  auto word = state_ += 0x9e3779b97f4a7c15U;
  word = (word ^ (word >> 30U)) * 0xbf58476d1ce4e5b9U;
  word = (word ^ (word >> 27U)) * 0x94d049bb133111ebU;
  return word ^ (word >> 31U);
}

} // namespace altinn_sim::correspondence
