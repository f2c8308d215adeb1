#include <dialogferry/engine/verify/due_days.hpp>

#include <algorithm>
#include <utility>

namespace dialogferry::engine::verify {

namespace {

Instant after(Instant now, std::chrono::milliseconds pause) {
  return {now.ticks + pause.count() * Instant::per_millisecond};
}

bool is_complete(const ledger::StageSnapshot& stage, Day day) {
  return std::any_of(stage.days.begin(), stage.days.end(), [&](const ledger::DayTally& tally) {
    return tally.day == day && tally.state == DayState::complete;
  });
}

} // namespace

const ledger::StageSnapshot* DueDays::stage(const ledger::Snapshot& snapshot, std::string_view name) const {
  const auto& stages = snapshot.stages;
  const auto found = std::find_if(stages.begin(), stages.end(), [&](const ledger::StageSnapshot& stage) {
    return stage.row == row_ && stage.stage == name;
  });
  return found == stages.end() || !found->plan ? nullptr : &*found;
}

bool DueDays::is_due(const ledger::DayTally& day, Instant now) const {
  if (day.state != DayState::complete || day.day.end() > now) return false;
  if (day.verified == ledger::DayCheck::clean) return false;
  const auto aside = set_aside_.find(day.day);
  if (aside == set_aside_.end() || aside->second.until <= now) return true;
  return aside->second.why.empty() && day.verified != ledger::DayCheck::differs; // carried again since
}

std::vector<Day> DueDays::find(const ledger::Snapshot& snapshot, Instant now, std::size_t limit) const {
  std::vector<Day> days;
  const auto* last = stage(snapshot, stages_.back());
  if (last == nullptr) return days;
  for (const auto& day : last->days) {
    if (days.size() == limit) break;
    if (day.day < last->plan->from || day.day > last->plan->cutover || !is_due(day, now)) continue;
    const bool is_carried = std::all_of(stages_.begin(), stages_.end() - 1, [&](const std::string& name) {
      const auto* before = stage(snapshot, name);
      return before != nullptr && is_complete(*before, day.day);
    });
    if (is_carried) days.push_back(day.day);
  }
  return days;
}

std::vector<std::string> DueDays::organisations(const ledger::Snapshot& snapshot) const {
  const auto* first = stage(snapshot, stages_.front());
  return first == nullptr ? std::vector<std::string>{} : first->plan->organisations;
}

void DueDays::note_differing(Day day, Instant now) {
  set_aside_[day] = {after(now, pauses_.differs), {}};
}

void DueDays::note_failed(Day day, std::string why, Instant now) {
  set_aside_[day] = {after(now, pauses_.failed), std::move(why)};
}

std::vector<NotCompared> DueDays::not_compared(std::size_t limit) const {
  std::vector<NotCompared> days;
  for (auto at = set_aside_.rbegin(); at != set_aside_.rend() && days.size() < limit; ++at)
    if (!at->second.why.empty()) days.push_back({at->first, at->second.why, at->second.until});
  return days;
}

} // namespace dialogferry::engine::verify
