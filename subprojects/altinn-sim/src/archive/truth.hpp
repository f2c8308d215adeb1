#pragma once

#include "archive/message.hpp"

namespace altinn_sim::archive {

/// What must have become of a message.
struct Truth {
  enum class Verdict : std::uint8_t {
    carried,
    excluded, ///< hard-deleted: no dialog, or a deleted one
    unfit,    ///< an exception: no dialog
    waiting   ///< not published yet (observed.md OC-15)
  };
  Verdict verdict = Verdict::carried;
  Ticks created_at = 0;
  Ticks updated_at = 0;
  bool asks_to_confirm = false;
  std::string_view folder;           ///< "Default", "Bin", "Archive"
  bool may_be_archived = false;      ///< archived while in the bin: either folder will do
  std::vector<StatusEvent> statuses; ///< those that count, doublets taken out
  std::size_t notifications = 0;     ///< that are told apart
  std::size_t least_forwards = 0;    ///< stored, by the short key of a later call
  std::size_t least_activities = 0, most_activities = 0;
  std::size_t attachments = 0; ///< of the dialog, the zip among them
};

Truth truth_of(const Message& message);

} // namespace altinn_sim::archive
