#pragma once

#include "correspondence/model/record.hpp"

#include <cstdint>
#include <unordered_map>

namespace altinn_sim::correspondence {

/// The service's database: records and attachments with their unique indexes. Not safe from several threads.
struct Store {
  std::unordered_map<Uuid, Record, UuidHash> records;
  std::unordered_map<std::int64_t, Uuid> by_altinn2; ///< records
  std::unordered_map<Uuid, Attachment, UuidHash> attachments;
  std::unordered_map<std::string, Uuid> attachment_by_altinn2;

  Record* find(const Uuid& id) {
    const auto found = records.find(id);
    return found == records.end() ? nullptr : &found->second;
  }
};

/// Events as one call brings them: doublets within a second taken out, the first kept
/// (correspondence.md 1.6).
std::vector<StatusEvent> without_doublets(const std::vector<StatusEvent>& events);
std::vector<Notification> without_doublets(const std::vector<Notification>& events);
std::vector<Forward> without_doublets(const std::vector<Forward>& events);

/// Whether the record has the event, by the short keys of a comparison with the database.
bool knows(const Record& record, const StatusEvent& event);
bool knows(const Record& record, const Notification& event);
bool knows(const Record& record, const Forward& event);

/// Whether a unique index of the database has the event: its exact time counts.
bool collides(const std::vector<Notification>& stored, const Notification& event);
bool collides(const std::vector<Forward>& stored, const Forward& event);

} // namespace altinn_sim::correspondence
