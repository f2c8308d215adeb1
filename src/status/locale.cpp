#include <dialogferry/status/locale.hpp>

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cmath>

namespace dialogferry::status {

namespace {

constexpr std::array<std::string_view, 12> english_months = {"January",   "February", "March",    "April",
                                                             "May",       "June",     "July",     "August",
                                                             "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 12> norwegian_months = {
    "januar", "februar", "mars",      "april",   "mai",      "juni",
    "juli",   "august",  "september", "oktober", "november", "desember"};
constexpr std::string_view no_break_space = "\u00a0";

struct Date {
  int year;
  unsigned month;
  unsigned day;
};

Date date_of(Day day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day.number}}};
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day())};
}

/// Seconds since midnight.
std::int64_t seconds_of(Instant at) {
  return (at.ticks - day_of(at).start().ticks) / Instant::per_second;
}

} // namespace

std::string_view name_of(Language language) {
  return language == Language::nb ? "nb" : "en";
}

std::optional<Language> parse_language(std::string_view text) {
  if (text == "en") return Language::en;
  if (text == "nb" || text == "no" || text == "nn") return Language::nb;
  return std::nullopt;
}

std::string Locale::day(Day day) const {
  const auto date = date_of(day);
  if (language_ == Language::nb) return fmt::format("{:02}.{:02}.{}", date.day, date.month, date.year);
  if (plain_) return to_string(day);
  return fmt::format("{} {} {}", date.day, english_months.at(date.month - 1), date.year);
}

std::string Locale::day_in_words(Day day) const {
  return fmt::format("{}{} {}", date_of(day).day, language_ == Language::nb ? "." : "", month(day));
}

std::string Locale::month(Day day) const {
  const auto date = date_of(day);
  const auto& names = language_ == Language::nb ? norwegian_months : english_months;
  return fmt::format("{} {}", names.at(date.month - 1), date.year);
}

std::string Locale::clock(Instant at) const {
  const auto seconds = seconds_of(at);
  const char colon = language_ == Language::nb ? '.' : ':';
  return fmt::format("{:02}{}{:02}", seconds / 3600, colon, seconds / 60 % 60);
}

std::string Locale::instant(Instant at) const {
  const auto seconds = seconds_of(at) % 60;
  if (language_ == Language::nb)
    return fmt::format("{} kl. {}.{:02} UTC", day(day_of(at)), clock(at), seconds);
  return fmt::format("{} {}:{:02} UTC", day(day_of(at)), clock(at), seconds);
}

std::string Locale::number(std::uint64_t value) const {
  const auto digits = std::to_string(value);
  const auto separator = language_ == Language::nb ? no_break_space : std::string_view(",");
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % 3 == 0) text += separator;
    text += digits[i];
  }
  return text;
}

std::string Locale::rate(double value) const {
  if (value >= 10 || value == 0) return number(static_cast<std::uint64_t>(std::llround(value)));
  auto text = fmt::format("{:.1f}", value);
  if (language_ == Language::nb) text[text.find('.')] = ',';
  return text;
}

std::string Locale::duration(double seconds) const {
  const auto total = static_cast<std::uint64_t>(std::llround(std::max(seconds, 0.0)));
  const bool nb = language_ == Language::nb;
  const auto days = total / 86'400, hours = total / 3600 % 24, minutes = total / 60 % 60;
  const auto day_unit = days == 1 ? (nb ? "dag" : "day") : (nb ? "dager" : "days");
  if (days >= 10) return fmt::format("{} {}", number(days), day_unit);
  if (days > 0) return fmt::format("{} {} {} {}", days, day_unit, hours, nb ? "t" : "h");
  if (hours > 0) return fmt::format("{} {} {} min", hours, nb ? "t" : "h", minutes);
  if (minutes > 0) return fmt::format("{} min", minutes);
  return fmt::format("{} s", total);
}

std::string Locale::percent(std::uint64_t part, std::uint64_t whole) const {
  const auto value = whole == 0 ? 0 : part * 100 / whole;
  return language_ == Language::nb ? fmt::format("{}{}%", value, no_break_space) : fmt::format("{}%", value);
}

} // namespace dialogferry::status
