#include "live/endpoint.hpp"

#include <charconv>

namespace altinn_sim::live {

std::optional<Endpoint> loopback_endpoint(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme)) return {};
  url.remove_prefix(scheme.size());
  const auto path = std::min(url.find_first_of("/?#"), url.size());
  Endpoint out;
  out.host = url.substr(0, path);
  out.target = url.substr(path);
  if (!out.target.starts_with('/')) out.target.insert(0, "/");
  if (out.target.find_first_of("# \r\n") != std::string::npos) return {};
  const std::string_view host = out.host;
  const auto colon = std::min(host.find(':'), host.size());
  if (host.substr(0, colon) != "127.0.0.1" && host.substr(0, colon) != "localhost") return {};
  if (colon == host.size()) return out;
  const auto digits = host.substr(colon + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
  if (error != std::errc() || end != digits.data() + digits.size() || out.port == 0) return {};
  return out;
}

} // namespace altinn_sim::live
