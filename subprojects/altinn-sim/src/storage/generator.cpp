#include "generator.hpp"

#include "dice.hpp"
#include "story.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace altinn_sim::storage {

namespace {

constexpr std::int64_t max_rank = std::int64_t{1} << 25U;
constexpr std::int64_t max_days = 65'536;
const Ticks row_epoch = day_from_civil(2015, 1, 1) * whole_day;

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

WorldOptions checked(WorldOptions options) {
  const auto refuse = [](const char* what) { throw std::invalid_argument(what); };
  if (options.last_day < options.first_day) refuse("the last day lies before the first");
  if (options.last_day - options.first_day >= max_days) refuse("more than 65536 days");
  if (options.per_day < 0 || options.per_day >= max_rank) refuse("records per day: 0 to 33554431");
  if (options.poison < 0 || options.poison > 1) refuse("poison: a share from 0 to 1");
  if (options.parties < 1 || options.parties > 2'000'000) refuse("parties: 1 to 2000000");
  if (options.users < 1 || options.users > 2'000'000) refuse("users: 1 to 2000000");
  return options;
}

} // namespace

Generator::Generator(const WorldOptions& options)
    : options_(checked(options))
    , catalogue_(options.seed, options.organisations, options.poison > 0)
    , population_(options.seed, options.parties, options.users)
    , codec_(options.seed)
    , party_step_(golden_step(options.parties))
    , party_step_inverse_(inverse(party_step_, options.parties)) {}

std::uint64_t Generator::key(Place place) const {
  return mix(options_.seed, place.organisation, options_.first_day + place.day, place.rank);
}

bool Generator::holds(Place place) const {
  return place.organisation >= 0 && place.organisation < std::ssize(catalogue_.organisations()) &&
         place.day >= 0 && place.day <= options_.last_day - options_.first_day && place.rank >= 0 &&
         place.rank < options_.per_day;
}

DayAxis Generator::axis(std::int64_t organisation, std::int64_t day) const {
  const auto date = options_.first_day + day;
  return {mix(options_.seed, 0xa715, organisation, date), date, options_.per_day};
}

std::optional<Place> Generator::place(Guid id) const {
  const auto found = codec_.place(id);
  return found && holds(*found) ? found : std::nullopt;
}

std::optional<Place> Generator::place_of_tail(std::uint64_t tail) const {
  const auto found = codec_.place_of_tail(tail);
  return holds(found) ? std::optional(found) : std::nullopt;
}

Ticks Generator::created(Place place, Ticks last_changed) const {
  Dice dice(mix(key(place), 0xc2ea7ed));
  const auto share = dice.below(100);
  // Storage cuts lastChanged to microseconds, so a fresh instance may have changed just before it was made.
  if (share < 3) return last_changed + dice.below(microsecond);
  const auto longest = share < 25   ? hour
                       : share < 60 ? 10 * whole_day
                       : share < 90 ? 120 * whole_day
                                    : 700 * whole_day;
  return last_changed - minute - static_cast<Ticks>(dice.next() % static_cast<std::uint64_t>(longest));
}

std::int64_t Generator::row_id(Place place, Ticks created) const {
  // In the order of creation; neighbours made in the same instant differ in the last bits.
  return (created - row_epoch) * 512 + place.rank % 512;
}

std::int64_t Generator::party_offset(std::int64_t organisation, std::int64_t day) const {
  return static_cast<std::int64_t>(mix(options_.seed, 0x9a27, organisation, day) %
                                   static_cast<std::uint64_t>(options_.parties));
}

std::int64_t Generator::party_id(Place place) const {
  const auto index =
      (place.rank % options_.parties * party_step_ + party_offset(place.organisation, place.day)) %
      options_.parties;
  return population_.party_id(index);
}

std::int64_t Generator::first_rank_of_party(std::int64_t organisation, std::int64_t day,
                                            std::int64_t party_id) const {
  const auto index = party_id - Population::first_party;
  if (index < 0 || index >= options_.parties) return options_.per_day;
  const auto steps = (index - party_offset(organisation, day) + options_.parties) % options_.parties;
  return steps * party_step_inverse_ % options_.parties;
}

Poison Generator::poison(Place place) const {
  if (options_.poison <= 0) return Poison::none;
  Dice dice(mix(key(place), 0xbad));
  if (static_cast<double>(dice.below(1'000'000)) >= options_.poison * 1'000'000) return Poison::none;
  switch (dice.below(4)) {
  case 0: return Poison::user_missing;
  case 1: return Poison::party_unknown;
  case 2: return Poison::actor_unknown;
  default: return Poison::title_missing;
  }
}

void Generator::owner(Place place, Record& out) const {
  out.party = party_id(place);
  if (poison(place) == Poison::party_unknown) {
    out.party += Population::first_unknown - Population::first_party;
    return;
  }
  const auto identity = population_.party(out.party);
  if (identity->kind == PartyKind::person) out.person_number = identity->number;
  if (identity->kind == PartyKind::organisation) out.organisation_number = identity->number;
  if (identity->kind == PartyKind::self_identified) out.username = identity->display_name;
  if (identity->kind == PartyKind::email) out.username = "epost:" + identity->display_name;
}

void Generator::generate(Place place, Record& out) const {
  out.reset();
  const auto& organisation = catalogue_.organisations()[static_cast<std::size_t>(place.organisation)];
  Dice dice(mix(key(place), 0x57027));
  const auto* app = &organisation.choose(dice.below(1000));
  const auto poisoned = poison(place);
  if (poisoned == Poison::title_missing) app = &organisation.apps.back(); // the untitled one
  out.guid = guid(place);
  out.last_changed = axis(place.organisation, place.day).time(place.rank);
  out.created = created(place, out.last_changed);
  out.row_id = row_id(place, out.created);
  out.application = app->application;
  out.app_id = app->application->id;
  out.org = organisation.code;
  owner(place, out);
  Story(out, *app, organisation, population_, dice).tell(poisoned);
}

} // namespace altinn_sim::storage
