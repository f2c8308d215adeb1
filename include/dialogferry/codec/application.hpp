#pragma once

#include <dialogferry/codec/instance.hpp>

#include <span>

namespace dialogferry::codec {

struct DataType {
  std::string_view id;
  OptionalText task_id;
  OptionalText grouping;
  bool has_app_logic = false;
  bool app_owned = false;          ///< allowedContributors or allowedContributers has `app:owned` (M-82)
  bool enable_pdf_creation = true; ///< absent means true (M-11)
};

/// messageBoxConfig.syncAdapterSettings (M-103), all false by default.
struct SyncSwitches {
  bool disable_sync = false;
  bool enable_user_supplied_dialog_id = false;
  bool disable_create = false;
  bool disable_delete = false;
  bool disable_add_activities = false;
  bool disable_add_transmissions = false;
  bool disable_sync_due_at = false;
  bool disable_sync_status = false;
  bool disable_mark_completed_when_confirmed = false;
  bool disable_sync_content_title = false;
  bool disable_sync_content_summary = false;
  bool disable_sync_content_additional_information = false;
  bool disable_sync_content_extended_status = false;
  bool disable_sync_attachments = false;
  bool disable_sync_api_actions = false;
  bool disable_sync_gui_actions = false;
};

/// What mapping reads of an application (storage.md 2.6).
struct Application {
  std::string_view id;
  OptionalText version_id;
  std::optional<std::span<const NamedText>> title; ///< language → text, in their order
  std::span<const DataType> data_types;
  bool hide_always = false;
  std::span<const std::string_view> hide_on_task;
  bool copy_enabled = false;
  SyncSwitches switches;
  Arena arena;
};

Result<Application> read_application(Parser& parser, JsonView json);

struct TextResource {
  std::string_view id; ///< entries without id are left out (M-62)
  OptionalText value;
};

/// The texts of an application in one language (storage.md 2.7), in their order.
struct TextResources {
  std::string_view language; ///< as the answer says, not as it was asked for (M-62)
  std::span<const TextResource> resources;
  Arena arena;
};

Result<TextResources> read_texts(Parser& parser, JsonView json);

} // namespace dialogferry::codec
