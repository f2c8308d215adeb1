#include "dialogporten/store/uuid_set.hpp"

namespace altinn_sim::dialogporten {

namespace {

constexpr std::size_t part_bits = 6;

} // namespace

std::size_t UuidSet::home(const Part& part, const Uuid& id) {
  return (UuidHash{}(id) >> part_bits) & (part.slots.size() - 1);
}

/// The slot that holds the id, or the free one where it would go.
std::size_t UuidSet::find(const Part& part, const Uuid& id) {
  std::size_t slot = home(part, id);
  while (!part.slots[slot].is_nil() && part.slots[slot] != id)
    slot = (slot + 1) & (part.slots.size() - 1);
  return slot;
}

void UuidSet::grow(Part& part) {
  std::vector<Uuid> old(part.slots.empty() ? 8 : part.slots.size() * 2);
  old.swap(part.slots);
  for (const Uuid& id : old)
    if (!id.is_nil()) part.slots[find(part, id)] = id;
}

UuidSet::Part& UuidSet::part_of(const Uuid& id) {
  return parts_[UuidHash{}(id) % parts_.size()];
}

const UuidSet::Part& UuidSet::part_of(const Uuid& id) const {
  return parts_[UuidHash{}(id) % parts_.size()];
}

bool UuidSet::insert(const Uuid& id) {
  if (id.is_nil()) return true;
  Part& part = part_of(id);
  if (part.count * 4 >= part.slots.size() * 3) grow(part);
  Uuid& slot = part.slots[find(part, id)];
  if (!slot.is_nil()) return false;
  slot = id;
  ++part.count;
  return true;
}

void UuidSet::erase(const Uuid& id) {
  Part& part = part_of(id);
  if (part.slots.empty() || id.is_nil()) return;
  std::size_t hole = find(part, id);
  if (part.slots[hole].is_nil()) return;
  --part.count;
  // Moves later members of the run back over the hole, so that no search stops early.
  const std::size_t mask = part.slots.size() - 1;
  for (std::size_t next = (hole + 1) & mask; !part.slots[next].is_nil(); next = (next + 1) & mask) {
    const std::size_t wanted = home(part, part.slots[next]);
    if (((next - wanted) & mask) < ((next - hole) & mask)) continue;
    part.slots[hole] = part.slots[next];
    hole = next;
  }
  part.slots[hole] = Uuid{};
}

bool UuidSet::contains(const Uuid& id) const {
  const Part& part = part_of(id);
  return !part.slots.empty() && !id.is_nil() && !part.slots[find(part, id)].is_nil();
}

std::size_t UuidSet::size() const {
  std::size_t count = 0;
  for (const Part& part : parts_)
    count += part.count;
  return count;
}

} // namespace altinn_sim::dialogporten
