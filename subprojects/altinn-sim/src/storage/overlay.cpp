#include "overlay.hpp"

#include <algorithm>
#include <mutex>

namespace altinn_sim::storage {

Overlay::Key Overlay::key(const Record& record) {
  const auto time = record.indexed_time == no_time ? record.last_changed : record.indexed_time;
  return {floor_to(time, microsecond), record.row_id};
}

void Overlay::take_out(Guid id) {
  const auto found = records_.find(id);
  if (found == records_.end() || found->second == nullptr) return;
  by_time_[found->second->org].erase(key(*found->second));
}

void Overlay::put(Record record) {
  auto shared = std::make_shared<const Record>(std::move(record));
  const std::unique_lock lock(mutex_);
  take_out(shared->guid);
  by_time_[shared->org][key(*shared)] = shared;
  records_[shared->guid] = std::move(shared);
}

void Overlay::remove(Guid id) {
  const std::unique_lock lock(mutex_);
  take_out(id);
  records_[id] = nullptr;
}

void Overlay::write_data_values(Guid id, const DataValues& values, Ticks last_changed) {
  const std::unique_lock lock(mutex_);
  auto& held = values_[id];
  for (const auto& value : values) {
    const auto same =
        std::find_if(held.begin(), held.end(), [&](auto& one) { return one.first == value.first; });
    if (same == held.end()) {
      held.push_back(value);
    } else {
      same->second = value.second;
    }
  }
  const auto found = records_.find(id);
  if (found == records_.end() || found->second == nullptr) return;
  auto moved = std::make_shared<Record>(*found->second);
  moved->indexed_time = last_changed == moved->last_changed ? no_time : last_changed;
  if (key(*moved) == key(*found->second)) return;
  auto& rows = by_time_[moved->org];
  rows.erase(key(*found->second));
  rows[key(*moved)] = moved;
  found->second = std::move(moved);
}

bool Overlay::hides(Guid id) const {
  const std::shared_lock lock(mutex_);
  return records_.contains(id);
}

std::shared_ptr<const Record> Overlay::find(Guid id) const {
  const std::shared_lock lock(mutex_);
  const auto found = records_.find(id);
  return found == records_.end() ? nullptr : found->second;
}

void Overlay::apply_data_values(Record& record) const {
  const std::shared_lock lock(mutex_);
  if (values_.empty()) return;
  const auto found = values_.find(record.guid);
  if (found == values_.end()) return;
  for (const auto& [name, value] : found->second)
    record.set_data_value(name, value);
}

std::vector<Row> Overlay::rows(const std::string& org, Ticks from, Ticks to) const {
  std::vector<Row> out;
  const std::shared_lock lock(mutex_);
  const auto found = by_time_.find(org);
  if (found == by_time_.end() || from >= to) return out;
  const auto& rows = found->second;
  constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
  const auto end = rows.lower_bound({to, lowest});
  for (auto at = rows.lower_bound({from, lowest}); at != end; ++at) {
    out.push_back({at->first.first, at->first.second, std::nullopt, at->second});
  }
  return out;
}

std::vector<std::string> Overlay::organisations() const {
  std::vector<std::string> out;
  const std::shared_lock lock(mutex_);
  for (const auto& [org, rows] : by_time_)
    out.push_back(org);
  return out;
}

std::size_t Overlay::size() const {
  const std::shared_lock lock(mutex_);
  return records_.size();
}

} // namespace altinn_sim::storage
