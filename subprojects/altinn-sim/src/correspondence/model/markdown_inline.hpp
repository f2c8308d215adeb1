#pragma once

#include <string>
#include <string_view>

namespace altinn_sim::correspondence {

/// Appends what a paragraph of Markdown renders to, without tags, special characters of HTML encoded.
void append_inline(std::string& out, std::string_view text);

/// Appends text as it is, special characters of HTML encoded.
void append_encoded(std::string& out, std::string_view text);

} // namespace altinn_sim::correspondence
