#pragma once

#include <dialogferry/codec/arena.hpp>
#include <dialogferry/codec/document.hpp>
#include <dialogferry/model/result.hpp>
#include <dialogferry/model/time.hpp>
#include <dialogferry/model/uuid.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::codec {

/// One row of an instance list. A row that lacks a required member, or holds one of a wrong type, carries a
/// problem and as much of its identity as is known; the other rows of its page are not touched by it.
struct Row {
  JsonView json;             ///< the instance, a slice of the page's body: read_instance() takes it as it is
  std::string_view id;       ///< `{party id}/{guid}`; empty where unknown
  std::string_view party_id; ///< the part of the id before `/`
  std::optional<Uuid> guid;  ///< the part of the id behind `/`
  std::string_view app_id;   ///< `{org}/{app}`
  std::string_view org;
  std::optional<Instant> created;
  std::optional<Instant> last_changed;
  std::optional<Problem>
      problem; ///< set exactly when a member above is wrong, or missing but for `last_changed`

  /// When it was last changed; without that, when it was created (observed.md OS-6). No place in a list: that
  /// goes by a column of the source.
  Instant version() const { return last_changed ? *last_changed : created.value_or(Instant{}); }
};

/// A page of an instance list (storage.md 1.3). Views point into `body` and `texts`, which the page keeps.
struct Page {
  std::shared_ptr<const Document> body;
  std::vector<Row> rows;
  std::int64_t count = 0; ///< as the page says; rows.size() where it says nothing
  /// The query of `next` without `?`, its host left out on purpose (storage.md 1.3); nothing on the last
  /// page.
  std::optional<std::string> next_query;
  Arena texts; ///< the few texts that were written with escapes
};

/// Splits a page into its rows without interpreting them further. Fails only where the page as a whole cannot
/// be read: no JSON, no `instances`.
Result<Page> split_page(Parser& parser, std::shared_ptr<const Document> body);

} // namespace dialogferry::codec
