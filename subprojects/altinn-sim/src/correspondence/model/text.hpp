#pragma once

#include <string>
#include <string_view>

namespace altinn_sim::correspondence {

/// Cut to so many UTF-16 units; half of a pair at the cut becomes U+FFFD.
std::string cut16(std::string_view text, std::size_t units);

/// "OLA NORDMANN" → "Ola Nordmann".
std::string title_cased(std::string_view name);

/// Everything but letters, digits and "-_.~" of ASCII percent-encoded.
std::string url_escaped(std::string_view text);

/// Summaries as Correspondence shows them: what the text renders to as Markdown, without its tags, characters
/// of HTML encoded, white space collapsed (correspondence.md 3.4).
std::string plain_summary(std::string_view markdown);

} // namespace altinn_sim::correspondence
