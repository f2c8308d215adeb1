#include <dialogferry/http/trace.hpp>

#include <array>
#include <cstring>
#include <string_view>

namespace dialogferry::http {

namespace {

char* write_hex(char* to, std::uint8_t byte) {
  constexpr std::string_view digits = "0123456789abcdef";
  *to++ = digits[byte >> 4];
  *to++ = digits[byte & 15];
  return to;
}

char* write_id(char* to, const Uuid& id) {
  for (const auto byte : id.bytes)
    to = write_hex(to, byte);
  return to;
}

char* write(char* to, std::string_view text) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

} // namespace

std::string trace_text(const Uuid& id) {
  std::string text(32, '\0');
  write_id(text.data(), id);
  return text;
}

void append_traceparent(std::string& head, const Trace& trace) {
  if (trace.id == Uuid{}) return;
  std::array<char, 80> line{};
  char* to = write(line.data(), "traceparent: 00-");
  to = write(write_id(to, trace.id), "-");
  const auto span = trace.span == 0 ? 1 : trace.span;
  for (int shift = 56; shift >= 0; shift -= 8)
    to = write_hex(to, static_cast<std::uint8_t>(span >> shift));
  to = write(to, "-01\r\n");
  head.append(line.data(), static_cast<std::size_t>(to - line.data()));
}

} // namespace dialogferry::http
