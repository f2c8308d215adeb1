#include "dialogporten/validation/uri.hpp"

#include "dialogporten/model/text.hpp"

#include <algorithm>
#include <optional>

namespace altinn_sim::dialogporten {

namespace {

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

/// The byte that the escape at `at` stands for; nothing where there is none.
std::optional<int> escaped_byte(std::string_view text, std::size_t at) {
  if (at + 2 >= text.size() || text[at] != '%') return std::nullopt;
  const auto high = hex_digit(text[at + 1]);
  const auto low = hex_digit(text[at + 2]);
  if (!high || !low) return std::nullopt;
  return *high * 16 + *low;
}

bool never_raw(char c) {
  constexpr std::string_view forbidden = "\"<>\\^`{|}";
  return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || forbidden.find(c) != std::string_view::npos;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_host_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
         c == '_' || byte >= 0x80;
}

/// `host`, `host:port` or `[address]:port`.
bool is_authority(std::string_view text) {
  if (const auto at = text.rfind('@'); at != std::string_view::npos) text.remove_prefix(at + 1);
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos || end < 3) return false;
    text.remove_prefix(end + 1);
  } else {
    std::size_t length = 0;
    while (length < text.size() && is_host_character(text[length]))
      ++length;
    if (length == 0 || text.front() == '.' || text.substr(0, length).find("..") != std::string_view::npos)
      return false;
    text.remove_prefix(length);
  }
  if (text.empty()) return true;
  if (text.front() != ':' || text.size() > 6) return false;
  int port = 0;
  for (const char c : text.substr(1)) {
    if (!is_digit(c)) return false;
    port = port * 10 + (c - '0');
  }
  return port <= 65'535;
}

/// "http:" and "https:" need an authority; other schemes and relative addresses do not.
bool lacks_authority(std::string_view text) {
  const auto scheme = text.substr(0, text.find(':'));
  if (scheme.size() == text.size() || !(same_name(scheme, "http") || same_name(scheme, "https")))
    return false;
  const auto rest = text.substr(scheme.size() + 1);
  return rest.size() < 3 || !rest.starts_with("//");
}

/// A character beyond U+FFFF: a surrogate pair where this is checked.
bool begins_surrogate_pair(int byte) {
  return byte >= 0xf0;
}

} // namespace

bool is_well_formed_uri(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  if (lacks_authority(text) || text.find('#') != text.rfind('#')) return false;
  bool escapes_ascii = false;
  bool escapes_beyond = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (never_raw(text[i]) || begins_surrogate_pair(static_cast<unsigned char>(text[i]))) return false;
    if (text[i] != '%') continue;
    const auto byte = escaped_byte(text, i);
    if (!byte || begins_surrogate_pair(*byte)) return false;
    (*byte < 0x80 ? escapes_ascii : escapes_beyond) = true;
  }
  // An escaped non-ASCII character beside another escape is refused (dialogporten.md 3.8).
  return !(escapes_ascii && escapes_beyond);
}

bool is_https_url(std::string_view text) {
  constexpr std::string_view scheme = "https://";
  text = trimmed(text);
  if (text.size() <= scheme.size() || !same_name(text.substr(0, scheme.size()), scheme)) return false;
  text.remove_prefix(scheme.size());
  return is_authority(text.substr(0, text.find_first_of("/?#\\")));
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (const auto byte = escaped_byte(text, i)) {
      out += static_cast<char>(*byte);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

} // namespace altinn_sim::dialogporten
