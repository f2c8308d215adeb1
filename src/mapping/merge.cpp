#include "merge.hpp"

#include "target_form.hpp"
#include "text.hpp"

#include <algorithm>
#include <array>

namespace dialogferry::mapping {

namespace {

/// Collects the entries of two lists into one.
template <class T>
class Joined {
public:
  Joined(codec::Arena& arena, std::size_t most)
      : entries_(arena.make<T>(most)) {}

  void add(const T& entry) { entries_[count_++] = entry; }
  std::span<const T> list() const { return entries_.first(count_); }

private:
  std::span<T> entries_;
  std::size_t count_ = 0;
};

/// Values to look up, sorted once.
template <class Value>
class Lookup {
public:
  template <class T, class ValueOf>
  Lookup(codec::Arena& arena, std::span<const T> list, ValueOf value_of)
      : values_(arena.make<Value>(list.size())) {
    std::transform(list.begin(), list.end(), values_.begin(), value_of);
    std::sort(values_.begin(), values_.end());
  }

  bool contains(const Value& value) const {
    return std::binary_search(values_.begin(), values_.end(), value);
  }

private:
  std::span<Value> values_;
};

/// The ids of a list.
template <class T>
auto ids_of(codec::Arena& arena, std::span<const T> list) {
  return Lookup<std::optional<Uuid>>(arena, list, [](const T& entry) { return std::optional(entry.id); });
}

/// The entries of a list by their ids; of equal ids, the first.
template <class T>
std::span<const T*> by_id(codec::Arena& arena, std::span<const T> list) {
  const auto sorted = arena.make<const T*>(list.size());
  std::transform(list.begin(), list.end(), sorted.begin(), [](const T& entry) { return &entry; });
  std::stable_sort(sorted.begin(), sorted.end(), [](const T* a, const T* b) { return a->id < b->id; });
  return sorted;
}

template <class T, class Id>
const T* find_id(std::span<const T*> sorted, const Id& id) {
  const auto found = std::lower_bound(sorted.begin(), sorted.end(), id,
                                      [](const T* entry, const Id& wanted) { return entry->id < wanted; });
  return found != sorted.end() && (*found)->id == id ? *found : nullptr;
}

/// The entries that are not stored yet (M-10).
template <class T>
std::span<const T> without_stored(codec::Arena& arena, std::span<const T> built, std::span<const T> stored) {
  const auto there = ids_of(arena, stored);
  Joined<T> fresh(arena, built.size());
  for (const auto& entry : built)
    if (!there.contains(entry.id)) fresh.add(entry);
  return fresh.list();
}

// -- single parts -------------------------------------------------------------

/// M-55, M-57
codec::OptionalText merged_status(const Material& material, const codec::DialogBody& built,
                                  const codec::DialogBody& stored) {
  const auto& off = material.switches();
  if (off.disable_sync_status) return stored.status;
  const bool held_open = off.disable_mark_completed_when_confirmed &&
                         material.derived == DerivedStatus::archived_confirmed &&
                         stored.status != "Completed";
  return held_open ? "Awaiting" : built.status;
}

/// M-101; what the original does not know of stays (D-8).
codec::Content merged_content(const Material& material, const codec::Content& built, codec::Content content) {
  const auto& off = material.switches();
  if (!off.disable_sync_content_title) content.title = built.title;
  if (!off.disable_sync_content_summary) content.summary = built.summary;
  if (!off.disable_sync_content_additional_information) content.additional_info = built.additional_info;
  if (!off.disable_sync_content_extended_status) content.extended_status = built.extended_status;
  return content;
}

/// Whether an attachment is a data element of this instance, one that is gone by now included: its address
/// leads to the instance's data, as it is or wrapped.
class OwnAttachment {
public:
  OwnAttachment(const Material& material, std::span<const codec::Attachment> built)
      : plain_(material.arena.join({"/instances/", material.instance.id, "/data/"}))
      , wrapped_(material.arena.join({"%2Finstances%2F", material.instance.party_id, "%2F",
                                      material.instance.id.substr(material.instance.party_id.size() + 1),
                                      "%2Fdata%2F"}))
      , built_(material.arena, built,
               [&](const codec::Attachment& attachment) {
                 return attachment.urls.empty()
                            ? std::string_view()
                            : stored_url(material.arena, attachment.urls.front().url.value_or(""));
               })
      , arena_(material.arena) {}

