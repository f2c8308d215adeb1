#pragma once

#include "record.hpp"

#include <string>
#include <utility>
#include <vector>

namespace altinn_sim::storage {

/// M-53
enum class DerivedStatus : std::uint8_t {
  archived_unconfirmed,
  archived_confirmed,
  rejected,
  awaiting_feedback,
  awaiting_confirmation,
  awaiting_signature,
  awaiting_more_input,
  awaiting_input,
  awaiting_prefilled_input,
};

/// The title per language (M-60 to M-67, D-14), in order of language; empty where there is none.
std::vector<std::pair<std::string, std::string>> title_of(const Record& record, DerivedStatus status);

} // namespace altinn_sim::storage
