#pragma once

#include <dialogferry/codec/document.hpp>
#include <dialogferry/model/result.hpp>

#include <optional>
#include <string>
#include <vector>

namespace dialogferry::codec {

/// What we take from a CloudEvent 1.0 (storage.md 4.5).
struct CloudEvent {
  std::string id;
  std::string source;
  std::string type;
  /// `{party id}/{guid}`, the guid in lower case: what `resourceinstance` names, otherwise what `source` ends
  /// in; nothing where neither names an instance.
  std::optional<std::string> record_id;

  /// Altinn Events asks whether a new subscription's endpoint is there (storage.md 4.7).
  bool validates_subscription() const { return type == "platform.events.validatesubscription"; }
};

/// Reads a CloudEvent in structured mode, or a batch of them as a list, in their order. The Problem's member
/// is what breaks the specification: `specversion`, in a batch `[3].type`; `body` where it is no JSON.
Result<std::vector<CloudEvent>> read_cloud_events(Parser& parser, JsonView json);

} // namespace dialogferry::codec
