#include "build.hpp"
#include "text.hpp"

namespace dialogferry::mapping {

namespace {

/// AUTH (M-75).
codec::OptionalText authorization(const Material& material) {
  const auto task = material.task_element();
  if (!task || is_blank(*task)) return std::nullopt;
  return material.arena.join({"urn:altinn:task:", *task});
}

/// The address of the app, without a trailing slash (M-70).
std::string_view app_address(const Material& material) {
  auto app = material.instance.app_id;
  while (app.ends_with('/'))
    app.remove_suffix(1);
  return material.arena.join(
      {material.mapper.scheme, material.instance.org, ".", material.mapper.apps_host, "/", app});
}

codec::LocalizedList label(const Material& material, ContentType type, Slot fallback) {
  const auto found = find_texts(material.application, type, material.text_state(), material.arena);
  return found.empty() ? material.mapper.texts(fallback) : found;
}

Slot go_to_label(DerivedStatus status) {
  switch (status) {
  case DerivedStatus::archived_confirmed:
  case DerivedStatus::archived_unconfirmed: return Slot::go_to_archived;
  case DerivedStatus::awaiting_signature: return Slot::go_to_signing;
  default: return Slot::go_to_other;
  }
}

codec::GuiAction go_to(const Material& material) {
  const auto& mapper = material.mapper;
  const auto& id = material.instance.id;
  return {.id = go_to_id(material.dialog_id),
          .action = "read",
          .url = material.status.is_archived
                     ? portal(mapper, material.arena, {mapper.platform, "/receipt/", id})
                     : portal(mapper, material.arena, {app_address(material), "/#/instance/", id}),
          .authorization_attribute = authorization(material),
          .is_delete_dialog_action = false,
          .http_method = "GET",
          .priority = codec::Priority::primary,
          .title = label(material, ContentType::primary_action_label, go_to_label(material.derived)),
          .prompt = {}};
}

codec::GuiAction remove(const Material& material) {
  return {.id = delete_id(material.dialog_id),
          .action = "delete",
          .url = material.arena.join({material.mapper.adapter, "/api/v1/instance/", material.instance.id}),
          .authorization_attribute = authorization(material),
          .is_delete_dialog_action = true,
          .http_method = "DELETE",
          .priority = codec::Priority::secondary,
          .title = label(material, ContentType::delete_action_label, Slot::delete_label),
          .prompt = {}};
}

codec::GuiAction copy(const Material& material) {
  return {.id = copy_id(material.dialog_id),
          .action = "instantiate",
          .url = portal(material.mapper, material.arena,
                        {app_address(material), "/legacy/instances/", material.instance.id, "/copy"}),
          .authorization_attribute = std::nullopt,
          .is_delete_dialog_action = false,
          .http_method = "GET",
          .priority = codec::Priority::tertiary,
          .title = label(material, ContentType::copy_action_label, Slot::copy_label),
          .prompt = {}};
}

} // namespace

Uuid go_to_id(const Uuid& dialog_id) {
  return sub_id(dialog_id, "DialogGuiActionGoTo");
}
Uuid delete_id(const Uuid& dialog_id) {
  return sub_id(dialog_id, "DialogGuiActionDelete");
}
Uuid copy_id(const Uuid& dialog_id) {
  return sub_id(dialog_id, "DialogGuiActionCopy");
}

std::span<const codec::GuiAction> build_gui_actions(const Material& material) {
  const bool with_copy = material.status.is_archived && material.application.application.copy_enabled;
  const auto actions = material.arena.make<codec::GuiAction>(with_copy ? 3 : 2);
  actions[0] = go_to(material);
  actions[1] = remove(material);
  if (with_copy) actions[2] = copy(material);
  return actions;
}

std::span<const codec::ApiAction> build_api_actions(const Material& material) {
  const Uuid id = sub_id(material.dialog_id, "DialogApiActionRead");
  const auto endpoints = material.arena.make<codec::ApiEndpoint>(1);
  endpoints[0] = {.id = sub_id(id, "0"),
                  .version = "1.0",
                  .url =
                      material.status.is_archived
                          ? material.arena.join({material.mapper.platform, "/storage/api/v1/instances/",
                                                 material.instance.id})
                          : material.arena.join({app_address(material), "/instances/", material.instance.id}),
                  .http_method = "GET",
                  .documentation_url = {},
                  .request_schema = {},
                  .response_schema = {},
                  .deprecated = false,
                  .sunset_at = {}};
  const auto actions = material.arena.make<codec::ApiAction>(1);
  actions[0] = {
      .id = id, .action = "read", .name = {}, .authorization_attribute = {}, .endpoints = endpoints};
  return actions;
}

} // namespace dialogferry::mapping
