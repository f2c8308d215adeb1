#include "correspondence/model/dialog_id.hpp"

#include <algorithm>
#include <array>
#include <openssl/evp.h>

namespace altinn_sim::correspondence {

namespace {

using dialogporten::ticks_per_ms;

std::string hex_of(const unsigned char* bytes, std::size_t count) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (std::size_t at = 0; at < count; ++at) {
    out += digits[bytes[at] >> 4U];
    out += digits[bytes[at] & 15U];
  }
  return out;
}

std::string digest(std::string_view bytes, const EVP_MD* kind) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, kind, nullptr);
  return hex_of(out.data(), size);
}

std::int64_t milliseconds_of(const std::string& hex, Ticks created) {
  if (hex[12] == '7') return std::stoll(hex.substr(0, 12), nullptr, 16);
  return std::max<Ticks>(created / ticks_per_ms - (created % ticks_per_ms < 0 ? 1 : 0), 0);
}

} // namespace

Uuid dialog_id(const Uuid& correspondence, Ticks created, Ticks now) {
  const auto hex = hex_of(correspondence.bytes.data(), correspondence.bytes.size());
  auto milliseconds = milliseconds_of(hex, created);
  if (milliseconds * ticks_per_ms > now + dialogporten::future_tolerance) milliseconds = now / ticks_per_ms;
  const auto hash = digest(hex + ":" + std::to_string(milliseconds), EVP_sha256());
  std::array<unsigned char, 6> time{};
  auto rest = static_cast<std::uint64_t>(milliseconds);
  for (std::size_t at = time.size(); at-- > 0; rest >>= 8U)
    time[at] = static_cast<unsigned char>(rest);
  const auto variant = (std::stoi(hash.substr(3, 1), nullptr, 16) & 3) | 8;
  const auto instant = hex_of(time.data(), time.size());
  constexpr std::string_view digits = "0123456789abcdef";
  const auto text = instant.substr(0, 8) + '-' + instant.substr(8) + "-7" + hash.substr(0, 3) + '-' +
                    digits[static_cast<std::size_t>(variant)] + hash.substr(4, 3) + '-' + hash.substr(7, 12);
  return dialogporten::parse_uuid(text).value();
}

std::string md5_of(std::string_view bytes) {
  return digest(bytes, EVP_md5());
}

} // namespace altinn_sim::correspondence
