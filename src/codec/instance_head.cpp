#include "page_parts.hpp"

#include <dialogferry/codec/instance_head.hpp>

namespace dialogferry::codec {

namespace {

bool read_status(Reader& reader, ondemand::value value, InstanceHead& head) {
  return reader.object(value, "status", [&](Key key, ondemand::value member) {
    if (key == "isArchived") return reader.flag(member, "isArchived", head.is_archived);
    if (key == "isSoftDeleted") return reader.flag(member, "isSoftDeleted", head.is_soft_deleted);
    if (key == "isHardDeleted") return reader.flag(member, "isHardDeleted", head.is_hard_deleted);
    return true;
  });
}

bool read_member(Reader& reader, Key key, ondemand::value value, InstanceHead& head,
                 std::optional<Instant>& created) {
  if (key == "id") return reader.text(value, "id", head.id);
  if (key == "appId") return reader.text(value, "appId", head.app_id);
  if (key == "status") return read_status(reader, value, head);
  if (key == "dataValues") return read_map(reader, value, "dataValues", head.data_values);
  if (key == "visibleAfter") return reader.instant(value, "visibleAfter", head.visible_after);
  if (key == "created") return reader.instant(value, "created", created);
  if (key == "lastChanged") return reader.instant(value, "lastChanged", head.last_changed);
  return true;
}

bool complete(Reader& reader, InstanceHead& head, const std::optional<Instant>& created) {
  const auto slash = head.id.find('/');
  const auto guid = slash == std::string_view::npos ? std::nullopt : parse_uuid(head.id.substr(slash + 1));
  if (!guid) return reader.fail("id", "must be a party id and a UUID with / between them");
  if (head.app_id.empty()) return reader.fail("appId", "is missing");
  if (!created) return reader.fail("created", "is missing");
  head.party_id = head.id.substr(0, slash);
  head.guid = *guid;
  head.created = *created;
  return true;
}

bool read_row(Reader& reader, ondemand::value entry, InstanceHead& head) {
  std::optional<Instant> created;
  return reader.object(entry, {}, [&](Key key, ondemand::value value) {
    return read_member(reader, key, value, head, created);
  }) && complete(reader, head, created);
}

bool read_document(Parser& parser, Reader& reader, JsonView json, InstanceHead& head) {
  std::optional<Instant> created;
  return reader.document(parser, json, [&](Key key, ondemand::value value) {
    return read_member(reader, key, value, head, created);
  }) && complete(reader, head, created);
}

/// All rows are as they should be.
bool read_at_once(Parser& parser, HeadPage& page) {
  Reader reader("page", page.texts);
  bool found = false;
  std::optional<std::string_view> next;
  const bool read = reader.document(parser, page.body->view(), [&](Key key, ondemand::value value) {
    if (key == "next") return reader.text(value, "next", next);
    if (!(key == "instances")) return true;
    return reader.present(value, "instances", found) &&
           reader.list(value, "instances", [&](ondemand::value entry) {
             return read_row(reader, entry, page.rows.emplace_back());
           });
  });
  if (next) page.next_query = next->substr(next->find('?') + 1); // without `?`: the whole text, as in Page
  return read && found;
}

/// Row by row, so that one that cannot be read stands alone.
Result<HeadPage> read_apart(Parser& parser, std::shared_ptr<const Document> body) {
  HeadPage page;
  page.body = body;
  auto rows = read_envelope(parser, std::move(body), "instances");
  if (!rows) return tl::unexpected(std::move(rows).error());
  page.next_query = std::move(rows->next_query);
  for (const auto& row : rows->rows) {
    auto& head = page.rows.emplace_back();
    Reader reader("instance", page.texts);
    if (read_document(parser, reader, row.json, head)) continue;
    head.problem = std::move(reader).problem();
    head.json = row.json.text;
  }
  return page;
}

} // namespace

Result<InstanceHead> read_instance_head(Parser& parser, JsonView json, Arena& texts) {
  InstanceHead head;
  Reader reader("instance", texts);
  if (!read_document(parser, reader, json, head)) return tl::unexpected(std::move(reader).problem());
  return head;
}

Result<HeadPage> read_instance_heads(Parser& parser, std::shared_ptr<const Document> body) {
  HeadPage page;
  page.body = body;
  if (read_at_once(parser, page)) return page;
  return read_apart(parser, std::move(body));
}

} // namespace dialogferry::codec
