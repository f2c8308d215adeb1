#pragma once

#include <dialogferry/codec/document.hpp>
#include <dialogferry/model/result.hpp>
#include <dialogferry/model/uuid.hpp>

#include <string>

namespace dialogferry::codec {

/// What Dialogporten answers to a lookup by instance (dialogporten.md 2.9).
struct DialogLookup {
  Uuid dialog;
  std::string service_resource; ///< `urn:altinn:resource:…`; empty where the answer has none
};

/// Fails where `dialogId` is missing or no UUID.
Result<DialogLookup> read_dialog_lookup(Parser& parser, JsonView json);

} // namespace dialogferry::codec
