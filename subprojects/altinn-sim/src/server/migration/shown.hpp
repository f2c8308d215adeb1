#pragma once

#include "dialogporten/service.hpp"

#include <string>
#include <unordered_map>

namespace altinn_sim {

/// What audits look at of a dialog that shows a correspondence.
struct Shown {
  dialogporten::Uuid id;
  dialogporten::Time created_at;
  dialogporten::Time updated_at;
  std::string party;
  std::string title;
  std::string system_label;
  dialogporten::Status status = dialogporten::Status::none;
  bool deleted = false;
  std::size_t activities = 0;
  std::size_t attachments = 0;
};

/// Those dialogs, by the id of the correspondence as text.
using ShownDialogs = std::unordered_multimap<std::string, Shown>;

ShownDialogs shown_dialogs(const dialogporten::Service& service);

} // namespace altinn_sim
