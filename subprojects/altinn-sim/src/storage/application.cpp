#include "application.hpp"

#include <algorithm>

namespace altinn_sim::storage {

namespace {

void append_list(std::string& out, const std::vector<std::string>& texts) {
  JsonElements list(out);
  for (const auto& text : texts)
    append_quoted(list.next(), text);
}

void append_data_type(std::string& out, const DataType& type) {
  JsonMembers json(out);
  json.text("id", type.id);
  if (!type.content_types.empty()) append_list(json.value("allowedContentTypes"), type.content_types);
  if (!type.contributors.empty()) append_list(json.value("allowedContributors"), type.contributors);
  if (type.app_logic) {
    JsonMembers logic(json.value("appLogic"));
    logic.flag("autoCreate", true);
    logic.text_if("classRef", type.class_ref);
    logic.flag("allowAnonymousOnStateless", false);
    logic.flag("autoDeleteOnProcessEnd", false);
    logic.flag("disallowUserCreate", false);
    logic.flag("disallowUserDelete", false);
  }
  json.text_if("taskId", type.task_id);
  json.number("maxCount", type.max_count);
  json.number("minCount", 0);
  json.text_if("grouping", type.grouping);
  json.flag("enablePdfCreation", type.pdf);
  json.flag("enableFileScan", false);
  json.flag("validationErrorOnPendingFileScan", false);
  json.value("enabledFileAnalysers") += "[]";
  json.value("enabledFileValidators") += "[]";
}

void append_switches(std::string& out, const SyncSwitches& is) {
  JsonMembers json(out);
  json.flag("disableSync", is.disable_sync);
  json.flag("enableUserSuppliedDialogId", is.user_supplied_dialog_id);
  json.flag("disableCreate", is.disable_create);
  json.flag("disableDelete", is.disable_delete);
  json.flag("disableAddActivities", is.disable_add_activities);
  json.flag("disableAddTransmissions", is.disable_add_transmissions);
  json.flag("disableSyncDueAt", is.disable_sync_due_at);
  json.flag("disableSyncStatus", is.disable_sync_status);
  json.flag("disableMarkCompletedWhenConfirmed", is.disable_mark_completed_when_confirmed);
  json.flag("disableSyncContentTitle", is.disable_content_title);
  json.flag("disableSyncContentSummary", is.disable_content_summary);
  json.flag("disableSyncContentAdditionalInformation", is.disable_content_additional_information);
  json.flag("disableSyncContentExtendedStatus", is.disable_content_extended_status);
  json.flag("disableSyncAttachments", is.disable_sync_attachments);
  json.flag("disableSyncApiActions", is.disable_sync_api_actions);
  json.flag("disableSyncGuiActions", is.disable_sync_gui_actions);
}

void append_message_box(std::string& out, const Application& application) {
  JsonMembers json(out);
  if (application.hide_always || !application.hide_on_tasks.empty()) {
    JsonMembers hide(json.value("hideSettings"));
    hide.flag("hideAlways", application.hide_always);
    if (!application.hide_on_tasks.empty()) append_list(hide.value("hideOnTask"), application.hide_on_tasks);
  }
  append_switches(json.value("syncAdapterSettings"), application.switches);
}

void append_party_types(std::string& out) {
  JsonMembers json(out);
  for (const auto* kind : {"bankruptcyEstate", "organisation", "person", "subUnit"})
    json.flag(kind, false);
}

void append_copy_settings(std::string& out, bool enabled) {
  JsonMembers json(out);
  json.flag("enabled", enabled);
  json.null("excludedDataTypes");
  json.null("excludedDataFields");
  json.flag("includeAttachments", false);
}

} // namespace

const Texts* Application::texts_in(std::string_view language) const {
  const auto found =
      std::find_if(texts.begin(), texts.end(), [&](const Texts& of) { return of.language == language; });
  return found == texts.end() ? nullptr : &*found;
}

void append_application(std::string& out, const Application& application) {
  JsonMembers json(out);
  json.text("id", application.id);
  json.text_if("versionId", application.version);
  json.text("org", application.org);
  if (!application.titles.empty()) {
    JsonMembers titles(json.value("title"));
    for (const auto& [language, text] : application.titles)
      titles.text(language, text);
  }
  if (!application.data_types.empty()) {
    JsonElements types(json.value("dataTypes"));
    for (const auto& type : application.data_types)
      append_data_type(types.next(), type);
  }
  append_party_types(json.value("partyTypesAllowed"));
  json.flag("autoDeleteOnProcessEnd", false);
  if (application.keep_days > 0) json.number("preventInstanceDeletionForDays", application.keep_days);
  append_message_box(json.value("messageBoxConfig"), application);
  append_copy_settings(json.value("copyInstanceSettings"), application.copy_enabled);
  json.flag("disallowUserInstantiation", false);
  json.time_if("created", application.created);
  json.text_if("createdBy", application.changed_by);
  json.time_if("lastChanged", application.last_changed);
  json.text_if("lastChangedBy", application.changed_by);
}

void append_texts(std::string& out, const Application& application, const Texts& texts) {
  JsonMembers json(out);
  auto id = application.id;
  std::replace(id.begin(), id.end(), '/', '-');
  json.text("id", id + "-" + texts.language);
  json.text("org", application.org);
  json.text("language", texts.language);
  JsonElements resources(json.value("resources"));
  for (const auto& [key, text] : texts.resources) {
    JsonMembers resource(resources.next());
    resource.text("id", key);
    resource.text("value", text);
    resource.null("variables");
  }
}

} // namespace altinn_sim::storage
