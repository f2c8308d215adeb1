#pragma once

#include <string>
#include <string_view>

namespace altinn_sim {

/// The text as a gzip member, compressed for speed.
std::string gzipped(std::string_view text);

} // namespace altinn_sim
