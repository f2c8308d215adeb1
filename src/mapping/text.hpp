#pragma once

#include <dialogferry/codec/arena.hpp>

#include <cstddef>
#include <string>
#include <string_view>

/// Texts as the rules measure them: UTF-8 in memory, lengths in UTF-16 code units.
namespace dialogferry::mapping {

/// Empty or only white space, Unicode's included.
bool is_blank(std::string_view text);

/// Without white space at its ends, Unicode's included.
std::string_view trimmed(std::string_view text);

/// The same, and one blank for all white space between.
std::string collapsed(std::string_view text);

/// Length in UTF-16 code units.
std::size_t units(std::string_view text);

/// The first `count` units and then `tail`. A character that the cut splits becomes U+FFFD, as it does on the
/// wire.
std::string_view take_units(codec::Arena& arena, std::string_view text, std::size_t count,
                            std::string_view tail = {});

/// The text itself up to `max` units; else its first max - 3 and `...` (M-64).
std::string_view cut(codec::Arena& arena, std::string_view text, std::size_t max);

/// Equal but for the case of ASCII letters.
bool same_ignoring_case(std::string_view a, std::string_view b);

/// A language code as Dialogporten keeps it (dialogporten.md 3.8): trimmed, in lower case, without its
/// region; `no` is told apart, see D-14. Empty for what is none of the 183.
std::string_view normal_language(std::string_view code);

/// Whether the code is one of the 183 that titles and texts may have (M-63), in any case.
bool is_language(std::string_view code);

} // namespace dialogferry::mapping
