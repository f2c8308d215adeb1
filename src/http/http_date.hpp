#pragma once

#include <dialogferry/model/time.hpp>

#include <chrono>
#include <optional>
#include <string_view>

namespace dialogferry::http {

/// Reads the preferred form of an HTTP date, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
std::optional<Instant> parse_http_date(std::string_view text);

/// What a Retry-After value asks for, seen from `now`: never negative, at most a day. Nothing where the value
/// is neither seconds nor a date.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value, Instant now);

} // namespace dialogferry::http
