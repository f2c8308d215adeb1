#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace dialogferry {

/// The SHA-256 of the bytes.
std::array<std::uint8_t, 32> sha256(std::string_view input);

} // namespace dialogferry
