#include "scan.hpp"

#include <charconv>
#include <cstdint>
#include <cstring>
#include <strings.h>

namespace altinn_sim::sink {

namespace {

constexpr std::size_t longest_header = 64 * 1024;
constexpr std::uint64_t largest_body = 32 * 1024 * 1024;

/// The value of the header line if it has this name (with its colon), without leading blanks; else null data.
std::string_view value_if(std::string_view line, std::string_view name) {
  if (line.size() < name.size() || strncasecmp(line.data(), name.data(), name.size()) != 0) return {};
  line.remove_prefix(name.size());
  while (!line.empty() && line.front() == ' ')
    line.remove_prefix(1);
  return line;
}

bool read_length(std::string_view text, std::uint64_t& length) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  return error == std::errc() && end == text.data() + text.size() && length <= largest_body;
}

bool read_request_line(std::string_view line, Scanned& request) {
  auto first = line.find(' ');
  auto last = line.rfind(' ');
  if (first == std::string_view::npos || last == first) return false;
  request.method = line.substr(0, first);
  request.target = line.substr(first + 1, last - first - 1);
  request.keep_alive = line.substr(last + 1) == "HTTP/1.1";
  return line.substr(last + 1, 5) == "HTTP/" && !request.target.empty();
}

bool read_header(std::string_view line, Scanned& request, std::uint64_t& length) {
  // Only three headers matter: one look at the first letter passes the others by.
  switch (line.front() | 0x20) {
  case 'c':
    if (auto text = value_if(line, "content-length:"); text.data()) return read_length(text, length);
    if (auto text = value_if(line, "connection:"); text.data()) {
      request.keep_alive = strncasecmp(text.data(), "close", text.size()) != 0;
    }
    return true;
  case 't': return value_if(line, "transfer-encoding:").data() == nullptr;
  default: return true;
  }
}

} // namespace

Scanned scan_request(std::string_view buffer) {
  Scanned request;
  const auto* found = static_cast<const char*>(memmem(buffer.data(), buffer.size(), "\r\n\r\n", 4));
  if (found == nullptr) {
    if (buffer.size() > longest_header) request.state = Scanned::State::malformed;
    return request;
  }
  auto header_size = static_cast<std::size_t>(found - buffer.data());
  auto rest = buffer.substr(0, header_size + 2);
  request.state = Scanned::State::malformed;
  std::uint64_t length = 0;
  for (bool first = true; !rest.empty(); first = false) {
    const auto* newline = static_cast<const char*>(std::memchr(rest.data(), '\n', rest.size()));
    auto line = rest.substr(0, static_cast<std::size_t>(newline - rest.data()));
    rest.remove_prefix(line.size() + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) return request;
    if (first ? !read_request_line(line, request) : !read_header(line, request, length)) return request;
  }
  request.size = header_size + 4 + length;
  if (request.size <= buffer.size()) {
    request.state = Scanned::State::complete;
    request.body = buffer.substr(header_size + 4, length);
  } else {
    request.state = Scanned::State::incomplete;
  }
  return request;
}

} // namespace altinn_sim::sink
