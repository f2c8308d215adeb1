#include "reader.hpp"

#include <dialogferry/codec/found_dialogs.hpp>

namespace dialogferry::codec {

namespace {

bool read_labels(Reader& reader, ondemand::value value, FoundDialog& dialog) {
  return reader.object(value, "serviceOwnerContext", [&](Key key, ondemand::value part) {
    if (!(key == "serviceOwnerLabels")) return true;
    return reader.list(part, "serviceOwnerLabels", [&](ondemand::value entry) {
      return reader.object(entry, {}, [&](Key name, ondemand::value text) {
        std::string_view label;
        const bool read = !(name == "value") || reader.text(text, "value", label);
        if (!label.empty()) dialog.labels.emplace_back(label);
        return read;
      });
    });
  });
}

bool read_item(Reader& reader, ondemand::value entry, FoundDialog& dialog) {
  std::optional<Uuid> id;
  std::optional<Instant> created_at;
  const bool read = reader.object(entry, {}, [&](Key key, ondemand::value value) {
    if (key == "id") return reader.uuid(value, "id", id);
    if (key == "createdAt") return reader.instant(value, "createdAt", created_at);
    return !(key == "serviceOwnerContext") || read_labels(reader, value, dialog);
  });
  if (!read || (!id && !reader.fail("id", "is missing")) ||
      (!created_at && !reader.fail("createdAt", "is missing")))
    return false;
  dialog.id = *id;
  dialog.created_at = *created_at;
  return true;
}

} // namespace

Result<std::vector<FoundDialog>> read_found_dialogs(Parser& parser, JsonView json) {
  std::vector<FoundDialog> dialogs;
  Arena arena;
  Reader reader("dialogs", arena);
  bool found = false;
  const bool read = reader.document(parser, json, [&](Key key, ondemand::value value) {
    if (!(key == "items")) return true;
    return reader.present(value, "items", found) && reader.list(value, "items", [&](ondemand::value entry) {
      return read_item(reader, entry, dialogs.emplace_back());
    });
  });
  if (!read || (!found && !reader.fail("items", "is missing")))
    return tl::unexpected(std::move(reader).problem());
  return dialogs;
}

} // namespace dialogferry::codec
