#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace altinn_sim::live {

/// An object of texts as .NET's writer makes it (observed.md OE-1): in this order, empty ones left out,
/// whatever is not plain ASCII, and `+ & < > " '` and the backtick, as `\uXXXX`. `members` are UTF-8.
std::string pushed_json(const std::vector<std::pair<std::string_view, std::string>>& members);

} // namespace altinn_sim::live
