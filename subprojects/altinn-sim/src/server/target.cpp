#include "target.hpp"

#include <array>
#include <optional>

namespace altinn_sim {

namespace {

constexpr std::array<std::string_view, 6> method_names = {"GET", "POST", "PUT", "PATCH", "DELETE", "OTHER"};

std::optional<int> hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

std::optional<char> escaped_byte(std::string_view text, std::size_t at) {
  if (at + 2 >= text.size()) return std::nullopt;
  auto high = hex_value(text[at + 1]);
  auto low = hex_value(text[at + 2]);
  if (!high || !low) return std::nullopt;
  return static_cast<char>(*high * 16 + *low);
}

} // namespace

std::string percent_decoded(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (c == '%') {
      if (auto byte = escaped_byte(text, at)) {
        decoded.push_back(*byte);
        at += 2;
        continue;
      }
    }
    decoded.push_back(c == '+' && plus_is_space ? ' ' : c);
  }
  return decoded;
}

Target split_target(std::string_view target) {
  Target split;
  auto mark = target.find('?');
  split.path = percent_decoded(target.substr(0, mark), false);
  if (mark == std::string_view::npos) return split;
  split.query = target.substr(mark + 1);
  for (auto rest = split.query; !rest.empty();) {
    auto end = rest.find('&');
    auto pair = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (pair.empty()) continue;
    auto equals = pair.find('=');
    auto value = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
    split.parameters.emplace_back(percent_decoded(pair.substr(0, equals), true),
                                  percent_decoded(value, true));
  }
  return split;
}

Method method_named(std::string_view name) {
  for (std::size_t at = 0; at + 1 < method_names.size(); ++at) {
    if (method_names[at] == name) return static_cast<Method>(at);
  }
  return Method::other;
}

std::string_view name_of(Method method) {
  return method_names[static_cast<std::size_t>(method)];
}

} // namespace altinn_sim
