#include <dialogferry/engine/history/planner.hpp>

#include <algorithm>
#include <utility>

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

/// Of the days that are over.
std::size_t Planner::first_slot(Day newest) const {
  if (newest >= range_.cutover) return 0;
  return newest < range_.from ? planned() : slot(newest, 0);
}

std::deque<Shard>::const_iterator Planner::find_resumed(Day newest) const {
  return std::find_if(resumed_.begin(), resumed_.end(),
                      [&](const Shard& shard) { return shard.key.day <= newest; });
}

std::optional<Day> Planner::waiting(Day newest) const {
  const auto first = std::max(range_.from, newest.next());
  return first > range_.cutover || organisations_.empty() ? std::nullopt : std::optional(first);
}

bool Planner::empty(Day newest) const {
  return find_resumed(newest) == resumed_.end() && std::max(cursor_, first_slot(newest)) >= planned();
}

void Planner::known(Day day, std::string_view organisation) {
  if (day < range_.from || day > range_.cutover) return;
  const auto found = std::find(organisations_.begin(), organisations_.end(), organisation);
  if (found == organisations_.end()) return;
  begun_[slot(day, static_cast<std::size_t>(found - organisations_.begin()))] = true;
}

void Planner::add(const std::vector<std::string>& organisations) {
  const auto before = std::move(organisations_);
  const auto begun = std::move(begun_);
  organisations_ = before;
  for (const auto& name : organisations)
    if (std::find(before.begin(), before.end(), name) == before.end()) organisations_.push_back(name);
  begun_.assign(planned(), false);
  for (std::size_t day = 0; day < days(); ++day)
    for (std::size_t i = 0; i < before.size(); ++i)
      begun_[day * organisations_.size() + i] = begun[day * before.size() + i];
  newest_.reset();
}

void Planner::resume(Shard shard) {
  const auto same = [&](const Shard& waiting) { return waiting.key == shard.key; };
  if (std::any_of(resumed_.begin(), resumed_.end(), same)) return;
  const auto newer = [](const Shard& a, const Shard& b) { return a.to > b.to; };
  resumed_.insert(std::upper_bound(resumed_.begin(), resumed_.end(), shard, newer), std::move(shard));
}

void Planner::give_back(Shard shard) {
  const auto found = std::find(organisations_.begin(), organisations_.end(), shard.key.organisation);
  if (found == organisations_.end()) return resume(std::move(shard));
  const auto at = slot(shard.key.day, static_cast<std::size_t>(found - organisations_.begin()));
  begun_[at] = false;
  cursor_ = std::min(cursor_, at);
}

std::optional<Shard> Planner::next(Day newest) {
  if (const auto waiting = find_resumed(newest); waiting != resumed_.end()) {
    Shard shard = *waiting;
    resumed_.erase(waiting);
    return shard;
  }
  if (std::exchange(newest_, newest) != newest) cursor_ = first_slot(newest); // more days are over now
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
