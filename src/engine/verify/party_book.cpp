#include <dialogferry/engine/verify/party_book.hpp>

#include <algorithm>

namespace dialogferry::engine::verify {

/// Where a party stands, or would.
std::size_t PartyBook::slot_of(std::int64_t party) const {
  const auto mask = slots_.size() - 1;
  auto at = static_cast<std::size_t>(static_cast<std::uint64_t>(party) * 0x9e3779b97f4a7c15ULL >> 20U) & mask;
  while (slots_[at].party != 0 && slots_[at].party != party)
    at = (at + 1) & mask;
  return at;
}

void PartyBook::find(std::span<const std::int64_t> parties, std::vector<std::uint64_t>& out,
                     std::vector<std::int64_t>& missing) const {
  out.clear();
  const std::lock_guard lock(mutex_);
  for (const auto party : parties) {
    const auto& slot = slots_[slot_of(party)];
    out.push_back(slot.party == party ? slot.urn : 0);
    if (slot.party != party) missing.push_back(party);
  }
  std::sort(missing.begin(), missing.end());
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
}

void PartyBook::put(std::span<const std::pair<std::int64_t, std::uint64_t>> found) {
  const std::lock_guard lock(mutex_);
  for (const auto& [party, urn] : found) {
    if (party == 0) continue;
    auto at = slot_of(party);
    if (slots_[at].party == 0) {
      if (++used_ * 2 > slots_.size()) {
        grow();
        at = slot_of(party);
      }
    }
    slots_[at] = {party, urn};
  }
}

void PartyBook::grow() {
  const bool is_full = slots_.size() >= 2 * most;
  auto before = std::exchange(slots_, std::vector<Slot>(is_full ? 1024 : 2 * slots_.size()));
  used_ = 1; // the one that is about to be put
  if (is_full) return;
  for (const auto& slot : before) {
    if (slot.party == 0) continue;
    slots_[slot_of(slot.party)] = slot;
    ++used_;
  }
}

} // namespace dialogferry::engine::verify
