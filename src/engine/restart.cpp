#include <dialogferry/engine/restart.hpp>

#include <algorithm>

namespace dialogferry::engine {

std::optional<std::chrono::milliseconds> RestartPolicy::on_failure(Moment now, double random) {
  while (!failures_.empty() && failures_.front() + rules_.window <= now)
    failures_.pop_front();
  failures_.push_back(now);
  if (failures_.size() > rules_.max_restarts) return std::nullopt;
  const auto doublings = std::min<std::size_t>(failures_.size() - 1, 30);
  const auto whole = std::min(rules_.last, rules_.first * (std::int64_t{1} << doublings));
  const auto spread = static_cast<double>(whole.count()) * (0.5 + 0.5 * random);
  return std::chrono::milliseconds{static_cast<std::int64_t>(spread)};
}

} // namespace dialogferry::engine
