#include <dialogferry/engine/verify/head.hpp>

#include <charconv>
#include <functional>

namespace dialogferry::engine::verify {

std::uint64_t fingerprint(std::string_view text) {
  return std::hash<std::string_view>{}(text);
}

std::optional<RecordName> record_named(std::string_view id) {
  const auto slash = id.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  RecordName name;
  const auto [end, error] = std::from_chars(id.data(), id.data() + slash, name.party);
  if (error != std::errc{} || end != id.data() + slash || slash == 0) return std::nullopt;
  const auto guid = parse_uuid(id.substr(slash + 1));
  if (!guid) return std::nullopt;
  name.guid = *guid;
  return name;
}

std::string to_string(const RecordName& name) {
  return std::to_string(name.party) + '/' + dialogferry::to_string(name.guid);
}

std::int64_t microseconds(Instant at) {
  const auto rest = at.ticks % Instant::per_microsecond;
  return (at.ticks - (rest < 0 ? rest + Instant::per_microsecond : rest)) / Instant::per_microsecond;
}

Head head_of(const mapping::Expected& expected, const RecordName& record, std::uint64_t party,
             std::uint64_t resource) {
  Head head;
  head.dialog = expected.id;
  head.record = record;
  head.created = microseconds(expected.created_at);
  head.updated = microseconds(expected.updated_at);
  if (expected.visible_from) head.visible_from = microseconds(*expected.visible_from);
  head.party = party;
  head.resource = resource;
  head.is_deleted = expected.is_deleted;
  return head;
}

std::optional<Head> head_of(const codec::DialogHead& dialog) {
  if (!dialog.label.starts_with(codec::form_label)) return std::nullopt;
  const auto record = record_named(dialog.label.substr(codec::form_label.size()));
  if (!record) return std::nullopt;
  Head head;
  head.dialog = dialog.id;
  head.record = *record;
  head.created = microseconds(dialog.created_at);
  head.updated = microseconds(dialog.updated_at);
  head.party = fingerprint(dialog.party);
  head.resource = fingerprint(dialog.service_resource);
  head.is_deleted = dialog.is_deleted;
  return head;
}

bool agree(const Head& source, const Head& target) {
  const auto same_time = [&](std::int64_t must_be, std::int64_t is) {
    return must_be == is || (source.visible_from != 0 && source.visible_from == is);
  };
  return source.dialog == target.dialog && source.record == target.record &&
         same_time(source.created, target.created) && same_time(source.updated, target.updated) &&
         source.party == target.party && source.resource == target.resource &&
         source.is_deleted == target.is_deleted;
}

} // namespace dialogferry::engine::verify
