#include "stored_dialogs.hpp"

namespace altinn_sim {

namespace {

storage::Guid guid_of(const dialogporten::Uuid& id) {
  storage::Guid guid;
  for (std::size_t at = 0; at < 8; ++at) {
    guid.high = guid.high << 8U | id.bytes[at];
    guid.low = guid.low << 8U | id.bytes[at + 8];
  }
  return guid;
}

dialogporten::Uuid uuid_of(storage::Guid guid) {
  dialogporten::Uuid id;
  for (std::size_t at = 0; at < 8; ++at) {
    id.bytes[at] = static_cast<std::uint8_t>(guid.high >> (56 - 8 * at));
    id.bytes[at + 8] = static_cast<std::uint8_t>(guid.low >> (56 - 8 * at));
  }
  return id;
}

storage::StoredDialog stored(const dialogporten::Summary& summary) {
  storage::StoredDialog dialog;
  dialog.id = guid_of(summary.id);
  dialog.created_at = summary.created_at.ticks;
  dialog.updated_at = summary.updated_at.ticks;
  dialog.deleted = summary.deleted_at.has_value();
  dialog.silent = summary.created_silently;
  dialog.party = summary.party;
  dialog.service_resource = summary.service_resource;
  dialog.labels = summary.labels;
  dialog.title = &summary.title;
  dialog.summary = &summary.summary;
  dialog.extended_status = &summary.extended_status;
  dialog.status = dialogporten::name_of(summary.status);
  dialog.system_label = dialogporten::name_of(summary.system_label);
  dialog.activities = summary.activities;
  dialog.transmissions = summary.transmissions;
  dialog.attachments = summary.attachments;
  dialog.transmission_attachments = summary.transmission_attachments;
  return dialog;
}

} // namespace

bool DialogportenDialogs::find(storage::Guid id, const Visit& visit) const {
  return service_.visit(uuid_of(id), [&](const dialogporten::Summary& summary) { visit(stored(summary)); });
}

void DialogportenDialogs::for_each(const Visit& visit) const {
  service_.for_each([&](const dialogporten::Summary& summary) { visit(stored(summary)); });
}

} // namespace altinn_sim
