#pragma once

#include <dialogferry/codec/document.hpp>
#include <dialogferry/model/result.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::codec {

/// What we take from a CloudEvent 1.0 (storage.md 4.5).
struct CloudEvent {
  std::string id;
  std::string source;
  std::string type;
  /// `{party id}/{guid}`, the guid in lower case: what `resourceinstance` names, otherwise what `source` ends
  /// in; nothing where neither names an instance. The guid decides which record is meant (observed.md OE-6):
  /// a party id is without leading zeros, and 0 where the event gives a number that is none.
  /// Of a message of Altinn 3 `correspondence/{uuid}` (correspondence.md 6.2).
  std::optional<std::string> record_id;

  /// Altinn Events asks whether a new subscription's endpoint is there (storage.md 4.7).
  bool validates_subscription() const { return type == "platform.events.validatesubscription"; }
};

/// The attributes of an event that we look at, as they came; nothing where one is absent.
struct CloudEventAttributes {
  std::optional<std::string_view> specversion;
  std::optional<std::string_view> id;
  std::optional<std::string_view> source;
  std::optional<std::string_view> type;
  std::optional<std::string_view> resourceinstance;
};

/// The UUID in the record id of a message; empty for any other.
std::string_view message_in(std::string_view record_id);

/// The event of these attributes, as binary mode gives them in headers. The Problem's member is the attribute
/// that breaks the specification, its hint what is allowed; neither holds anything of what came.
Result<CloudEvent> make_cloud_event(const CloudEventAttributes& attributes);

/// What a body holds.
struct CloudEvents {
  std::vector<CloudEvent> events; ///< in their order
  std::size_t broken = 0;         ///< entries of a batch that are no events
  std::vector<Problem> problems; ///< of the first of these, at most `most_problems`; the member is `[3].type`

  static constexpr std::size_t most_problems = 20;
};

/// Reads a CloudEvent in structured mode, or a batch of them as a list; a broken entry of a batch does not
/// hinder the others (observed.md OR-11). The Problem's member is what breaks the specification, or `body`
/// where it is no JSON.
Result<CloudEvents> read_cloud_events(Parser& parser, JsonView json);

} // namespace dialogferry::codec
