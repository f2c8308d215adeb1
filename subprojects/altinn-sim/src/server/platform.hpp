#pragma once

#include "options.hpp"
#include "simulator.hpp"

#include <memory>

namespace altinn_sim {

/// The services behind the simulator, and the world they tell of.
class Platform {
public:
  /// Throws std::invalid_argument or std::runtime_error for options that cannot be.
  explicit Platform(const Options& options);
  ~Platform();
  Platform(const Platform&) = delete;
  Platform& operator=(const Platform&) = delete;

  /// Lets the simulator send requests here; the platform outlives it. Below "/_sim": `GET /audit`,
  /// `POST /forms`, `POST /validate?verb=create|update`, `GET /dialogs/{id}`,
  /// and what live::add_live_controls adds.
  void attach_to(Simulator& simulator);

private:
  struct Services;
  std::unique_ptr<Services> services_;
};

} // namespace altinn_sim
