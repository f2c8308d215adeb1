#pragma once

#include "correspondence/api/desk.hpp"

namespace altinn_sim::correspondence {

/// The body of a dialog's creation (correspondence.md 3.3 to 3.7), with the ids of its activities; or why it
/// cannot be built: what the service's exception says.
struct NewDialog {
  Uuid id;
  std::string body;
  Uuid opened_activity;
  Uuid confirmed_activity;
  std::string problem;
};

/// With the mutex held.
NewDialog new_dialog(Desk& desk, const Record& record);

/// Address of the correspondence in the API.
std::string address_of(const Surroundings& around, const Uuid& correspondence);

} // namespace altinn_sim::correspondence
