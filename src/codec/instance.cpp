#include "common.hpp"

#include <dialogferry/codec/instance.hpp>

namespace dialogferry::codec {

namespace {

bool read_owner(Reader& reader, ondemand::value value, Instance& instance) {
  return reader.object(value, "instanceOwner", [&](Key key, ondemand::value member) {
    if (key == "partyId") return reader.text(member, "partyId", instance.owner_party_id);
    return true;
  });
}

bool read_substatus(Reader& reader, ondemand::value value, InstanceStatus& status) {
  return reader.object(value, "substatus", [&](Key key, ondemand::value member) {
    if (key == "label") return reader.text(member, "label", status.substatus_label);
    if (key == "description") return reader.text(member, "description", status.substatus_description);
    return true;
  });
}

bool read_status(Reader& reader, ondemand::value value, InstanceStatus& out) {
  return reader.object(value, "status", [&](Key key, ondemand::value member) {
    if (key == "isArchived") return reader.flag(member, "isArchived", out.is_archived);
    if (key == "isSoftDeleted") return reader.flag(member, "isSoftDeleted", out.is_soft_deleted);
    if (key == "isHardDeleted") return reader.flag(member, "isHardDeleted", out.is_hard_deleted);
    if (key == "substatus") return read_substatus(reader, member, out);
    return true;
  });
}

bool read_task(Reader& reader, ondemand::value value, std::optional<CurrentTask>& out) {
  return reader.object(value, "process", [&](Key key, ondemand::value process) {
    if (!(key == "currentTask")) return true;
    return reader.object(process, "currentTask", [&](Key name, ondemand::value member) {
      if (!out) out.emplace();
      if (name == "elementId") return reader.text(member, "elementId", out->element_id);
      if (name == "altinnTaskType") return reader.text(member, "altinnTaskType", out->task_type);
      return true;
    });
  });
}

bool read_references(Reader& reader, ondemand::value value, std::span<const Reference>& out) {
  ListBuilder<Reference> references(reader.arena());
  const bool read = reader.list(value, "references", [&](ondemand::value entry) {
    Reference& reference = references.add();
    return reader.object(entry, {}, [&](Key key, ondemand::value member) {
      if (key == "value") return reader.text(member, "value", reference.value);
      if (key == "relation") return reader.text(member, "relation", reference.relation);
      return true;
    });
  });
  out = references.list();
  return read;
}

bool read_links(Reader& reader, ondemand::value value, DataElement& element) {
  return reader.present(value, "selfLinks", element.has_links) &&
         reader.object(value, "selfLinks", [&](Key key, ondemand::value member) {
           if (key == "platform") return reader.text(member, "platform", element.platform_link);
           return true;
         });
}

bool read_delete_status(Reader& reader, ondemand::value value, DataElement& element) {
  return reader.object(value, "deleteStatus", [&](Key key, ondemand::value member) {
    if (key == "isHardDeleted") return reader.flag(member, "isHardDeleted", element.is_hard_deleted);
    return true;
  });
}

bool read_element(Reader& reader, ondemand::value value, DataElement& element) {
  return reader.object(value, {}, [&](Key key, ondemand::value member) {
    if (key == "id") return reader.text(member, "id", element.id);
    if (key == "dataType") return reader.text(member, "dataType", element.data_type);
    if (key == "filename") return reader.text(member, "filename", element.filename);
    if (key == "contentType") return reader.text(member, "contentType", element.content_type);
    if (key == "selfLinks") return read_links(reader, member, element);
    if (key == "created") return reader.instant(member, "created", element.created);
    if (key == "lastChangedBy") return reader.text(member, "lastChangedBy", element.last_changed_by);
    if (key == "deleteStatus") return read_delete_status(reader, member, element);
    if (key == "references") return read_references(reader, member, element.references);
    return true;
  });
}

bool read_data(Reader& reader, ondemand::value value, Instance& instance) {
  bool there = false;
  if (!reader.present(value, "data", there)) return false;
  ListBuilder<DataElement> elements(reader.arena());
  const bool read = reader.list(
      value, "data", [&](ondemand::value entry) { return read_element(reader, entry, elements.add()); });
  if (there) instance.data = elements.list();
  return read;
}

bool read_confirmations(Reader& reader, ondemand::value value, bool& confirmed) {
  return reader.list(value, "completeConfirmations", [&](ondemand::value) { return confirmed = true; });
}

bool read_member(Reader& reader, Key key, ondemand::value value, Instance& instance,
                 std::optional<Instant>& created, std::optional<Instant>& last_changed) {
  if (key == "id") return reader.text(value, "id", instance.id);
  if (key == "instanceOwner") return read_owner(reader, value, instance);
  if (key == "appId") return reader.text(value, "appId", instance.app_id);
  if (key == "org") return reader.text(value, "org", instance.org);
  if (key == "dueBefore") return reader.instant(value, "dueBefore", instance.due_before);
  if (key == "visibleAfter") return reader.instant(value, "visibleAfter", instance.visible_after);
  if (key == "process") return read_task(reader, value, instance.task);
  if (key == "status") return read_status(reader, value, instance.status);
  if (key == "completeConfirmations") return read_confirmations(reader, value, instance.confirmed);
  if (key == "data") return read_data(reader, value, instance);
  if (key == "presentationTexts")
    return read_map(reader, value, "presentationTexts", instance.presentation_texts);
  if (key == "dataValues") return read_map(reader, value, "dataValues", instance.data_values);
  if (key == "created") return reader.instant(value, "created", created);
  if (key == "lastChanged") return reader.instant(value, "lastChanged", last_changed);
  return true;
}

/// Splits `{party id}/{guid}`.
bool split_id(Reader& reader, Instance& instance) {
  const auto slash = instance.id.find('/');
  const auto guid =
      slash == std::string_view::npos ? std::nullopt : parse_uuid(instance.id.substr(slash + 1));
  if (!guid) return reader.fail("id", "must be a party id and a UUID with / between them");
  instance.party_id = instance.id.substr(0, slash);
  instance.guid = *guid;
  return true;
}

} // namespace

OptionalText Instance::data_value(std::string_view name) const {
  for (const auto& entry : data_values)
    if (entry.name == name) return entry.value;
  return std::nullopt;
}

bool Instance::has_data_value(std::string_view name) const {
  for (const auto& entry : data_values)
    if (entry.name == name) return true;
  return false;
}

Result<Instance> read_instance(Parser& parser, JsonView json) {
  Instance instance;
  Reader reader("instance", instance.arena);
  std::optional<Instant> created;
  std::optional<Instant> last_changed;
  const bool read = reader.document(parser, json, [&](Key key, ondemand::value value) {
    return read_member(reader, key, value, instance, created, last_changed);
  });
  const bool complete = read && (!instance.id.empty() || reader.fail("id", "is missing")) &&
                        split_id(reader, instance) &&
                        (!instance.app_id.empty() || reader.fail("appId", "is missing")) &&
                        (created || reader.fail("created", "is missing"));
  if (!complete) return tl::unexpected(std::move(reader).problem());
  instance.created = *created;
  instance.last_changed = last_changed.value_or(*created);
  return instance;
}

} // namespace dialogferry::codec
