#pragma once

#include "truth.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace altinn_sim::storage {

/// One state of an instance that changes: what its dialog looks like, as far as audits compare it.
struct LiveState {
  bool wanted = false; ///< there must be a dialog
  bool soft_deleted = false;
  bool archived = false;
  Ticks made = 0;          ///< when the state came to be, by the platform's clock
  Ticks updated_at = 0;    ///< of a dialog created from it
  std::size_t title = 0;   ///< hash; 0: does not matter
  std::size_t summary = 0; ///< hash; 0: the wording is free
  std::size_t extended_status = 0;
  std::string_view status;
  std::size_t activities = 0;
  std::size_t transmissions = 0; ///< nothing held back
  std::size_t attachments = 0;
  std::size_t transmission_attachments = 0;

  /// Nobody could tell their dialogs apart.
  bool looks_like(const LiveState& other) const;
};

/// Numbers of files and transmissions after some of the submissions.
struct Stage {
  Ticks next_submitted = no_time; ///< the submission after them; no_time: they are all
  std::size_t transmissions = 0;
  std::size_t attachments = 0;
  std::size_t transmission_attachments = 0;
  std::vector<Guid> in_transmissions = {}; ///< which these are, in order of their ids
};

/// The newest state in full.
struct LiveTruth {
  Truth truth;
  LiveState state;
  std::vector<Stage> stages; ///< after no submission, after the first … after all; empty where not wanted
  bool waits_for_receipts = false; ///< young submissions are held back (decisions.md D-3)
  bool keeps_deleted = false;      ///< the app has disableDelete
};

/// What must become of a record that changes live (mapping-instances.md 5, 6; decisions.md D-3).
LiveTruth live_truth(const World& world, const Record& record, Ticks now);

/// Hash of texts in order of language; never 0.
std::size_t hash_of(const std::vector<std::pair<std::string, std::string>>& texts);

} // namespace altinn_sim::storage
