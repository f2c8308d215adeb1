#include <dialogferry/http/trace.hpp>

namespace dialogferry::http {

namespace {

constexpr const char* digits = "0123456789abcdef";

void append_hex(std::string& out, std::uint8_t byte) {
  out += digits[byte >> 4];
  out += digits[byte & 15];
}

void append_id(std::string& out, const Uuid& id) {
  for (const auto byte : id.bytes)
    append_hex(out, byte);
}

} // namespace

std::string trace_text(const Uuid& id) {
  std::string text;
  append_id(text, id);
  return text;
}

void append_traceparent(std::string& head, const Trace& trace) {
  if (trace.id == Uuid{}) return;
  head += "traceparent: 00-";
  append_id(head, trace.id);
  head += '-';
  const auto span = trace.span == 0 ? 1 : trace.span;
  for (int shift = 56; shift >= 0; shift -= 8)
    append_hex(head, static_cast<std::uint8_t>(span >> shift));
  head += "-01\r\n";
}

} // namespace dialogferry::http
