#include "reader.hpp"

#include <dialogferry/codec/cloud_event.hpp>

#include <algorithm>

namespace dialogferry::codec {

namespace {

using Text = std::optional<std::string_view>;

/// The id in its one form; nothing for what is not a party id and a UUID.
std::optional<std::string> record_id(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == 0 || slash == std::string_view::npos) return std::nullopt;
  const auto party = text.substr(0, slash);
  const bool digits = std::all_of(party.begin(), party.end(), [](char c) { return c >= '0' && c <= '9'; });
  const auto guid = parse_uuid(text.substr(slash + 1));
  if (!digits || !guid) return std::nullopt;
  return std::string(party) + '/' + to_string(*guid);
}

/// `https://{org}.apps.{domain}/{org}/{app}/instances/{party id}/{guid}`, and whatever may follow.
std::optional<std::string> record_id_in(std::string_view source) {
  constexpr std::string_view before = "/instances/";
  const auto path = source.substr(0, source.find_first_of("?#"));
  const auto at = path.rfind(before);
  if (at == std::string_view::npos) return std::nullopt;
  const auto rest = path.substr(at + before.size());
  return record_id(rest.substr(0, rest.find('/', rest.find('/') + 1)));
}

/// The members of one event.
struct Fields {
  Text specversion;
  Text id;
  Text source;
  Text type;
  Text instance;

  bool read(Reader& reader, Key key, ondemand::value value) {
    if (key == "specversion") return reader.text(value, "specversion", specversion);
    if (key == "id") return reader.text(value, "id", id);
    if (key == "source") return reader.text(value, "source", source);
    if (key == "type") return reader.text(value, "type", type);
    if (key == "resourceinstance") return reader.text(value, "resourceinstance", instance);
    return true;
  }

  bool check(Reader& reader) const {
    if (!specversion) return reader.fail("specversion", "is missing");
    if (*specversion != "1.0") return reader.fail("specversion", "must be 1.0");
    return given(reader, "id", id) && given(reader, "source", source) && given(reader, "type", type);
  }

  CloudEvent event() const {
    auto record = instance ? record_id(*instance) : std::nullopt;
    if (!record) record = record_id_in(*source);
    return {std::string(*id), std::string(*source), std::string(*type), std::move(record)};
  }

private:
  static bool given(Reader& reader, std::string_view member, const Text& text) {
    if (!text) return reader.fail(member, "is missing");
    return !text->empty() || reader.fail(member, "must not be empty");
  }
};

bool read_one(Reader& reader, Parser& parser, JsonView json, std::vector<CloudEvent>& events) {
  Fields fields;
  const bool read = reader.document(
      parser, json, [&](Key key, ondemand::value value) { return fields.read(reader, key, value); });
  if (!read || !fields.check(reader)) return false;
  events.push_back(fields.event());
  return true;
}

bool read_batch(Reader& reader, Parser& parser, JsonView json, std::vector<CloudEvent>& events) {
  return reader.document_list(parser, json, [&](ondemand::value entry) {
    Fields fields; // of a null: nothing, and so specversion is missing
    const bool read = reader.object(
        entry, {}, [&](Key key, ondemand::value value) { return fields.read(reader, key, value); });
    if (!read || !fields.check(reader)) return false;
    events.push_back(fields.event());
    return true;
  });
}

/// The path without the dot in front that a path without a root begins with.
Problem named(Problem problem) {
  if (problem.member.starts_with('.')) problem.member.erase(0, 1);
  if (problem.member.empty()) problem.member = "body";
  return problem;
}

} // namespace

Result<std::vector<CloudEvent>> read_cloud_events(Parser& parser, JsonView json) {
  std::vector<CloudEvent> events;
  Arena arena;
  Reader reader({}, arena);
  const auto first = json.text.find_first_not_of(" \t\r\n");
  const bool batch = first != std::string_view::npos && json.text[first] == '[';
  const bool read = batch ? read_batch(reader, parser, json, events) : read_one(reader, parser, json, events);
  if (!read) return tl::unexpected(named(std::move(reader).problem()));
  return events;
}

} // namespace dialogferry::codec
