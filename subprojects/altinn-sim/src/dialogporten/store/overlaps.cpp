#include "dialogporten/store/overlaps.hpp"

#include <algorithm>

namespace altinn_sim::dialogporten {

ActorNames::Verdict ActorNames::add(const std::vector<std::string_view>& names, Moment begins, Moment until) {
  const std::lock_guard lock{mutex_};
  Verdict verdict;
  for (const auto name : names) {
    const auto known = known_from_.find(std::string{name});
    if (known == known_from_.end()) {
      verdict.added.push_back(name);
    } else if (known->second > begins) {
      return {{}, name, known->second};
    }
  }
  for (const auto name : verdict.added)
    known_from_.emplace(name, until);
  return verdict;
}

void ActorNames::forget(const std::vector<std::string_view>& added) {
  const std::lock_guard lock{mutex_};
  for (const auto name : added)
    known_from_.erase(std::string{name});
}

Moment DialogsAtWork::busy_until(const Uuid& id, Moment at) const {
  const std::lock_guard lock{mutex_};
  const auto found = until_.find(id);
  return found != until_.end() && found->second > at ? found->second : 0;
}

void DialogsAtWork::keep(const Uuid& id, Moment now, Moment until) {
  const std::lock_guard lock{mutex_};
  if (until <= now) return;
  if (until_.size() >= swept_at_) {
    std::erase_if(until_, [&](const auto& each) { return each.second <= now; });
    swept_at_ = std::max<std::size_t>(1024, 2 * until_.size());
  }
  until_.insert_or_assign(id, until);
}

} // namespace altinn_sim::dialogporten
