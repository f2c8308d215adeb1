#pragma once

#include <dialogferry/codec/instance_head.hpp>
#include <dialogferry/mapping/mapper.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace dialogferry::mapping {

/// What the list row of a record alone tells of the dialog that must be there: all that a search of the
/// target shows of it. Its content takes the record's events as well.
struct Expected {
  bool is_there = false;   ///< false: nothing is made of the record
  std::string_view reason; ///< why not, a constant
  Uuid id;                 ///< of the dialog (M-4, M-40)
  Instant created_at;
  Instant updated_at;
  /// A dialog that was made before this time has it in the place of both (dialogporten.md 4.4).
  std::optional<Instant> visible_from;
  bool is_deleted = false;
};

/// What must be there once the record is carried, where nothing is there yet (M-3 to M-5). Fails where that
/// cannot be told: the application chooses the ids of dialogs, and gave none.
Result<Expected> expected_of(const Mapper& mapper, const codec::InstanceHead& head,
                             const PreparedApplication* application, Instant now);

/// The service resource of an application, `urn:altinn:resource:app_{org}_{app}` (M-57).
std::string service_resource_of(std::string_view app_id);

/// Whether its record was a form of Altinn 1 or 2 (M-54).
bool is_archived_form(const codec::InstanceHead& head);

} // namespace dialogferry::mapping
