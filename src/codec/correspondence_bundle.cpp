#include "common.hpp"

#include <dialogferry/codec/correspondence_bundle.hpp>

#include <algorithm>

namespace dialogferry::codec {

namespace {

/// An entry of `parties`, `names` or `usernames`.
struct PartyText {
  Uuid id;
  std::optional<std::string> text;
};

using PartyTexts = std::vector<PartyText>;

bool read_body(Reader& reader, ondemand::value value, std::string_view member, std::optional<Document>& out) {
  bool there = false;
  if (!reader.present(value, member, there)) return false;
  if (!there) return true;
  std::string_view slice;
  if (!slice_of(value, slice)) return reader.fail(member, "is broken JSON");
  out = Document(std::string(slice));
  return true;
}

bool by_id(const PartyText& a, const PartyText& b) {
  return a.id < b.id;
}

bool read_texts(Reader& reader, ondemand::value value, std::string_view member, PartyTexts& out) {
  const bool read = reader.map(value, member, [&](std::string_view name, ondemand::value entry) {
    OptionalText text;
    const auto id = parse_uuid(name);
    if (!id) return reader.fail({}, "must have UUIDs as its names");
    if (!reader.text(entry, name, text)) return false;
    out.push_back({*id, text ? std::optional(std::string(*text)) : std::nullopt});
    return true;
  });
  std::stable_sort(out.begin(), out.end(), by_id);
  return read;
}

bool read_attachment_ids(Reader& reader, ondemand::value value, CorrespondenceBundle& bundle) {
  return reader.map(value, "attachment_ids", [&](std::string_view name, ondemand::value entry) {
    std::optional<Uuid> id;
    if (!reader.uuid(entry, name, id)) return false;
    if (id) bundle.attachment_ids.emplace_back(name, *id);
    return true;
  });
}

std::optional<std::string> text_of(const PartyTexts& texts, const Uuid& id) {
  const auto found = std::lower_bound(texts.begin(), texts.end(), PartyText{id, {}}, by_id);
  return found != texts.end() && found->id == id ? found->text : std::nullopt;
}

} // namespace

Result<CorrespondenceBundle> read_correspondence_bundle(Parser& parser, JsonView json) {
  CorrespondenceBundle bundle;
  PartyTexts parties;
  PartyTexts names;
  PartyTexts usernames;
  Arena arena;
  Reader reader("bundle", arena);
  std::optional<Instant> now;
  const bool read = reader.document(parser, json, [&](Key key, ondemand::value value) {
    if (key == "correspondence") return read_body(reader, value, "correspondence", bundle.correspondence);
    if (key == "correspondence_id") return reader.uuid(value, "correspondence_id", bundle.correspondence_id);
    if (key == "attachment_ids") return read_attachment_ids(reader, value, bundle);
    if (key == "parties") return read_texts(reader, value, "parties", parties);
    if (key == "names") return read_texts(reader, value, "names", names);
    if (key == "usernames") return read_texts(reader, value, "usernames", usernames);
    if (key == "previous") return read_body(reader, value, "previous", bundle.previous);
    if (key == "existing") return read_body(reader, value, "existing", bundle.existing);
    if (key == "is_migration") return reader.flag(value, "is_migration", bundle.is_migration);
    if (key == "now") return reader.instant(value, "now", now);
    return true;
  });
  if (!read || (!now && !reader.fail("now", "is missing")) ||
      (!bundle.correspondence && !reader.fail("correspondence", "is missing")))
    return tl::unexpected(std::move(reader).problem());
  bundle.now = *now;
  for (auto& [id, urn] : parties)
    if (bundle.parties.empty() || bundle.parties.back().id != id)
      bundle.parties.push_back({id, std::move(urn), text_of(names, id), text_of(usernames, id)});
  return bundle;
}

Result<std::string> read_bundle_kind(Parser& parser, JsonView json) {
  Arena arena;
  Reader reader("bundle", arena);
  std::string_view kind;
  const bool read = reader.document(parser, json, [&](Key key, ondemand::value value) {
    return !(key == "kind") || reader.text(value, "kind", kind);
  });
  if (!read) return tl::unexpected(std::move(reader).problem());
  return std::string(kind);
}

} // namespace dialogferry::codec
