#include "digits.hpp"

#include <chrono>

namespace altinn_sim::sink {

void write_time(char* out, std::int64_t ticks, int fraction_digits) {
  using namespace std::chrono;
  constexpr std::int64_t second_ticks = 10'000'000;
  constexpr std::int64_t day_ticks = 86'400 * second_ticks;
  auto day = ticks / day_ticks - (ticks % day_ticks < 0 ? 1 : 0);
  auto within = static_cast<std::uint64_t>(ticks - day * day_ticks);
  year_month_day date{sys_days(days(day))};
  write_decimal(out, static_cast<std::uint64_t>(static_cast<int>(date.year())), 4);
  out[4] = '-';
  write_decimal(out + 5, static_cast<unsigned>(date.month()), 2);
  out[7] = '-';
  write_decimal(out + 8, static_cast<unsigned>(date.day()), 2);
  out[10] = 'T';
  auto seconds = within / second_ticks;
  write_decimal(out + 11, seconds / 3600, 2);
  out[13] = ':';
  write_decimal(out + 14, seconds / 60 % 60, 2);
  out[16] = ':';
  write_decimal(out + 17, seconds % 60, 2);
  out[19] = '.';
  auto fraction = within % second_ticks;
  for (int cut = 7; cut > fraction_digits; --cut)
    fraction /= 10;
  write_decimal(out + 20, fraction, fraction_digits);
  out[20 + fraction_digits] = 'Z';
}

} // namespace altinn_sim::sink
