#pragma once

#include <string>
#include <string_view>

namespace dialogferry {

/// Whether the text is UTF-8 throughout (no surrogates, nothing longer than it needs to be).
bool is_utf8(std::string_view text);

/// The text with U+FFFD for every byte that is no part of a UTF-8 character.
std::string mend_utf8(std::string_view text);

} // namespace dialogferry
