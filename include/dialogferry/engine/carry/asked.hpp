#pragma once

#include <dialogferry/model/uuid.hpp>

#include <cstddef>
#include <mutex>
#include <set>
#include <vector>

namespace dialogferry::engine {

/// The messages that Correspondence is asked to publish right now: whoever goes away meanwhile leaves dialogs
/// without their messages (observed.md OC-1). Shared by the publishers and those who wait for them.
class Asked {
public:
  void begin(const std::vector<Uuid>& ids) {
    const std::lock_guard lock(mutex_);
    ids_.insert(ids.begin(), ids.end());
  }
  void end(const std::vector<Uuid>& ids) {
    const std::lock_guard lock(mutex_);
    for (const auto& id : ids)
      if (const auto found = ids_.find(id); found != ids_.end()) ids_.erase(found);
  }
  std::vector<Uuid> ids() const {
    const std::lock_guard lock(mutex_);
    return {ids_.begin(), ids_.end()};
  }
  bool empty() const {
    const std::lock_guard lock(mutex_);
    return ids_.empty();
  }

private:
  mutable std::mutex mutex_;
  std::multiset<Uuid> ids_;
};

} // namespace dialogferry::engine
