#include "form_generator.hpp"

#include "dice.hpp"
#include "form_story.hpp"

#include <charconv>
#include <limits>
#include <stdexcept>

namespace altinn_sim::storage {

namespace {

constexpr std::int64_t max_rank = std::int64_t{1} << 25U;
constexpr std::int64_t max_days = 65'536;
constexpr std::int64_t altinn_1_percent = 16; // 34 of 216 million
constexpr std::uint64_t row_mask = (std::uint64_t{1} << 44U) - 1;

History::Shape shape_of(const WorldOptions& options) {
  const auto refuse = [](const char* what) { throw std::invalid_argument(what); };
  const auto is_share = [](double share) { return share >= 0 && share <= 1; };
  History::Shape out;
  out.collection = Collection::forms;
  out.ids = options.seed;
  out.seed = mix(options.seed, 0xf02);
  out.first_day = options.forms_days ? options.forms_days->first : options.first_day;
  out.last_day = options.forms_days ? options.forms_days->second : options.last_day;
  out.per_day = options.forms_per_day;
  out.organisations = static_cast<std::int64_t>(options.organisations);
  out.parties = options.parties;
  out.poison = options.poison;
  if (out.last_day < out.first_day) refuse("the last day of the forms lies before the first");
  if (out.last_day - out.first_day >= max_days) refuse("more than 65536 days of forms");
  if (out.per_day < 0 || out.per_day >= max_rank) refuse("forms per day: 0 to 33554431");
  const auto days = out.last_day - out.first_day + 1;
  if (out.per_day * days * out.organisations >= std::numeric_limits<std::int32_t>::max())
    refuse("more forms than there are archive references: 2147483646");
  if (!is_share(options.forms_unfinished)) refuse("forms never completed: a share from 0 to 1");
  if (!is_share(options.forms_late)) refuse("imports half done: a share from 0 to 1");
  return out;
}

bool falls(Dice& dice, double share) {
  return static_cast<double>(dice.below(1'000'000)) < share * 1'000'000;
}

} // namespace

FormGenerator::FormGenerator(const WorldOptions& options, const Generator& instances, FormApps& apps)
    : History(shape_of(options))
    , unfinished_(options.forms_unfinished)
    , late_(options.forms_late)
    , population_(instances.population()) {
  if (options.forms_per_day == 0) return;
  for (const auto& organisation : instances.catalogue().organisations())
    organisations_.push_back(&apps.of(organisation.code, organisation.number));
}

Ticks FormGenerator::created(Place place, Ticks last_changed) const {
  Dice dice(mix(key(place), 0xc2ea7ed));
  const auto longest = dice.percent(60) ? 2 * hour : 60 * whole_day;
  return last_changed - 10 * minute - static_cast<Ticks>(dice.next() % static_cast<std::uint64_t>(longest));
}

// Rows were made by the import, in an order that has nothing to do with the forms' own times.
std::int64_t FormGenerator::row_id(Place place, Ticks) const {
  return static_cast<std::int64_t>((static_cast<std::uint64_t>(reference(place)) * 0x9e3779b97f5ULL) &
                                   row_mask);
}

std::int64_t FormGenerator::main_version(Place place) const {
  return Dice(mix(key(place), 0xa1)).percent(altinn_1_percent) ? 1 : 2;
}

std::int64_t FormGenerator::reference(Place place) const {
  return (place.day * std::ssize(organisations_) + place.organisation) * per_day() + place.rank + 1;
}

std::int64_t FormGenerator::references() const {
  return (last_index() + 1) * std::ssize(organisations_) * per_day();
}

std::optional<Place> FormGenerator::place_of_reference(std::string_view text) const {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  if (value < 1 || value > references() || std::to_string(value) != text) return {};
  const auto index = value - 1;
  const auto shard = index / per_day();
  const auto organisations = std::ssize(organisations_);
  return Place{shard % organisations, shard / organisations, index % per_day(), Collection::forms};
}

void FormGenerator::generate(Place place, Record& out) const {
  out.reset();
  const auto& organisation = *organisations_[static_cast<std::size_t>(place.organisation)];
  Dice dice(mix(key(place), 0xf0231));
  out.guid = guid(place);
  out.last_changed = time(place);
  out.created = created(place, out.last_changed);
  out.row_id = row_id(place, out.created);
  out.main_version = main_version(place);
  out.application = &organisation.some(out.main_version, dice.next() >> 33U);
  out.app_id = out.application->id;
  out.org = organisation.code;
  give_owner(place, population_, out);
  FormFacts facts;
  facts.reference = reference(place);
  facts.archived = !falls(dice, unfinished_);
  facts.poison = poison(place);
  out.events_late = falls(dice, late_);
  FormStory(out, organisation, population_, dice).tell(facts);
}

} // namespace altinn_sim::storage
