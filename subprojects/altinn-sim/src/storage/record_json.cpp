#include "record_json.hpp"

#include <algorithm>

namespace altinn_sim::storage {

namespace {

void append_task(std::string& out, const Task& task) {
  JsonMembers json(out);
  if (task.flow > 0) json.number("flow", task.flow);
  json.time_if("started", task.started);
  json.text_if("elementId", task.element_id);
  json.text_if("name", task.name);
  json.text_if("altinnTaskType", task.type);
  json.time_if("ended", task.ended);
  json.text_if("flowType", task.flow_type);
}

void append_process(std::string& out, const Process& process) {
  JsonMembers json(out);
  json.time_if("started", process.started);
  json.text_if("startEvent", process.start_event);
  if (process.has_task) append_task(json.value("currentTask"), process.task);
  json.time_if("ended", process.ended);
  json.text_if("endEvent", process.end_event);
}

void append_owner(std::string& out, const Record& record) {
  JsonMembers json(out);
  json.text("partyId", std::to_string(record.party));
  json.text_if("personNumber", record.person_number);
  json.text_if("organisationNumber", record.organisation_number);
  json.text_if("username", record.username);
}

void append_link(std::string& out, std::string_view hostname, const Record& record, const Element* element) {
  out += R"({"platform":"https://platform.)";
  out += hostname;
  out += "/storage/api/v1/instances/";
  append_number(out, record.party);
  out += '/';
  append_guid(out, record.guid);
  if (element != nullptr) {
    out += "/data/";
    append_guid(out, element->id);
  }
  out += "\"}";
}

void append_status(std::string& out, const Record& record) {
  JsonMembers json(out);
  json.flag("isArchived", record.archived);
  json.time_if("archived", record.archived_at);
  json.flag("isSoftDeleted", record.soft_deleted);
  json.time_if("softDeleted", record.soft_deleted_at);
  json.flag("isHardDeleted", record.hard_deleted);
  json.time_if("hardDeleted", record.hard_deleted_at);
  json.text("readStatus", record.read_status);
  if (!record.has_substatus) return;
  JsonMembers substatus(json.value("substatus"));
  const auto text_or_null = [&](std::string_view name, const std::string& text) {
    text.empty() ? substatus.null(name) : substatus.text(name, text);
  };
  text_or_null("label", record.substatus_label);
  text_or_null("description", record.substatus_description);
}

void append_references(std::string& out, const Element& element) {
  JsonElements list(out);
  JsonMembers reference(list.next());
  reference.text("value", element.generated_from);
  reference.text("relation", "GeneratedFrom");
  reference.text("valueType", "Task");
}

void append_metadata(std::string& out, const Element& element) {
  JsonElements list(out);
  for (const auto& entry : element.metadata) {
    if (!entry) {
      list.next() += "null";
      continue;
    }
    JsonMembers json(list.next());
    json.text("key", entry->first);
    json.text("value", entry->second);
  }
}

void append_zoned(std::string& out, Ticks time, Zone zone) {
  out += '"';
  append_time(out, time, zone);
  out += '"';
}

void append_delete_status(std::string& out, const Element& element) {
  JsonMembers json(out);
  json.flag("isHardDeleted", true);
  json.time_if("hardDeleted", element.hard_deleted_at);
}

void append_element(std::string& out, const Record& record, const Element& element,
                    std::string_view hostname) {
  JsonMembers json(out);
  json.guid("id", element.id);
  json.guid("instanceGuid", record.guid);
  json.text_if("dataType", element.type);
  json.text_if("filename", element.filename);
  json.text_if("contentType", element.content_type);
  json.text_if("blobStoragePath", element.blob_path);
  append_link(json.value("selfLinks"), hostname, record, &element);
  json.number("size", element.size);
  json.text_if("contentHash", element.hash);
  json.flag("locked", element.locked);
  if (element.has_refs) json.value("refs") += "[]";
  json.flag("isRead", element.is_read);
  {
    JsonElements tags(json.value("tags"));
    for (const auto& tag : element.tags)
      append_quoted(tags.next(), tag);
  }
  if (element.hard_deleted) append_delete_status(json.value("deleteStatus"), element);
  json.text("fileScanResult", element.scan_result);
  if (!element.generated_from.empty()) append_references(json.value("references"), element);
  if (!element.metadata.empty()) append_metadata(json.value("metadata"), element);
  append_zoned(json.value("created"), element.created, element.zone);
  json.text_if("createdBy", element.created_by);
  json.time("lastChanged", element.last_changed);
  json.text_if("lastChangedBy", element.last_changed_by);
}

void append_elements(std::string& out, const Record& record, const InstanceStyle& style) {
  JsonElements list(out);
  if (!style.with_elements) return;
  if (!style.elements_by_created) {
    for (const auto& element : record.elements)
      append_element(list.next(), record, element, style.hostname);
    return;
  }
  std::vector<const Element*> sorted;
  for (const auto& element : record.elements)
    sorted.push_back(&element);
  std::stable_sort(sorted.begin(), sorted.end(), [](auto* a, auto* b) { return a->created < b->created; });
  for (const auto* element : sorted)
    append_element(list.next(), record, *element, style.hostname);
}

void append_confirmations(std::string& out, const Record& record) {
  JsonElements list(out);
  for (const auto& confirmation : record.confirmations) {
    JsonMembers json(list.next());
    json.text("stakeholderId", confirmation.stakeholder);
    json.time("confirmedOn", confirmation.confirmed_on);
  }
}

void append_map(std::string& out, const std::vector<std::pair<std::string, std::string>>& pairs) {
  JsonMembers json(out);
  std::string name;
  for (const auto& [key, text] : pairs) {
    name.clear();
    append_quoted(name, key);
    json.text(std::string_view(name).substr(1, name.size() - 2), text);
  }
}

void append_user(std::string& out, const Actor& user) {
  JsonMembers json(out);
  if (user.user_id > 0) json.number("userId", user.user_id);
  json.text_if("orgId", user.org_id);
  json.number("authenticationLevel", user.level);
  if (user.end_user_system > 0) json.number("endUserSystemId", user.end_user_system);
  json.text_if("systemUserId", user.system_user_id);
  json.text_if("systemUserOwnerOrgNo", user.system_user_owner);
  json.text_if("systemUserName", user.system_user_name);
}

void append_event(std::string& out, const Record& record, const Event& event) {
  JsonMembers json(out);
  json.guid("id", event.id);
  json.text("instanceId", event.bare_instance_id ? guid_text(record.guid) : record.id());
  if (event.about_data) json.guid("dataId", event.data_id);
  append_zoned(json.value("created"), event.created, event.zone);
  json.text("eventType", event.type);
  json.text("instanceOwnerPartyId", std::to_string(record.party));
  if (!event.user.absent) append_user(json.value("user"), event.user);
  if (event.related_user) append_user(json.value("relatedUser"), *event.related_user);
  if (event.has_process) append_process(json.value("processInfo"), event.process);
  json.text_if("additionalInfo", event.additional_info);
}

} // namespace

void append_instance(std::string& out, const Record& record, const InstanceStyle& style) {
  JsonMembers json(out);
  json.text("id", record.id());
  append_owner(json.value("instanceOwner"), record);
  json.text("appId", record.app_id);
  json.text("org", record.org);
  append_link(json.value("selfLinks"), style.hostname, record, nullptr);
  json.time_if("dueBefore", record.due_before);
  json.time_if("visibleAfter", record.visible_after);
  if (record.process.present) append_process(json.value("process"), record.process);
  if (record.has_status) append_status(json.value("status"), record);
  if (!record.confirmations.empty()) append_confirmations(json.value("completeConfirmations"), record);
  append_elements(json.value("data"), record, style);
  if (!record.presentation_texts.empty())
    append_map(json.value("presentationTexts"), record.presentation_texts);
  if (!record.data_values.empty()) append_map(json.value("dataValues"), record.data_values);
  json.time("created", record.created);
  json.text_if("createdBy", record.created_by);
  if (record.has_last_changed) json.time("lastChanged", record.last_changed);
  json.text_if("lastChangedBy", record.last_changed_by);
}

void append_events(std::string& out, const Record& record, const EventQuery& query) {
  const auto asked_for = [&query](const Event& event) {
    if (event.created == no_time || event.stored_at > query.now) return false;
    const bool bounded = query.from != no_time && query.to != no_time;
    if (bounded && (event.created < query.from || event.created > query.to)) return false;
    const auto& types = query.types;
    return types.empty() || std::find(types.begin(), types.end(), event.type) != types.end();
  };
  std::vector<std::pair<std::string, const Event*>> sorted;
  sorted.reserve(record.events.size());
  for (const auto& event : record.events) {
    if (!asked_for(event)) continue;
    append_time(sorted.emplace_back(std::string(), &event).first, event.created, event.zone);
  }
  if (query.turn % 2 == 1) std::reverse(sorted.begin(), sorted.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  JsonMembers json(out);
  JsonElements list(json.value("instanceEvents"));
  for (const auto& entry : sorted)
    append_event(list.next(), record, *entry.second);
}

} // namespace altinn_sim::storage
