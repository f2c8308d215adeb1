#include "text16.hpp"

namespace altinn_sim::storage {

namespace {

std::size_t units_of(unsigned char lead) {
  return (lead & 0xc0U) == 0x80U ? 0 : lead >= 0xf0U ? 2 : 1;
}

} // namespace

std::size_t length_16(std::string_view text) {
  std::size_t units = 0;
  for (const char letter : text)
    units += units_of(static_cast<unsigned char>(letter));
  return units;
}

std::string cut_16(std::string_view text, std::size_t most) {
  if (text.size() <= most || length_16(text) <= most) return std::string(text);
  const auto keep = most - 3;
  std::size_t units = 0;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const auto more = units_of(static_cast<unsigned char>(text[at]));
    if (more > 0 && units + more > keep) break;
    units += more;
  }
  return std::string(text.substr(0, at)) + (units < keep ? "\xef\xbf\xbd" : "") + "...";
}

bool blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

} // namespace altinn_sim::storage
