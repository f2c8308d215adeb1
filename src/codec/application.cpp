#include "common.hpp"

#include <dialogferry/codec/application.hpp>

#include <algorithm>

namespace dialogferry::codec {

namespace {

bool read_contributors(Reader& reader, ondemand::value value, std::string_view member, DataType& type) {
  return reader.list(value, member, [&](ondemand::value entry) {
    std::string_view who;
    if (!reader.text(entry, {}, who)) return false;
    type.app_owned = type.app_owned || who == "app:owned";
    return true;
  });
}

bool read_data_type(Reader& reader, ondemand::value value, DataType& type) {
  return reader.object(value, {}, [&](Key key, ondemand::value member) {
    if (key == "id") return reader.text(member, "id", type.id);
    if (key == "taskId") return reader.text(member, "taskId", type.task_id);
    if (key == "grouping") return reader.text(member, "grouping", type.grouping);
    if (key == "appLogic") return reader.present(member, "appLogic", type.has_app_logic);
    if (key == "enablePdfCreation") return reader.flag(member, "enablePdfCreation", type.enable_pdf_creation);
    if (key == "allowedContributors") return read_contributors(reader, member, "allowedContributors", type);
    if (key == "allowedContributers") return read_contributors(reader, member, "allowedContributers", type);
    return true;
  });
}

bool read_data_types(Reader& reader, ondemand::value value, std::span<const DataType>& out) {
  ListBuilder<DataType> types(reader.arena());
  const bool read = reader.list(
      value, "dataTypes", [&](ondemand::value entry) { return read_data_type(reader, entry, types.add()); });
  out = types.list();
  return read;
}

struct SwitchName {
  std::string_view name;
  bool SyncSwitches::*value;
};

constexpr SwitchName switch_names[] = {
    {"disableSync", &SyncSwitches::disable_sync},
    {"enableUserSuppliedDialogId", &SyncSwitches::enable_user_supplied_dialog_id},
    {"disableCreate", &SyncSwitches::disable_create},
    {"disableDelete", &SyncSwitches::disable_delete},
    {"disableAddActivities", &SyncSwitches::disable_add_activities},
    {"disableAddTransmissions", &SyncSwitches::disable_add_transmissions},
    {"disableSyncDueAt", &SyncSwitches::disable_sync_due_at},
    {"disableSyncStatus", &SyncSwitches::disable_sync_status},
    {"disableMarkCompletedWhenConfirmed", &SyncSwitches::disable_mark_completed_when_confirmed},
    {"disableSyncContentTitle", &SyncSwitches::disable_sync_content_title},
    {"disableSyncContentSummary", &SyncSwitches::disable_sync_content_summary},
    {"disableSyncContentAdditionalInformation", &SyncSwitches::disable_sync_content_additional_information},
    {"disableSyncContentExtendedStatus", &SyncSwitches::disable_sync_content_extended_status},
    {"disableSyncAttachments", &SyncSwitches::disable_sync_attachments},
    {"disableSyncApiActions", &SyncSwitches::disable_sync_api_actions},
    {"disableSyncGuiActions", &SyncSwitches::disable_sync_gui_actions},
};

/// Names of members may be spelled in any case.
bool is_spelling_of(std::string_view name, std::string_view text) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  return std::equal(name.begin(), name.end(), text.begin(), text.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

bool read_switches(Reader& reader, ondemand::value value, SyncSwitches& switches) {
  return reader.map(value, "syncAdapterSettings", [&](std::string_view name, ondemand::value member) {
    for (const auto& known : switch_names)
      if (is_spelling_of(known.name, name)) return reader.flag(member, name, switches.*known.value);
    return true;
  });
}

bool read_hiding(Reader& reader, ondemand::value value, Application& application) {
  return reader.object(value, "hideSettings", [&](Key key, ondemand::value member) {
    if (key == "hideAlways") return reader.flag(member, "hideAlways", application.hide_always);
    if (!(key == "hideOnTask")) return true;
    ListBuilder<std::string_view> tasks(reader.arena());
    const bool read = reader.list(member, "hideOnTask",
                                  [&](ondemand::value entry) { return reader.text(entry, {}, tasks.add()); });
    application.hide_on_task = tasks.list();
    return read;
  });
}

bool read_message_box(Reader& reader, ondemand::value value, Application& application) {
  return reader.object(value, "messageBoxConfig", [&](Key key, ondemand::value member) {
    if (key == "hideSettings") return read_hiding(reader, member, application);
    if (key == "syncAdapterSettings") return read_switches(reader, member, application.switches);
    return true;
  });
}

bool read_title(Reader& reader, ondemand::value value, Application& application) {
  bool there = false;
  std::span<const NamedText> title;
  if (!reader.present(value, "title", there) || !read_map(reader, value, "title", title)) return false;
  if (there) application.title = title;
  return true;
}

bool read_copying(Reader& reader, ondemand::value value, bool& enabled) {
  return reader.object(value, "copyInstanceSettings", [&](Key key, ondemand::value member) {
    if (key == "enabled") return reader.flag(member, "enabled", enabled);
    return true;
  });
}

bool read_resources(Reader& reader, ondemand::value value, std::span<const TextResource>& out) {
  ListBuilder<TextResource> resources(reader.arena());
  const bool read = reader.list(value, "resources", [&](ondemand::value entry) {
    OptionalText id;
    OptionalText text;
    const bool good = reader.object(entry, {}, [&](Key key, ondemand::value member) {
      if (key == "id") return reader.text(member, "id", id);
      if (key == "value") return reader.text(member, "value", text);
      return true;
    });
    if (id) resources.add() = {*id, text};
    return good;
  });
  out = resources.list();
  return read;
}

} // namespace

Result<Application> read_application(Parser& parser, JsonView json) {
  Application application;
  Reader reader("application", application.arena);
  const bool read = reader.document(parser, json, [&](Key key, ondemand::value value) {
    if (key == "id") return reader.text(value, "id", application.id);
    if (key == "versionId") return reader.text(value, "versionId", application.version_id);
    if (key == "title") return read_title(reader, value, application);
    if (key == "dataTypes") return read_data_types(reader, value, application.data_types);
    if (key == "messageBoxConfig") return read_message_box(reader, value, application);
    if (key == "copyInstanceSettings") return read_copying(reader, value, application.copy_enabled);
    return true;
  });
  if (!read) return tl::unexpected(std::move(reader).problem());
  return application;
}

Result<TextResources> read_texts(Parser& parser, JsonView json) {
  TextResources texts;
  Reader reader("texts", texts.arena);
  const bool read = reader.document(parser, json, [&](Key key, ondemand::value value) {
    if (key == "language") return reader.text(value, "language", texts.language);
    if (key == "resources") return read_resources(reader, value, texts.resources);
    return true;
  });
  if (!read || (texts.language.empty() && !reader.fail("language", "is missing")))
    return tl::unexpected(std::move(reader).problem());
  return texts;
}

} // namespace dialogferry::codec
