#pragma once

#include "catalogue.hpp"
#include "day_axis.hpp"
#include "identity.hpp"
#include "place.hpp"
#include "record.hpp"

#include <cstdint>

namespace altinn_sim::storage {

/// What a simulated world is made of.
struct WorldOptions {
  std::uint64_t seed = 42;
  Day first_day = 20'089;        ///< 2025-01-01
  Day last_day = 20'412;         ///< 2025-11-20, included; at most 65 536 days
  std::int64_t per_day = 1000;   ///< records of each organisation and day, 0 … 33 million
  std::size_t organisations = 4; ///< 0 … 32
  double poison = 0.0;           ///< share of records that cannot be carried
  std::int64_t parties = 50'000;
  std::int64_t users = 30'000;
  std::string hostname = "tt02.altinn.no"; ///< of links and of `next`
};

/// Why a record cannot be carried.
enum class Poison : std::uint8_t {
  none,
  user_missing,
  party_unknown,
  actor_unknown,
  title_missing,
  own_id_missing
};

/// Works any record out from its place alone: record = f(seed, organisation, day, rank).
class Generator {
public:
  explicit Generator(const WorldOptions& options);

  const Catalogue& catalogue() const { return catalogue_; }
  const Population& population() const { return population_; }

  bool holds(Place place) const;
  DayAxis axis(std::int64_t organisation, std::int64_t day) const;

  Guid guid(Place place) const { return codec_.guid(place); }
  std::optional<Place> place(Guid id) const;
  std::optional<Place> place_of_tail(std::uint64_t tail) const;

  /// The cheap parts of a record that lists sort and select by.
  Ticks created(Place place, Ticks last_changed) const;
  std::int64_t row_id(Place place, Ticks created) const;
  std::int64_t party_id(Place place) const;
  /// The day's first rank that may belong to the party; every `party_stride()`-th after it may too.
  std::int64_t first_rank_of_party(std::int64_t organisation, std::int64_t day, std::int64_t party_id) const;
  std::int64_t party_stride() const { return options_.parties; }
  Poison poison(Place place) const;

  /// The whole record; `out` is overwritten.
  void generate(Place place, Record& out) const;

private:
  std::uint64_t key(Place place) const;
  std::int64_t party_offset(std::int64_t organisation, std::int64_t day) const;
  void owner(Place place, Record& out) const;

  WorldOptions options_;
  Catalogue catalogue_;
  Population population_;
  PlaceCodec codec_;
  std::int64_t party_step_;
  std::int64_t party_step_inverse_;
};

} // namespace altinn_sim::storage
