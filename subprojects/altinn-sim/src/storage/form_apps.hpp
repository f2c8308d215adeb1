#pragma once

#include "application.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace altinn_sim::storage {

/// The apps that stand for one organisation's forms of Altinn 1 (`{org}/a1-…`) and Altinn 2 (`{org}/a2-…`).
struct OrganisationForms {
  std::string code;
  std::string number; ///< of the organisation itself
  std::vector<Application> altinn_1;
  std::vector<Application> altinn_2;

  const Application& some(std::int64_t main_version, std::uint64_t key) const;
};

/// Apps of archived forms; an organisation's are made when they are first needed, and stay. Safe to use from
/// many threads; what it hands out lives as long as it does.
class FormApps {
public:
  explicit FormApps(std::uint64_t seed)
      : seed_(seed) {}

  /// `number` is used the first time only; empty: the simulator finds one.
  const OrganisationForms& of(std::string_view org, const std::string& number = {});
  /// By "org/app"; null where no such app was made.
  const Application* find(std::string_view id) const;
  std::vector<const Application*> all() const;

private:
  std::uint64_t seed_;
  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<const OrganisationForms>, std::less<>> by_org_;
};

} // namespace altinn_sim::storage
