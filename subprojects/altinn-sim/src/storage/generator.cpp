#include "generator.hpp"

#include "dice.hpp"
#include "story.hpp"

#include <stdexcept>

namespace altinn_sim::storage {

namespace {

constexpr std::int64_t max_rank = std::int64_t{1} << 25U;
constexpr std::int64_t max_days = 65'536;
const Ticks row_epoch = day_from_civil(2015, 1, 1) * whole_day;

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

History::Shape shape_of(const WorldOptions& options) {
  History::Shape out;
  out.collection = Collection::instances;
  out.ids = out.seed = options.seed;
  out.first_day = options.first_day;
  out.last_day = options.last_day;
  out.per_day = options.per_day;
  out.organisations = static_cast<std::int64_t>(options.organisations);
  out.parties = options.parties;
  out.poison = options.poison;
  return out;
}

} // namespace

Generator::Generator(const WorldOptions& options)
    : History(shape_of(checked(options)))
    , catalogue_(options.seed, options.organisations, options.poison > 0)
    , population_(options.seed, options.parties, options.users) {}

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

void Generator::generate(Place place, Record& out) const {
  out.reset();
  const auto& organisation = catalogue_.organisations()[static_cast<std::size_t>(place.organisation)];
  Dice dice(mix(key(place), 0x57027));
  const auto* app = &organisation.choose(dice.below(1000));
  const auto poisoned = poison(place);
  if (poisoned == Poison::title_missing) app = &organisation.apps.back(); // the untitled one
  out.guid = guid(place);
  out.last_changed = time(place);
  out.created = created(place, out.last_changed);
  out.row_id = row_id(place, out.created);
  out.application = app->application;
  out.app_id = app->application->id;
  out.org = organisation.code;
  give_owner(place, population_, out);
  Story(out, *app, organisation, population_, dice).tell(poisoned);
}

} // namespace altinn_sim::storage
