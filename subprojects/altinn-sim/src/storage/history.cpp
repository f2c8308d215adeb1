#include "history.hpp"

#include "dice.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace altinn_sim::storage {

namespace {

/// About a golden section of the parties, without a divisor in common, so that steps of it visit everybody.
std::int64_t golden_step(std::int64_t parties) {
  auto step = std::max<std::int64_t>(1, parties * 382 / 1000);
  while (std::gcd(step, parties) != 1)
    ++step;
  return step;
}

std::int64_t inverse(std::int64_t value, std::int64_t modulus) {
  std::int64_t old_r = value, r = modulus, old_s = 1, s = 0;
  while (r != 0) {
    const auto quotient = old_r / r;
    old_r = std::exchange(r, old_r - quotient * r);
    old_s = std::exchange(s, old_s - quotient * s);
  }
  return (old_s % modulus + modulus) % modulus;
}

} // namespace

void set_owner(Record& out, const Identity& owner) {
  out.party = owner.party_id;
  if (owner.kind == PartyKind::person) out.person_number = owner.number;
  if (owner.kind == PartyKind::organisation) out.organisation_number = owner.number;
  if (owner.kind == PartyKind::self_identified) out.username = owner.display_name;
  if (owner.kind == PartyKind::email) out.username = "epost:" + owner.display_name;
}

History::History(const Shape& shape)
    : shape_(shape)
    , codec_(shape.ids)
    , party_step_(golden_step(shape.parties))
    , party_step_inverse_(inverse(party_step_, shape.parties)) {}

std::uint64_t History::key(Place place) const {
  return mix(shape_.seed, place.organisation, shape_.first_day + place.day, place.rank);
}

bool History::holds(Place place) const {
  return place.collection == shape_.collection && place.organisation >= 0 &&
         place.organisation < shape_.organisations && place.day >= 0 && place.day <= last_index() &&
         place.rank >= 0 && place.rank < shape_.per_day;
}

DayAxis History::axis(std::int64_t organisation, std::int64_t day) const {
  const auto date = shape_.first_day + day;
  return {mix(shape_.seed, 0xa715, organisation, date), date, shape_.per_day};
}

std::optional<Place> History::place(Guid id) const {
  const auto found = codec_.place(id);
  return found && holds(*found) ? found : std::nullopt;
}

std::optional<Place> History::place_of_tail(std::uint64_t tail) const {
  const auto found = codec_.place_of_tail(tail);
  return holds(found) ? std::optional(found) : std::nullopt;
}

std::int64_t History::party_offset(std::int64_t organisation, std::int64_t day) const {
  return static_cast<std::int64_t>(mix(shape_.seed, 0x9a27, organisation, day) %
                                   static_cast<std::uint64_t>(shape_.parties));
}

std::int64_t History::party_id(Place place) const {
  const auto index =
      (place.rank % shape_.parties * party_step_ + party_offset(place.organisation, place.day)) %
      shape_.parties;
  return Population::first_party + index;
}

std::int64_t History::first_rank_of_party(std::int64_t organisation, std::int64_t day,
                                          std::int64_t party_id) const {
  const auto index = party_id - Population::first_party;
  if (index < 0 || index >= shape_.parties) return shape_.per_day;
  const auto steps = (index - party_offset(organisation, day) + shape_.parties) % shape_.parties;
  return steps * party_step_inverse_ % shape_.parties;
}

Poison History::poison(Place place) const {
  if (shape_.poison <= 0) return Poison::none;
  Dice dice(mix(key(place), 0xbad));
  if (static_cast<double>(dice.below(1'000'000)) >= shape_.poison * 1'000'000) return Poison::none;
  switch (dice.below(4)) {
  case 0: return Poison::user_missing;
  case 1: return Poison::party_unknown;
  case 2: return Poison::actor_unknown;
  default: return Poison::title_missing;
  }
}

void History::give_owner(Place place, const Population& population, Record& out) const {
  out.party = party_id(place);
  if (poison(place) == Poison::party_unknown) {
    out.party += Population::first_unknown - Population::first_party;
    return;
  }
  set_owner(out, *population.party(out.party));
}

} // namespace altinn_sim::storage
