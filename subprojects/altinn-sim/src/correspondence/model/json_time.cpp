#include "correspondence/model/json_time.hpp"

#include <chrono>

namespace altinn_sim::correspondence {

namespace {

constexpr Ticks per_second = dialogporten::ticks_per_second;

/// Reads a text from its front.
class Cursor {
public:
  explicit Cursor(std::string_view text)
      : rest_(text) {}

  bool done() const { return rest_.empty(); }
  bool take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// So many digits, at most that value; -1 where they are not there.
  int number(std::size_t digits, int most) {
    if (rest_.size() < digits) return -1;
    int value = 0;
    for (std::size_t at = 0; at < digits; ++at) {
      if (rest_[at] < '0' || rest_[at] > '9') return -1;
      value = value * 10 + (rest_[at] - '0');
    }
    rest_.remove_prefix(digits);
    return value > most ? -1 : value;
  }
  /// One to sixteen digits of a fraction, in ticks.
  std::optional<Ticks> fraction() {
    Ticks value = 0;
    std::size_t count = 0;
    for (; count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9'; ++count)
      if (count < 7) value = value * 10 + (rest_[count] - '0');
    if (count == 0 || count > 16) return std::nullopt;
    for (auto at = count; at < 7; ++at)
      value *= 10;
    rest_.remove_prefix(count);
    return value;
  }

private:
  std::string_view rest_;
};

std::optional<Ticks> read_date(Cursor& cursor) {
  const int year = cursor.number(4, 9999);
  if (year < 1 || !cursor.take('-')) return std::nullopt;
  const int month = cursor.number(2, 12);
  if (month < 1 || !cursor.take('-')) return std::nullopt;
  const int day = cursor.number(2, 31);
  if (day < 1) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count() * 86'400 * per_second;
}

std::optional<Ticks> read_time_of_day(Cursor& cursor) {
  const int hour = cursor.number(2, 23);
  if (hour < 0 || !cursor.take(':')) return std::nullopt;
  const int minute = cursor.number(2, 59);
  if (minute < 0) return std::nullopt;
  Ticks ticks = (hour * 60 + minute) * 60 * per_second;
  if (!cursor.take(':')) return ticks;
  const int second = cursor.number(2, 59);
  if (second < 0) return std::nullopt;
  ticks += second * per_second;
  if (!cursor.take('.')) return ticks;
  const auto fraction = cursor.fraction();
  if (!fraction) return std::nullopt;
  return ticks + *fraction;
}

std::optional<Ticks> read_offset(Cursor& cursor) {
  if (cursor.done() || cursor.take('Z')) return 0;
  const bool behind = cursor.take('-');
  if (!behind && !cursor.take('+')) return std::nullopt;
  const int hours = cursor.number(2, 14);
  const int minutes = cursor.take(':') ? cursor.number(2, 59) : 0;
  if (hours < 0 || minutes < 0 || hours * 60 + minutes > 14 * 60) return std::nullopt;
  const Ticks offset = (hours * 60 + minutes) * 60 * per_second;
  return behind ? -offset : offset;
}

} // namespace

std::optional<Ticks> parse_json_time(std::string_view text) {
  Cursor cursor(text);
  auto ticks = read_date(cursor);
  if (!ticks) return std::nullopt;
  if (!cursor.done()) {
    if (!cursor.take('T')) return std::nullopt;
    const auto of_day = read_time_of_day(cursor);
    const auto offset = of_day ? read_offset(cursor) : std::nullopt;
    if (!offset || !cursor.done()) return std::nullopt;
    *ticks += *of_day - *offset;
  }
  if (*ticks < dialogporten::Time::year_one) return std::nullopt;
  return dialogporten::stored(dialogporten::Time{*ticks}).ticks;
}

} // namespace altinn_sim::correspondence
