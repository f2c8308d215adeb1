#include "reader.hpp"

#include <dialogferry/codec/dialog_head.hpp>

namespace dialogferry::codec {

namespace {

/// A head while it is read: what must be there may be missing yet.
struct Draft {
  DialogHead head;
  std::optional<Uuid> id;
  std::optional<Instant> created_at;
  std::optional<Instant> updated_at;
};

bool read_label(Reader& reader, ondemand::value entry, DialogHead& head) {
  return reader.object(entry, {}, [&](Key key, ondemand::value text) {
    std::string_view label;
    if (!(key == "value")) return true;
    if (!reader.text(text, "value", label)) return false;
    const bool names_source = label.starts_with(form_label) || label.starts_with(message_label);
    if (names_source && head.label.empty()) head.label = label;
    return true;
  });
}

bool read_labels(Reader& reader, ondemand::value value, DialogHead& head) {
  return reader.object(value, "serviceOwnerContext", [&](Key key, ondemand::value part) {
    if (!(key == "serviceOwnerLabels")) return true;
    return reader.list(part, "serviceOwnerLabels",
                       [&](ondemand::value entry) { return read_label(reader, entry, head); });
  });
}

bool read_member(Reader& reader, Key key, ondemand::value value, Draft& draft) {
  auto& head = draft.head;
  if (key == "id") return reader.uuid(value, "id", draft.id);
  if (key == "createdAt") return reader.instant(value, "createdAt", draft.created_at);
  if (key == "updatedAt") return reader.instant(value, "updatedAt", draft.updated_at);
  if (key == "deletedAt") return reader.present(value, "deletedAt", head.is_deleted);
  if (key == "org") return reader.text(value, "org", head.org);
  if (key == "serviceResource") return reader.text(value, "serviceResource", head.service_resource);
  if (key == "party") return reader.text(value, "party", head.party);
  if (key == "serviceOwnerContext") return read_labels(reader, value, head);
  return true;
}

bool complete(Reader& reader, Draft& draft) {
  if (!draft.id) return reader.fail("id", "is missing");
  if (!draft.created_at) return reader.fail("createdAt", "is missing");
  if (!draft.updated_at) return reader.fail("updatedAt", "is missing");
  draft.head.id = *draft.id;
  draft.head.created_at = *draft.created_at;
  draft.head.updated_at = *draft.updated_at;
  return true;
}

bool read_item(Reader& reader, ondemand::value entry, std::vector<DialogHead>& dialogs) {
  Draft draft;
  const bool read = reader.object(
      entry, {}, [&](Key key, ondemand::value value) { return read_member(reader, key, value, draft); });
  if (!read || !complete(reader, draft)) return false;
  dialogs.push_back(draft.head);
  return true;
}

} // namespace

Result<SearchPage> read_search_page(Parser& parser, JsonView json, Arena& texts,
                                    std::vector<DialogHead>& dialogs) {
  SearchPage page;
  Reader reader("dialogs", texts);
  bool found = false;
  const bool read = reader.document(parser, json, [&](Key key, ondemand::value value) {
    if (key == "items")
      return reader.present(value, "items", found) && reader.list(value, "items", [&](ondemand::value entry) {
        return read_item(reader, entry, dialogs);
      });
    if (key == "hasNextPage") return reader.flag(value, "hasNextPage", page.has_next);
    if (key == "continuationToken") return reader.text(value, "continuationToken", page.token);
    if (key == "orderBy") return reader.text(value, "orderBy", page.order);
    return true;
  });
  if (!read || (!found && !reader.fail("items", "is missing")))
    return tl::unexpected(std::move(reader).problem());
  return page;
}

Result<DialogHead> read_dialog_head(Parser& parser, JsonView json, Arena& texts) {
  Draft draft;
  Reader reader("dialog", texts);
  const bool read = reader.document(
      parser, json, [&](Key key, ondemand::value value) { return read_member(reader, key, value, draft); });
  if (!read || !complete(reader, draft)) return tl::unexpected(std::move(reader).problem());
  return draft.head;
}

} // namespace dialogferry::codec
