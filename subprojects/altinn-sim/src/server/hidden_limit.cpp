#include "hidden_limit.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <cmath>

namespace altinn_sim {

namespace json = boost::json;

HiddenLimit::HiddenLimit(LimitPlan plan)
    : plan_(std::move(plan))
    , plateau_end_(plan_.schedule.front().seconds)
    , tokens_(plan_.schedule.front().rate * plan_.burst_seconds) {}

std::size_t HiddenLimit::plateau_at(double second) const {
  std::size_t at = 0;
  for (double end = plan_.schedule[0].seconds; at + 1 < plan_.schedule.size() && second >= end;) {
    end += plan_.schedule[++at].seconds;
  }
  return at;
}

void HiddenLimit::fill_until(double second) {
  const auto& plateau = plan_.schedule[plateau_];
  tokens_ += std::max(0.0, second - filled_until_) * plateau.rate;
  tokens_ = std::min(tokens_, plateau.rate * plan_.burst_seconds);
  filled_until_ = std::max(filled_until_, second);
}

/// Plateau by plateau, since each has a rate and a size of its own.
void HiddenLimit::move_to(double second) {
  while (plateau_ + 1 < plan_.schedule.size() && second >= plateau_end_) {
    fill_until(plateau_end_);
    plateau_end_ += plan_.schedule[++plateau_].seconds;
  }
  fill_until(second);
}

HiddenLimit::Verdict HiddenLimit::ask(std::int64_t now_us) {
  constexpr std::size_t longest_series = 86'400;
  // The sum of many small fillings may end a hair below a whole token.
  constexpr double whole = 1 - 1e-6;
  if (!start_us_) start_us_ = now_us;
  double second = static_cast<double>(now_us - *start_us_) / 1e6;
  move_to(second);
  auto index = std::min(static_cast<std::size_t>(second), longest_series - 1);
  if (index >= counts_.size()) counts_.resize(index + 1);
  if (tokens_ >= whole) {
    tokens_ -= 1;
    ++counts_[index].allowed;
    return {};
  }
  ++counts_[index].refused;
  bool told = plan_.retry_after == RetryAfter::on ||
              (plan_.retry_after == RetryAfter::alternate && refusals_++ % 2 == 0);
  if (!told) return {false, std::nullopt};
  double wait = (1 - tokens_) / plan_.schedule[plateau_].rate;
  return {false, std::max(1, static_cast<int>(std::ceil(wait)))};
}

json::object HiddenLimit::as_json() const {
  json::array seconds;
  for (std::size_t second = 0; second < counts_.size(); ++second) {
    auto plateau = plateau_at(static_cast<double>(second));
    seconds.push_back({{"second", second},
                       {"plateau", plateau},
                       {"rate", plan_.schedule[plateau].rate},
                       {"allowed", counts_[second].allowed},
                       {"refused", counts_[second].refused}});
  }
  return {{"api", name_of(plan_.api)}, {"seconds", std::move(seconds)}};
}

} // namespace altinn_sim
