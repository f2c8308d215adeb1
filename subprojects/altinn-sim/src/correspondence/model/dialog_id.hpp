#pragma once

#include "correspondence/model/record.hpp"

#include <string_view>

namespace altinn_sim::correspondence {

/// The id of a correspondence's dialog (correspondence.md 3.2); with an instant more than 15 s ahead of `now`
/// that is now's.
Uuid dialog_id(const Uuid& correspondence, Ticks created, Ticks now);

/// 32 lower-case hex digits.
std::string md5_of(std::string_view bytes);

} // namespace altinn_sim::correspondence
