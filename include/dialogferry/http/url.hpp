#pragma once

#include <dialogferry/model/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dialogferry::http {

/// An http or https URL without user, query and fragment: where an API lives.
struct Url {
  bool tls = false;
  std::string host;       ///< a name, an IPv4 address, or an IPv6 address without its brackets
  std::uint16_t port = 0; ///< always set: 80 or 443 where the URL has none
  std::string path;       ///< without a slash at the end, so "" for the root

  bool operator==(const Url&) const = default;

  /// What goes into the Host header: the port only where it is not the scheme's own (decisions.md D-14).
  std::string authority() const;
};

/// Reads `https://host[:port][/path]`. The Problem's member is `member`, as the configuration key to name.
Result<Url> parse_url(std::string_view text, std::string_view member);

/// Percent-encodes everything but unreserved characters: for path segments and query values.
std::string percent_encode(std::string_view text);

/// The reverse; `+` reads as a blank where `plus_is_blank` (form fields, query values). Nothing for a broken
/// escape.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank = false);

} // namespace dialogferry::http
