#include "common.hpp"

#include <dialogferry/codec/bundle.hpp>

namespace dialogferry::codec {

namespace {

bool read_body(Reader& reader, ondemand::value value, std::string_view member, std::optional<Document>& out) {
  bool there = false;
  if (!reader.present(value, member, there)) return false;
  if (!there) return true;
  std::string_view slice;
  if (!slice_of(value, slice)) return reader.fail(member, "is broken JSON");
  out = Document(std::string(slice));
  return true;
}

bool read_urns(Reader& reader, ondemand::value value, std::string_view member, std::vector<BundleUrn>& out) {
  return reader.map(value, member, [&](std::string_view id, ondemand::value entry) {
    std::optional<std::string_view> urn;
    if (!reader.text(entry, id, urn)) return false;
    if (urn) out.push_back({std::string(id), std::string(*urn)});
    return true;
  });
}

bool read_texts(Reader& reader, ondemand::value value, std::vector<Document>& out) {
  return reader.list(value, "texts", [&](ondemand::value entry) {
    std::optional<Document> text;
    if (!read_body(reader, entry, {}, text)) return false;
    if (text) out.push_back(std::move(*text));
    return true;
  });
}

} // namespace

Result<Bundle> read_bundle(Parser& parser, JsonView json) {
  Bundle bundle;
  Arena arena;
  Reader reader("bundle", arena);
  std::string_view kind = "instance";
  std::optional<Instant> now;
  const bool read = reader.document(parser, json, [&](Key key, ondemand::value value) {
    if (key == "kind") return reader.text(value, "kind", kind);
    if (key == "instance") return read_body(reader, value, "instance", bundle.instance);
    if (key == "events") return read_body(reader, value, "events", bundle.events);
    if (key == "application") return read_body(reader, value, "application", bundle.application);
    if (key == "texts") return read_texts(reader, value, bundle.texts);
    if (key == "parties") return read_urns(reader, value, "parties", bundle.parties);
    if (key == "users") return read_urns(reader, value, "users", bundle.users);
    if (key == "existing") return read_body(reader, value, "existing", bundle.existing);
    if (key == "is_migration") return reader.flag(value, "is_migration", bundle.is_migration);
    if (key == "now") return reader.instant(value, "now", now);
    return true;
  });
  if (!read || (!now && !reader.fail("now", "is missing")))
    return tl::unexpected(std::move(reader).problem());
  bundle.kind = kind;
  bundle.now = *now;
  return bundle;
}

} // namespace dialogferry::codec
