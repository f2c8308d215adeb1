#include "history.hpp"

#include "digits.hpp"

#include <algorithm>

namespace altinn_sim::sink {

namespace {

constexpr std::int64_t day_us = 86'400'000'000;
constexpr std::uint64_t code_bits = (1ULL << 48U) - 1;
/// Odd, hence invertible modulo 2^48.
constexpr std::uint64_t spread = 0x9e3779b97f4bULL;

constexpr std::uint64_t inverse_of(std::uint64_t odd) {
  std::uint64_t inverse = odd;
  for (int round = 0; round < 6; ++round)
    inverse *= 2 - odd * inverse;
  return inverse & code_bits;
}

static_assert(((spread * inverse_of(spread)) & code_bits) == 1);

/// The form of a version 4 id around its bits.
constexpr std::string_view id_form = "00000000-0000-4000-8000-000000000000";

} // namespace

std::int64_t History::step_us() const {
  return day_us / static_cast<std::int64_t>(std::max<std::uint64_t>(extent_.per_day, 1));
}

/// Where the rank's slot begins; its record is somewhere within.
std::int64_t History::slot_us(std::uint64_t rank) const {
  auto day = extent_.first_day + static_cast<std::int64_t>(rank / extent_.per_day);
  return day * day_us + static_cast<std::int64_t>(rank % extent_.per_day) * step_us();
}

std::int64_t History::changed_us(Number number) const {
  auto within = bits(number, 1) % static_cast<std::uint64_t>(step_us());
  return slot_us(number.rank) + static_cast<std::int64_t>(within);
}

std::int64_t History::created_ticks(Number number) const {
  constexpr std::uint64_t minute = 600'000'000;
  auto before = minute + bits(number, 2) % (3 * 24 * 60 * minute);
  return changed_us(number) * 10 - static_cast<std::int64_t>(before);
}

std::uint64_t History::first_at_or_after(std::uint64_t organisation, std::int64_t time_us) const {
  auto since = time_us - extent_.first_day * day_us;
  if (since <= 0 || size() == 0) return 0;
  auto day = static_cast<std::uint64_t>(since / day_us);
  if (day >= extent_.days) return size();
  auto slot = std::min(static_cast<std::uint64_t>(since % day_us / step_us()), extent_.per_day - 1);
  auto rank = day * extent_.per_day + slot;
  return changed_us({organisation, rank}) >= time_us ? rank : rank + 1;
}

void History::write_id(Number number, char* out) const {
  auto code = ((index(number) * spread) ^ mixed(extent_.seed)) & code_bits;
  auto other = mixed(code ^ extent_.seed);
  std::copy(id_form.begin(), id_form.end(), out);
  write_hex(out, other >> 32U, 8);
  write_hex(out + 9, other >> 16U, 4);
  write_hex(out + 15, other >> 4U, 3);
  write_hex(out + 20, other, 3);
  write_hex(out + 24, code, 12);
}

std::optional<History::Number> History::number_of(std::string_view id) const {
  if (id.size() != id_form.size() || size() == 0) return std::nullopt;
  auto code = read_hex(id.substr(24));
  if (!code) return std::nullopt;
  auto index = ((*code ^ mixed(extent_.seed)) * inverse_of(spread)) & code_bits;
  if (index >= size() * extent_.organisations) return std::nullopt;
  Number number{index / size(), index % size()};
  std::string written(id_form.size(), '\0');
  write_id(number, written.data());
  return written == id ? std::optional(number) : std::nullopt;
}

} // namespace altinn_sim::sink
