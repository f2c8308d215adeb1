#include <dialogferry/model/uuid.hpp>

#include <array>
#include <cstring>
#include <openssl/evp.h>

namespace dialogferry {

namespace {

constexpr std::uint8_t no_digit = 0xFF;

/// What each character is worth as a hexadecimal digit.
constexpr auto nibbles = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(no_digit);
  for (std::uint8_t i = 0; i < 10; ++i)
    table['0' + i] = i;
  for (std::uint8_t i = 0; i < 6; ++i)
    table['a' + i] = table['A' + i] = static_cast<std::uint8_t>(10 + i);
  return table;
}();

std::uint8_t nibble(char c) {
  return nibbles[static_cast<std::uint8_t>(c)];
}

/// The one-shot functions look the algorithm up under a lock each time, which costs more than the hash
/// itself.
std::array<unsigned char, 20> sha1(std::string_view input) {
  struct Hasher {
    EVP_MD* algorithm = EVP_MD_fetch(nullptr, "SHA1", nullptr);
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    Hasher() = default;
    Hasher(const Hasher&) = delete;
    Hasher& operator=(const Hasher&) = delete;
    ~Hasher() {
      EVP_MD_CTX_free(context);
      EVP_MD_free(algorithm);
    }
  };
  thread_local const Hasher hasher;
  std::array<unsigned char, 20> digest{};
  EVP_DigestInit_ex2(hasher.context, hasher.algorithm, nullptr);
  EVP_DigestUpdate(hasher.context, input.data(), input.size());
  EVP_DigestFinal_ex(hasher.context, digest.data(), nullptr);
  return digest;
}

constexpr bool hyphen_before(std::size_t byte) {
  return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

} // namespace

/// In one go: whether a character is wrong is looked at once, behind the last.
std::optional<Uuid> parse_uuid(std::string_view text) {
  constexpr std::array<std::uint8_t, 16> places = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};
  if (text.size() != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
    return std::nullopt;
  Uuid id;
  std::uint8_t worst = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto high = nibble(text[places[i]]);
    const auto low = nibble(text[places[i] + 1U]);
    worst |= high | low;
    id.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return (worst & 0xF0) == 0 ? std::optional(id) : std::nullopt;
}

void append_uuid(std::string& out, const Uuid& id) {
  static constexpr char digits[] = "0123456789abcdef";
  char text[36];
  char* to = text;
  for (std::size_t i = 0; i < 16; ++i) {
    if (hyphen_before(i)) *to++ = '-';
    *to++ = digits[id.bytes[i] >> 4];
    *to++ = digits[id.bytes[i] & 0x0F];
  }
  out.append(text, sizeof text);
}

std::string to_string(const Uuid& id) {
  std::string out;
  append_uuid(out, id);
  return out;
}

Uuid version7(const Uuid& base, Instant at) {
  Uuid id = base;
  const auto ms = static_cast<std::uint64_t>(at.unix_milliseconds());
  for (std::size_t i = 0; i < 6; ++i)
    id.bytes[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | 0x70);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);
  return id;
}

Uuid sub_id(const Uuid& parent, std::string_view name) {
  std::string input(reinterpret_cast<const char*>(parent.bytes.data()), parent.bytes.size());
  input += name;
  const auto sha = sha1(input);
  Uuid id;
  std::memcpy(id.bytes.data(), sha.data(), id.bytes.size());
  std::memcpy(id.bytes.data(), parent.bytes.data(), 6);
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | (parent.bytes[6] & 0xF0));
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | (parent.bytes[8] & 0xC0));
  return id;
}

} // namespace dialogferry

std::size_t std::hash<dialogferry::Uuid>::operator()(const dialogferry::Uuid& id) const noexcept {
  // The last bytes are the random ones in every id we derive.
  std::size_t random = 0;
  std::memcpy(&random, id.bytes.data() + 8, sizeof random);
  std::size_t time = 0;
  std::memcpy(&time, id.bytes.data(), sizeof time);
  return random ^ (time * 0x9e3779b97f4a7c15ULL);
}
