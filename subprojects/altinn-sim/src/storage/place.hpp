#pragma once

#include "guid.hpp"

#include <cstdint>
#include <optional>

namespace altinn_sim::storage {

/// What a generated record is one of.
enum class Collection : std::uint8_t {
  instances, ///< app instances, main version 3
  forms,     ///< archived forms of Altinn 1 and 2, main versions 1 and 2
};

/// Where a generated record stands in its world.
struct Place {
  std::int64_t organisation = 0; ///< 0 … 31
  std::int64_t day = 0;          ///< days since the world's first, 0 … 65 535
  std::int64_t rank = 0;         ///< within the day, oldest first, 0 … 2^25-1
  Collection collection = Collection::instances;
};

/// Turns places into instance ids and back, so that nothing need be remembered of a history of any length.
/// The last twelve digits (A3Ref) tell it all, enciphered so that ids look as random as real ones.
class PlaceCodec {
public:
  explicit PlaceCodec(std::uint64_t seed)
      : seed_(seed) {}

  Guid guid(Place place) const;
  /// Null where the id is none of this world's. Bounds of organisation, day and rank are the caller's.
  std::optional<Place> place(Guid id) const;
  /// The place that belongs to the last 48 bits of an id; nonsense in, nonsense out.
  Place place_of_tail(std::uint64_t tail) const;

private:
  std::uint64_t seed_;
};

} // namespace altinn_sim::storage
