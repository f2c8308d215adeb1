#pragma once

#include <dialogferry/codec/document.hpp>
#include <dialogferry/model/result.hpp>
#include <dialogferry/model/uuid.hpp>

#include <optional>
#include <string>
#include <vector>

/// The answers of Correspondence's migration API (correspondence.md 1).
namespace dialogferry::codec {

/// What M2 says of a message that it stored, or had stored before.
struct Migrated {
  Uuid correspondence_id;
  /// Stored by this request. False: it was there, nothing but events was added, and `makeAvailable` was not
  /// heeded (1.4).
  bool is_new = false;
};

/// Fails where the answer names no correspondence.
Result<Migrated> read_migrated(Parser& parser, JsonView json);

/// What M3 says of one message.
struct Published {
  Uuid correspondence_id;
  /// Nothing: there is no dialog, or the message does not know it, also where `ok` says otherwise (1.5,
  /// observed.md OC-1, OC-2).
  std::optional<Uuid> dialog_id;
  bool ok = false;
  std::string error; ///< the server's words, identity numbers masked, at most `max_published_error` bytes
};

inline constexpr std::size_t max_published_error = 2'000;

/// Reads `statuses` in the order they come in. An entry that names no correspondence is left out: who asked
/// for it sees that it is missing. Fails where there is no such list.
Result<std::vector<Published>> read_published(Parser& parser, JsonView json);

/// The ids in a list of messages (6.3). Fails where there is no such list.
Result<std::vector<Uuid>> read_found(Parser& parser, JsonView json);

/// The id that M1 gave an attachment: a bare text.
Result<Uuid> read_attachment_id(Parser& parser, JsonView json);

} // namespace dialogferry::codec
