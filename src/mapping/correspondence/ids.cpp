#include <dialogferry/mapping/correspondence.hpp>
#include <dialogferry/model/sha256.hpp>

#include <algorithm>
#include <cstdlib>

namespace dialogferry::mapping::correspondence {

namespace {

using namespace std::chrono_literals;

constexpr auto most_ahead = 15s;

std::uint64_t embedded_milliseconds(const Uuid& id) {
  std::uint64_t ms = 0;
  for (std::size_t i = 0; i < 6; ++i)
    ms = ms << 8 | id.bytes[i];
  return ms;
}

/// 32 lower-case hexadecimal digits.
std::string plain_hex(const Uuid& id) {
  auto text = to_string(id);
  text.erase(std::remove(text.begin(), text.end(), '-'), text.end());
  return text;
}

} // namespace

Uuid dialog_id_of(const Uuid& correspondence_id, Instant created, Instant now) {
  auto ms = correspondence_id.version() == 7
                ? embedded_milliseconds(correspondence_id)
                : static_cast<std::uint64_t>(std::max<std::int64_t>(created.unix_milliseconds(), 0));
  const auto latest = static_cast<std::uint64_t>((now + most_ahead).unix_milliseconds());
  if (ms > latest) ms = static_cast<std::uint64_t>(now.unix_milliseconds());
  const auto hash = sha256(plain_hex(correspondence_id) + ":" + std::to_string(ms));
  // Of the hash's hexadecimal digits the first three follow the version, the fourth the variant, fifteen
  // more.
  Uuid id;
  for (std::size_t i = 0; i < 6; ++i)
    id.bytes[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
  id.bytes[6] = static_cast<std::uint8_t>(0x70 | hash[0] >> 4);
  id.bytes[7] = static_cast<std::uint8_t>(hash[0] << 4 | hash[1] >> 4);
  id.bytes[8] = static_cast<std::uint8_t>((hash[1] & 0x03) << 4 | 0x80 | hash[2] >> 4);
  for (std::size_t i = 9; i < 16; ++i)
    id.bytes[i] = static_cast<std::uint8_t>(hash[i - 7] << 4 | hash[i - 6] >> 4);
  return id;
}

} // namespace dialogferry::mapping::correspondence
