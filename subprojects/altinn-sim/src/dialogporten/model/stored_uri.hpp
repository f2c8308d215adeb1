#pragma once

#include <string>
#include <string_view>

namespace altinn_sim::dialogporten {

/// What storage keeps of an address: the text that .NET's `Uri.ToString` gives for it (observed.md OD-3).
/// Scheme and host in lower case, no default port, dot segments resolved, an empty path is "/"; escapes
/// become characters unless they are reserved or not text; a lone '%' is "%25". A relative address stays. Its
/// own result comes out unchanged, but for white space at the ends.
std::string stored_uri(std::string_view text);

} // namespace altinn_sim::dialogporten
