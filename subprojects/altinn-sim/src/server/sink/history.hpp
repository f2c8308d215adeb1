#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace altinn_sim::sink {

/// Well mixed bits of a number.
constexpr std::uint64_t mixed(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31U);
}

/// A history that is nothing but arithmetic: `per_day` records for each day and organisation, at times that
/// grow with the rank within the organisation, each with an id out of which its number can be read again.
class History {
public:
  struct Extent {
    std::uint64_t seed = 42;
    std::int64_t first_day = 0; ///< days since 1970-01-01
    std::uint64_t days = 1;
    std::uint64_t per_day = 100; ///< per organisation, at most 10 million
    std::uint64_t organisations = 1;
  };

  /// A record's number: organisation and rank, oldest first.
  struct Number {
    std::uint64_t organisation = 0;
    std::uint64_t rank = 0;
    friend bool operator==(const Number&, const Number&) = default;
  };

  explicit History(Extent extent)
      : extent_(extent) {}

  /// Records of one organisation.
  std::uint64_t size() const { return extent_.days * extent_.per_day; }
  std::uint64_t organisations() const { return extent_.organisations; }

  /// `lastChanged`, microseconds since 1970; distinct within the organisation.
  std::int64_t changed_us(Number number) const;

  /// `created`, 100 ns ticks since 1970: some minutes to some days before.
  std::int64_t created_ticks(Number number) const;

  /// The first rank whose time is at or after `time_us`; `size()` if there is none.
  std::uint64_t first_at_or_after(std::uint64_t organisation, std::int64_t time_us) const;

  /// Writes the 36 characters of the record's id.
  void write_id(Number number, char* out) const;

  /// The number in an id that `write_id` wrote; null for any other.
  std::optional<Number> number_of(std::string_view id) const;

  /// Random bits that belong to the record; different ones for each purpose.
  std::uint64_t bits(Number number, std::uint64_t purpose) const {
    return mixed(mixed(extent_.seed ^ purpose) + index(number));
  }

private:
  std::uint64_t index(Number number) const { return number.organisation * size() + number.rank; }
  std::int64_t step_us() const;
  std::int64_t slot_us(std::uint64_t rank) const;

  Extent extent_;
};

} // namespace altinn_sim::sink