  bool operator()(const codec::Attachment& attachment) const {
    return std::any_of(attachment.urls.begin(), attachment.urls.end(), [&](const codec::AttachmentUrl& url) {
      const auto address = url.url.value_or("");
      return address.find(plain_) != std::string_view::npos ||
             address.find(wrapped_) != std::string_view::npos ||
             (!address.empty() && built_.contains(stored_url(arena_, address)));
    });
  }

private:
  std::string_view plain_;
  std::string_view wrapped_;
  Lookup<std::string_view> built_;
  codec::Arena& arena_;
};

/// D-8: those of others stay, ahead of ours.
std::span<const codec::Attachment> merged_attachments(const Material& material,
                                                      std::span<const codec::Attachment> built,
                                                      std::span<const codec::Attachment> stored) {
  const OwnAttachment is_own(material, built);
  const auto own_ids = ids_of(material.arena, built);
  Joined<codec::Attachment> all(material.arena, stored.size() + built.size());
  for (const auto& attachment : stored)
    if (!own_ids.contains(attachment.id) && !is_own(attachment)) all.add(attachment);
  for (const auto& attachment : built)
    all.add(attachment);
  return all.list();
}

/// M-101: ours replace those with the same id and come last.
std::span<const codec::ApiAction> merged_api_actions(const Material& material,
                                                     std::span<const codec::ApiAction> built,
                                                     std::span<const codec::ApiAction> stored) {
  const auto own_ids = ids_of(material.arena, built);
  const auto known = by_id(material.arena, stored);
  Joined<codec::ApiAction> all(material.arena, stored.size() + built.size());
  for (const auto& action : stored)
    if (!own_ids.contains(action.id)) all.add(action);
  for (auto action : built) {
    if (const auto* old = find_id(known, action.id)) action.name = old->name; // not ours to give (D-8)
    all.add(action);
  }
  return all.list();
}

/// M-102: foreign buttons first, ours in what room is left, never more important than they are by right.
std::span<const codec::GuiAction> merged_gui_actions(const Material& material,
                                                     std::span<const codec::GuiAction> built,
                                                     std::span<const codec::GuiAction> stored) {
  const std::array own{go_to_id(material.dialog_id), delete_id(material.dialog_id),
                       copy_id(material.dialog_id)};
  std::array<std::size_t, 3> room{1, 1, 5};
  Joined<codec::GuiAction> all(material.arena, stored.size() + built.size());
  for (const auto& action : stored) {
    if (std::find(own.begin(), own.end(), action.id) != own.end()) continue;
    all.add(action);
    auto& left = room[static_cast<std::size_t>(action.priority)];
    if (left > 0) --left;
  }
  auto queue = material.arena.make<codec::GuiAction>(built.size());
  std::copy(built.begin(), built.end(), queue.begin());
  std::sort(queue.begin(), queue.end(), [](const auto& a, const auto& b) {
    return std::pair(a.priority, a.id) < std::pair(b.priority, b.id);
  });
  for (const auto priority :
       {codec::Priority::primary, codec::Priority::secondary, codec::Priority::tertiary}) {
    if (queue.empty()) break;
    if (queue.front().priority > priority) continue;
    const auto count = std::min(room[static_cast<std::size_t>(priority)], queue.size());
    for (auto& action : queue.first(count)) {
      action.priority = priority;
      all.add(action);
    }
    queue = queue.subspan(count);
  }
  return all.list();
}

/// M-10: a run of saves goes on, so the stored activity moves forward, by more than a microsecond.
std::vector<FormSavedTime> moved_saves(codec::Arena& arena, std::span<const codec::Activity> built,
                                       std::span<const codec::Activity> stored) {
  const auto known = by_id(arena, stored);
  std::vector<FormSavedTime> moved;
  for (const auto& activity : built) {
    const auto* old = find_id(known, activity.id);
    if (old != nullptr && old->type == "FormSaved" &&
        activity.created_at.ticks - old->created_at.ticks > Instant::per_microsecond)
      moved.push_back({activity.id, activity.created_at});
  }
  return moved;
}

} // namespace

Merged merge(const Material& material, const codec::DialogBody& built) {
  const auto stored = sendable_form(material.arena, material.input.existing->body);
  const auto& off = material.switches();
  Merged merged;
  auto& body = merged.body;
  body.status = merged_status(material, built, stored);
  body.is_api_only = built.is_api_only;
  body.due_at = off.disable_sync_due_at ? stored.due_at : built.due_at;
  body.content = merged_content(material, built.content, stored.content);
  body.attachments = off.disable_sync_attachments
                         ? stored.attachments
                         : merged_attachments(material, built.attachments, stored.attachments);
  body.transmissions = without_stored(material.arena, built.transmissions, stored.transmissions);
  body.gui_actions = off.disable_sync_gui_actions
                         ? stored.gui_actions
                         : merged_gui_actions(material, built.gui_actions, stored.gui_actions);
  body.api_actions = off.disable_sync_api_actions
                         ? stored.api_actions
                         : merged_api_actions(material, built.api_actions, stored.api_actions);
  if (off.disable_add_activities) return merged;
  body.activities = without_stored(material.arena, built.activities, stored.activities);
  merged.form_saved_times = moved_saves(material.arena, built.activities, stored.activities);
  return merged;
}

} // namespace dialogferry::mapping
