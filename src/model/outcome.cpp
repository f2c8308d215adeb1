#include <dialogferry/model/outcome.hpp>

#include <numeric>

namespace dialogferry {

std::string_view name_of(Outcome outcome) {
  static constexpr std::array<std::string_view, outcome_count> names = {
      "created", "updated", "unchanged", "restored", "deleted", "purged", "excluded", "deferred", "failed"};
  return names[static_cast<std::size_t>(outcome)];
}

Counts& Counts::operator+=(const Counts& other) {
  for (std::size_t i = 0; i < outcome_count; ++i)
    of[i] += other.of[i];
  return *this;
}

std::uint64_t Counts::read() const {
  return std::accumulate(of.begin(), of.end(), std::uint64_t{0});
}

} // namespace dialogferry
