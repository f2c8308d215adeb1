#pragma once

#include <string_view>

namespace altinn_sim::dialogporten {

/// True where a text holds no other tags than the allowed ones, and no attributes but `href="https://…"` on
/// links (dialogporten.md 3.2).
bool is_allowed_html(std::string_view text);

} // namespace altinn_sim::dialogporten
