#include "reader.hpp"

#include <dialogferry/codec/cloud_event.hpp>
#include <dialogferry/model/uuid.hpp>

#include <algorithm>

namespace dialogferry::codec {

namespace {

struct Attributes {
  std::optional<std::string_view> specversion;
  std::optional<std::string_view> id;
  std::optional<std::string_view> source;
  std::optional<std::string_view> type;
  std::optional<std::string_view> instance; ///< resourceinstance
};

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// `{party id}/{guid}` in the form in which records are named; empty where the text is none.
std::string record_id_of(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos || !is_number(text.substr(0, slash))) return {};
  const auto guid = parse_uuid(text.substr(slash + 1));
  return guid ? std::string(text.substr(0, slash + 1)) + to_string(*guid) : std::string();
}

/// The instance at the end of `https://{org}.apps.{domain}/{org}/{app}/instances/{party id}/{guid}`.
std::string record_id_of_source(std::string_view source) {
  constexpr std::string_view before = "/instances/";
  const auto at = source.rfind(before);
  if (at == std::string_view::npos) return {};
  auto rest = source.substr(at + before.size());
  return record_id_of(rest.substr(0, rest.find_first_of("?#")));
}

bool read_attribute(Reader& reader, Key key, ondemand::value value, Attributes& out) {
  if (key == "specversion") return reader.text(value, "specversion", out.specversion);
  if (key == "id") return reader.text(value, "id", out.id);
  if (key == "source") return reader.text(value, "source", out.source);
  if (key == "type") return reader.text(value, "type", out.type);
  if (key == "resourceinstance") return reader.text(value, "resourceinstance", out.instance);
  return true;
}

bool check(Reader& reader, const Attributes& event) {
  if (event.specversion != "1.0") return reader.fail("specversion", "must be \"1.0\"");
  if (event.id.value_or("").empty()) return reader.fail("id", "is missing");
  if (event.source.value_or("").empty()) return reader.fail("source", "is missing");
  if (event.type.value_or("").empty()) return reader.fail("type", "is missing");
  return true;
}

CloudEvent event_of(const Attributes& attributes) {
  CloudEvent event;
  event.type = *attributes.type;
  event.record_id = record_id_of(attributes.instance.value_or(""));
  if (event.record_id.empty()) event.record_id = record_id_of_source(*attributes.source);
  return event;
}

Result<std::vector<CloudEvent>> read_one(Parser& parser, std::string_view body) {
  Arena arena;
  Reader reader("event", arena);
  const Document document{std::string(body)};
  Attributes event;
  const bool read = reader.document(parser, document.view(), [&](Key key, ondemand::value value) {
    return read_attribute(reader, key, value, event);
  });
  if (!read || !check(reader, event)) return tl::unexpected(std::move(reader).problem());
  return std::vector{event_of(event)};
}

Result<std::vector<CloudEvent>> read_batch(Parser& parser, std::string_view body) {
  Arena arena;
  Reader reader("events", arena);
  const Document document{R"({"events":)" + std::string(body) + "}"};
  std::vector<CloudEvent> events;
  const auto read_entry = [&](ondemand::value entry) {
    Attributes event;
    const auto each = [&](Key key, ondemand::value value) {
      return read_attribute(reader, key, value, event);
    };
    if (!reader.object(entry, {}, each) || !check(reader, event)) return false;
    events.push_back(event_of(event));
    return true;
  };
  const bool read = reader.document(parser, document.view(), [&](Key key, ondemand::value value) {
    return !(key == "events") || reader.list(value, {}, read_entry);
  });
  if (!read) return tl::unexpected(std::move(reader).problem());
  return events;
}

} // namespace

Result<std::vector<CloudEvent>> read_cloud_events(Parser& parser, std::string_view body) {
  const auto first = body.find_first_not_of(" \t\r\n");
  const bool batch = first != std::string_view::npos && body[first] == '[';
  return batch ? read_batch(parser, body) : read_one(parser, body);
}

} // namespace dialogferry::codec
