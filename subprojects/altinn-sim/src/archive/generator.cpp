#include "archive/generator.hpp"

#include "archive/flaws.hpp"
#include "archive/story.hpp"
#include "storage/dice.hpp"

#include <algorithm>
#include <stdexcept>

namespace altinn_sim::archive {

using storage::Dice;
using storage::mix;

namespace {

constexpr std::int64_t most_per_day = std::int64_t{1} << 25U;
constexpr std::int64_t most_messages = 2'000'000'000; // ids have 31 bits
constexpr std::uint64_t salt = 0xa2c0;

/// Odd times, so that messages of different delays seldom change at the same instant.
constexpr std::array<Ticks, Generator::delays> all_delays = {
    0,
    17 * storage::second + 731 * storage::microsecond,
    4 * storage::minute + 11 * storage::second + 50'021 * storage::microsecond,
    52 * storage::minute + 400'007 * storage::microsecond,
    5 * storage::hour + 13 * storage::minute + 3 * storage::microsecond,
    19 * storage::hour + 20 * storage::second + 999 * storage::microsecond,
    2 * storage::whole_day + 3 * storage::hour + 123'457 * storage::microsecond,
    6 * storage::whole_day + 8 * storage::hour + 7 * storage::microsecond,
    16 * storage::whole_day + 40 * storage::minute + 881 * storage::microsecond,
    47 * storage::whole_day + 2 * storage::hour + 31'337 * storage::microsecond,
    130 * storage::whole_day + 11 * storage::hour + 5 * storage::microsecond,
    371 * storage::whole_day + 6 * storage::hour + 77'777 * storage::microsecond};

bool falls(Dice& dice, double share) {
  return static_cast<double>(dice.below(1'000'000)) < share * 1'000'000;
}

} // namespace

Ticks Generator::delay(std::size_t which) {
  return all_delays[which];
}

Generator::Generator(const storage::World& world, const Shape& shape)
    : world_(world)
    , shape_(shape) {
  const auto refuse = [](const char* what) { throw std::invalid_argument(what); };
  if (shape.last_day < shape.first_day) refuse("the last day of the messages lies before the first");
  if (shape.per_day < 0 || shape.per_day >= most_per_day) refuse("messages per day: 0 to 33554431");
  if (!(shape.attachments >= 0 && shape.attachments <= 1))
    refuse("messages with attachments: a share from 0 to 1");
  if (!(shape.unfit >= 0 && shape.unfit <= 1)) refuse("unfit messages: a share from 0 to 1");
  const auto days = shape.last_day - shape.first_day + 1;
  if (shape.per_day > most_messages / days) refuse("more than 2000000000 messages");
  count_ = days * shape.per_day;
}

storage::DayAxis Generator::axis(std::int64_t day) const {
  const auto date = shape_.first_day + day;
  return {mix(shape_.seed, salt, date), date, shape_.per_day};
}

Ticks Generator::created(std::int64_t id) const {
  const auto index = id - first_id;
  return axis(index / shape_.per_day).time(index % shape_.per_day);
}

std::size_t Generator::delay_of(std::int64_t id, Ticks created) const {
  Dice dice(mix(shape_.seed, salt + 1, id));
  auto which = dice.percent(25) ? 0 : static_cast<std::size_t>(dice.between(1, delays - 1));
  while (which > 0 && created + all_delays[which] >= shape_.born)
    --which;
  return which;
}

std::int64_t Generator::first_created_at(Ticks time) const {
  if (count_ == 0) return end_id();
  // Days of the farthest times would not fit.
  constexpr auto far = std::numeric_limits<Ticks>::max() / 2;
  const auto clamped = std::clamp(time, -far, far);
  const auto day = storage::day_of(clamped) - shape_.first_day;
  if (day < 0) return first_id;
  if (day > shape_.last_day - shape_.first_day) return end_id();
  return first_id + day * shape_.per_day + axis(day).at_or_after(clamped);
}

Message Generator::message(std::int64_t id) const {
  Message out;
  out.id = id;
  out.created = created(id);
  out.changed = out.created + all_delays[delay_of(id, out.created)];
  Dice dice(mix(shape_.seed, salt + 2, id));
  const bool with_files = falls(dice, shape_.attachments);
  const bool unfit = falls(dice, shape_.unfit);
  Story story(out, world_, dice);
  story.tell_content(with_files);
  story.tell_history();
  if (unfit && !out.is_purged()) spoil(out, dice);
  return out;
}

Message Generator::fresh(const Fresh& wanted) const {
  Message out;
  out.id = wanted.id;
  out.created = out.changed = wanted.created;
  Dice dice(mix(shape_.seed, salt + 3, wanted.id));
  const bool with_files = falls(dice, wanted.attachments);
  const bool unfit = falls(dice, wanted.unfit);
  Story story(out, world_, dice);
  story.tell_content(with_files);
  if (wanted.published) story.publish(out.created);
  if (unfit) spoil(out, dice);
  return out;
}

} // namespace altinn_sim::archive
