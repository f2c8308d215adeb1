#include "archive/message.hpp"

#include "archive/bytes.hpp"
#include "storage/json_text.hpp"

#include <algorithm>
#include <array>

namespace altinn_sim::archive {

using storage::JsonElements;
using storage::JsonMembers;

namespace {

constexpr std::array<std::string_view, 15> status_names = {"Initialized",
                                                           "ReadyForPublish",
                                                           "Published",
                                                           "Fetched",
                                                           "Read",
                                                           "Replied",
                                                           "Confirmed",
                                                           "PurgedByRecipient",
                                                           "PurgedByAltinn",
                                                           "Archived",
                                                           "Reserved",
                                                           "Failed",
                                                           "AttachmentsDownloaded",
                                                           "SoftDeletedByRecipient",
                                                           "RestoredByRecipient"};
constexpr std::array<std::string_view, 4> channel_names = {"Email", "Sms", "EmailPreferred", "SmsPreferred"};

std::string_view text_of(Status status) {
  if (status == Status::published) return "Correspondence Published in Altinn 2";
  return status == Status::initialized ? "Correspondence Created in Altinn 2" : "";
}

void text_if(JsonMembers& json, std::string_view name, const std::optional<std::string>& text) {
  if (text) json.text(name, *text);
}

/// Left out where the archive learned of the event as it happened.
void registered(JsonMembers& json, Ticks at, Ticks learned) {
  if (learned != at) json.time("registered", learned);
}

void append_event(std::string& out, const StatusEvent& event) {
  JsonMembers json(out);
  json.text("status", name_of(event.status));
  json.text("statusText", text_of(event.status));
  json.time("statusChanged", event.at);
  json.guid("eventUserPartyUuid", event.party);
  registered(json, event.at, event.registered);
}

void append_event(std::string& out, const Notification& event) {
  JsonMembers json(out);
  json.number("altinn2NotificationId", event.id);
  json.text("notificationChannel", channel_names[static_cast<std::size_t>(event.channel)]);
  json.text("notificationAddress", event.address);
  json.time("notificationSent", event.sent);
  json.flag("isReminder", event.is_reminder);
  registered(json, event.sent, event.registered);
}

void append_event(std::string& out, const Forward& event) {
  JsonMembers json(out);
  json.time("forwardedOnDate", event.at);
  json.guid("forwardedByPartyUuid", event.by);
  json.number("forwardedByUserId", event.by_user);
  if (event.to_user_id) json.number("forwardedToUserId", *event.to_user_id);
  if (event.to_user) json.guid("forwardedToUserUuid", *event.to_user);
  json.text_if("forwardedToEmail", event.to_email);
  json.text_if("mailboxSupplier", event.mailbox);
  json.text_if("forwardingText", event.note);
  registered(json, event.at, event.registered);
}

template <class Event>
void append_events(JsonMembers& json, std::string_view name, const std::vector<Event>& events) {
  if (events.empty()) return;
  JsonElements list(json.value(name));
  for (const auto& event : events)
    append_event(list.next(), event);
}

void append_content(std::string& out, const Message& message) {
  JsonMembers json(out);
  text_if(json, "language", message.language);
  text_if(json, "messageTitle", message.title);
  text_if(json, "messageSummary", message.summary);
  text_if(json, "messageBody", message.body);
}

void append_properties(std::string& out, const Message& message) {
  JsonMembers json(out);
  std::string name;
  for (const auto& [key, value] : message.properties) {
    name.clear();
    storage::append_quoted(name, key);
    json.text(std::string_view(name).substr(1, name.size() - 2), value);
  }
}

void append_replies(std::string& out, const Message& message) {
  JsonElements list(out);
  for (const auto& each : message.replies) {
    JsonMembers json(list.next());
    json.text("linkURL", each.url);
    text_if(json, "linkText", each.text);
  }
}

void append_correspondence(std::string& out, const Message& message) {
  JsonMembers json(out);
  json.text("resourceId", message.resource);
  text_if(json, "sender", message.sender);
  json.text("sendersReference", message.senders_reference);
  text_if(json, "messageSender", message.message_sender);
  if (message.publish_time) json.time("requestedPublishTime", *message.publish_time);
  if (message.due) json.time("dueDateTime", *message.due);
  json.flag_if("isConfirmationNeeded", message.needs_confirmation);
  if (message.has_content)
    append_content(json.value("content"), message);
  else
    json.null("content");
  if (!message.properties.empty()) append_properties(json.value("propertyList"), message);
  if (!message.replies.empty()) append_replies(json.value("replyOptions"), message);
  if (message.process) {
    JsonElements list(json.value("externalReferences"));
    JsonMembers reference(list.next());
    reference.text("referenceType", "DialogportenProcessId");
    reference.text("referenceValue", *message.process);
  }
}

void append_data(std::string& out, const Message& message) {
  JsonMembers json(out);
  {
    JsonElements list(json.value("recipients"));
    for (const auto& each : message.recipients)
      storage::append_quoted(list.next(), each);
  }
  append_correspondence(json.value("correspondence"), message);
}

void append_attachment(std::string& out, const Attachment& file) {
  JsonMembers json(out);
  json.text("altinn2AttachmentId", file.id);
  json.time("created", file.created);
  json.guid("senderPartyUuid", file.sender);
  json.number("size", file.size);
  text_if(json, "fileName", file.file_name);
  text_if(json, "displayName", file.display_name);
  if (file.has_checksum)
    json.text("checksum", file.checksum.empty() ? md5_of(FileBytes(file.seed, file.size)) : file.checksum);
  text_if(json, "sendersReference", file.senders_reference);
  json.flag_if("isEncrypted", file.is_encrypted);
}

} // namespace

std::string_view name_of(Status status) {
  return status_names[static_cast<std::size_t>(status)];
}

bool Message::ever(Status status) const {
  return std::any_of(events.begin(), events.end(), [&](const auto& each) { return each.status == status; });
}

void append_json(std::string& out, const Message& message) {
  JsonMembers json(out);
  json.number("altinn2CorrespondenceId", message.id);
  json.time("created", message.created);
  json.time("changed", message.changed);
  json.number("partyId", message.party_id);
  append_data(json.value("correspondenceData"), message);
  append_events(json, "eventHistory", message.events);
  append_events(json, "notificationHistory", message.notifications);
  append_events(json, "forwardingHistory", message.forwards);
  if (message.attachments.empty()) return;
  JsonElements list(json.value("attachments"));
  for (const auto& each : message.attachments)
    append_attachment(list.next(), each);
}

} // namespace altinn_sim::archive
