#pragma once

#include <cstdint>

/// Who the sink's records belong to: synthetic numbers with valid check digits (dialogporten.md 3.8).
namespace altinn_sim::sink {

inline constexpr std::uint64_t parties = 10'000;
inline constexpr std::uint64_t users = 5'000;
inline constexpr std::uint64_t first_party = 50'000'000;
inline constexpr std::uint64_t first_user = 20'000'000;

/// Writes the 9 digits of the n-th organisation's number.
void write_organisation_number(std::uint64_t index, char* out);

/// Writes the 11 digits of the n-th person's number, n below 10 080: born in a month above 80, so nobody
/// real.
void write_person_number(std::uint64_t index, char* out);

} // namespace altinn_sim::sink
