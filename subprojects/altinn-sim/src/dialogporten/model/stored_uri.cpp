#include "dialogporten/model/stored_uri.hpp"

#include "dialogporten/model/text.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace altinn_sim::dialogporten {

namespace {

/// The pieces of an absolute address with an authority: scheme "://" authority path rest.
struct Pieces {
  std::string scheme;
  std::string authority;
  std::string_view path;
  std::string_view rest; ///< query and fragment, with their marks
};

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

/// The byte that the escape at `at` stands for; nothing where there is none.
std::optional<std::uint8_t> escaped_byte(std::string_view text, std::size_t at) {
  if (at + 2 >= text.size() || text[at] != '%') return std::nullopt;
  const auto high = hex_digit(text[at + 1]);
  const auto low = hex_digit(text[at + 2]);
  if (!high || !low) return std::nullopt;
  return static_cast<std::uint8_t>(*high * 16 + *low);
}

/// Characters whose escapes say something else than they themselves would.
bool stays_escaped(std::uint8_t byte) {
  constexpr std::string_view reserved = ";/?:@&=+$,#[]!'()*%\\";
  return byte <= 0x1f || byte == 0x7f || reserved.find(static_cast<char>(byte)) != std::string_view::npos;
}

/// How many bytes a UTF-8 sequence that begins so has; 0 where none does.
std::size_t sequence_length(std::uint8_t lead) {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/// Code points that an IRI may hold as they are (RFC 3987, ucschar).
bool is_iri_character(std::uint32_t code) {
  if (code >= 0xa0 && code <= 0xffef)
    return (code < 0xd800 || code >= 0xf900) && (code < 0xfdd0 || code > 0xfdef) && code != 0x200e &&
           code != 0x200f && (code < 0x202a || code > 0x202e);
  return code >= 0x10000 && code <= 0xefffd && (code & 0xffffU) <= 0xfffd;
}

/// The character whose escaped UTF-8 begins at `at`; empty where there is none that may be unescaped.
std::string escaped_character(std::string_view text, std::size_t at) {
  std::string bytes;
  const auto lead = escaped_byte(text, at);
  const auto length = lead ? sequence_length(*lead) : 0;
  std::uint32_t code = lead ? *lead & (0xffU >> (length + 1)) : 0;
  for (std::size_t i = 0; i < length; ++i) {
    const auto byte = escaped_byte(text, at + 3 * i);
    if (!byte || (i > 0 && (*byte & 0xc0U) != 0x80)) return {};
    if (i > 0) code = code << 6U | (*byte & 0x3fU);
    bytes += static_cast<char>(*byte);
  }
  constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  return code >= smallest[length] && is_iri_character(code) ? bytes : std::string{};
}

std::string unescaped_safely(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      out += text[at];
      continue;
    }
    const auto byte = escaped_byte(text, at);
    if (!byte) {
      out += "%25";
    } else if (*byte < 0x80) {
      if (stays_escaped(*byte))
        out += text.substr(at, 3);
      else
        out += static_cast<char>(*byte);
      at += 2;
    } else if (const auto character = escaped_character(text, at); !character.empty()) {
      out += character;
      at += 3 * character.size() - 1;
    } else {
      out += text.substr(at, 3);
      at += 2;
    }
  }
  return out;
}

std::string without_dot_segments(std::string_view path) {
  std::string slashed{path};
  std::replace(slashed.begin(), slashed.end(), '\\', '/');
  std::vector<std::string_view> kept;
  std::string_view rest{slashed};
  while (!rest.empty()) {
    rest.remove_prefix(1); // the slash
    const auto segment = rest.substr(0, rest.find('/'));
    rest.remove_prefix(segment.size());
    const bool last = rest.empty();
    if (segment == ".." && !kept.empty()) kept.pop_back();
    if (segment != "." && segment != "..")
      kept.push_back(segment);
    else if (last)
      kept.emplace_back();
  }
  std::string out;
  for (const auto segment : kept)
    (out += '/') += segment;
  return out.empty() ? "/" : out;
}

/// Host in lower case, the port as a number and only where it is another than the scheme's.
std::string stored_authority(std::string_view scheme, std::string_view authority) {
  const auto user_end = authority.rfind('@');
  const auto user =
      user_end == std::string_view::npos ? std::string_view{} : authority.substr(0, user_end + 1);
  auto host = authority.substr(user.size());
  const auto colon = host.rfind(':');
  std::string port;
  if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
    const auto digits = host.substr(colon + 1);
    port = digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
    host = host.substr(0, colon);
  }
  const bool is_default = (scheme == "https" && port == "443") || (scheme == "http" && port == "80");
  auto out = std::string{user} + lower(host);
  return port.empty() || is_default ? out : out + ':' + port;
}

std::optional<Pieces> split(std::string_view text) {
  const auto end = text.find("://");
  if (end == std::string_view::npos || end == 0) return std::nullopt;
  const auto is_scheme = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '-' || c == '.';
  };
  const auto scheme = text.substr(0, end);
  if (!std::all_of(scheme.begin(), scheme.end(), is_scheme)) return std::nullopt;
  text.remove_prefix(end + 3);
  const auto authority = text.substr(0, text.find_first_of("/\\?#"));
  text.remove_prefix(authority.size());
  const auto path = text.substr(0, text.find_first_of("?#"));
  Pieces pieces;
  pieces.scheme = lower(scheme);
  pieces.authority = stored_authority(pieces.scheme, authority);
  pieces.path = path;
  pieces.rest = text.substr(path.size());
  return pieces;
}

bool has_scheme(std::string_view text) {
  const auto end = text.find_first_of(":/?#");
  return end != std::string_view::npos && end > 0 && text[end] == ':';
}

} // namespace

std::string stored_uri(std::string_view text) {
  if (!has_scheme(trimmed(text))) return std::string{text};
  text = trimmed(text);
  const auto pieces = split(text);
  if (!pieces) return unescaped_safely(text);
  const auto path = without_dot_segments(pieces->path);
  return pieces->scheme + "://" + pieces->authority + unescaped_safely(path) + unescaped_safely(pieces->rest);
}

} // namespace altinn_sim::dialogporten
