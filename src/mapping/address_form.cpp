#include "target_form.hpp"
#include "text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

namespace dialogferry::mapping {

namespace {

// -- characters ---------------------------------------------------------------

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char letter = lower(c);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/// The byte that `%XX` at `at` stands for.
std::optional<unsigned char> escaped_byte(std::string_view text, std::size_t at) {
  if (at + 2 >= text.size() || text[at] != '%') return std::nullopt;
  const int high = hex(text[at + 1]);
  const int low = hex(text[at + 2]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<unsigned char>(high << 4 | low);
}

/// ASCII characters that stay escaped: those with a meaning in addresses, and control characters.
bool stays_escaped(unsigned char byte) {
  static constexpr std::string_view reserved = ";/?:@&=+$,#[]!'()*%\\";
  return byte < 0x20 || byte == 0x7F || reserved.find(static_cast<char>(byte)) != std::string_view::npos;
}

/// Whether a character may be written otherwise than it stands: escapes, what must be escaped, what is beyond
/// ASCII.
bool is_changeable(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return c == '%' || c == '\\' || byte < 0x20 || byte >= 0x7F;
}

/// Characters that an address may hold as they are.
bool is_plain(unsigned char byte) {
  static constexpr std::string_view illegal = " \"<>\\^`{|}";
  return byte > 0x20 && byte < 0x7F && illegal.find(static_cast<char>(byte)) == std::string_view::npos;
}

/// Bytes of the UTF-8 sequence that starts so; 0 where none does.
std::size_t sequence_length(unsigned char lead) {
  return lead >= 0xF0 && lead < 0xF5   ? 4
         : lead >= 0xE0 && lead < 0xF0 ? 3
         : lead >= 0xC2 && lead < 0xE0 ? 2
                                       : 0;
}

/// Whether a character beyond ASCII may stand unescaped in an address (RFC 3987, ucschar).
bool is_letter(char32_t code) {
  if (code < 0xA0) return false;
  if (code < 0x10000)
    return code < 0xD800 || (code >= 0xF900 && code < 0xFDD0) || (code >= 0xFDF0 && code < 0xFFF0);
  return code < 0xF0000 && (code & 0xFFFF) < 0xFFFE && (code < 0xE0000 || code >= 0xE1000);
}

/// The character at `at` that is unescaped: its bytes as next_byte(index) gives them, in UTF-8.
template <class NextByte>
std::optional<std::array<char, 4>> letter_of(std::size_t length, NextByte next_byte) {
  static constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  std::array<char, 4> bytes{};
  char32_t code = 0;
  for (std::size_t i = 0; i < length; ++i) {
    const std::optional<unsigned char> byte = next_byte(i);
    if (!byte || (i > 0 && (*byte & 0xC0) != 0x80)) return std::nullopt;
    code = i == 0 ? *byte & (0xFFU >> (length + 1)) : code << 6 | (*byte & 0x3FU);
    bytes[i] = static_cast<char>(*byte);
  }
  if (length == 0 || code < smallest[length] || !is_letter(code)) return std::nullopt;
  return bytes;
}

std::optional<std::array<char, 4>> escaped_letter(std::string_view text, std::size_t at, std::size_t length) {
  return letter_of(length, [=](std::size_t i) { return escaped_byte(text, at + 3 * i); });
}

std::optional<std::array<char, 4>> plain_letter(std::string_view text, std::size_t at, std::size_t length) {
  return letter_of(length, [=](std::size_t i) {
    return at + i < text.size() ? std::optional(static_cast<unsigned char>(text[at + i])) : std::nullopt;
  });
}

// -- parts of an address ------------------------------------------------------

/// Where the parts of `scheme://authority/rest` begin.
struct Parts {
  std::string_view scheme;    ///< `https`
  std::string_view authority; ///< `user@host:port`
  std::string_view path;      ///< up to the query
  std::string_view rest;      ///< `?query#fragment`
};

std::optional<Parts> split(std::string_view url) {
  const auto scheme = url.substr(0, url.find(':'));
  if (!same_ignoring_case(scheme, "https") && !same_ignoring_case(scheme, "http")) return std::nullopt;
  if (url.substr(scheme.size(), 3) != "://") return std::nullopt;
  const auto behind = url.substr(scheme.size() + 3);
  const auto authority = behind.substr(0, behind.find_first_of("/\\?#"));
  const auto tail = behind.substr(authority.size());
  const auto path = tail.substr(0, tail.find_first_of("?#"));
  return Parts{scheme, authority, path, tail.substr(path.size())};
}

/// Text into memory that was asked for beforehand.
class Output {
public:
  Output(codec::Arena& arena, std::size_t most)
      : arena_(arena)
      , first_(arena.characters(most))
      , to_(first_) {}

  void put(char c) { *to_++ = c; }
  void put(std::string_view text) { to_ = std::copy(text.begin(), text.end(), to_); }
  void put_lower(std::string_view text) { to_ = std::transform(text.begin(), text.end(), to_, lower); }
  void put_escaped(unsigned char byte) {
    static constexpr char digits[] = "0123456789ABCDEF";
    put('%');
    put(digits[byte >> 4]);
    put(digits[byte & 0x0F]);
  }

  std::string_view finish() {
    arena_.shrink(to_);
    return {first_, static_cast<std::size_t>(to_ - first_)};
  }

private:
  codec::Arena& arena_;
  char* first_;
  char* to_;
};

/// One character that stands as it is, or must not. Returns how many bytes it had.
std::size_t put_character(Output& out, std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) {
    is_changeable(text[at]) ? out.put_escaped(byte) : out.put(text[at]);
    return 1;
  }
  const auto length = sequence_length(byte);
  if (const auto letter = plain_letter(text, at, length)) {
    out.put(std::string_view(letter->data(), length));
    return length;
  }
  out.put_escaped(byte);
  return 1;
}

void put_unescaped(Output& out, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '%') {
      at += put_character(out, text, at);
      continue;
    }
    const auto byte = escaped_byte(text, at);
    if (!byte) {
      out.put("%25");
      ++at;
      continue;
    }
    const auto length = sequence_length(*byte);
    const auto letter = length > 0 ? escaped_letter(text, at, length) : std::nullopt;
    if (letter) {
      out.put(std::string_view(letter->data(), length));
      at += 3 * length;
      continue;
    }
    if (*byte < 0x80 && !stays_escaped(*byte))
      out.put(static_cast<char>(*byte));
    else
      out.put(text.substr(at, 3));
    at += 3;
  }
}

