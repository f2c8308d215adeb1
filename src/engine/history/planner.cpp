#include <dialogferry/engine/history/planner.hpp>

#include <algorithm>

namespace dialogferry::engine {

Planner::Planner(std::string row, std::string stage, Range range, std::vector<std::string> organisations)
    : row_(std::move(row))
    , stage_(std::move(stage))
    , range_(range)
    , organisations_(std::move(organisations))
    , begun_(planned()) {}

std::size_t Planner::days() const {
  return range_.cutover < range_.from
             ? 0
             : static_cast<std::size_t>(range_.cutover.number - range_.from.number) + 1;
}

std::size_t Planner::slot(Day day, std::size_t organisation) const {
  return static_cast<std::size_t>(range_.cutover.number - day.number) * organisations_.size() + organisation;
}

void Planner::known(Day day, std::string_view organisation) {
  if (day < range_.from || day > range_.cutover) return;
  const auto found = std::find(organisations_.begin(), organisations_.end(), organisation);
  if (found == organisations_.end()) return;
  begun_[slot(day, static_cast<std::size_t>(found - organisations_.begin()))] = true;
}

void Planner::resume(Shard shard) {
  const auto same = [&](const Shard& waiting) { return waiting.key == shard.key; };
  if (std::any_of(resumed_.begin(), resumed_.end(), same)) return;
  const auto newer = [](const Shard& a, const Shard& b) { return a.to > b.to; };
  resumed_.insert(std::upper_bound(resumed_.begin(), resumed_.end(), shard, newer), std::move(shard));
}

std::optional<Shard> Planner::next() {
  if (!resumed_.empty()) {
    Shard shard = std::move(resumed_.front());
    resumed_.pop_front();
    return shard;
  }
  while (cursor_ < begun_.size() && begun_[cursor_])
    ++cursor_;
  if (cursor_ >= begun_.size()) return std::nullopt;
  const Day day{range_.cutover.number - static_cast<std::int32_t>(cursor_ / organisations_.size())};
  Shard shard;
  shard.key = {row_, stage_, day, organisations_[cursor_ % organisations_.size()], 0};
  shard.from = day.start();
  shard.to = day.end();
  shard.checkpoint.at = shard.to;
  begun_[cursor_++] = true;
  return shard;
}

} // namespace dialogferry::engine
