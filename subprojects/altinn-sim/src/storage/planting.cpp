#include "planting.hpp"

#include "change_steps.hpp"
#include "scan.hpp"

#include <stdexcept>

namespace altinn_sim::storage {

namespace {

Record submitted_instance(const World& world, const Application& app, Ticks created, Ticks submitted,
                          Dice& dice) {
  auto out = new_instance(world, app, created, dice);
  Change submit;
  submit.kind = ChangeKind::submit;
  submit.now = submitted;
  make_change(out, submit, dice);
  return out;
}

} // namespace

std::vector<Guid> plant(World& world, const TieGroup& group) {
  const auto* organisation = world.organisation(group.organisation);
  if (organisation == nullptr)
    throw std::invalid_argument("there is no organisation '" + group.organisation + "'");
  const auto time = floor_to(group.time, microsecond);
  const auto& app = *organisation->apps.front().application;
  Dice dice(mix(world.options().seed, 0x71e5, time));
  std::vector<Guid> out;
  for (std::int64_t number = 1; number <= group.count; ++number) {
    auto record = submitted_instance(world, app, time - hour + number * microsecond, time, dice);
    record.row_id = record.created + number;
    if (group.set_back_every > 0 && number % group.set_back_every == 0) {
      record.indexed_time = time;
      record.last_changed = time + group.set_back_by;
    }
    out.push_back(record.guid);
    world.overlay().put(std::move(record));
  }
  return out;
}

std::vector<Guid> some_rows(const World& world, const std::string& organisation, Day day,
                            std::int64_t count) {
  Window window;
  window.org = organisation;
  window.from = day * whole_day;
  window.to = window.from + whole_day;
  Scan scan(world, window);
  std::vector<Guid> all;
  std::vector<Row> group;
  Record record;
  while (scan.next(group)) {
    for (const auto& row : group) {
      world.read(row, record);
      all.push_back(record.guid);
    }
  }
  const auto there = std::ssize(all);
  if (there <= count) return all;
  std::vector<Guid> out;
  for (std::int64_t number = 0; number < count; ++number)
    out.push_back(all[static_cast<std::size_t>((2 * number + 1) * there / (2 * count))]);
  return out;
}

} // namespace altinn_sim::storage
