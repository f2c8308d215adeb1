#include <dialogferry/engine/limit/answer_history.hpp>

#include <algorithm>

namespace dialogferry::engine {

AnswerHistory::Counts AnswerHistory::recent(Moment now, Moment span, double enough) const {
  Counts counts;
  for (auto index = newest_; index >= oldest(); --index) {
    if (now - index * bin_width > span + bin_width && counts.all() >= enough) break;
    counts.passed += at(index).passed;
    counts.throttled += at(index).throttled;
  }
  return counts;
}

double AnswerHistory::most_passed(Moment span) const {
  const auto bins = span / bin_width;
  double most = 0;
  double passed = 0;
  for (auto index = newest_; index >= oldest(); --index) {
    passed += at(index).passed;
    if (index + bins <= newest_) passed -= at(index + bins).passed;
    most = std::max(most, passed);
  }
  return most;
}

double AnswerHistory::rate_of_emptied_bucket(Moment since, Moment now, double burst) const {
  double best = 0;
  double passed = 0;
  for (auto index = newest_; index >= oldest() && index * bin_width >= since; --index) {
    passed += at(index).passed;
    const auto window = std::max(0.0, in_seconds(now - index * bin_width));
    best = std::max(best, passed / (window + burst));
  }
  return best;
}

void AnswerHistory::advance(std::int64_t index) {
  if (index < newest_) return; // a clock that stands still for a caller counts into the newest bin
  const auto first = std::max(newest_ + 1, index - bin_count + 1);
  for (auto i = first; i <= index; ++i)
    bins_[static_cast<std::size_t>(i % bin_count)] = {};
  newest_ = index;
}

} // namespace dialogferry::engine
