#include "masked_url.hpp"

#include <algorithm>
#include <string_view>

namespace dialogferry::cli {

std::string masked_url(std::string url) {
  constexpr std::string_view stars = "***";
  const auto start = url.find("://");
  if (start == std::string::npos) return url;
  const auto at = url.rfind('@');
  const auto colon = url.find(':', start + 3);
  if (at != std::string::npos && colon < at) url.replace(colon + 1, at - colon - 1, stars);
  constexpr std::string_view key = "password="; // of sslpassword as well
  for (auto found = url.find(key); found != std::string::npos; found = url.find(key, found)) {
    found += key.size();
    url.replace(found, std::min(url.find('&', found), url.size()) - found, stars);
  }
  return url;
}

} // namespace dialogferry::cli
