#include "build.hpp"

#include <algorithm>

namespace dialogferry::mapping {

namespace {

/// M-58
bool is_api_only(const Material& material) {
  const auto& application = material.application.application;
  if (application.hide_always) return true;
  const auto task = material.task_element();
  return task && std::find(application.hide_on_task.begin(), application.hide_on_task.end(), *task) !=
                     application.hide_on_task.end();
}

/// A date that counts: in the future, or any in history (M-57).
std::optional<Instant> upcoming(const Material& material, std::optional<Instant> at) {
  return at && (material.silent || *at > material.input.now) ? at : std::nullopt;
}

std::string_view service_resource(const Material& material) {
  static constexpr std::string_view prefix = "urn:altinn:resource:app_";
  const auto app = material.instance.app_id;
  char* const first = material.arena.characters(prefix.size() + app.size());
  char* const rest = std::copy(prefix.begin(), prefix.end(), first);
  std::replace_copy(app.begin(), app.end(), rest, '/', '_');
  return {first, prefix.size() + app.size()};
}

} // namespace

Result<Built> build_body(const Material& material) {
  Built built;
  auto& body = built.body;
  body.status = dialog_status(material.derived);
  body.is_api_only = is_api_only(material);
  body.due_at = upcoming(material, material.instance.due_before);
  const auto content = build_content(material);
  if (!content) return tl::unexpected(content.error());
  body.content = *content;
  const auto activities = build_activities(material);
  if (!activities) return tl::unexpected(activities.error());
  body.activities = activities->list;
  built.activities_left_out = activities->left_out;
  const auto files = build_files(material, activities->list);
  if (!files) return tl::unexpected(files.error());
  body.attachments = files->attachments;
  body.transmissions = files->transmissions;
  built.retry_at = files->retry_at;
  body.gui_actions = build_gui_actions(material);
  body.api_actions = build_api_actions(material);
  return built;
}

codec::DialogOrigin build_origin(const Material& material) {
  const auto& instance = material.instance;
  return codec::DialogOrigin{
      .id = material.dialog_id,
      .service_resource = service_resource(material),
      .party = *material.input.party_urn,
      .system_label = material.status.is_archived && material.silent ? "Archive" : "Default",
      .service_owner_label = material.arena.join({"urn:altinn:integration:storage:", instance.id}),
      .created_at = instance.created,
      .updated_at = std::max(instance.created, instance.last_changed),
      .visible_from = upcoming(material, instance.visible_after),
  };
}

void apply_create_switches(const Material& material, codec::DialogBody& body) {
  const auto& off = material.switches();
  if (off.disable_mark_completed_when_confirmed && material.derived == DerivedStatus::archived_confirmed)
    body.status = "Awaiting";
  if (off.disable_sync_status) body.status = "NotApplicable";
  if (off.disable_sync_due_at) body.due_at.reset();
  if (off.disable_sync_content_summary) body.content.summary.reset();
  if (off.disable_sync_content_additional_information) body.content.additional_info.reset();
  if (off.disable_sync_content_extended_status) body.content.extended_status.reset();
  if (off.disable_sync_attachments) body.attachments = {};
  if (off.disable_sync_gui_actions) body.gui_actions = {};
  if (off.disable_sync_api_actions) body.api_actions = {};
  if (off.disable_add_activities) body.activities = {};
}

} // namespace dialogferry::mapping
