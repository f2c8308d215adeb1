#pragma once

#include "dialogporten/model/uuid.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

/// The records of Altinn 3 Correspondence (correspondence.md 2).
namespace altinn_sim::correspondence {

using dialogporten::Ticks;
using dialogporten::Uuid;
using dialogporten::UuidHash;

/// Values of a status event (correspondence.md 2.3); any other number is kept as it is.
namespace status {
constexpr int initialized = 0;
constexpr int published = 2;
constexpr int read = 4;
constexpr int confirmed = 6;
constexpr int purged_by_recipient = 7;
constexpr int purged_by_altinn = 8;
constexpr int archived = 9;
constexpr int failed = 11;
constexpr int soft_deleted = 13;
constexpr int restored = 14;

/// Kept as a delete event, not as a status.
constexpr bool is_delete(int value) {
  return value == purged_by_recipient || value == purged_by_altinn || value == soft_deleted ||
         value == restored;
}
constexpr bool is_purge(int value) {
  return value == purged_by_recipient || value == purged_by_altinn;
}
} // namespace status

/// A status or a delete event.
struct StatusEvent {
  int status = 0;
  Ticks at = 0;
  Uuid party;
};

namespace channel {
constexpr int email = 0;
}

struct Notification {
  std::int64_t altinn2_id = 0;
  int channel = 0;
  std::string address;
  Ticks sent = 0;
  bool is_reminder = false;
};

struct Forward {
  Ticks at = 0;
  Uuid by;
  std::optional<std::int64_t> to_user_id;
  std::optional<Uuid> to_user;
  std::optional<std::string> to_email;
  std::optional<std::string> mailbox;
  std::optional<std::string> note;
  Uuid activity; ///< the id of the activity that shows it
};

struct ReplyOption {
  std::string url;
  std::optional<std::string> text;
};

/// Values of an external reference's type (correspondence.md 2.1).
namespace reference {
constexpr int dialog = 3;
constexpr int process = 4;
constexpr int transmission = 5;
constexpr int transmission_type = 6;
} // namespace reference

struct ExternalReference {
  int type = 0;
  std::string value;
};

/// A file of Altinn 2, as M1 stored it.
struct Attachment {
  Uuid id;
  std::string altinn2_id;
  std::optional<std::string> file_name;
  std::optional<std::string> display_name;
  std::uint64_t size = 0;
  std::uint64_t doubled_uploads = 0; ///< how often its bytes came again
};

/// A correspondence, migrated or of Altinn 3.
struct Record {
  Uuid id;
  std::int64_t altinn2_id = 0; ///< 0: it is of Altinn 3
  Ticks created = 0;
  bool is_migrating = false;
  std::string recipient; ///< in lower case
  std::string resource;
  std::string sender;
  std::string senders_reference;
  std::optional<std::string> message_sender;
  Ticks requested_publish_time = 0;
  std::optional<Ticks> due;
  std::string language;
  std::string title;
  std::string summary;
  bool confirmation_needed = false;
  std::vector<Uuid> attachments;
  std::vector<ExternalReference> references; ///< those sent, and the dialog's once it is made
  std::map<std::string, std::string> properties;
  std::vector<ReplyOption> reply_options;

  std::vector<StatusEvent> statuses;
  std::vector<StatusEvent> deletes;
  std::vector<Notification> notifications;
  std::vector<Forward> forwards;
  std::optional<int> purge; ///< the first one: which it was
  std::string refusal;      ///< why the last publish made no dialog; empty where none was refused

  std::optional<Uuid> opened_activity; ///< ids under which activities are sent (correspondence.md 3.9)
  std::optional<Uuid> confirmed_activity;

  /// The dialog it has, if that was stored.
  std::optional<std::string> dialog() const {
    for (const auto& each : references)
      if (each.type == reference::dialog) return each.value;
    return std::nullopt;
  }
  bool ever(int status) const {
    for (const auto& each : statuses)
      if (each.status == status) return true;
    return false;
  }
  /// The earliest event of that status, or null.
  const StatusEvent* first(int status) const {
    const StatusEvent* found = nullptr;
    for (const auto& each : statuses)
      if (each.status == status && (found == nullptr || each.at < found->at)) found = &each;
    return found;
  }
  /// In the bin: the last soft delete is later than the last restore.
  bool in_bin() const {
    std::optional<Ticks> deleted;
    std::optional<Ticks> restored;
    for (const auto& each : deletes) {
      auto* last = each.status == status::soft_deleted ? &deleted
                   : each.status == status::restored   ? &restored
                                                       : nullptr;
      if (last != nullptr && (!*last || **last < each.at)) *last = each.at;
    }
    return deleted && (!restored || *deleted > *restored);
  }
};

} // namespace altinn_sim::correspondence
