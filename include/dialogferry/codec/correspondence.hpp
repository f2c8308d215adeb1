#pragma once

#include <dialogferry/codec/instance.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// A message of Correspondence: the record of the Altinn 2 archive (correspondence.md 2.6) or the details of
/// an Altinn 3 message (6.3). Texts point into the Document it was read from or into its arena.
namespace dialogferry::codec {

/// A time, and how the source wrote it.
struct WrittenTime {
  Instant at;
  std::string_view text;
};

/// What can happen to a message (2.3); the numbers are those of the API.
enum class CorrespondenceStatus : std::uint8_t {
  initialized,
  ready_for_publish,
  published,
  fetched,
  read,
  replied,
  confirmed,
  purged_by_recipient,
  purged_by_altinn,
  archived,
  reserved,
  failed,
  attachments_downloaded,
  soft_deleted_by_recipient,
  restored_by_recipient,
};

/// `Initialized`, as the API spells it.
std::string_view name_of(CorrespondenceStatus status);

/// PurgedByRecipient or PurgedByAltinn.
inline bool is_hard_delete(CorrespondenceStatus status) {
  return status == CorrespondenceStatus::purged_by_recipient ||
         status == CorrespondenceStatus::purged_by_altinn;
}

/// How a notification was sent (2.4); the numbers are those of the API.
enum class NotificationChannel : std::uint8_t { email, sms, email_preferred, sms_preferred, email_and_sms };

std::string_view name_of(NotificationChannel channel);

/// An entry of `eventHistory`, or of `statusHistory` of an Altinn 3 message, which names no party.
struct StatusEvent {
  CorrespondenceStatus status = CorrespondenceStatus::initialized;
  OptionalText text;
  WrittenTime changed;
  std::optional<Uuid> user;
  Uuid party;
  std::optional<Instant>
      registered; ///< when the archive learned of it (docs/a2-archive.md); when it happened

  Instant known_at() const { return registered.value_or(changed.at); }
};

struct NotificationEvent {
  NotificationChannel channel = NotificationChannel::email;
  WrittenTime sent;
  std::int64_t id = 0;
  std::string_view address;
  bool is_reminder = false;
  std::optional<Instant> registered; ///< as StatusEvent

  Instant known_at() const { return registered.value_or(sent.at); }
};

struct ForwardingEvent {
  WrittenTime forwarded;
  Uuid by_party;
  std::optional<std::int64_t> by_user_id;
  std::optional<Uuid> by_user;
  std::optional<std::int64_t> to_user_id;
  std::optional<Uuid> to_user;
  OptionalText to_email;
  OptionalText mailbox;
  OptionalText text;
  std::optional<Instant> registered; ///< as StatusEvent

  Instant known_at() const { return registered.value_or(forwarded.at); }
};

struct ExternalReference {
  OptionalText type; ///< the name, also where the source gave its number
  OptionalText value;
};

struct ReplyOption {
  OptionalText url;
  OptionalText text;
};

/// An attachment of a record (2.6) or of an Altinn 3 message; each has its own kind of id.
struct CorrespondenceAttachment {
  OptionalText altinn2_id;
  std::optional<Uuid> id; ///< Altinn 3
  std::optional<WrittenTime> created;
  std::optional<Uuid> sender_party;
  std::optional<std::int64_t> size; ///< bytes
  OptionalText file_name;
  OptionalText display_name;
  OptionalText checksum; ///< MD5
  OptionalText senders_reference;
  bool is_encrypted = false;
  std::optional<Instant> expires_at; ///< Altinn 3
};

struct CorrespondenceContent {
  OptionalText language;
  OptionalText title;
  OptionalText summary;
  OptionalText body;
};

/// The members that both kinds share (2.1, `correspondence`).
struct CorrespondenceBase {
  OptionalText resource_id;
  OptionalText sender;
  OptionalText senders_reference;
  OptionalText message_sender;
  std::optional<WrittenTime> publish_time; ///< requestedPublishTime
  std::optional<WrittenTime> due;
  std::optional<CorrespondenceContent> content;
  std::span<const ExternalReference> references;
  std::span<const NamedText> properties;
  std::span<const ReplyOption> replies;
  std::optional<bool> ignore_reservation;
  std::optional<bool> is_confirmation_needed;
  std::optional<bool> is_confidential;

  /// The value of the first reference of this type.
  OptionalText reference(std::string_view type) const;
};

struct Correspondence {
  std::optional<std::int64_t> altinn2_id;
  std::optional<Uuid> altinn3_id; ///< correspondenceId: the message is one of Altinn 3
  std::optional<WrittenTime> created;
  std::optional<std::int64_t> party_id;
  bool has_data = false; ///< correspondenceData
  CorrespondenceBase base;
  std::span<const OptionalText> recipients; ///< nothing for a null in the list (observed.md OC-12)
  std::span<const CorrespondenceAttachment> attachments;
  std::span<const StatusEvent> statuses;
  std::span<const NotificationEvent> notifications;
  std::span<const ForwardingEvent> forwards;
  std::optional<Instant> published; ///< Altinn 3
  Arena arena;

  bool is_altinn3() const { return altinn3_id && !has_data; }
};

/// Reads a record or the details of an Altinn 3 message. A null counts as absent, unknown members are passed
/// by. Fails where a member has a wrong type or form, an event lacks what it must have, or a list holds a
/// null (observed.md OC-11, OC-12, OC-14); Problem.member names it
/// (`correspondence.eventHistory[3].statusChanged`). Limits of length and of what must be there are those of
/// mapping::correspondence::find_unfit().
Result<Correspondence> read_correspondence(Parser& parser, JsonView json);

} // namespace dialogferry::codec
