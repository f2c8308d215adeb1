#include "dialogporten/model/time.hpp"

#include <cstdio>

namespace altinn_sim::dialogporten {

namespace {

constexpr Ticks ticks_per_day = 86'400 * ticks_per_second;

/// Days since 1970-01-01 of a proleptic Gregorian date, by counting 400-year eras that begin on 1 March.
constexpr std::int64_t days_of(int year, int month, int day) {
  const int shifted = month <= 2 ? year - 1 : year;
  const int era = (shifted >= 0 ? shifted : shifted - 399) / 400;
  const int year_of_era = shifted - era * 400;
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return std::int64_t{era} * 146'097 + day_of_era - 719'468;
}

struct Date {
  int year = 0;
  int month = 0;
  int day = 0;
};

constexpr Date date_of(std::int64_t days) {
  const std::int64_t shifted = days + 719'468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
  const int day_of_era = static_cast<int>(shifted - era * 146'097);
  const int year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int month_index = (5 * day_of_year + 2) / 153;
  const int month = month_index < 10 ? month_index + 3 : month_index - 9;
  const int year = static_cast<int>(era) * 400 + year_of_era + (month <= 2 ? 1 : 0);
  return {year, month, day_of_year - (153 * month_index + 2) / 5 + 1};
}

constexpr int days_in(int year, int month) {
  constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : lengths[month - 1];
}

/// Takes fixed pieces off the front of a text; once something does not fit, everything fails.
class Scanner {
public:
  explicit Scanner(std::string_view text)
      : rest_{text} {}

  int digits(std::size_t count) {
    if (rest_.size() < count) return fail();
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return fail();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }

  void expect(char wanted) {
    if (!accept(wanted)) fail();
  }

  bool accept(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// The digits after the decimal sign, as ticks.
  Ticks fraction() {
    Ticks value = 0;
    std::size_t count = 0;
    for (; count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9'; ++count)
      if (count < 7) value = value * 10 + (rest_[count] - '0');
    if (count == 0 || count > 16) return fail();
    for (std::size_t i = count; i < 7; ++i)
      value *= 10;
    rest_.remove_prefix(count);
    return value;
  }

  bool done() const { return !failed_ && rest_.empty(); }

private:
  int fail() {
    failed_ = true;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool failed_ = false;
};

} // namespace

std::optional<Time> parse_time(std::string_view text) {
  Scanner scan{text};
  const int year = scan.digits(4);
  scan.expect('-');
  const int month = scan.digits(2);
  scan.expect('-');
  const int day = scan.digits(2);
  scan.expect('T');
  const int hour = scan.digits(2);
  scan.expect(':');
  const int minute = scan.digits(2);
  int second = 0;
  Ticks fraction = 0;
  if (scan.accept(':')) {
    second = scan.digits(2);
    if (scan.accept('.')) fraction = scan.fraction();
  }
  int offset = 0;
  if (!scan.accept('Z')) {
    const bool west = scan.accept('-');
    if (!west) scan.expect('+');
    const int offset_hour = scan.digits(2);
    scan.expect(':');
    const int offset_minute = scan.digits(2);
    offset = offset_hour * 60 + offset_minute;
    if (offset > 14 * 60 || offset_minute > 59) return std::nullopt;
    if (west) offset = -offset;
  }
  if (!scan.done() || year < 1 || month < 1 || month > 12 || day < 1 || day > days_in(year, month) ||
      hour > 23 || minute > 59 || second > 59)
    return std::nullopt;
  const Ticks seconds = hour * 3'600 + minute * 60 + second - offset * 60;
  const Time time{days_of(year, month, day) * ticks_per_day + seconds * ticks_per_second + fraction};
  if (time.ticks < Time::year_one) return std::nullopt;
  return time;
}

std::string to_string(Time time) {
  Ticks of_day = time.ticks % ticks_per_day;
  if (of_day < 0) of_day += ticks_per_day;
  const Date date = date_of((time.ticks - of_day) / ticks_per_day);
  const int seconds = static_cast<int>(of_day / ticks_per_second);
  char text[48];
  const int length = std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%07dZ", date.year,
                                   date.month, date.day, seconds / 3'600, seconds / 60 % 60, seconds % 60,
                                   static_cast<int>(of_day % ticks_per_second));
  return {text, static_cast<std::size_t>(length)};
}

} // namespace altinn_sim::dialogporten
