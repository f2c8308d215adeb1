#include <dialogferry/codec/correspondence_json.hpp>
#include <dialogferry/codec/json_writer.hpp>

namespace dialogferry::codec {

namespace {

void member(JsonWriter& json, std::string_view quoted, const std::optional<std::int64_t>& value) {
  if (!value) return;
  json.name(quoted);
  json.number(*value);
}

void member(JsonWriter& json, std::string_view quoted, const std::optional<bool>& value) {
  if (!value) return;
  json.name(quoted);
  json.flag(*value);
}

void member(JsonWriter& json, std::string_view quoted, std::string_view value) {
  json.name(quoted);
  json.text(value);
}

void member(JsonWriter& json, std::string_view quoted, const std::optional<WrittenTime>& value) {
  if (value) member(json, quoted, value->text);
}

void member(JsonWriter& json, std::string_view quoted, const Uuid& value) {
  json.name(quoted);
  json.uuid(value);
}

/// A list of objects, each filled by write(json, entry).
template <class T, class Write>
void list(JsonWriter& json, std::string_view quoted, std::span<const T> entries, Write write) {
  json.name(quoted);
  json.open('[');
  for (const auto& entry : entries) {
    json.comma();
    json.open('{');
    write(json, entry);
    json.close('}');
  }
  json.close(']');
}

// -- events -------------------------------------------------------------------

void write_status(JsonWriter& json, const StatusEvent& event) {
  member(json, R"("status":)", name_of(event.status));
  json.member(R"("statusText":)", event.text);
  member(json, R"("statusChanged":)", event.changed.text);
  json.member(R"("eventUserUuid":)", event.user);
  member(json, R"("eventUserPartyUuid":)", event.party);
}

void write_notification(JsonWriter& json, const NotificationEvent& event) {
  member(json, R"("altinn2NotificationId":)", std::optional(event.id));
  member(json, R"("notificationChannel":)", name_of(event.channel));
  member(json, R"("notificationAddress":)", event.address);
  member(json, R"("notificationSent":)", event.sent.text);
  member(json, R"("isReminder":)", std::optional(event.is_reminder));
}

void write_forward(JsonWriter& json, const ForwardingEvent& event) {
  member(json, R"("forwardedOnDate":)", event.forwarded.text);
  member(json, R"("forwardedByPartyUuid":)", event.by_party);
  member(json, R"("forwardedByUserId":)", event.by_user_id);
  json.member(R"("forwardedByUserUuid":)", event.by_user);
  member(json, R"("forwardedToUserId":)", event.to_user_id);
  json.member(R"("forwardedToUserUuid":)", event.to_user);
  json.member(R"("forwardedToEmail":)", event.to_email);
  json.member(R"("mailboxSupplier":)", event.mailbox);
  json.member(R"("forwardingText":)", event.text);
}

// -- the record ---------------------------------------------------------------

void write_content(JsonWriter& json, const CorrespondenceContent& content) {
  json.name(R"("content":)");
  json.open('{');
  if (content.language) member(json, R"("language":)", accepted_language(*content.language));
  json.member(R"("messageTitle":)", content.title);
  member(json, R"("messageSummary":)", content.summary.value_or(""));
  json.member(R"("messageBody":)", content.body);
  json.close('}');
}

void write_properties(JsonWriter& json, std::span<const NamedText> properties) {
  if (properties.empty()) return;
  json.name(R"("propertyList":)");
  json.open('{');
  for (const auto& [name, value] : properties) {
    json.comma();
    json.text(name);
    json.raw(":");
    json.text(value.value_or(""));
  }
  json.close('}');
}

void write_base(JsonWriter& json, const CorrespondenceBase& base) {
  json.member(R"("resourceId":)", base.resource_id);
  json.member(R"("sender":)", base.sender);
  json.member(R"("sendersReference":)", base.senders_reference);
  json.member(R"("messageSender":)", base.message_sender);
  member(json, R"("requestedPublishTime":)", base.publish_time);
  member(json, R"("dueDateTime":)", base.due);
  if (base.content) write_content(json, *base.content);
  if (!base.references.empty())
    list(json, R"("externalReferences":)", base.references,
         [](JsonWriter& to, const ExternalReference& entry) {
           to.member(R"("referenceType":)", entry.type);
           to.member(R"("referenceValue":)", entry.value);
         });
  write_properties(json, base.properties);
  if (!base.replies.empty())
    list(json, R"("replyOptions":)", base.replies, [](JsonWriter& to, const ReplyOption& entry) {
      to.member(R"("linkURL":)", entry.url);
      to.member(R"("linkText":)", entry.text);
    });
  member(json, R"("ignoreReservation":)", base.ignore_reservation);
  member(json, R"("isConfirmationNeeded":)", base.is_confirmation_needed);
  member(json, R"("isConfidential":)", base.is_confidential);
}

void write_data(JsonWriter& json, const Correspondence& record, std::span<const Uuid> attachment_ids) {
  json.name(R"("correspondenceData":)");
  json.open('{');
  json.name(R"("recipients":)");
  json.open('[');
  for (const auto& recipient : record.recipients) {
    json.comma();
    json.text(recipient.value_or(""));
  }
  json.close(']');
  json.name(R"("correspondence":)");
  json.open('{');
  write_base(json, record.base);
  json.close('}');
  json.name(R"("existingAttachments":)");
  json.open('[');
  for (const auto& id : attachment_ids) {
    json.comma();
    json.uuid(id);
  }
  json.close(']');
  json.close('}');
}

constexpr std::size_t frame_size = 1024; ///< what a body holds besides its longest text and its events
constexpr std::size_t event_size = 192;

template <class T, class Write>
std::string write_sync(const Uuid& id, std::string_view quoted, std::span<const T> events, Write write) {
  JsonWriter json(frame_size + events.size() * event_size);
  json.open('{');
  member(json, R"("correspondenceId":)", id);
  list(json, quoted, events, write);
  json.close('}');
  return std::move(json).take();
}

} // namespace

std::string_view accepted_language(std::string_view language) {
  const bool is_no = language.size() == 2 && (language[0] | 0x20) == 'n' && (language[1] | 0x20) == 'o';
  return is_no ? std::string_view("nb") : language;
}

std::string write_migrate(const Correspondence& record, std::span<const Uuid> attachment_ids,
                          bool make_available) {
  const auto events = record.statuses.size() + record.notifications.size() + record.forwards.size();
  const auto body = record.base.content ? record.base.content->body.value_or("").size() : 0;
  JsonWriter json(frame_size + body + events * event_size);
  json.open('{');
  member(json, R"("altinn2CorrespondenceId":)", record.altinn2_id);
  member(json, R"("created":)", record.created);
  member(json, R"("partyId":)", record.party_id);
  member(json, R"("IsMigrating":)", std::optional(true));
  member(json, R"("makeAvailable":)", std::optional(make_available));
  write_data(json, record, attachment_ids);
  list(json, R"("eventHistory":)", record.statuses, write_status);
  list(json, R"("notificationHistory":)", record.notifications, write_notification);
  list(json, R"("forwardingHistory":)", record.forwards, write_forward);
  json.close('}');
  return std::move(json).take();
}

std::string write_status_sync(const Uuid& correspondence_id, std::span<const StatusEvent> events) {
  return write_sync(correspondence_id, R"("syncedStatusEvents":)", events, write_status);
}

std::string write_notification_sync(const Uuid& correspondence_id,
                                    std::span<const NotificationEvent> events) {
  return write_sync(correspondence_id, R"("syncedNotificationEvents":)", events, write_notification);
}

std::string write_forwarding_sync(const Uuid& correspondence_id, std::span<const ForwardingEvent> events) {
  return write_sync(correspondence_id, R"("syncedForwardingEvents":)", events, write_forward);
}

} // namespace dialogferry::codec
