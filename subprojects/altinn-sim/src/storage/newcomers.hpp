#pragma once

#include "catalogue.hpp"

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace altinn_sim::storage {

/// Organisations whose first app came while the platform ran. Safe to use from many threads; what it hands
/// out lives as long as it does.
class Newcomers {
public:
  explicit Newcomers(std::uint64_t seed)
      : seed_(seed) {}

  /// The organisation of that code with its apps, made when it is first asked for.
  const Organisation& add(std::string_view code);
  /// Null where there is none.
  const Organisation* find(std::string_view code) const;
  /// By "org/app"; null where there is none.
  const Application* application(std::string_view id) const;
  std::vector<const Organisation*> all() const;

private:
  std::uint64_t seed_;
  mutable std::mutex mutex_;
  std::deque<Application> applications_;
  std::map<std::string, Organisation, std::less<>> by_code_;
};

} // namespace altinn_sim::storage
