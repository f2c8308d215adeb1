#include "correspondence/wire/bodies.hpp"

#include "correspondence/wire/events.hpp"
#include "correspondence/wire/names.hpp"
#include "dialogporten/model/text.hpp"
#include "dialogporten/wire/document.hpp"

#include <algorithm>

namespace altinn_sim::correspondence {

namespace {

using dialogporten::utf16_length;

constexpr std::size_t short_text = 255;
constexpr std::size_t longest_reference = 4096;
constexpr std::size_t longest_body = 30'000;
constexpr std::size_t most_properties = 10;
constexpr std::size_t longest_property_name = 50;
constexpr std::size_t longest_property = 300;
constexpr std::size_t most_references = 10;

constexpr std::string_view transmission_types[] = {"Information", "Acceptance", "Rejection",  "Request",
                                                   "Alert",       "Decision",   "Submission", "Correction"};

std::string_view view(const json::string& text) {
  return {text.data(), text.size()};
}

/// U+0000 in any text: the database takes none (observed.md OC-12).
bool has_nul(const json::value& value) {
  const auto in_text = [](std::string_view text) { return text.find('\0') != std::string_view::npos; };
  if (const auto* text = value.if_string()) return in_text(view(*text));
  if (const auto* list = value.if_array()) return std::any_of(list->begin(), list->end(), has_nul);
  if (const auto* object = value.if_object())
    return std::any_of(object->begin(), object->end(), [&](const auto& member) {
      return in_text({member.key().data(), member.key().size()}) || has_nul(member.value());
    });
  return false;
}

void check_text(Members& members, std::string_view name, const std::optional<std::string>& text,
                std::size_t most) {
  if (members.find(name) == nullptr || members.find(name)->is_null()) return;
  if (const auto problem = text_problem(text, most)) members.refuse(name, *problem);
}

void check_length(Members& members, std::string_view name, const std::optional<std::string>& text,
                  std::size_t most) {
  if (text && utf16_length(*text) > most)
    members.refuse(name, "The field must be at most " + std::to_string(most) + " characters.");
}

void read_content(Verdict& verdict, const json::value& source, const std::string& path, Migration& out) {
  Members members(verdict, source, path);
  Record& record = out.record;
  out.has_content = true;
  for (const auto* name : {"messageTitle", "messageBody"})
    members.require(name);
  const auto language = members.text_if("language");
  const auto title = members.text("messageTitle");
  const auto summary = members.text_if("messageSummary");
  const auto body = members.text("messageBody");
  check_text(members, "messageTitle", title, short_text);
  check_text(members, "messageBody", body, longest_body);
  check_length(members, "messageSummary", summary, short_text);
  if (language && utf16_length(*language) != 2) members.refuse("language", "Language must have two letters.");
  if (!language || !summary) verdict.breaks = true; // correspondence.md 1.7
  record.language = language.value_or("");
  record.title = title.value_or("");
  record.summary = summary.value_or("");
}

bool names_transmission_type(std::string_view value) {
  return std::any_of(std::begin(transmission_types), std::end(transmission_types),
                     [&](std::string_view each) { return dialogporten::same_name(each, value); });
}

void read_references(Verdict& verdict, Members& members, const std::string& path, Record& record) {
  const auto* list = members.list("externalReferences", true);
  if (list == nullptr) return;
  for (std::size_t at = 0; at < list->size(); ++at) {
    Members each(verdict, (*list)[at], path + ".ExternalReferences[" + std::to_string(at) + ']');
    auto& reference = record.references.emplace_back();
    each.choice("referenceType", reference_names, reference.type);
    reference.value = each.text("referenceValue").value_or("");
    if (reference.type == reference::transmission)
      members.refuse("externalReferences",
                     "References of type 'DialogportenTransmissionId' are not allowed.");
    if (reference.type == reference::transmission_type && !names_transmission_type(reference.value))
      members.refuse("externalReferences", "The transmission type is not known.");
  }
  if (list->size() > most_references)
    members.refuse("externalReferences", "Maximum 10 external references are allowed.");
}

void read_properties(Verdict& verdict, Members& members, Record& record) {
  const auto* found = members.find("propertyList");
  if (found == nullptr) return;
  if (found->is_null()) return members.refuse("propertyList", "The field is required.");
  Members list(verdict, *found, members.path("propertyList"));
  if (!list.is_object()) return;
  for (const auto& [key, value] : found->get_object()) {
    if (value.is_null()) {
      verdict.breaks = true;
      continue;
    }
    const auto name = std::string{key};
    const auto text = list.text_if(name).value_or("");
    if (utf16_length(name) > longest_property_name || utf16_length(text) > longest_property)
      members.refuse("propertyList",
                     "PropertyList can not contain keys over 50 or values over 300 characters.");
    record.properties[name] = text;
  }
  if (found->get_object().size() > most_properties)
    members.refuse("propertyList", "PropertyList can contain at most 10 properties.");
}

void read_reply_options(Verdict& verdict, Members& members, const std::string& path, Record& record) {
  const auto* list = members.list("replyOptions", true);
  if (list == nullptr) return;
  for (std::size_t at = 0; at < list->size(); ++at) {
    if ((*list)[at].is_null()) {
      verdict.breaks = true;
      continue;
    }
    Members each(verdict, (*list)[at], path + ".ReplyOptions[" + std::to_string(at) + ']');
    each.require("linkURL");
    auto& option = record.reply_options.emplace_back();
    option.url = each.text("linkURL").value_or("");
    option.text = each.text_if("linkText");
  }
}

void read_correspondence(Verdict& verdict, const json::value& source, Migration& out) {
  const std::string path = "CorrespondenceData.Correspondence";
  Members members(verdict, source, path);
  if (!members.is_object()) return;
  Record& record = out.record;
  for (const auto* name : {"resourceId", "sendersReference"})
    members.require(name);
  const auto resource = members.text("resourceId");
  const auto reference = members.text("sendersReference");
  const auto sender = members.text_if("sender");
  check_text(members, "resourceId", resource, short_text);
  if (resource && !is_resource_id(*resource)) members.refuse("resourceId", "The field is no resource id.");
  check_text(members, "sendersReference", reference, longest_reference);
  record.message_sender = members.text_if("messageSender");
  check_length(members, "messageSender", record.message_sender, short_text);
  const auto publish = members.time_if("requestedPublishTime");
  record.due = members.time_if("dueDateTime");
  const auto* content = members.find("content");
  if (content != nullptr && !content->is_null()) read_content(verdict, *content, path + ".Content", out);
  read_references(verdict, members, path, record);
  read_properties(verdict, members, record);
  read_reply_options(verdict, members, path, record);
  bool confidential = false;
  members.flag("isConfirmationNeeded", record.confirmation_needed);
  members.flag("isConfidential", confidential);
  if (!publish || !sender) verdict.breaks = true; // correspondence.md 1.7
  record.requested_publish_time = publish.value_or(0);
  record.resource = resource.value_or("");
  record.senders_reference = reference.value_or("");
  record.sender = sender.value_or("");
}

void read_attachments(Members& members, Record& record, Verdict& verdict) {
  const auto* list = members.list("existingAttachments");
  if (list == nullptr) return;
  for (const auto& each : *list) {
    const auto* text = each.if_string();
    const auto id = text ? dialogporten::parse_uuid(view(*text)) : std::nullopt;
    if (id)
      record.attachments.push_back(*id);
    else
      verdict.unbound.push_back({"$.correspondenceData.existingAttachments",
                                 "The JSON value could not be converted to System.Guid."});
  }
}

void read_data(Verdict& verdict, const json::value& source, Migration& out) {
  Members members(verdict, source, "CorrespondenceData");
  if (!members.is_object()) return;
  for (const auto* name : {"recipients", "correspondence"})
    members.require(name);
  if (const auto* list = members.list("recipients")) {
    const auto* first = list->empty() ? nullptr : list->front().if_string();
    if (first == nullptr)
      verdict.breaks = true;
    else
      out.record.recipient = dialogporten::lower(view(*first));
  }
  read_attachments(members, out.record, verdict);
  members.uuid_if("idempotentKey");
  members.time_if("published");
  const auto* correspondence = members.find("correspondence");
  if (correspondence == nullptr) return;
  if (correspondence->is_null()) return members.refuse("correspondence", "The field is required.");
  read_correspondence(verdict, *correspondence, out);
}

/// The body as JSON; what cannot be read is said.
std::optional<json::value> parsed(std::string_view body, Verdict& verdict) {
  auto value = dialogporten::parse_json(body);
  if (value && !value->is_null()) return value;
  verdict.unbound.push_back({"$", "The body could not be read as JSON."});
  return std::nullopt;
}

} // namespace

std::optional<std::string> text_problem(const std::optional<std::string>& text, std::size_t most) {
  if (!text || dialogporten::is_blank(*text)) return "The field is required.";
  if (utf16_length(*text) > most)
    return "The field must be between 1 and " + std::to_string(most) + " characters.";
  return std::nullopt;
}

bool is_resource_id(std::string_view text) {
  constexpr std::string_view prefix = "urn:altinn:resource:";
  if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  return !text.empty() && utf16_length(text) <= short_text && text.find(':') == std::string_view::npos;
}

Verdict read_migration(std::string_view body, Migration& out) {
  Verdict verdict;
  const auto root = parsed(body, verdict);
  if (!root) return verdict;
  Members members(verdict, *root, "");
  if (!members.is_object()) return verdict;
  out.record.created = dialogporten::Time::year_one;
  for (const auto* name : {"altinn2CorrespondenceId", "correspondenceData"})
    members.require(name);
  std::int64_t party = 0;
  members.whole("altinn2CorrespondenceId", out.record.altinn2_id);
  members.time("created", out.record.created);
  members.whole("partyId", party);
  members.flag("IsMigrating", out.record.is_migrating);
  members.flag("makeAvailable", out.make_available);
  if (const auto* list = members.list("eventHistory"))
    read_status_events(verdict, *list, "EventHistory", out.events);
  if (const auto* list = members.list("notificationHistory"))
    read_notifications(verdict, *list, "NotificationHistory", out.notifications);
  if (const auto* list = members.list("forwardingHistory"))
    read_forwards(verdict, *list, "ForwardingHistory", out.forwards);
  if (const auto* data = members.find("correspondenceData")) {
    if (data->is_null())
      members.refuse("correspondenceData", "The field is required.");
    else
      read_data(verdict, *data, out);
  }
  if (has_nul(*root)) verdict.breaks = true;
  return verdict;
}

Verdict read_sync(std::string_view body, std::string_view member, Sync& out) {
  Verdict verdict;
  const auto root = parsed(body, verdict);
  if (!root) return verdict;
  Members members(verdict, *root, "");
  if (!members.is_object()) return verdict;
  members.require("correspondenceId");
  members.require(member);
  members.uuid("correspondenceId", out.correspondence);
  const auto* list = members.list(member);
  if (list == nullptr) return verdict;
  const auto path = members.path(member);
  if (list->empty()) verdict.invalid.push_back({"SyncedEvents", "At least one event is required."});
  if (member == "syncedStatusEvents") read_status_events(verdict, *list, path, out.events);
  if (member == "syncedForwardingEvents") read_forwards(verdict, *list, path, out.forwards);
  if (member == "syncedNotificationEvents") read_notifications(verdict, *list, path, out.notifications);
  if (has_nul(*root)) verdict.breaks = true;
  return verdict;
}

Verdict read_publication(std::string_view body, Publication& out) {
  Verdict verdict;
  const auto root = parsed(body, verdict);
  if (!root) return verdict;
  Members members(verdict, *root, "");
  if (!members.is_object()) return verdict;
  out.id = members.uuid_if("correspondenceId");
  if (const auto* list = members.list("correspondenceIds", true)) {
    out.has_ids = true;
    for (const auto& each : *list) {
      const auto* text = each.if_string();
      const auto id = text ? dialogporten::parse_uuid(view(*text)) : std::nullopt;
      if (id)
        out.ids.push_back(*id);
      else
        verdict.unbound.push_back(
            {"$.correspondenceIds", "The JSON value could not be converted to System.Guid."});
    }
  }
  out.batch_size = members.whole_if("batchSize").value_or(0);
  out.from = members.time_if("createdFrom");
  out.to = members.time_if("createdTo");
  members.flag("asyncProcessing", out.async);
  members.flag("createEvents", out.create_events);
  return verdict;
}

} // namespace altinn_sim::correspondence
