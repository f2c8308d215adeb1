#pragma once

#include <string>
#include <string_view>

namespace altinn_sim::dialogporten {

/// True for a correctly escaped URI, absolute or relative; the empty text is one.
bool is_well_formed_uri(std::string_view text);

/// True for an absolute URL with scheme https and a host.
bool is_https_url(std::string_view text);

/// Percent escapes resolved; a lone '%' stays.
std::string unescaped(std::string_view text);

} // namespace altinn_sim::dialogporten
