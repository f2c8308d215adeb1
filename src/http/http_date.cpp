#include "http_date.hpp"

#include <algorithm>
#include <string>

namespace dialogferry::http {
namespace {

constexpr std::chrono::milliseconds longest = std::chrono::hours(24);

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

} // namespace

std::optional<Instant> parse_http_date(std::string_view text) {
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT") return std::nullopt;
  const auto month = months.find(text.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
  const auto number = month / 3 + 1;
  std::string iso;
  iso += text.substr(12, 4);
  iso += number < 10 ? "-0" : "-1";
  iso += static_cast<char>('0' + number % 10);
  iso += '-';
  iso += text.substr(5, 2);
  iso += 'T';
  iso += text.substr(17, 8);
  iso += 'Z';
  return parse_instant(iso);
}

std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value, Instant now) {
  if (all_digits(value)) {
    if (value.size() > 6) return longest;
    return std::min<std::chrono::milliseconds>(std::chrono::seconds(std::stol(std::string(value))), longest);
  }
  const auto at = parse_http_date(value);
  if (!at) return std::nullopt;
  const auto wait = std::chrono::milliseconds((at->ticks - now.ticks) / Instant::per_millisecond);
  return std::clamp(wait, std::chrono::milliseconds(0), longest);
}

} // namespace dialogferry::http
