#include "day_axis.hpp"

#include "dice.hpp"

#include <algorithm>

namespace altinn_sim::storage {

namespace {

constexpr std::int64_t large_block = 512;
constexpr std::int64_t small_block = 32;
constexpr std::int64_t page = 100;
constexpr std::int64_t day_microseconds = whole_day / microsecond;

/// The first multiple of a page, counted from either end of the day, with room on both sides; -1 for none.
std::int64_t page_border(std::int64_t block, std::int64_t count) {
  for (auto rank = block + 4; rank <= block + small_block - 4; ++rank) {
    if (rank % page == 0 || (count - rank) % page == 0) return rank;
  }
  return -1;
}

} // namespace

bool DayAxis::large_group(std::int64_t rank, Group& out) const {
  const auto block = rank / large_block * large_block;
  Dice dice(mix(key_, 0x1a26e, block));
  if (!dice.one_in(24)) return false;
  const auto length = dice.between(101, 180);
  out.first = block + dice.below(large_block - length);
  out.last = std::min(out.first + length - 1, count_ - 1);
  return out.first <= rank && rank <= out.last;
}

bool DayAxis::small_group(std::int64_t rank, Group& out) const {
  const auto block = rank / small_block * small_block;
  Dice dice(mix(key_, 0x53a11, block));
  const auto border = page_border(block, count_);
  if (border >= 0 ? !dice.one_in(2) : !dice.one_in(4)) return false;
  const auto length = dice.between(2, 7);
  const auto before = dice.between(1, std::min<std::int64_t>(length - 1, 3));
  out.first = border >= 0 ? border - before : block + dice.below(small_block - length);
  out.last = std::min(out.first + length - 1, count_ - 1);
  out.last = std::min(out.last, block + small_block - 1);
  return out.first <= rank && rank <= out.last;
}

DayAxis::Group DayAxis::group(std::int64_t rank) const {
  Group out{rank, rank};
  Group large{};
  if (large_group(rank, large)) return large;
  if (!small_group(rank, out)) return {rank, rank};
  // A small group that would touch a large one gives way.
  if (large_group(out.first, large) || large_group(out.last, large)) return {rank, rank};
  return out;
}

Ticks DayAxis::slot_start(std::int64_t rank) const {
  // 2^37 microseconds a day times 2^25 ranks stay below 2^63.
  return start_ + rank * day_microseconds / count_ * microsecond;
}

Ticks DayAxis::time_of_leader(std::int64_t rank) const {
  const auto slot = slot_start(rank);
  const auto width = (slot_start(rank + 1) - slot) / microsecond;
  Dice dice(mix(key_, 0x71e, rank));
  // The very edges of a day are met now and then.
  if (rank == 0 && dice.one_in(8)) return slot;
  if (rank == count_ - 1 && dice.one_in(8)) return start_ + whole_day - microsecond;
  const auto time = slot + static_cast<Ticks>(dice.next() % static_cast<std::uint64_t>(width)) * microsecond;
  const auto round = dice.one_in(100) ? second : dice.one_in(16) ? millisecond : microsecond;
  return std::max(slot, floor_to(time, round));
}

std::int64_t DayAxis::at_or_after(Ticks time) const {
  std::int64_t low = 0;
  std::int64_t high = count_;
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    if (this->time(middle) < time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

} // namespace altinn_sim::storage
