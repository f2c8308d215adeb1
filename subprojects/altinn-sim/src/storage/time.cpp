#include "time.hpp"

#include <array>

namespace altinn_sim::storage {

namespace {

struct Civil {
  int year;
  unsigned month;
  unsigned day;
};

// Days and civil dates over 400-year eras that begin in March, so that the leap day comes last.
Civil civil_from_day(Day day) {
  const auto shifted = day + 719'468;
  const auto era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
  const auto of_era = static_cast<unsigned>(shifted - era * 146'097);
  const auto year_of_era = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
  const auto of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const auto month = (5 * of_year + 2) / 153;
  const auto in_march_years = static_cast<int>(year_of_era) + static_cast<int>(era) * 400;
  return {in_march_years + (month >= 10 ? 1 : 0), month < 10 ? month + 3 : month - 9,
          of_year - (153 * month + 2) / 5 + 1};
}

unsigned days_in(int year, unsigned month) {
  constexpr std::array<unsigned, 12> lengths{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : lengths[month - 1];
}

/// Writes exactly `width` digits and steps behind them.
void put_digits(char*& at, std::int64_t value, int width) {
  for (auto* digit = at + width; digit-- != at; value /= 10)
    *digit = static_cast<char>('0' + value % 10);
  at += width;
}

void put_two(char*& at, std::int64_t value, char before) {
  at[0] = before;
  at[1] = static_cast<char>('0' + value / 10);
  at[2] = static_cast<char>('0' + value % 10);
  at += 3;
}

/// Takes exactly `count` digits off the front.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return {};
  int value = 0;
  for (std::size_t at = 0; at < count; ++at) {
    if (text[at] < '0' || text[at] > '9') return {};
    value = value * 10 + (text[at] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Day> take_day(std::string_view& text) {
  const auto year = take_digits(text, 4);
  if (!year || *year < 1 || !take(text, '-')) return {};
  const auto month = take_digits(text, 2);
  if (!month || *month < 1 || *month > 12 || !take(text, '-')) return {};
  const auto day = take_digits(text, 2);
  if (!day || *day < 1 || static_cast<unsigned>(*day) > days_in(*year, static_cast<unsigned>(*month)))
    return {};
  return day_from_civil(*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day));
}

std::optional<Ticks> take_fraction(std::string_view& text) {
  Ticks fraction = 0;
  Ticks unit = second / 10;
  std::size_t count = 0;
  for (; count < text.size() && text[count] >= '0' && text[count] <= '9'; ++count, unit /= 10) {
    fraction += (text[count] - '0') * unit;
  }
  if (count == 0) return {};
  text.remove_prefix(count);
  return fraction;
}

/// "Z", "+02:00", "-0530" or nothing: what to take away to get UTC.
std::optional<Ticks> zone_offset(std::string_view text) {
  if (text.empty() || text == "Z" || text == "z") return 0;
  const bool west = text.front() == '-';
  if (!west && text.front() != '+') return {};
  text.remove_prefix(1);
  const auto hours = take_digits(text, 2);
  if (!hours || *hours > 14) return {};
  take(text, ':');
  const auto minutes = text.empty() ? std::optional<int>(0) : take_digits(text, 2);
  if (!minutes || *minutes > 59 || !text.empty()) return {};
  const auto offset = *hours * hour + *minutes * minute;
  return west ? -offset : offset;
}

std::optional<Ticks> take_clock(std::string_view& text) {
  const auto hours = take_digits(text, 2);
  if (!hours || *hours > 23 || !take(text, ':')) return {};
  const auto minutes = take_digits(text, 2);
  if (!minutes || *minutes > 59) return {};
  Ticks clock = *hours * hour + *minutes * minute;
  if (!take(text, ':')) return clock;
  const auto seconds = take_digits(text, 2);
  if (!seconds || *seconds > 59) return {};
  clock += *seconds * second;
  if (!take(text, '.')) return clock;
  const auto fraction = take_fraction(text);
  if (!fraction) return {};
  return clock + *fraction;
}

} // namespace

Day day_from_civil(int year, unsigned month, unsigned day) {
  const int shifted = month <= 2 ? year - 1 : year;
  const Day era = (shifted >= 0 ? shifted : shifted - 399) / 400;
  const auto of_era = static_cast<unsigned>(shifted - era * 400);
  const auto of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

void append_time(std::string& out, Ticks time) {
  const auto day = day_of(time);
  const auto clock = time - day * whole_day;
  const auto civil = civil_from_day(day);
  std::array<char, 32> text{};
  auto* at = text.data();
  put_digits(at, civil.year, 4);
  put_two(at, civil.month, '-');
  put_two(at, civil.day, '-');
  put_two(at, clock / hour, 'T');
  put_two(at, clock / minute % 60, ':');
  put_two(at, clock / second % 60, ':');
  if (const auto fraction = clock % second; fraction != 0) {
    *at++ = '.';
    put_digits(at, fraction, 7);
    while (at[-1] == '0')
      --at;
  }
  *at++ = 'Z';
  out.append(text.data(), at);
}

void append_time(std::string& out, Ticks time, Zone zone) {
  append_time(out, time);
  if (zone == Zone::utc) return;
  out.pop_back(); // the Z
  out += "+00:00";
}

std::string time_text(Ticks time) {
  std::string out;
  append_time(out, time);
  return out;
}

std::string day_text(Day day) {
  return time_text(day * whole_day).substr(0, 10);
}

std::optional<Ticks> parse_time(std::string_view text) {
  const auto day = take_day(text);
  if (!day) return {};
  if (text.empty()) return *day * whole_day;
  if (!take(text, 'T') && !take(text, 't') && !take(text, ' ')) return {};
  const auto clock = take_clock(text);
  if (!clock) return {};
  const auto offset = zone_offset(text);
  if (!offset) return {};
  return *day * whole_day + *clock - *offset;
}

std::optional<Day> parse_day(std::string_view text) {
  const auto day = take_day(text);
  return text.empty() ? day : std::nullopt;
}

} // namespace altinn_sim::storage
