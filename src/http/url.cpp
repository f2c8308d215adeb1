#include <dialogferry/http/url.hpp>

#include <charconv>

namespace dialogferry::http {
namespace {

constexpr std::string_view expected_form = "write it as https://host[:port][/path]";

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

bool is_host(std::string_view host) {
  for (const char c : host) {
    if (!is_unreserved(c)) return false;
  }
  return !host.empty() && host.size() <= 253;
}

bool is_ipv6(std::string_view host) {
  return host.size() >= 2 && host.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

/// Visible ASCII without what would begin a query or a fragment.
bool is_path(std::string_view path) {
  for (const char c : path) {
    if (c <= ' ' || c == '\x7f' || c == '?' || c == '#' || static_cast<unsigned char>(c) >= 0x80)
      return false;
  }
  return true;
}

} // namespace

std::string Url::authority() const {
  std::string text = host.find(':') == std::string::npos ? host : '[' + host + ']';
  if (port != (tls ? 443 : 80)) text += ':' + std::to_string(port);
  return text;
}

Result<Url> parse_url(std::string_view text, std::string_view member) {
  const auto bad = [&](std::string message) {
    return fail(std::string(member), std::move(message), std::string(expected_form));
  };
  Url url;
  if (text.substr(0, 8) == "https://") {
    url.tls = true;
    text.remove_prefix(8);
  } else if (text.substr(0, 7) == "http://") {
    text.remove_prefix(7);
  } else {
    return bad("is neither an http nor an https URL");
  }
  const auto slash = text.find('/');
  auto authority = text.substr(0, slash);
  auto path = slash == std::string_view::npos ? std::string_view{} : text.substr(slash);
  while (!path.empty() && path.back() == '/')
    path.remove_suffix(1);
  if (!is_path(path)) return bad("has a path with a query, a fragment or a character that must be encoded");
  url.path = path;

  if (authority.find('@') != std::string_view::npos) return bad("must not hold a user name");
  auto after_host = authority.find(':');
  if (!authority.empty() && authority.front() == '[') {
    const auto close = authority.find(']');
    if (close == std::string_view::npos) return bad("has no ] after its IPv6 address");
    url.host = authority.substr(1, close - 1);
    if (!is_ipv6(url.host)) return bad("has a host that is not an IPv6 address");
    after_host = close + 1 == authority.size() ? std::string_view::npos : close + 1;
  } else {
    url.host = authority.substr(0, after_host);
    if (!is_host(url.host)) return bad("has no valid host");
  }
  url.port = url.tls ? 443 : 80;
  if (after_host != std::string_view::npos) {
    const auto port = parse_port(authority.substr(after_host + 1));
    if (authority[after_host] != ':' || !port) return bad("has a port that is not a number from 1 to 65535");
    url.port = *port;
  }
  return url;
}

std::string percent_encode(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      unsigned value = 0;
      const char* const from = text.data() + i + 1;
      if (i + 2 >= text.size() || std::from_chars(from, from + 2, value, 16).ptr != from + 2)
        return std::nullopt;
      out += static_cast<char>(value);
      i += 2;
    } else {
      out += plus_is_blank && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

} // namespace dialogferry::http
