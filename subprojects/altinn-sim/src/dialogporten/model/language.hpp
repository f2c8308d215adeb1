#pragma once

#include <string>
#include <string_view>

namespace altinn_sim::dialogporten {

/// "en_GB" -> "en": trimmed, lower case, the part before the first hyphen (dialogporten.md 3.8).
std::string normalized_language(std::string_view code);

/// True for the 183 two-letter codes that Dialogporten knows; `code` is normalized. "no" is not one of them.
bool is_known_language(std::string_view code);

} // namespace altinn_sim::dialogporten
