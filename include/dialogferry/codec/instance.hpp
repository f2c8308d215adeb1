#pragma once

#include <dialogferry/codec/arena.hpp>
#include <dialogferry/codec/document.hpp>
#include <dialogferry/model/result.hpp>
#include <dialogferry/model/time.hpp>
#include <dialogferry/model/uuid.hpp>

#include <optional>
#include <span>
#include <string_view>

namespace dialogferry::codec {

/// An optional text: absent and null are the same, empty is not.
using OptionalText = std::optional<std::string_view>;

/// Points from a data element to what it came from (storage.md 2.4).
struct Reference {
  OptionalText value;
  std::string_view relation;
};

struct DataElement {
  std::string_view id; ///< as received; goes into ids as text (M-42)
  OptionalText data_type;
  OptionalText filename;
  OptionalText content_type;
  bool has_links = false;
  bool is_hard_deleted = false; ///< deleteStatus.isHardDeleted; the bytes are gone or about to go
  OptionalText platform_link;   ///< selfLinks.platform
  std::optional<Instant> created;
  OptionalText last_changed_by;
  std::span<const Reference> references;
};

/// An entry of a map from text to text, in the order of the source.
struct NamedText {
  std::string_view name;
  OptionalText value;
};

struct InstanceStatus {
  bool is_archived = false;
  bool is_soft_deleted = false;
  bool is_hard_deleted = false;
  OptionalText substatus_label;
  OptionalText substatus_description;
};

struct CurrentTask {
  OptionalText element_id;
  OptionalText task_type; ///< altinnTaskType
};

/// What mapping reads of an instance (storage.md 2.2). Texts point into the Document it was read from or into
/// `arena`; both must outlive their use.
struct Instance {
  std::string_view id; ///< `{party id}/{guid}`
  std::string_view party_id;
  Uuid guid;
  std::string_view app_id;
  std::string_view org;
  OptionalText owner_party_id; ///< instanceOwner.partyId
  InstanceStatus status;       ///< all false where it is missing (observed.md OS-6)
  std::optional<CurrentTask> task;
  bool confirmed = false; ///< completeConfirmations has an entry
  std::optional<std::span<const DataElement>> data;
  std::span<const NamedText> presentation_texts;
  std::span<const NamedText> data_values;
  std::optional<Instant> due_before;
  std::optional<Instant> visible_after;
  Instant created;
  Instant last_changed; ///< as `created` where it is missing (decisions.md)
  Arena arena;

  /// The value of dataValues[name]; nothing where the key is absent or null.
  OptionalText data_value(std::string_view name) const;
  /// Whether dataValues has the key, whatever its value.
  bool has_data_value(std::string_view name) const;
};

/// Reads one instance. Fails where `id`, `appId` or `created` is missing or any member read is of a wrong
/// type; Problem.member names it (`instance.data[3].created`).
Result<Instance> read_instance(Parser& parser, JsonView json);

} // namespace dialogferry::codec
