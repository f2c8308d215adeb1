#include <dialogferry/status/eta.hpp>

#include <algorithm>
#include <cmath>

namespace dialogferry::status {

namespace {

constexpr double tick = 1.0 / Instant::per_second;
constexpr std::int64_t minute = 60 * Instant::per_second;
constexpr std::int64_t period = ledger::RateSample::seconds * Instant::per_second;
/// Nobody plans further ahead.
constexpr double longest = 100.0 * 365 * 86'400;

/// Records per second from `since`, or from the first sample where that is later, until now.
double rate_since(std::span<const ledger::RateSample> samples, Instant since, Instant now) {
  const auto first =
      std::find_if(samples.begin(), samples.end(), [&](const auto& sample) { return sample.at >= since; });
  if (first == samples.end()) return 0;
  double read = 0;
  for (auto sample = first; sample != samples.end(); ++sample)
    read += static_cast<double>(sample->read);
  const auto begin = first == samples.begin() ? first->at : since;
  return read / std::max(static_cast<double>(now.ticks - begin.ticks) * tick, 1.0);
}

/// Where the samples since the last pause of five minutes begin.
std::span<const ledger::RateSample> since_pause(std::span<const ledger::RateSample> samples) {
  std::size_t begin = samples.size();
  while (begin > 0 &&
         (begin == samples.size() || samples[begin].at.ticks - samples[begin - 1].at.ticks <= 5 * minute))
    --begin;
  return samples.subspan(begin);
}

} // namespace

double current_rate(std::span<const ledger::RateSample> samples, Instant now) {
  return rate_since(samples, {now.ticks - minute - period}, now);
}

std::optional<Eta> estimate(double remaining, std::span<const ledger::RateSample> samples, Instant now) {
  const auto running = since_pause(samples);
  if (running.empty() || now.ticks - running.front().at.ticks < 5 * minute) return std::nullopt;
  if (now.ticks - running.back().at.ticks > 5 * minute) return std::nullopt;
  const double lately = rate_since(running, {now.ticks - 15 * minute}, now);
  const double before = rate_since(running, {now.ticks - Instant::per_day}, now);
  if (lately <= 0 || before <= 0) return std::nullopt;
  const double soonest = remaining / std::max(lately, before);
  const double latest = std::max(remaining / std::min(lately, before), soonest * 1.1);
  const auto after = [now](double seconds) {
    return Instant{now.ticks + std::llround(std::min(seconds, longest)) * Instant::per_second};
  };
  return Eta{after(soonest), after(latest)};
}

} // namespace dialogferry::status
