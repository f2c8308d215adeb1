#pragma once

#include "storage/guid.hpp"
#include "storage/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The archive of Altinn 2's messages (docs/a2-archive.md).
namespace altinn_sim::archive {

using storage::Day;
using storage::Guid;
using storage::Ticks;

/// Values of a status event, as in Correspondence (correspondence.md 2.3).
enum class Status : std::uint8_t {
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
  soft_deleted,
  restored
};

std::string_view name_of(Status status);

constexpr bool is_purge(Status status) {
  return status == Status::purged_by_recipient || status == Status::purged_by_altinn;
}

struct StatusEvent {
  Status status = Status::read;
  Ticks at = 0;
  Guid party;
  Ticks registered = 0; ///< when the archive learned of it
};

enum class Channel : std::uint8_t { email, sms, email_preferred, sms_preferred };

struct Notification {
  std::int64_t id = 0;
  Channel channel = Channel::email;
  std::string address;
  Ticks sent = 0;
  bool is_reminder = false;
  Ticks registered = 0;
};

struct Forward {
  Ticks at = 0;
  Guid by;
  std::int64_t by_user = 0;
  std::optional<std::int64_t> to_user_id;
  std::optional<Guid> to_user;
  std::string to_email; ///< empty: not there; the same for the two below
  std::string mailbox;
  std::string note;
  Ticks registered = 0;
};

/// A file; its bytes follow from `seed`.
struct Attachment {
  std::string id;
  Ticks created = 0;
  Guid sender;
  std::int64_t size = 0;
  std::uint64_t seed = 0;
  std::optional<std::string> file_name, display_name, senders_reference;
  bool has_checksum = true;
  std::string checksum; ///< where it is known already, or is to be another than that of the bytes
  bool is_encrypted = false;
};

struct ReplyOption {
  std::string url;
  std::optional<std::string> text;
};

/// Why a message must end as an exception.
struct Flaw {
  std::string_view name; ///< empty: none, it can be carried
  bool refused_by_dialogs =
      false; ///< Correspondence takes it, Dialogporten then refuses (correspondence.md 3.10)
};

/// One message with its history. Absent members are not written.
struct Message {
  std::int64_t id = 0; ///< altinn2CorrespondenceId
  Ticks created = 0;
  Ticks changed = 0; ///< when the archive last learned anything of it
  std::int64_t party_id = 0;
  std::vector<std::string> recipients;
  std::string party; ///< the URN that its dialog belongs to; not written
  Guid reader;       ///< who opens it; not written
  std::string resource;
  std::optional<std::string> sender;
  std::string senders_reference;
  std::optional<std::string> message_sender;
  std::optional<Ticks> publish_time, due;
  bool needs_confirmation = false;
  bool has_content = true;
  std::optional<std::string> language, title, summary, body;
  std::vector<std::pair<std::string, std::string>> properties;
  std::vector<ReplyOption> replies;
  std::optional<std::string> process; ///< an external reference
  std::vector<StatusEvent> events;
  std::vector<Notification> notifications;
  std::vector<Forward> forwards;
  std::vector<Attachment> attachments;
  Flaw flaw;

  bool ever(Status status) const;
  bool is_purged() const { return ever(Status::purged_by_recipient) || ever(Status::purged_by_altinn); }
};

/// Appends the message as the API gives it.
void append_json(std::string& out, const Message& message);

} // namespace altinn_sim::archive
