#include "place.hpp"

#include "dice.hpp"

namespace altinn_sim::storage {

namespace {

constexpr std::uint64_t half_mask = 0xffffffU;
constexpr std::uint64_t rounds = 4;

// A balanced Feistel network over 48 bits: reversible whatever its round function is.
std::uint64_t encipher(std::uint64_t seed, std::uint64_t plain) {
  auto left = plain >> 24U;
  auto right = plain & half_mask;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    const auto next = left ^ (mix(seed, round, right) & half_mask);
    left = right;
    right = next;
  }
  return (left << 24U) | right;
}

std::uint64_t decipher(std::uint64_t seed, std::uint64_t cipher) {
  auto left = cipher >> 24U;
  auto right = cipher & half_mask;
  for (std::uint64_t round = rounds; round-- > 0;) {
    const auto before = right ^ (mix(seed, round, left) & half_mask);
    right = left;
    left = before;
  }
  return (left << 24U) | right;
}

} // namespace

// organisation 5 bits, collection 2 bits, day 16 bits, rank 25 bits
Guid PlaceCodec::guid(Place place) const {
  const auto plain = (static_cast<std::uint64_t>(place.organisation) << 43U) |
                     (static_cast<std::uint64_t>(place.collection) << 41U) |
                     (static_cast<std::uint64_t>(place.day) << 25U) | static_cast<std::uint64_t>(place.rank);
  const auto tail = encipher(seed_, plain);
  const auto head = mix(seed_, 0x9d, tail);
  return random_guid(head, (mix(head) << 48U) | tail);
}

Place PlaceCodec::place_of_tail(std::uint64_t tail) const {
  const auto plain = decipher(seed_, tail & 0xffffffffffffULL);
  return {static_cast<std::int64_t>(plain >> 43U), static_cast<std::int64_t>((plain >> 25U) & 0xffffU),
          static_cast<std::int64_t>(plain & 0x1ffffffU), static_cast<Collection>((plain >> 41U) & 3U)};
}

std::optional<Place> PlaceCodec::place(Guid id) const {
  const auto found = place_of_tail(id.low);
  return guid(found) == id ? std::optional(found) : std::nullopt;
}

} // namespace altinn_sim::storage
