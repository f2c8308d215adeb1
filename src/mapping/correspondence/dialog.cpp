#include "forms.hpp"
#include "material.hpp"

#include <algorithm>

namespace dialogferry::mapping::correspondence {

namespace {

using codec::CorrespondenceStatus;
using namespace std::chrono_literals;

constexpr auto soon = 1min; ///< what becomes visible sooner is visible

std::optional<Instant> first_published(const Material& material) {
  if (const auto* event = earliest(material.events.statuses, CorrespondenceStatus::published))
    return stored(event->changed.at);
  return material.is_altinn3() && material.record.published
             ? std::optional(stored(*material.record.published))
             : std::nullopt;
}

Instant created_at(const Material& material, const std::optional<Instant>& published) {
  const auto created = stored(material.record.created->at);
  return published ? std::min(created, *published) : created;
}

std::optional<Instant> visible_from(const Material& material) {
  const auto& time = material.record.base.publish_time;
  if (!time || stored(time->at) < material.input.now + soon) return std::nullopt;
  return stored(time->at);
}

std::optional<Instant> due_at(const Material& material) {
  const auto& due = material.record.base.due;
  if (!due || (!material.is_altinn3() && stored(due->at) < material.input.now)) return std::nullopt;
  return stored(due->at);
}

/// Whether the last delete is later than the last restore.
bool is_soft_deleted(const std::vector<codec::StatusEvent>& events) {
  std::optional<Instant> deleted;
  std::optional<Instant> restored;
  for (const auto& event : events) {
    const auto at = stored(event.changed.at);
    if (event.status == CorrespondenceStatus::soft_deleted_by_recipient) deleted = std::max(deleted, {at});
    if (event.status == CorrespondenceStatus::restored_by_recipient) restored = std::max(restored, {at});
  }
  return deleted > restored;
}

std::string_view system_label(const Material& material) {
  if (material.is_altinn3()) return "Default";
  if (is_soft_deleted(material.events.statuses)) return "Bin";
  return count(material.events.statuses, CorrespondenceStatus::archived) > 0 ? "Archive" : "Default";
}

codec::DialogOrigin build_origin(const Material& material, std::string_view party) {
  const auto published = first_published(material);
  return {.id = material.dialog_id,
          .service_resource =
              material.arena.join({"urn:altinn:resource:", material.record.base.resource_id.value_or("")}),
          .party = material.arena.store(party),
          .system_label = system_label(material),
          .service_owner_label = material.label,
          .created_at = created_at(material, published),
          .updated_at = published ? std::optional(std::min(*published, material.input.now)) : std::nullopt,
          .visible_from = visible_from(material)};
}

codec::DialogKept build_kept(const Material& material) {
  codec::DialogKept kept;
  kept.external_reference = material.record.base.senders_reference;
  kept.process = material.record.base.reference("DialogportenProcessId");
  kept.search_tags = build_tags(material);
  return kept;
}

} // namespace

Result<Built> build_dialog(const Material& material) {
  const auto& recipients = material.record.recipients;
  const auto party =
      party_urn(recipients.empty() ? std::nullopt : recipients.front(), *material.input.parties);
  if (!party) return tl::unexpected(party.error());
  const auto activities = build_activities(material);
  if (!activities) return tl::unexpected(activities.error());
  Built built{build_origin(material, *party), build_kept(material), {}};
  auto& body = built.body;
  body.status =
      material.needs_confirmation() && !material.is_confirmed() ? "RequiresAttention" : "NotApplicable";
  body.due_at = due_at(material);
  body.content = build_content(material);
  body.attachments = build_attachments(material);
  body.gui_actions = build_gui_actions(material);
  body.api_actions = build_api_actions(material);
  body.activities = *activities;
  return built;
}

} // namespace dialogferry::mapping::correspondence
