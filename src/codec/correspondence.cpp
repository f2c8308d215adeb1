#include "common.hpp"
#include "correspondence_events.hpp"
#include "correspondence_values.hpp"

namespace dialogferry::codec {

namespace {

constexpr std::array<std::string_view, 7> reference_types{"Generic",
                                                          "AltinnAppInstance",
                                                          "AltinnBrokerFileTransfer",
                                                          "DialogportenDialogId",
                                                          "DialogportenProcessId",
                                                          "DialogportenTransmissionId",
                                                          "DialogportenTransmissionType"};

bool read_attachment(Reader& reader, ondemand::value entry, CorrespondenceAttachment& file) {
  return reader.object(entry, {}, [&](Key key, ondemand::value value) {
    if (key == "altinn2AttachmentId") return reader.text(value, "altinn2AttachmentId", file.altinn2_id);
    if (key == "id") return reader.uuid(value, "id", file.id);
    if (key == "created") return read_time(reader, value, "created", file.created);
    if (key == "senderPartyUuid") return reader.uuid(value, "senderPartyUuid", file.sender_party);
    if (key == "size") return reader.number(value, "size", file.size);
    if (key == "fileName") return reader.text(value, "fileName", file.file_name);
    if (key == "displayName") return reader.text(value, "displayName", file.display_name);
    if (key == "checksum") return reader.text(value, "checksum", file.checksum);
    if (key == "sendersReference") return reader.text(value, "sendersReference", file.senders_reference);
    if (key == "isEncrypted") return reader.flag(value, "isEncrypted", file.is_encrypted);
    if (key == "expirationTime") return reader.instant(value, "expirationTime", file.expires_at);
    return true;
  });
}

bool read_attachments(Reader& reader, ondemand::value value, std::span<const CorrespondenceAttachment>& out) {
  ListBuilder<CorrespondenceAttachment> files(reader.arena());
  const bool read = read_objects(reader, value, "attachments", [&](ondemand::value entry) {
    return read_attachment(reader, entry, files.add());
  });
  out = files.list();
  return read;
}

/// The files in `content` are those of an Altinn 3 message; a record has none there.
bool read_content(Reader& reader, ondemand::value value, std::optional<CorrespondenceContent>& out,
                  std::span<const CorrespondenceAttachment>* files) {
  bool there = false;
  if (!reader.present(value, "content", there)) return false;
  out.reset();
  if (there) out.emplace();
  return reader.object(value, "content", [&](Key key, ondemand::value member) {
    if (key == "language") return reader.text(member, "language", out->language);
    if (key == "messageTitle") return reader.text(member, "messageTitle", out->title);
    if (key == "messageSummary") return reader.text(member, "messageSummary", out->summary);
    if (key == "messageBody") return reader.text(member, "messageBody", out->body);
    if (files != nullptr && key == "attachments") return read_attachments(reader, member, *files);
    return true;
  });
}

bool read_references(Reader& reader, ondemand::value value, std::span<const ExternalReference>& out) {
  ListBuilder<ExternalReference> references(reader.arena());
  const bool read = read_objects(reader, value, "externalReferences", [&](ondemand::value entry) {
    ExternalReference& reference = references.add();
    return reader.object(entry, {}, [&](Key key, ondemand::value member) {
      if (key == "referenceValue") return reader.text(member, "referenceValue", reference.value);
      if (!(key == "referenceType")) return true;
      std::optional<std::size_t> type;
      if (!read_choice(reader, member, "referenceType", reference_types, type)) return false;
      if (type) reference.type = reference_types[*type];
      return true;
    });
  });
  out = references.list();
  return read;
}

bool read_replies(Reader& reader, ondemand::value value, std::span<const ReplyOption>& out) {
  ListBuilder<ReplyOption> replies(reader.arena());
  const bool read = read_objects(reader, value, "replyOptions", [&](ondemand::value entry) {
    ReplyOption& reply = replies.add();
    return reader.object(entry, {}, [&](Key key, ondemand::value member) {
      if (key == "linkURL") return reader.text(member, "linkURL", reply.url);
      if (key == "linkText") return reader.text(member, "linkText", reply.text);
      return true;
    });
  });
  out = replies.list();
  return read;
}

bool read_base(Reader& reader, Key key, ondemand::value value, CorrespondenceBase& base,
               std::span<const CorrespondenceAttachment>* files) {
  if (key == "resourceId") return reader.text(value, "resourceId", base.resource_id);
  if (key == "sender") return reader.text(value, "sender", base.sender);
  if (key == "sendersReference") return reader.text(value, "sendersReference", base.senders_reference);
  if (key == "messageSender") return reader.text(value, "messageSender", base.message_sender);
  if (key == "requestedPublishTime")
    return read_time(reader, value, "requestedPublishTime", base.publish_time);
  if (key == "dueDateTime") return read_time(reader, value, "dueDateTime", base.due);
  if (key == "content") return read_content(reader, value, base.content, files);
  if (key == "externalReferences") return read_references(reader, value, base.references);
  if (key == "propertyList") return read_map(reader, value, "propertyList", base.properties);
  if (key == "replyOptions") return read_replies(reader, value, base.replies);
  if (key == "ignoreReservation")
    return read_flag(reader, value, "ignoreReservation", base.ignore_reservation);
  if (key == "isConfirmationNeeded")
    return read_flag(reader, value, "isConfirmationNeeded", base.is_confirmation_needed);
  if (key == "isConfidential") return read_flag(reader, value, "isConfidential", base.is_confidential);
  return true;
}

bool read_recipients(Reader& reader, ondemand::value value, Correspondence& record) {
  ListBuilder<OptionalText> recipients(reader.arena());
  const bool read = reader.list(
      value, "recipients", [&](ondemand::value entry) { return reader.text(entry, {}, recipients.add()); });
  record.recipients = recipients.list();
  return read;
}

/// `correspondenceData` of a record.
bool read_data(Reader& reader, ondemand::value value, Correspondence& record) {
  return reader.present(value, "correspondenceData", record.has_data) &&
         reader.object(value, "correspondenceData", [&](Key key, ondemand::value member) {
           if (key == "recipients") return read_recipients(reader, member, record);
           if (!(key == "correspondence")) return true;
           return reader.object(member, "correspondence", [&](Key name, ondemand::value part) {
             return read_base(reader, name, part, record.base, nullptr);
           });
         });
}

/// What only an Altinn 3 message has at its top.
struct Details {
  CorrespondenceBase base;
  OptionalText recipient;
  std::span<const CorrespondenceAttachment> files;
  std::span<const StatusEvent> statuses;
};

bool read_member(Reader& reader, Key key, ondemand::value value, Correspondence& record, Details& details) {
  if (key == "altinn2CorrespondenceId")
    return read_int32(reader, value, "altinn2CorrespondenceId", record.altinn2_id);
  if (key == "correspondenceId") return reader.uuid(value, "correspondenceId", record.altinn3_id);
  if (key == "created") return read_time(reader, value, "created", record.created);
  if (key == "partyId") return read_int32(reader, value, "partyId", record.party_id);
  if (key == "correspondenceData") return read_data(reader, value, record);
  if (key == "eventHistory") return read_statuses(reader, value, record.statuses);
  if (key == "notificationHistory") return read_notifications(reader, value, record.notifications);
  if (key == "forwardingHistory") return read_forwards(reader, value, record.forwards);
  if (key == "attachments") return read_attachments(reader, value, record.attachments);
  if (key == "recipient") return reader.text(value, "recipient", details.recipient);
  if (key == "statusHistory") return read_status_history(reader, value, details.statuses);
  if (key == "published") return reader.instant(value, "published", record.published);
  return read_base(reader, key, value, details.base, &details.files);
}

/// An Altinn 3 message: what was read at the top is all there is.
void adopt(Correspondence& record, const Details& details) {
  record.base = details.base;
  record.attachments = details.files;
  record.statuses = details.statuses;
  record.notifications = {};
  record.forwards = {};
  const auto recipients = record.arena.make<OptionalText>(details.recipient ? 1 : 0);
  if (details.recipient) recipients[0] = details.recipient;
  record.recipients = recipients;
}

} // namespace

OptionalText CorrespondenceBase::reference(std::string_view type) const {
  for (const auto& entry : references)
    if (entry.type == type) return entry.value;
  return std::nullopt;
}

Result<Correspondence> read_correspondence(Parser& parser, JsonView json) {
  Correspondence record;
  Details details;
  Reader reader("correspondence", record.arena);
  const bool read = reader.document(parser, json, [&](Key key, ondemand::value value) {
    return read_member(reader, key, value, record, details);
  });
  if (!read) return tl::unexpected(std::move(reader).problem());
  if (record.is_altinn3()) adopt(record, details);
  return record;
}

} // namespace dialogferry::codec
