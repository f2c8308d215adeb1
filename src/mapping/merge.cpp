#include "merge.hpp"

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

template <class T>
bool contains_id(std::span<const T> list, const std::optional<Uuid>& id) {
  return std::any_of(list.begin(), list.end(), [&](const T& entry) { return entry.id == id; });
}

/// The entries that are not stored yet (M-10).
template <class T>
std::span<const T> without_stored(codec::Arena& arena, std::span<const T> built, std::span<const T> stored) {
  Joined<T> fresh(arena, built.size());
  for (const auto& entry : built)
    if (!contains_id(stored, entry.id)) fresh.add(entry);
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
      , built_(built) {}

  bool operator()(const codec::Attachment& attachment) const {
    return std::any_of(attachment.urls.begin(), attachment.urls.end(), [&](const codec::AttachmentUrl& url) {
      const auto address = url.url.value_or("");
      return address.find(plain_) != std::string_view::npos ||
             address.find(wrapped_) != std::string_view::npos || is_built(address);
    });
  }

private:
  bool is_built(std::string_view address) const {
    return std::any_of(built_.begin(), built_.end(), [&](const codec::Attachment& attachment) {
      return !attachment.urls.empty() && attachment.urls.front().url == address;
    });
  }

  std::string_view plain_;
  std::string_view wrapped_;
  std::span<const codec::Attachment> built_;
};

/// D-8: those of others stay, ahead of ours.
std::span<const codec::Attachment> merged_attachments(const Material& material,
                                                      std::span<const codec::Attachment> built,
                                                      std::span<const codec::Attachment> stored) {
  const OwnAttachment is_own(material, built);
  Joined<codec::Attachment> all(material.arena, stored.size() + built.size());
  for (const auto& attachment : stored)
    if (!is_own(attachment) && !contains_id(built, attachment.id)) all.add(attachment);
  for (const auto& attachment : built)
    all.add(attachment);
  return all.list();
}

/// M-101: ours replace those with the same id and come last.
std::span<const codec::ApiAction> merged_api_actions(const Material& material,
                                                     std::span<const codec::ApiAction> built,
                                                     std::span<const codec::ApiAction> stored) {
  Joined<codec::ApiAction> all(material.arena, stored.size() + built.size());
  for (const auto& action : stored)
    if (!contains_id(built, action.id)) all.add(action);
  for (auto action : built) {
    for (const auto& old : stored)
      if (old.id == action.id) action.name = old.name; // not ours to give (D-8)
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
std::vector<FormSavedTime> moved_saves(std::span<const codec::Activity> built,
                                       std::span<const codec::Activity> stored) {
  std::vector<FormSavedTime> moved;
  for (const auto& activity : built)
    for (const auto& old : stored)
      if (old.id == activity.id && old.type == "FormSaved" &&
          activity.created_at.ticks - old.created_at.ticks > Instant::per_microsecond)
        moved.push_back({activity.id, activity.created_at});
  return moved;
}

} // namespace

Merged merge(const Material& material, const codec::DialogBody& built) {
  const auto& stored = material.input.existing->body;
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
  merged.form_saved_times = moved_saves(built.activities, stored.activities);
  return merged;
}

} // namespace dialogferry::mapping
