#include "dialogporten/store/store.hpp"

#include <algorithm>
#include <functional>

namespace altinn_sim::dialogporten {

namespace {

std::string key_of(std::string_view org, std::string_view key) {
  std::string joined{org};
  joined += ' ';
  joined += key;
  return joined;
}

std::size_t hash_of(std::string_view label) {
  return std::hash<std::string_view>{}(label);
}

/// Labels that lead back to one source record (dialogporten.md 2.9); others may stand on every dialog there
/// is.
bool is_indexed(std::string_view label) {
  return label.starts_with("urn:altinn:integration:storage:") ||
         label.starts_with("urn:altinn:correspondence-id:");
}

std::string exists(std::string_view columns, std::string_view values) {
  return "Key (" + std::string{columns} + ")=(" + std::string{values} + ") already exists.";
}

} // namespace

Snapshot Store::find(const Uuid& id) const {
  const std::shared_lock lock{mutex_};
  const auto found = dialogs_.find(id);
  return found == dialogs_.end() ? nullptr : found->second.record;
}

std::optional<Uuid> Store::find_key(const std::string& org, const std::string& key) const {
  const std::shared_lock lock{mutex_};
  const auto found = keys_.find(key_of(org, key));
  if (found == keys_.end() || dialogs_.at(found->second).record->deleted_at) return std::nullopt;
  return found->second;
}

std::optional<std::vector<Snapshot>> Store::find_label(const std::string& label) const {
  if (!is_indexed(label)) return std::nullopt;
  const std::shared_lock lock{mutex_};
  std::vector<Snapshot> found;
  const auto [first, last] = labels_.equal_range(hash_of(label));
  for (auto it = first; it != last; ++it) {
    const auto& record = dialogs_.at(it->second).record;
    if (std::binary_search(record->labels.begin(), record->labels.end(), label)) found.push_back(record);
  }
  return found;
}

std::vector<Snapshot> Store::all() const {
  const std::shared_lock lock{mutex_};
  std::vector<Snapshot> records;
  records.reserve(dialogs_.size());
  for (const auto& [id, entry] : dialogs_)
    records.push_back(entry.record);
  return records;
}

std::size_t Store::size() const {
  const std::shared_lock lock{mutex_};
  return dialogs_.size();
}

Commit Store::insert(const Snapshot& record, const std::vector<Claim>& claims, Violation& violation) {
  const std::unique_lock lock{mutex_};
  if (dialogs_.contains(record->id)) {
    violation = {"Dialog", exists("'Id'", to_string(record->id))};
    return Commit::violation;
  }
  if (!record->idempotent_key.empty() && keys_.contains(key_of(*record->org, record->idempotent_key))) {
    violation = {"Dialog", exists("'Org', 'IdempotentKey'", *record->org + ", " + record->idempotent_key)};
    return Commit::violation;
  }
  if (!claim(claims, violation)) return Commit::violation;
  dialogs_.emplace(record->id, Entry{record});
  index(*record);
  return Commit::done;
}

Commit Store::replace(const Snapshot& before, const Snapshot& next, const std::vector<Claim>& added,
                      const std::vector<Claim>& removed, Violation* violation) {
  const std::unique_lock lock{mutex_};
  const auto found = dialogs_.find(before->id);
  if (found == dialogs_.end() || found->second.record != before) return Commit::lost_race;
  Violation ignored;
  if (!claim(added, violation ? *violation : ignored)) return Commit::violation;
  release(removed);
  if (before->labels != next->labels) {
    unindex(*before);
    index(*next);
  }
  found->second.record = next;
  return Commit::done;
}

Commit Store::erase(const Snapshot& before, const std::vector<Claim>& claims) {
  const std::unique_lock lock{mutex_};
  const auto found = dialogs_.find(before->id);
  if (found == dialogs_.end() || found->second.record != before) return Commit::lost_race;
  release(claims);
  unindex(*before);
  dialogs_.erase(found);
  return Commit::done;
}

void Store::count_create(const Uuid& id) {
  const std::unique_lock lock{mutex_};
  if (const auto found = dialogs_.find(id); found != dialogs_.end()) ++found->second.creates;
}

void Store::count_update(const Uuid& id) {
  const std::unique_lock lock{mutex_};
  if (const auto found = dialogs_.find(id); found != dialogs_.end()) ++found->second.updates;
}

std::pair<std::uint32_t, std::uint32_t> Store::counts(const Uuid& id) const {
  const std::shared_lock lock{mutex_};
  const auto found = dialogs_.find(id);
  if (found == dialogs_.end()) return {0, 0};
  return {found->second.creates, found->second.updates};
}

std::shared_ptr<const std::string> Store::intern(std::string_view text) {
  const std::lock_guard lock{interned_mutex_};
  auto& slot = interned_[std::string{text}];
  if (!slot) slot = std::make_shared<const std::string>(text);
  return slot;
}

bool Store::claim(const std::vector<Claim>& claims, Violation& violation) {
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const auto table = static_cast<std::size_t>(claims[i].table);
    if (children_[table].insert(claims[i].id)) continue;
    violation = {std::string{table_names[table]}, exists("'Id'", to_string(claims[i].id))};
    while (i-- > 0)
      children_[static_cast<std::size_t>(claims[i].table)].erase(claims[i].id);
    return false;
  }
  return true;
}

void Store::release(const std::vector<Claim>& claims) {
  for (const auto& claim : claims)
    children_[static_cast<std::size_t>(claim.table)].erase(claim.id);
}

void Store::index(const Record& record) {
  if (!record.idempotent_key.empty())
    keys_.insert_or_assign(key_of(*record.org, record.idempotent_key), record.id);
  for (const auto& label : record.labels)
    if (is_indexed(label)) labels_.emplace(hash_of(label), record.id);
}

void Store::unindex(const Record& record) {
  if (!record.idempotent_key.empty()) keys_.erase(key_of(*record.org, record.idempotent_key));
  for (const auto& label : record.labels) {
    if (!is_indexed(label)) continue;
    const auto [first, last] = labels_.equal_range(hash_of(label));
    const auto own = std::find_if(first, last, [&](const auto& entry) { return entry.second == record.id; });
    if (own != last) labels_.erase(own);
  }
}

} // namespace altinn_sim::dialogporten
