#include <dialogferry/model/time.hpp>

#include <chrono>

namespace dialogferry {

namespace {

namespace chrono = std::chrono;

/// Reads exactly `count` digits at `at` and moves on; -1 where they are not all digits.
int digits(std::string_view text, std::size_t& at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  for (const auto end = at + count; at < end; ++at) {
    if (text[at] < '0' || text[at] > '9') return -1;
    value = value * 10 + (text[at] - '0');
  }
  return value;
}

bool skip(std::string_view text, std::size_t& at, char expected) {
  if (at >= text.size() || text[at] != expected) return false;
  ++at;
  return true;
}

std::optional<Day> read_day(std::string_view text, std::size_t& at) {
  const int year = digits(text, at, 4);
  if (!skip(text, at, '-')) return std::nullopt;
  const int month = digits(text, at, 2);
  if (!skip(text, at, '-')) return std::nullopt;
  const int day = digits(text, at, 2);
  if (year < 1 || month < 0 || day < 0) return std::nullopt;
  const chrono::year_month_day date{chrono::year{year}, chrono::month{static_cast<unsigned>(month)},
                                    chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return Day{static_cast<std::int32_t>(chrono::sys_days{date}.time_since_epoch().count())};
}

/// Ticks of a fraction of a second; digits past the seventh are cut.
std::optional<std::int64_t> read_fraction(std::string_view text, std::size_t& at) {
  if (!skip(text, at, '.')) return 0;
  std::int64_t ticks = 0;
  std::int64_t unit = Instant::per_second;
  const auto first = at;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
    unit /= 10;
    ticks += unit * (text[at] - '0');
  }
  if (at == first) return std::nullopt;
  return ticks;
}

/// The offset from UTC in ticks; no zone reads as UTC (storage.md, JSON rules).
std::optional<std::int64_t> read_zone(std::string_view text, std::size_t& at) {
  if (at == text.size() || skip(text, at, 'Z') || skip(text, at, 'z')) return 0;
  const std::int64_t sign = text[at] == '-' ? -1 : 1;
  if (text[at] != '+' && text[at] != '-') return std::nullopt;
  ++at;
  const int hours = digits(text, at, 2);
  if (!skip(text, at, ':')) return std::nullopt;
  const int minutes = digits(text, at, 2);
  if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return std::nullopt;
  return sign * (hours * 3600 + minutes * 60) * Instant::per_second;
}

/// Within the years 1 to 9999: a zone may lead out of them.
bool is_in_range(Instant at) {
  constexpr Day first{-719'162};
  constexpr Day last{2'932'896};
  return at >= first.start() && at < last.end();
}

std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

void put(char*& to, int value, int width) {
  for (int i = width - 1; i >= 0; --i, value /= 10)
    to[i] = static_cast<char>('0' + value % 10);
  to += width;
}

void put_day(char*& to, Day day) {
  const chrono::year_month_day date{chrono::sys_days{chrono::days{day.number}}};
  put(to, static_cast<int>(date.year()), 4);
  *to++ = '-';
  put(to, static_cast<int>(static_cast<unsigned>(date.month())), 2);
  *to++ = '-';
  put(to, static_cast<int>(static_cast<unsigned>(date.day())), 2);
}

} // namespace

std::int64_t Instant::unix_milliseconds() const {
  return floor_divide(ticks, per_millisecond);
}

std::optional<Instant> parse_instant(std::string_view text) {
  std::size_t at = 0;
  const auto day = read_day(text, at);
  if (!day || !(skip(text, at, 'T') || skip(text, at, 't') || skip(text, at, ' '))) return std::nullopt;
  const int hour = digits(text, at, 2);
  if (!skip(text, at, ':')) return std::nullopt;
  const int minute = digits(text, at, 2);
  if (!skip(text, at, ':')) return std::nullopt;
  const int second = digits(text, at, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return std::nullopt;
  const auto fraction = read_fraction(text, at);
  if (!fraction) return std::nullopt;
  const auto zone = read_zone(text, at);
  if (!zone || at != text.size()) return std::nullopt;
  const std::int64_t seconds = (hour * 60 + minute) * 60 + second;
  const Instant at_utc{day->start().ticks + seconds * Instant::per_second + *fraction - *zone};
  return is_in_range(at_utc) ? std::optional(at_utc) : std::nullopt;
}

void append_instant(std::string& out, Instant at) {
  char text[32];
  char* to = text;
  const Day day = day_of(at);
  put_day(to, day);
  const auto rest = at.ticks - day.start().ticks;
  const auto seconds = static_cast<int>(rest / Instant::per_second);
  auto fraction = static_cast<int>(rest % Instant::per_second);
  *to++ = 'T';
  put(to, seconds / 3600, 2);
  *to++ = ':';
  put(to, seconds / 60 % 60, 2);
  *to++ = ':';
  put(to, seconds % 60, 2);
  if (fraction != 0) {
    *to++ = '.';
    put(to, fraction, 7);
    while (to[-1] == '0')
      --to;
  }
  *to++ = 'Z';
  out.append(text, to);
}

std::string to_string(Instant at) {
  std::string out;
  append_instant(out, at);
  return out;
}

Instant system_now() {
  const auto now = chrono::system_clock::now().time_since_epoch();
  return {chrono::duration_cast<chrono::nanoseconds>(now).count() / 100};
}

Day day_of(Instant at) {
  return {static_cast<std::int32_t>(floor_divide(at.ticks, Instant::per_day))};
}

std::optional<Day> parse_day(std::string_view text) {
  std::size_t at = 0;
  const auto day = read_day(text, at);
  return at == text.size() ? day : std::nullopt;
}

std::string to_string(Day day) {
  char text[16];
  char* to = text;
  put_day(to, day);
  return {text, to};
}

} // namespace dialogferry
