#pragma once

#include "record.hpp"

#include <mutex>
#include <unordered_map>

namespace altinn_sim::storage {

/// Generated forms whose import is only half done (storage.md 3.2): their events are not there when they are
/// first asked for, and there some time later. Remembers a time for each of these that was asked for; they
/// are few. Safe to use from many threads.
class LateEvents {
public:
  /// `import_time`: from the first question until the events are there.
  explicit LateEvents(Ticks import_time)
      : import_time_(import_time) {}

  /// Takes the events away from a record that has none yet; asking is noted.
  void hold_back(Record& record, Ticks now) {
    if (!record.events_late) return;
    const std::lock_guard lock(mutex_);
    const auto first = first_asked_.try_emplace(record.guid, now).first->second;
    if (now < first + import_time_) record.events.clear();
  }

private:
  Ticks import_time_;
  std::mutex mutex_;
  std::unordered_map<Guid, Ticks> first_asked_;
};

} // namespace altinn_sim::storage
