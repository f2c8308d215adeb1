#include <dialogferry/http/caller.hpp>

#include <algorithm>

namespace dialogferry::http {

namespace {

bool same_ignoring_case(std::string_view one, std::string_view other) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

bool is_of_a_proxy(std::string_view header) {
  constexpr std::string_view forwarded = "X-Forwarded";
  return same_ignoring_case(header, "Forwarded") || same_ignoring_case(header, "Via") ||
         same_ignoring_case(header, "X-Real-IP") ||
         same_ignoring_case(header.substr(0, forwarded.size()), forwarded);
}

/// `127.0.0.1:8080`, `[::1]:8080`, `localhost`
bool names_this_machine(std::string_view host) {
  if (host.starts_with("[")) return host.starts_with("[::1]");
  const auto name = host.substr(0, host.rfind(':'));
  const bool is_address = name.find_first_not_of("0123456789.") == std::string_view::npos;
  return same_ignoring_case(name, "localhost") || (name.starts_with("127.") && is_address);
}

} // namespace

bool is_same_secret(std::string_view secret, std::string_view guess) {
  if (secret.empty()) return false;
  volatile unsigned char difference = secret.size() == guess.size() ? 0 : 1;
  for (std::size_t i = 0; i < guess.size(); ++i)
    difference = difference | static_cast<unsigned char>(guess[i] ^ secret[i % secret.size()]);
  return difference == 0;
}

bool is_from_this_machine(const ServerRequest& request) {
  return request.from_loopback &&
         std::none_of(request.headers.begin(), request.headers.end(),
                      [](const Header& header) { return is_of_a_proxy(header.name); });
}

bool may_be_of_a_foreign_page(const ServerRequest& request) {
  return !request.header("Origin").empty() || !names_this_machine(request.header("Host"));
}

} // namespace dialogferry::http
