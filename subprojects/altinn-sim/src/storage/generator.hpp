#pragma once

#include "catalogue.hpp"
#include "history.hpp"
#include "identity.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace altinn_sim::storage {

/// What a simulated world is made of.
struct WorldOptions {
  std::uint64_t seed = 42;
  Day first_day = 20'089;        ///< 2025-01-01
  Day last_day = 20'412;         ///< 2025-11-20, included; at most 65 536 days
  std::int64_t per_day = 1000;   ///< records of each organisation and day, 0 … 33 million
  std::size_t organisations = 4; ///< 0 … 32
  double poison = 0.0;           ///< share of records that cannot be carried
  std::int64_t parties = 50'000;
  std::int64_t users = 30'000;
  std::int64_t forms_per_day = 0;                ///< archived forms of each organisation and day
  std::optional<std::pair<Day, Day>> forms_days; ///< both included; absent: the days of the instances
  double forms_unfinished = 0.02; ///< share of forms that were never completed: they must be left out
  double forms_late = 0.002;      ///< share of forms whose import is only half done when first asked for
  Ticks import_time = 3 * second; ///< after which such an import is complete
  /// When the simulated platform began to run: of a day that is not over, what lies behind is not there.
  Ticks born = std::numeric_limits<Ticks>::max();
  std::string hostname = "tt02.altinn.no"; ///< of links and of `next`
};

/// The history of app instances.
class Generator : public History {
public:
  /// Throws std::invalid_argument saying which option cannot be.
  explicit Generator(const WorldOptions& options);

  const Catalogue& catalogue() const { return catalogue_; }
  const Population& population() const { return population_; }

  Ticks created(Place place, Ticks last_changed) const override;
  std::int64_t row_id(Place place, Ticks created) const override;
  std::int64_t main_version(Place) const override { return 3; }
  void generate(Place place, Record& out) const override;

private:
  Catalogue catalogue_;
  Population population_;
};

} // namespace altinn_sim::storage
