#pragma once

#include "application.hpp"
#include "guid.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace altinn_sim::storage {

using TextMap = std::vector<std::pair<std::string, std::string>>;
/// As jsonb keeps a map: by the length of the key in bytes, then by its bytes (observed.md OS-8).
void order_as_stored(TextMap& map);

/// Who did it (PlatformUser, storage.md 2.5).
struct Actor {
  bool absent = false; ///< the event has no user at all
  std::int64_t user_id = 0;
  std::string org_id;
  std::int64_t level = 0;
  std::int64_t end_user_system = 0;
  std::string system_user_id;
  std::string system_user_owner;
  std::string system_user_name;
};

struct Task {
  std::int64_t flow = 0;
  Ticks started = no_time;
  Ticks ended = no_time;
  std::string element_id; ///< empty: not written
  std::string name;
  std::string type;
  std::string flow_type;
};

struct Process {
  bool present = false;
  Ticks started = no_time;
  std::string start_event;
  bool has_task = false;
  Task task;
  Ticks ended = no_time;
  std::string end_event;
};

struct Event {
  Guid id;
  std::string type;
  Ticks created = 0;
  bool about_data = false;
  Guid data_id;
  Actor user;
  std::optional<Actor> related_user; ///< whom a form was forwarded to
  bool has_process = false;
  Process process;
  std::string additional_info;
  Zone zone = Zone::utc;         ///< of `created`
  bool bare_instance_id = false; ///< instanceId without the party
  /// When the event's own row is written, where that is after the instance's (observed.md OS-1).
  Ticks stored_at = no_time;
};

struct Element {
  Guid id;
  std::string type;
  std::string filename;
  std::string content_type;
  std::string blob_path;
  std::int64_t size = 0;
  std::string hash;
  bool locked = false;
  bool is_read = true;
  bool has_refs = true;
  std::vector<std::string> tags;
  std::string generated_from; ///< task id of the GeneratedFrom reference; empty: no references
  std::string scan_result = "NotApplicable";
  /// Key and value; null entries are those that Altinn 2 left empty. Not written where there are none.
  std::vector<std::optional<std::pair<std::string, std::string>>> metadata;
  Zone zone = Zone::utc; ///< of `created`; `lastChanged` has a Z always
  bool hard_deleted = false;
  Ticks hard_deleted_at = no_time;
  Ticks created = 0;
  std::string created_by;
  Ticks last_changed = 0;
  std::string last_changed_by;
};

struct Confirmation {
  std::string stakeholder;
  Ticks confirmed_on = 0;
};

/// One app instance or archived form with its events: what Storage's rows hold, before any JSON.
struct Record {
  Guid guid;
  std::int64_t row_id = 0;
  std::int64_t main_version = 3; ///< altinnMainVersion: 1 and 2 are archived forms
  bool events_late = false; ///< a form whose events are stored only a while after they are first asked for
  /// Storage's own model cannot read the stored row: lists that hold it fail (observed.md OS-4).
  bool unreadable = false;
  bool has_status = true;                   ///< imports may have none (observed.md OS-6)
  bool has_last_changed = true;             ///< in the JSON; the indexed column has one always
  const Application* application = nullptr; ///< null: Storage has lost its metadata
  std::string app_id;
  std::string org;
  std::int64_t party = 0;
  std::string person_number;
  std::string organisation_number;
  std::string username;
  Ticks created = 0;
  std::string created_by;
  Ticks last_changed = 0;
  Ticks indexed_time = no_time; ///< what lists sort and filter by, where it fell behind lastChanged (2.8)
  std::string last_changed_by;
  Ticks due_before = no_time;
  Ticks visible_after = no_time;
  Process process;
  bool archived = false;
  Ticks archived_at = no_time;
  bool soft_deleted = false;
  Ticks soft_deleted_at = no_time;
  bool hard_deleted = false;
  Ticks hard_deleted_at = no_time;
  std::string read_status = "Unread";
  bool has_substatus = false;
  std::string substatus_label;
  std::string substatus_description;
  std::vector<Confirmation> confirmations;
  std::vector<Element> elements; ///< in the database's order
  std::vector<std::pair<std::string, std::string>> presentation_texts;
  std::vector<std::pair<std::string, std::string>> data_values;
  std::vector<Event> events; ///< in the order they happened

  /// Back to an empty record; room for elements and events is kept.
  void reset();
  std::string id() const { return std::to_string(party) + "/" + guid_text(guid); }
  /// A form of Altinn 1 or 2 has a key of its own (storage.md 3.1).
  bool is_altinn_1() const { return data_value("A1ArchRef") != nullptr; }
  bool is_altinn_2() const { return data_value("A2ArchRef") != nullptr; }
  bool is_form() const { return is_altinn_1() || is_altinn_2(); }
  const std::string* data_value(std::string_view key) const;
  void set_data_value(std::string_view key, std::string_view value);
  /// Puts the maps in the order of jsonb (observed.md OS-8).
  void order_maps();
};

} // namespace altinn_sim::storage
