#pragma once

#include <dialogferry/codec/document.hpp>
#include <dialogferry/model/result.hpp>
#include <dialogferry/model/time.hpp>
#include <dialogferry/model/uuid.hpp>

#include <string>
#include <vector>

namespace dialogferry::codec {

/// A dialog as a search lists it (dialogporten.md 2.2), as far as we look at it.
struct FoundDialog {
  Uuid id;
  Instant created_at;
  std::vector<std::string> labels; ///< of the service owner
};

/// Reads a page of a search, in its order. Fails where it has no `items`, or one has neither id nor time.
Result<std::vector<FoundDialog>> read_found_dialogs(Parser& parser, JsonView json);

} // namespace dialogferry::codec
