#include "migration/shown.hpp"

namespace altinn_sim {

namespace {

constexpr std::string_view label = "urn:altinn:correspondence-id:";

Shown shown(const dialogporten::Summary& summary) {
  Shown out;
  out.id = summary.id;
  out.created_at = summary.created_at;
  out.updated_at = summary.updated_at;
  out.party = summary.party;
  if (!summary.title.empty()) out.title = summary.title.front().second;
  out.system_label = dialogporten::name_of(summary.system_label);
  out.status = summary.status;
  out.deleted = summary.deleted_at.has_value();
  out.activities = summary.activities;
  out.attachments = summary.attachments;
  return out;
}

} // namespace

ShownDialogs shown_dialogs(const dialogporten::Service& service) {
  ShownDialogs out;
  service.for_each([&](const dialogporten::Summary& summary) {
    for (const auto& each : *summary.labels)
      if (std::string_view{each}.starts_with(label)) out.emplace(each.substr(label.size()), shown(summary));
  });
  return out;
}

} // namespace altinn_sim
