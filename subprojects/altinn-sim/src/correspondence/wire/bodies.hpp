#pragma once

#include "correspondence/wire/binding.hpp"

namespace altinn_sim::correspondence {

/// What M2 was asked (correspondence.md 2.1 to 2.5).
struct Migration {
  Record record; ///< without its events
  bool make_available = false;
  bool has_content = false;
  std::vector<StatusEvent> events; ///< as sent, delete events among them
  std::vector<Notification> notifications;
  std::vector<Forward> forwards;
};

/// What M4, M5 or M6 was asked.
struct Sync {
  Uuid correspondence;
  std::vector<StatusEvent> events;
  std::vector<Notification> notifications;
  std::vector<Forward> forwards;
};

/// What M3 was asked (correspondence.md 1.5).
struct Publication {
  std::optional<Uuid> id;
  std::vector<Uuid> ids;
  bool has_ids = false;
  std::int64_t batch_size = 0;
  std::optional<Ticks> from;
  std::optional<Ticks> to;
  bool async = false;
  bool create_events = false;
};

Verdict read_migration(std::string_view body, Migration& out);

/// `member`: "syncedStatusEvents", "syncedForwardingEvents" or "syncedNotificationEvents".
Verdict read_sync(std::string_view body, std::string_view member, Sync& out);

Verdict read_publication(std::string_view body, Publication& out);

// What is the same in several of them, and in the query of M1.
/// Refuses what is missing, empty or white space alone, or longer than so many UTF-16 units; otherwise says
/// nothing.
std::optional<std::string> text_problem(const std::optional<std::string>& text, std::size_t most);
bool is_resource_id(std::string_view text);

} // namespace altinn_sim::correspondence
