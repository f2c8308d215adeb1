#include "archive/bytes.hpp"

#include "storage/dice.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <openssl/evp.h>
#include <vector>

namespace altinn_sim::archive {

void FileBytes::read(std::uint64_t offset, char* room, std::size_t size) const {
  constexpr std::size_t word = sizeof(std::uint64_t);
  while (size > 0) {
    const auto bits = storage::mix(seed_ + offset / word);
    const auto skipped = static_cast<std::size_t>(offset % word);
    const auto taken = std::min(size, word - skipped);
    std::array<char, word> bytes{};
    std::memcpy(bytes.data(), &bits, word);
    std::memcpy(room, bytes.data() + skipped, taken);
    offset += taken;
    room += taken;
    size -= taken;
  }
}

std::string md5_of(const Bytes& bytes) {
  constexpr std::size_t piece = 64UL * 1024;
  constexpr std::string_view digits = "0123456789abcdef";
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_md5(), nullptr);
  std::vector<char> room(static_cast<std::size_t>(std::min<std::uint64_t>(piece, bytes.size())));
  for (std::uint64_t at = 0; at < bytes.size(); at += room.size()) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(room.size(), bytes.size() - at));
    bytes.read(at, room.data(), size);
    EVP_DigestUpdate(context.get(), room.data(), size);
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
  unsigned length = 0;
  EVP_DigestFinal_ex(context.get(), sum.data(), &length);
  std::string out;
  for (unsigned at = 0; at < length; ++at) {
    out += digits[sum[at] >> 4U];
    out += digits[sum[at] & 15U];
  }
  return out;
}

} // namespace altinn_sim::archive
