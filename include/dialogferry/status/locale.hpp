#pragma once

#include <dialogferry/model/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dialogferry::status {

enum class Language : std::uint8_t { en, nb };

/// `en`, `nb`
std::string_view name_of(Language language);

/// Reads `en`, `nb`, and `no` and `nn`, which read as `nb`; nothing for anything else.
std::optional<Language> parse_language(std::string_view text);

/// How a reader of one language writes numbers and dates.
class Locale {
public:
  /// `plain` writes days as `2025-03-01` in English: what commands take.
  explicit Locale(Language language, bool plain = false)
      : language_(language)
      , plain_(plain) {}

  Language language() const { return language_; }

  /// `1 March 2025`, `01.03.2025`
  std::string day(Day day) const;
  /// In words: `1 March 2025`, `1. mars 2025`
  std::string day_in_words(Day day) const;
  /// `March 2025`, `mars 2025`
  std::string month(Day day) const;
  /// `1 March 2025 12:03:10 UTC`, `01.03.2025 kl. 12.03.10 UTC`
  std::string instant(Instant at) const;
  /// `12:03`, `12.03`
  std::string clock(Instant at) const;
  /// `1,234,567`, `1 234 567` with no-break spaces
  std::string number(std::uint64_t value) const;
  /// With one decimal below 10: `7.5`, `7,5`
  std::string rate(double value) const;
  /// A length of time in its two largest units: `2 h 5 min`
  std::string duration(double seconds) const;
  /// A number of per cent without decimals, cut so that 100 means all of it.
  std::string percent(std::uint64_t part, std::uint64_t whole) const;

private:
  Language language_;
  bool plain_;
};

} // namespace dialogferry::status
