#pragma once

#include <dialogferry/codec/dialog_head.hpp>
#include <dialogferry/mapping/expected.hpp>
#include <dialogferry/model/uuid.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What both sides have of a dialog, in a form that is compared a million times a day.
namespace dialogferry::engine::verify {

/// A number that stands for a text, the same within a process.
std::uint64_t fingerprint(std::string_view text);

/// Which record: `{party id}/{guid}`.
struct RecordName {
  std::int64_t party = 0;
  Uuid guid;

  bool operator==(const RecordName&) const = default;
};

/// Nothing for what is no name of a record.
std::optional<RecordName> record_named(std::string_view id);
std::string to_string(const RecordName& name);

/// A dialog as it must be, or as it is. Times are microseconds since 1970, which is what the target keeps.
struct Head {
  Uuid dialog;
  RecordName record;
  std::int64_t created = 0;
  std::int64_t updated = 0;
  std::int64_t visible_from = 0; ///< of what must be there: may stand in the place of both times; 0: none
  std::uint64_t party = 0;       ///< fingerprint of its URN
  std::uint64_t resource = 0;
  bool is_deleted = false;
};

std::int64_t microseconds(Instant at);

/// What the source says must be there. `party` and `resource` are fingerprints.
Head head_of(const mapping::Expected& expected, const RecordName& record, std::uint64_t party,
             std::uint64_t resource);

/// What the target has; nothing where its label names no form.
std::optional<Head> head_of(const codec::DialogHead& dialog);

/// Whether nothing differs.
bool agree(const Head& source, const Head& target);

} // namespace dialogferry::engine::verify
