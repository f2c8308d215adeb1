#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace altinn_sim::dialogporten {

/// Length as Dialogporten counts it: UTF-16 code units (dialogporten.md 1). `text` is valid UTF-8.
std::size_t utf16_length(std::string_view text);

/// True where "not empty" refuses a text: nothing, or white space alone.
bool is_blank(std::string_view text);

/// Without white space at both ends.
std::string_view trimmed(std::string_view text);

/// Lower case of ASCII, Latin-1, Latin Extended-A, Greek and Cyrillic letters; everything else stays.
std::string lower(std::string_view text);

/// Equal where ASCII letters may differ in case.
bool same_name(std::string_view left, std::string_view right);

/// "createdAt" -> "CreatedAt", the name of a member in messages.
std::string pascal(std::string_view name);

} // namespace altinn_sim::dialogporten
