#include "imports.hpp"

#include "form_story.hpp"

#include <algorithm>

namespace altinn_sim::storage {

namespace {

// Above the rows of everything generated.
constexpr std::int64_t first_row = std::int64_t{1} << 45U;

/// What of a form is there while its import is half done.
Record first_half(const Record& whole) {
  auto out = whole;
  out.events.clear();
  out.elements.resize(out.elements.size() / 2);
  return out;
}

} // namespace

Imports::Imports(std::uint64_t seed, std::int64_t first_reference, const Population& population,
                 FormApps& apps, Overlay& overlay)
    : seed_(mix(seed, 0x119077))
    , population_(population)
    , apps_(apps)
    , overlay_(overlay)
    , next_reference_(first_reference) {}

// -- making ---------------------------------------------------------------------------

Record Imports::make(const ImportOrder& order, Ticks last_changed) {
  const auto number = made_++;
  Dice dice(mix(seed_, number));
  const auto& organisation = apps_.of(order.organisation);
  Record out;
  out.guid = random_guid(dice.next(), dice.next());
  out.row_id = first_row + static_cast<std::int64_t>(number);
  out.main_version = order.version;
  out.application = &organisation.some(order.version, dice.next() >> 33U);
  out.app_id = out.application->id;
  out.org = organisation.code;
  out.last_changed = floor_to(last_changed, microsecond);
  out.created = out.last_changed - 10 * minute - dice.below(20 * 24 * 60) * minute - dice.below(second);
  set_owner(out, *population_.party(population_.party_id(dice.below(population_.parties()))));
  FormStory(out, organisation, population_, dice)
      .tell({next_reference_++, order.archived, true, Poison::none});
  return out;
}

std::string Imports::import_one(const ImportOrder& order, Ticks now) {
  auto form = make(order, order.last_changed.value_or(now));
  const auto guid = form.guid;
  auto id = form.id();
  rows_.insert(guid);
  if (order.complete) {
    overlay_.put(std::move(form));
    return id;
  }
  overlay_.put(first_half(form));
  // Each element leaves its own time behind (storage.md 3.2).
  if (!form.elements.empty() && form.row_id % 2 == 0)
    form.last_changed = floor_to(form.elements.back().created, microsecond);
  half_done_.emplace(guid, std::move(form));
  if (order.complete_after) due_.emplace(now + *order.complete_after, guid);
  return id;
}

void Imports::finish(Guid id) {
  auto found = half_done_.find(id);
  if (found == half_done_.end()) return;
  overlay_.put(std::move(found->second));
  half_done_.erase(found);
}

void Imports::let_plans_happen(Ticks now) {
  for (auto& plan : plans_) {
    for (; plan.left > 0 && plan.start <= now; --plan.left) {
      import_one(plan.order, plan.start);
      plan.start += plan.step;
    }
  }
  std::erase_if(plans_, [](const Plan& plan) { return plan.left == 0; });
}

/// The parts of a new row are new, though they say the same.
void Imports::renew_ids(Record& record) {
  Dice dice(mix(seed_, made_++));
  record.guid = random_guid(dice.next(), dice.next());
  for (auto& element : record.elements)
    element.id = random_guid(dice.next(), dice.next());
  for (auto& event : record.events)
    event.id = random_guid(dice.next(), dice.next());
}

// -- doors ----------------------------------------------------------------------------

std::vector<std::string> Imports::import(const ImportOrder& order, std::int64_t count, Ticks now) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> out;
  for (; count > 0; --count)
    out.push_back(import_one(order, now));
  return out;
}

void Imports::plan(const ImportOrder& order, std::int64_t count, Ticks step, Ticks now) {
  const std::lock_guard lock(mutex_);
  plans_.push_back({order, now, step, count});
}

bool Imports::complete(Guid id) {
  const std::lock_guard lock(mutex_);
  if (!half_done_.contains(id)) return false;
  finish(id);
  return true;
}

std::string Imports::reimport(const Record& old, Ticks last_changed) {
  const std::lock_guard lock(mutex_);
  const auto open = half_done_.find(old.guid);
  auto form = open == half_done_.end() ? old : open->second;
  if (open != half_done_.end()) half_done_.erase(open);
  renew_ids(form);
  form.row_id = first_row + static_cast<std::int64_t>(made_++);
  form.last_changed = floor_to(last_changed, microsecond);
  form.events_late = false;
  std::erase_if(form.data_values, [](const auto& one) { return one.first == "dialog.id"; });
  auto id = form.id();
  rows_.erase(old.guid);
  rows_.insert(form.guid);
  replaced_[old.guid] = {id, false};
  overlay_.remove(old.guid);
  overlay_.put(std::move(form));
  return id;
}

void Imports::catch_up(Ticks now) {
  const std::lock_guard lock(mutex_);
  if (!plans_.empty()) let_plans_happen(now);
  while (!due_.empty() && due_.begin()->first <= now) {
    finish(due_.begin()->second);
    due_.erase(due_.begin());
  }
}

std::vector<Guid> Imports::all() const {
  const std::lock_guard lock(mutex_);
  return {rows_.begin(), rows_.end()};
}

bool Imports::holds(Guid id) const {
  const std::lock_guard lock(mutex_);
  return rows_.contains(id);
}

bool Imports::half_done(Guid id) const {
  const std::lock_guard lock(mutex_);
  return half_done_.contains(id);
}

bool Imports::any() const {
  const std::lock_guard lock(mutex_);
  return !rows_.empty() || !replaced_.empty();
}

void Imports::note_absence(Guid id) {
  const std::lock_guard lock(mutex_);
  if (const auto found = replaced_.find(id); found != replaced_.end()) found->second.absence_seen = true;
}

std::optional<Imports::Replaced> Imports::replaced(Guid id) const {
  const std::lock_guard lock(mutex_);
  const auto found = replaced_.find(id);
  return found == replaced_.end() ? std::nullopt : std::optional(found->second);
}

} // namespace altinn_sim::storage
