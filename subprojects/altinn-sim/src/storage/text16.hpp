#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace altinn_sim::storage {

/// Length in UTF-16 code units, as the mapping rules count.
std::size_t length_16(std::string_view text);

/// Longer than `most` units: the first `most` - 3 and "..."; half of a surrogate pair becomes U+FFFD.
std::string cut_16(std::string_view text, std::size_t most);

/// Nothing, or white space only.
bool blank(std::string_view text);

} // namespace altinn_sim::storage
