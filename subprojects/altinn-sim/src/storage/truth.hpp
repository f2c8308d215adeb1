#pragma once

#include "record.hpp"
#include "world.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace altinn_sim::storage {

/// What must become of a record that no dialog exists for yet.
enum class Verdict : std::uint8_t {
  carried,
  excluded,   ///< nothing is sent: hard-deleted, never completed, or it opted out
  deferred,   ///< nothing is sent yet: an import that is half done
  failed,     ///< it cannot be mapped, or its dialog would be refused
  unreadable, ///< an exception too: Storage cannot hand it out (observed.md OS-4)
};

/// The dialog that a record must have become once history has carried it (is_migration true, submissions as
/// transmissions): mapping-instances.md 4–6, M-3 to M-5, decisions.md.
struct Truth {
  Verdict verdict = Verdict::carried;
  std::string_view reason; ///< of an exclusion or failure
  Guid id;
  Ticks created_at = 0;
  Ticks updated_at = 0;
  Ticks visible_from = no_time;
  std::string party;
  std::string service_resource;
  std::string label;
  std::vector<std::pair<std::string, std::string>> title; ///< language, text; in order of language
  std::string_view status;
  std::string_view system_label;
  bool stays = false; ///< not carried, and a dialog that is there already is left as it is
  bool deleted = false;
  std::size_t activities = 0;
  std::size_t transmissions = 0;
  std::size_t attachments = 0;              ///< of the dialog itself
  std::size_t transmission_attachments = 0; ///< of all transmissions
};

Truth truth_of(const World& world, const Record& record);

/// The dialog's id and nothing else; also of what is excluded.
Guid dialog_id_of(const Record& record);

} // namespace altinn_sim::storage
