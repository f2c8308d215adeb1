#include "people.hpp"

#include "digits.hpp"

#include <array>
#include <cstddef>

namespace altinn_sim::sink {

namespace {

/// The modulus 11 check digit; 10 where these digits have none.
template <std::size_t N>
int check_digit(const char* digits, const std::array<int, N>& weights) {
  int sum = 0;
  for (std::size_t at = 0; at < N; ++at)
    sum += (digits[at] - '0') * weights[at];
  return (11 - sum % 11) % 11;
}

constexpr std::array organisation_weights = {3, 2, 7, 6, 5, 4, 3, 2};
constexpr std::array first_weights = {3, 7, 6, 1, 8, 9, 4, 5, 2};
constexpr std::array second_weights = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2};

} // namespace

void write_organisation_number(std::uint64_t index, char* out) {
  for (std::uint64_t last = 0;; ++last) {
    write_decimal(out, (3'100'000 + index) * 10 + last, 8);
    int check = check_digit(out, organisation_weights);
    if (check == 10) continue;
    out[8] = static_cast<char>('0' + check);
    return;
  }
}

void write_person_number(std::uint64_t index, char* out) {
  write_decimal(out, 1 + index % 28, 2);
  write_decimal(out + 2, 81 + index / 28 % 12, 2);
  write_decimal(out + 4, 60 + index / 336 % 30, 2);
  for (std::uint64_t individual = 100;; ++individual) {
    write_decimal(out + 6, individual, 3);
    int first = check_digit(out, first_weights);
    if (first == 10) continue;
    out[9] = static_cast<char>('0' + first);
    int second = check_digit(out, second_weights);
    if (second == 10) continue;
    out[10] = static_cast<char>('0' + second);
    return;
  }
}

} // namespace altinn_sim::sink
