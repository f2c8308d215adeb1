#pragma once

#include <dialogferry/codec/instance.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::codec {

/// A listed instance, as much of it as tells which dialog must be there (storage.md 2.2). Texts point into
/// the page's body or its `texts`.
struct InstanceHead {
  std::string_view id; ///< `{party id}/{guid}`
  std::string_view party_id;
  Uuid guid;
  std::string_view app_id; ///< `{org}/{app}`
  bool is_archived = false;
  bool is_soft_deleted = false;
  bool is_hard_deleted = false;
  std::span<const NamedText> data_values;
  std::optional<Instant> visible_after;
  Instant created;
  std::optional<Instant> last_changed;
  std::optional<Problem> problem; ///< it cannot be read: what is above may be missing, but for `json`
  std::string_view json;          ///< with a problem: the whole row
};

/// A page of an instance list (storage.md 1.3), its rows without what is not needed to tell their dialogs.
struct HeadPage {
  std::shared_ptr<const Document> body;
  std::vector<InstanceHead> rows;
  std::optional<std::string> next_query; ///< as in Page
  Arena texts;
};

/// Reads an instance that was asked for by itself. Fails where it is not as it should be.
Result<InstanceHead> read_instance_head(Parser& parser, JsonView json, Arena& texts);

/// Reads a page in one go, which costs a third of reading its rows one by one. A row that cannot be read has
/// a problem, and does not touch the others. Fails where the page as a whole cannot be read.
Result<HeadPage> read_instance_heads(Parser& parser, std::shared_ptr<const Document> body);

} // namespace dialogferry::codec
