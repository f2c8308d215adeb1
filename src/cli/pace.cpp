#include <dialogferry/cli/progress.hpp>

#include <algorithm>
#include <cmath>

namespace dialogferry::cli {

namespace {

constexpr std::int64_t rate_window = 10 * Instant::per_second;
constexpr std::int64_t days_window = 300 * Instant::per_second;
constexpr std::int64_t step = Instant::per_second / 4; ///< points nearer than this replace one another

double seconds_between(Instant from, Instant to) {
  return static_cast<double>(to.ticks - from.ticks) / static_cast<double>(Instant::per_second);
}

} // namespace

void Pace::observe(ProgressSnapshot& snapshot) {
  for (auto& progress : snapshot.rows) {
    const auto days = progress.days_complete + progress.days_parked;
    const auto [found, is_new] = rows_.try_emplace(progress.id);
    auto& row = found->second;
    if (is_new) row.days_at_start = days;
    const bool near =
        row.points.size() > 1 && snapshot.as_of.ticks - row.points[row.points.size() - 2].at.ticks < step;
    if (near) row.points.pop_back();
    row.points.push_back({snapshot.as_of, progress.counts.read(), days});
    while (snapshot.as_of.ticks - row.points.front().at.ticks > days_window)
      row.points.pop_front();
    measure(row, progress);
  }
}

void Pace::measure(const Row& row, RowProgress& progress) {
  const auto& last = row.points.back();
  const auto& oldest = row.points.front();
  const auto recent = std::find_if(row.points.begin(), row.points.end(), [&](const Point& point) {
    return last.at.ticks - point.at.ticks <= rate_window;
  });
  if (const double seconds = seconds_between(recent->at, last.at); seconds > 0 && last.read >= recent->read)
    progress.records_per_second = static_cast<double>(last.read - recent->read) / seconds;

  const double seconds = seconds_between(oldest.at, last.at);
  const auto one_per_cent = std::max<std::uint32_t>(1, progress.days_planned / 100);
  const bool meaningful =
      seconds >= 10 && last.days >= row.days_at_start + one_per_cent && last.days > oldest.days;
  if (!progress.history || !meaningful || progress.days_planned < last.days) return;
  const double days_per_second = (last.days - oldest.days) / seconds;
  progress.time_left =
      std::chrono::seconds{std::llround((progress.days_planned - last.days) / days_per_second)};
}

} // namespace dialogferry::cli
