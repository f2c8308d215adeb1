#include "changes.hpp"

#include "change_steps.hpp"
#include "truth.hpp"

#include <algorithm>
#include <array>

namespace altinn_sim::storage {

namespace {

constexpr std::array<std::string_view, change_kinds> kind_names{
    "create",   "save",        "submit", "receipt",   "confirm", "substatus", "task", "delete",
    "undelete", "hard_delete", "vanish", "unrelated", "texts",   "values",    "read"};

std::string subject_of(const Record& record) {
  if (!record.person_number.empty()) return "/person/" + record.person_number;
  return record.organisation_number.empty() ? "" : "/organisation/" + record.organisation_number;
}

/// The events from the known ones on are stored after their row.
void hold_back(Record& record, std::size_t known, const Change& change) {
  if (change.event_after <= 0) return;
  for (auto at = known; at < record.events.size(); ++at)
    record.events[at].stored_at = change.now + change.event_after;
}

} // namespace

std::string_view name_of(ChangeKind kind) {
  return kind_names[static_cast<std::size_t>(kind)];
}

std::optional<ChangeKind> change_named(std::string_view name) {
  const auto* found = std::find(kind_names.begin(), kind_names.end(), name);
  if (found == kind_names.end()) return {};
  return static_cast<ChangeKind>(found - kind_names.begin());
}

std::variant<Changed, std::string> Changes::apply(const Change& change) {
  const std::lock_guard lock(mutex_);
  if (change.kind == ChangeKind::create) return create(change);
  Record before;
  if (!world_.find(change.instance, before)) return "there is no instance " + guid_text(change.instance);
  if (change.kind == ChangeKind::vanish) return finish(change, &before, nullptr);
  auto after = before;
  Dice dice(mix(world_.options().seed, 0x11fe, ++made_));
  const auto problem = make_change(after, change, dice);
  if (!problem.empty()) return std::string(problem);
  hold_back(after, before.events.size(), change);
  return finish(change, &before, &after);
}

std::variant<Changed, std::string> Changes::create(const Change& change) {
  Dice dice(mix(world_.options().seed, 0x11fe, ++made_));
  const Application* app = nullptr;
  if (!change.application.empty()) {
    app = world_.application(change.application);
    if (app == nullptr) return "there is no application " + change.application;
  } else {
    const auto* organisation = world_.organisation(change.organisation);
    if (organisation == nullptr) return "there is no organisation '" + change.organisation + "'";
    app = organisation->choose(dice.below(1000)).application;
  }
  auto record = new_instance(world_, *app, change.now, dice);
  if (change.last_changed) record.last_changed = *change.last_changed;
  record.row_id = record.created + static_cast<std::int64_t>(made_);
  if (change.texts) record.presentation_texts = *change.texts;
  if (change.values) record.data_values = *change.values;
  hold_back(record, 0, change);
  return finish(change, nullptr, &record);
}

std::variant<Changed, std::string> Changes::finish(const Change& change, const Record* before,
                                                   Record* after) {
  if (after != nullptr) after->order_maps();
  const auto& record = after != nullptr ? *after : *before;
  Changed out;
  out.instance = record.guid;
  out.party = record.party;
  out.org = record.org;
  out.app_id = record.app_id;
  out.owner_subject = subject_of(record);
  out.dialog = dialog_id_of(record);
  out.last_changed = record.last_changed;
  out.event_type = event_type_of(record, change.kind);
  if (after == nullptr) {
    world_.overlay().remove(record.guid);
  } else {
    store(change, *after);
  }
  if (observer_) out.sequence = tell(change, before, after);
  return out;
}

void Changes::store(const Change& change, Record& after) {
  after.indexed_time = no_time;
  if (change.set_back_to) after.indexed_time = floor_to(*change.set_back_to, microsecond);
  if (change.unreadable) after.unreadable = *change.unreadable;
  world_.overlay().put(after);
  if (change.kind != ChangeKind::values) return;
  const auto column = change.set_back_to ? after.indexed_time : after.last_changed;
  world_.overlay().write_data_values(after.guid, after.data_values, column);
}

/// Where events come after their row, the row without them was a state of its own.
std::uint64_t Changes::tell(const Change& change, const Record* before, Record* after) {
  const auto known = before == nullptr ? 0 : before->events.size();
  const bool late = change.event_after > 0 && after != nullptr && after->events.size() > known;
  if (!late) return observer_(before, after, change.now);
  auto row_alone = *after;
  row_alone.events.resize(known);
  const auto of_row = observer_(before, &row_alone, change.now);
  return std::max(of_row, observer_(&row_alone, after, change.now));
}

bool Changes::rewrite(Guid instance, const std::function<void(Record&)>& edit) {
  const std::lock_guard lock(mutex_);
  Record record;
  if (!world_.find(instance, record)) return false;
  edit(record);
  world_.overlay().put(std::move(record));
  return true;
}

bool Changes::write_data_values(Guid instance, const DataValues& values) {
  Record read;
  if (!world_.find(instance, read)) return false;
  for (const auto& action : take_between(instance))
    action();
  for (const auto& [name, value] : values)
    read.set_data_value(name, value);
  world_.overlay().write_data_values(instance, read.data_values, read.last_changed);
  return true;
}

void Changes::during_next_write(Guid instance, std::function<void()> action) {
  const std::lock_guard lock(between_mutex_);
  between_[instance].push_back(std::move(action));
}

std::vector<std::function<void()>> Changes::take_between(Guid instance) {
  const std::lock_guard lock(between_mutex_);
  const auto found = between_.find(instance);
  if (found == between_.end()) return {};
  auto out = std::move(found->second);
  between_.erase(found);
  return out;
}

} // namespace altinn_sim::storage
