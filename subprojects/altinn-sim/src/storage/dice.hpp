#pragma once

#include <cstdint>

namespace altinn_sim::storage {

/// One well mixed number of one (the finaliser of splitmix64): the only source of chance in the simulated
/// world.
constexpr std::uint64_t mix(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31U);
}

/// A key out of several: `mix(seed, org, day, rank)`.
template <class... Rest>
constexpr std::uint64_t mix(std::uint64_t first, std::uint64_t second, Rest... rest) {
  return mix(mix(first) ^ second, static_cast<std::uint64_t>(rest)...);
}

/// A row of throws that is the same for the same key.
class Dice {
public:
  explicit constexpr Dice(std::uint64_t key)
      : state_(key) {}

  constexpr std::uint64_t next() { return mix(state_++ * 0xd1342543de82ef95ULL + 1); }

  /// 0 … sides-1; sides at least 1 and well below 2^32.
  constexpr std::int64_t below(std::int64_t sides) {
    return static_cast<std::int64_t>((next() >> 32U) * static_cast<std::uint64_t>(sides) >> 32U);
  }

  constexpr std::int64_t between(std::int64_t low, std::int64_t high) { return low + below(high - low + 1); }

  constexpr bool one_in(std::int64_t sides) { return below(sides) == 0; }

  constexpr bool percent(std::int64_t share) { return below(100) < share; }

private:
  std::uint64_t state_;
};

} // namespace altinn_sim::storage
