#include "request_head.hpp"

#include <dialogferry/http/stream.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace dialogferry::http {
namespace {

bool is_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool is_name(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f' && c != ':'; });
}

bool is_target(std::string_view text) {
  return !text.empty() && text.front() == '/' &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f' && c != '#'; });
}

void append_line(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  out += value;
  out += "\r\n";
}

bool has_body(const Request& request) {
  return !request.body.empty() || request.stream || request.method == Method::post ||
         request.method == Method::put || request.method == Method::patch;
}

} // namespace

bool is_sendable(const Request& request) {
  return is_target(request.target) && is_value(request.content_type) && is_value(request.accept) &&
         is_value(request.if_match) &&
         std::all_of(request.headers.begin(), request.headers.end(),
                     [](const Header& header) { return is_name(header.name) && is_value(header.value); });
}

void write_head(std::string& out, const Request& request, std::string_view prefix, std::string_view fixed,
                std::string_view token, const Trace& trace) {
  out.clear();
  out += name_of(request.method);
  out += ' ';
  out += prefix;
  out += request.target;
  out += " HTTP/1.1\r\n";
  out += fixed;
  if (!token.empty()) {
    out += "Authorization: Bearer ";
    out += token;
    out += "\r\n";
  }
  if (!request.accept.empty()) append_line(out, "Accept", request.accept);
  if (!request.if_match.empty()) append_line(out, "If-Match", request.if_match);
  if (!request.content_type.empty()) append_line(out, "Content-Type", request.content_type);
  for (const auto& header : request.headers)
    append_line(out, header.name, header.value);
  append_traceparent(out, trace);
  if (has_body(request)) {
    std::array<char, 24> digits;
    const std::uint64_t size = request.stream ? request.stream->size() : request.body.size();
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), size).ptr;
    append_line(out, "Content-Length", {digits.data(), static_cast<std::size_t>(end - digits.data())});
  }
  out += "\r\n";
}

} // namespace dialogferry::http
