#pragma once

#include "day_axis.hpp"
#include "identity.hpp"
#include "place.hpp"
#include "record.hpp"

#include <cstdint>
#include <optional>

namespace altinn_sim::storage {

/// Main versions of instances (storage.md 1.2); a list that asks for none gets 3 alone.
struct MainVersions {
  bool altinn_1 = false;
  bool altinn_2 = false;
  bool altinn_3 = true;

  bool has(std::int64_t version) const {
    return version == 1 ? altinn_1 : version == 2 ? altinn_2 : version == 3 && altinn_3;
  }
  bool forms() const { return altinn_1 || altinn_2; }
};

constexpr MainVersions only_forms{true, true, false};

/// Why a record cannot be carried.
enum class Poison : std::uint8_t {
  none,
  user_missing,
  party_unknown,
  actor_unknown,
  title_missing,
  own_id_missing
};

/// Gives the instance its owner, as Storage writes it.
void set_owner(Record& out, const Identity& owner);

/// A generated history: as many records for every organisation and day, each worked out from its place alone.
/// Nothing is remembered of it, whatever its length. Safe to use from many threads.
class History {
public:
  struct Shape {
    Collection collection = Collection::instances;
    std::uint64_t ids = 0;  ///< what the ids follow from, one for all histories of a world
    std::uint64_t seed = 0; ///< what everything else follows from
    Day first_day = 0;
    Day last_day = 0;         ///< included; at most 65 536 days
    std::int64_t per_day = 0; ///< of each organisation and day, 0 … 33 million
    std::int64_t organisations = 0;
    std::int64_t parties = 1;
    double poison = 0; ///< share of records that cannot be carried
  };

  explicit History(const Shape& shape);
  virtual ~History() = default;
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  Day first_day() const { return shape_.first_day; }
  /// The index of the last day, counted from the first.
  std::int64_t last_index() const { return shape_.last_day - shape_.first_day; }
  std::int64_t per_day() const { return shape_.per_day; }

  Place at(std::int64_t organisation, std::int64_t day, std::int64_t rank) const {
    return {organisation, day, rank, shape_.collection};
  }
  bool holds(Place place) const;
  DayAxis axis(std::int64_t organisation, std::int64_t day) const;
  /// lastChanged
  Ticks time(Place place) const { return axis(place.organisation, place.day).time(place.rank); }

  Guid guid(Place place) const { return codec_.guid(place); }
  std::optional<Place> place(Guid id) const;
  std::optional<Place> place_of_tail(std::uint64_t tail) const;

  /// The cheap parts of a record that lists sort and select by.
  virtual Ticks created(Place place, Ticks last_changed) const = 0;
  virtual std::int64_t row_id(Place place, Ticks created) const = 0;
  virtual std::int64_t main_version(Place place) const = 0;
  std::int64_t party_id(Place place) const;
  /// The day's first rank that may belong to the party; every `party_stride()`-th after it may too.
  std::int64_t first_rank_of_party(std::int64_t organisation, std::int64_t day, std::int64_t party_id) const;
  std::int64_t party_stride() const { return shape_.parties; }
  Poison poison(Place place) const;

  /// The whole record; `out` is overwritten.
  virtual void generate(Place place, Record& out) const = 0;

protected:
  std::uint64_t key(Place place) const;
  /// The party a record belongs to; unknown to Register where the record is poisoned so.
  void give_owner(Place place, const Population& population, Record& out) const;

private:
  std::int64_t party_offset(std::int64_t organisation, std::int64_t day) const;

  Shape shape_;
  PlaceCodec codec_;
  std::int64_t party_step_;
  std::int64_t party_step_inverse_;
};

} // namespace altinn_sim::storage
