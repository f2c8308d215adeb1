#include "reader.hpp"

#include <dialogferry/codec/cloud_event.hpp>

#include <algorithm>
#include <charconv>

namespace dialogferry::codec {

namespace {

/// The party id in its one form. Altinn's are 32 bits wide; what is longer, or has a person's eleven digits,
/// is not kept.
std::string party_id(std::string_view digits) {
  if (digits.size() == 11 && !digits.starts_with("00")) return "0";
  const auto first = digits.find_first_not_of('0');
  if (first == std::string_view::npos) return "0";
  digits.remove_prefix(first);
  std::int32_t party = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), party);
  return parsed.ec == std::errc{} ? std::string(digits) : "0";
}

/// The id in its one form; nothing for what is not a party id and a UUID.
std::optional<std::string> record_id(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == 0 || slash == std::string_view::npos) return std::nullopt;
  const auto party = text.substr(0, slash);
  const bool digits = std::all_of(party.begin(), party.end(), [](char c) { return c >= '0' && c <= '9'; });
  const auto guid = parse_uuid(text.substr(slash + 1));
  if (!digits || !guid) return std::nullopt;
  return party_id(party) + '/' + to_string(*guid);
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

constexpr std::string_view message_prefix = "correspondence/";

/// Of an event of Altinn 3 Correspondence: those of attachments and notifications have other sources.
std::optional<std::string> message_record(const CloudEventAttributes& event) {
  constexpr std::string_view source = "/correspondence/api/v1/correspondence";
  if (!event.resourceinstance || !event.source || !event.source->ends_with(source)) return std::nullopt;
  const auto id = parse_uuid(*event.resourceinstance);
  return id ? std::optional(std::string(message_prefix) + to_string(*id)) : std::nullopt;
}

bool read_member(CloudEventAttributes& event, Reader& reader, Key key, ondemand::value value) {
  if (key == "specversion") return reader.text(value, "specversion", event.specversion);
  if (key == "id") return reader.text(value, "id", event.id);
  if (key == "source") return reader.text(value, "source", event.source);
  if (key == "type") return reader.text(value, "type", event.type);
  if (key == "resourceinstance") return reader.text(value, "resourceinstance", event.resourceinstance);
  return true;
}

std::optional<Problem> check(std::string_view member, const std::optional<std::string_view>& text) {
  constexpr const char* allowed = "must be a text that is not empty";
  if (!text) return Problem{std::string(member), "is missing", allowed};
  if (text->empty()) return Problem{std::string(member), "must not be empty", allowed};
  return std::nullopt;
}

std::optional<Problem> check(const CloudEventAttributes& event) {
  constexpr const char* version = "must be the text 1.0";
  if (!event.specversion) return Problem{"specversion", "is missing", version};
  if (*event.specversion != "1.0") return Problem{"specversion", "must be 1.0", version};
  if (auto problem = check("id", event.id)) return problem;
  if (auto problem = check("source", event.source)) return problem;
  return check("type", event.type);
}

/// The path without the dot in front that a path without a root begins with.
Problem named(Problem problem) {
  if (problem.member.starts_with('.')) problem.member.erase(0, 1);
  if (problem.member.empty()) problem.member = "body";
  return problem;
}

Result<CloudEvents> read_one(Reader& reader, Parser& parser, JsonView json) {
  CloudEventAttributes attributes;
  const bool read = reader.document(parser, json, [&](Key key, ondemand::value value) {
    return read_member(attributes, reader, key, value);
  });
  if (!read) return tl::unexpected(named(std::move(reader).problem()));
  auto event = make_cloud_event(attributes);
  if (!event) return tl::unexpected(event.error());
  CloudEvents one;
  one.events.push_back(std::move(*event));
  return one;
}

/// An entry of a batch, or what is wrong with it.
Result<CloudEvent> read_entry(Reader& reader, ondemand::value entry, std::size_t index) {
  CloudEventAttributes attributes; // of a null: nothing, and so specversion is missing
  const bool read = reader.object(
      entry, {}, [&](Key key, ondemand::value value) { return read_member(attributes, reader, key, value); });
  if (!read) return tl::unexpected(named(std::move(reader).problem()));
  auto event = make_cloud_event(attributes);
  if (!event) event.error().member = '[' + std::to_string(index) + "]." + event.error().member;
  return event;
}

Result<CloudEvents> read_batch(Reader& reader, Parser& parser, JsonView json) {
  CloudEvents batch;
  const bool read = reader.document_list(parser, json, [&](ondemand::value entry) {
    auto event = read_entry(reader, entry, batch.events.size() + batch.broken);
    if (event) {
      batch.events.push_back(std::move(*event));
    } else if (++batch.broken <= CloudEvents::most_problems) {
      batch.problems.push_back(std::move(event).error());
    }
    return true;
  });
  if (!read) return tl::unexpected(named(std::move(reader).problem()));
  return batch;
}

} // namespace

std::string_view message_in(std::string_view record_id) {
  return record_id.starts_with(message_prefix) ? record_id.substr(message_prefix.size()) : std::string_view{};
}

Result<CloudEvent> make_cloud_event(const CloudEventAttributes& attributes) {
  if (auto problem = check(attributes)) return tl::unexpected<Problem>(std::move(*problem));
  auto record = message_record(attributes);
  if (!record && attributes.resourceinstance) record = record_id(*attributes.resourceinstance);
  if (!record) record = record_id_in(*attributes.source);
  return CloudEvent{std::string(*attributes.id), std::string(*attributes.source),
                    std::string(*attributes.type), std::move(record)};
}

Result<CloudEvents> read_cloud_events(Parser& parser, JsonView json) {
  Arena arena;
  Reader reader({}, arena);
  const auto first = json.text.find_first_not_of(" \t\r\n");
  const bool batch = first != std::string_view::npos && json.text[first] == '[';
  return batch ? read_batch(reader, parser, json) : read_one(reader, parser, json);
}

} // namespace dialogferry::codec
