#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace dialogferry {

/// The candidate a person most likely meant by `word`, or nothing when none is near. A word of more than 80
/// bytes is near nothing.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

} // namespace dialogferry