void put_authority(Output& out, std::string_view scheme, std::string_view authority) {
  const auto host = authority.rfind('@') + 1; // npos + 1 is the start
  out.put(authority.substr(0, host));
  authority.remove_prefix(host);
  const std::string_view port = same_ignoring_case(scheme, "https") ? ":443" : ":80";
  while (authority.ends_with(port) || authority.ends_with(':'))
    authority.remove_suffix(authority.ends_with(':') ? 1 : port.size());
  out.put_lower(authority);
}

bool has_dot_segment(std::string_view path) {
  return path.find("/.") != std::string_view::npos;
}

/// The path with `/./` and `/../` resolved.
std::string_view resolved(codec::Arena& arena, std::string_view path) {
  if (!has_dot_segment(path)) return path;
  std::vector<std::string_view> kept;
  bool ends_open = false; // the last segment is a folder
  for (auto rest = path; !rest.empty();) {
    rest.remove_prefix(1);
    const auto segment = rest.substr(0, rest.find('/'));
    rest.remove_prefix(segment.size());
    ends_open = segment == "." || segment == "..";
    if (segment == ".." && !kept.empty()) kept.pop_back();
    if (!ends_open) kept.push_back(segment);
  }
  Output out(arena, path.size() + 1);
  for (const auto segment : kept) {
    out.put('/');
    out.put(segment);
  }
  if (ends_open || kept.empty()) out.put('/');
  return out.finish();
}

std::string_view with_slashes(codec::Arena& arena, std::string_view path) {
  if (path.find('\\') == std::string_view::npos) return path;
  Output out(arena, path.size());
  for (const char c : path)
    out.put(c == '\\' ? '/' : c);
  return out.finish();
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

/// Whether stored_url() would give the address back as it is: nearly every one of ours.
bool is_stored_form(const Parts& parts) {
  const auto is_lower = [](std::string_view text) {
    return std::none_of(text.begin(), text.end(), is_upper);
  };
  const auto is_final = [](std::string_view text) {
    return std::none_of(text.begin(), text.end(), is_changeable);
  };
  return !parts.path.empty() && is_final(parts.path) && is_final(parts.rest) &&
         !has_dot_segment(parts.path) && is_lower(parts.scheme) && is_lower(parts.authority) &&
         parts.authority.find(':') == std::string_view::npos;
}

/// Whatever is no address of the web: unescaped likewise, else as it is.
std::string_view stored_name(codec::Arena& arena, std::string_view url) {
  const auto changeable = static_cast<std::size_t>(std::count_if(url.begin(), url.end(), is_changeable));
  if (changeable == 0) return url;
  Output out(arena, url.size() + 2 * changeable);
  put_unescaped(out, url);
  return out.finish();
}

} // namespace

std::string_view stored_url(codec::Arena& arena, std::string_view url) {
  const auto parts = split(url);
  if (!parts) return stored_name(arena, url);
  if (is_stored_form(*parts)) return url;
  const auto path = resolved(arena, with_slashes(arena, parts->path));
  const auto changeable = static_cast<std::size_t>(std::count_if(url.begin(), url.end(), is_changeable));
  Output out(arena, url.size() + 2 * changeable + 1); // what is escaped becomes three characters
  out.put_lower(parts->scheme);
  out.put("://");
  put_authority(out, parts->scheme, parts->authority);
  put_unescaped(out, path.empty() ? std::string_view("/") : path);
  put_unescaped(out, parts->rest);
  return out.finish();
}

std::string_view sendable_url(codec::Arena& arena, std::string_view url) {
  const auto parts = split(url);
  const auto start = parts ? static_cast<std::size_t>(parts->path.data() - url.data()) : 0;
  const auto is_sendable = [&](std::size_t at) {
    return url[at] == '%' ? escaped_byte(url, at).has_value() : is_plain(static_cast<unsigned char>(url[at]));
  };
  std::size_t illegal = 0;
  for (auto at = start; at < url.size(); ++at)
    illegal += is_sendable(at) ? 0 : 1;
  if (illegal == 0) return url;
  Output out(arena, url.size() + 2 * illegal);
  out.put(url.substr(0, start));
  for (auto at = start; at < url.size(); ++at)
    if (is_sendable(at))
      out.put(url[at]);
    else
      out.put_escaped(static_cast<unsigned char>(url[at]));
  return out.finish();
}

} // namespace dialogferry::mapping
