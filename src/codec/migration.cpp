#include "reader.hpp"

#include <dialogferry/codec/migration.hpp>
#include <dialogferry/model/masking.hpp>

#include <utility>

namespace dialogferry::codec {

namespace {

void cut(std::string& text, std::size_t most) {
  if (text.size() <= most) return;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80)
    --most; // not inside a character
  text.resize(most);
}

/// An empty text stands for no dialog (1.5).
bool read_dialog_id(Reader& reader, ondemand::value value, std::optional<Uuid>& out) {
  std::optional<std::string_view> text;
  if (!reader.text(value, "dialogId", text)) return false;
  if (!text || text->empty()) return true;
  out = parse_uuid(*text);
  return out.has_value() || reader.fail("dialogId", "must be a UUID");
}

bool read_status(Reader& reader, ondemand::value value, std::vector<Published>& out) {
  std::optional<Uuid> id;
  std::optional<std::string_view> error;
  Published status;
  const bool read = reader.object(value, {}, [&](Key key, ondemand::value member) {
    if (key == "correspondenceId") return reader.uuid(member, "correspondenceId", id);
    if (key == "dialogId") return read_dialog_id(reader, member, status.dialog_id);
    if (key == "ok") return reader.flag(member, "ok", status.ok);
    if (key == "error") return reader.text(member, "error", error);
    return true;
  });
  if (!read) return false;
  if (!id) return true;
  status.correspondence_id = *id;
  if (error) status.error = mask_identities(*error);
  cut(status.error, max_published_error);
  out.push_back(std::move(status));
  return true;
}

} // namespace

Result<Migrated> read_migrated(Parser& parser, JsonView json) {
  Arena texts;
  Reader reader("migrated", texts);
  std::optional<Uuid> id;
  Migrated migrated;
  const bool read = reader.document(parser, json, [&](Key key, ondemand::value value) {
    if (key == "correspondenceId") return reader.uuid(value, "correspondenceId", id);
    if (key == "attachmentStatuses") return reader.present(value, "attachmentStatuses", migrated.is_new);
    return true;
  });
  if (!read || (!id && !reader.fail("correspondenceId", "is missing")))
    return tl::unexpected(std::move(reader).problem());
  migrated.correspondence_id = *id;
  return migrated;
}

Result<std::vector<Published>> read_published(Parser& parser, JsonView json) {
  Arena texts;
  Reader reader("published", texts);
  std::vector<Published> published;
  bool found = false;
  const bool read = reader.document(parser, json, [&](Key key, ondemand::value value) {
    if (!(key == "statuses")) return true;
    return reader.present(value, "statuses", found) &&
           reader.list(value, "statuses",
                       [&](ondemand::value entry) { return read_status(reader, entry, published); });
  });
  if (!read || (!found && !reader.fail("statuses", "is missing")))
    return tl::unexpected(std::move(reader).problem());
  return published;
}

Result<std::vector<Uuid>> read_found(Parser& parser, JsonView json) {
  Arena texts;
  Reader reader("found", texts);
  std::vector<Uuid> ids;
  bool found = false;
  const bool read = reader.document(parser, json, [&](Key key, ondemand::value value) {
    if (!(key == "ids")) return true;
    return reader.present(value, "ids", found) && reader.list(value, "ids", [&](ondemand::value entry) {
      std::optional<Uuid> id;
      if (!reader.uuid(entry, "ids", id)) return false;
      if (id) ids.push_back(*id);
      return true;
    });
  });
  if (!read || (!found && !reader.fail("ids", "is missing")))
    return tl::unexpected(std::move(reader).problem());
  return ids;
}

Result<Uuid> read_attachment_id(Parser& parser, JsonView json) {
  ondemand::document document;
  std::string_view text;
  if (Reader::open(parser, json).get(document) || document.get_string().get(text) ||
      !Reader::at_end(document))
    return fail("attachment", "must be a text");
  if (const auto id = parse_uuid(text)) return *id;
  return fail("attachment", "must be a UUID");
}

} // namespace dialogferry::codec
