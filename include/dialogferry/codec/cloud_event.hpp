#pragma once

#include <dialogferry/codec/document.hpp>
#include <dialogferry/model/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::codec {

/// What is read of a CloudEvent 1.0 as Altinn Events delivers it (storage.md 4.5).
struct CloudEvent {
  std::string type;
  std::string record_id; ///< `{party id}/{guid}`, in lower case; empty where it names no instance

  /// Altinn Events asks whether we want to be told (storage.md 4.7).
  bool is_validation() const { return type == "platform.events.validatesubscription"; }
};

/// Reads one event, or a batch of them in a list. Fails where the text is no JSON, or an event lacks
/// `specversion` (which must be 1.0), `id`, `source` or `type`; Problem.member names it (`event.type`,
/// `events[3].type`).
Result<std::vector<CloudEvent>> read_cloud_events(Parser& parser, std::string_view body);

} // namespace dialogferry::codec
