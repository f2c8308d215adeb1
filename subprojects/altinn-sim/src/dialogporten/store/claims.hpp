#pragma once

#include "dialogporten/model/dialog.hpp"

#include <array>

namespace altinn_sim::dialogporten {

/// The tables whose ids are unique in the whole system (dialogporten.md 4.1).
enum class Table : std::uint8_t {
  attachment,
  attachment_url,
  activity,
  transmission,
  gui_action,
  api_action,
  endpoint
};

inline constexpr std::array<std::string_view, 7> table_names{
    "Attachment",      "AttachmentUrl",   "DialogActivity",         "DialogTransmission",
    "DialogGuiAction", "DialogApiAction", "DialogApiActionEndpoint"};

struct Claim {
  Table table;
  Uuid id;
};

/// The ids of everything below a dialog.
std::vector<Claim> claims_of(const Dialog& dialog);

} // namespace altinn_sim::dialogporten
