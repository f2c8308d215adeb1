#pragma once

#include "exchange.hpp"

namespace altinn_sim {

/// A request target, split at the '?' and decoded once.
struct Target {
  std::string path;                                            ///< percent-decoded
  std::string_view query;                                      ///< raw, after the '?'
  std::vector<std::pair<std::string, std::string>> parameters; ///< decoded, in order; '+' is a space
};

/// Percent-decodes once. A '%' without two hex digits behind it stands for itself, as platforms let it
/// through.
std::string percent_decoded(std::string_view text, bool plus_is_space);

/// Splits an origin-form target ("/storage/api/v1/instances?org=ttd"); the view points into it.
Target split_target(std::string_view target);

/// The method of that name; `other` for what no service knows.
Method method_named(std::string_view name);

/// The name of a method, "GET"; "OTHER" for `other`.
std::string_view name_of(Method method);

} // namespace altinn_sim
