#pragma once

#include "exchange.hpp"
#include "record.hpp"
#include "scan.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace altinn_sim::storage {

/// A bound that is compared as text inside the stored JSON, value as sent (storage.md 1.2).
struct TextBound {
  enum class Member : std::uint8_t { visible_after, due_before, process_ended };
  Member member;
  std::string op;
  std::string value;
};

/// Where a page goes on: after this row (storage.md 1.4).
struct Cursor {
  Ticks time = 0;
  std::int64_t row_id = 0;
};

/// The parameters of `GET /instances`, read the way Storage reads them.
struct ListQuery {
  Window window;
  std::optional<Cursor> after;
  bool nothing = false; ///< a token without a row id: no rows, no error
  std::int64_t size = 100;
  bool with_elements = true;

  std::string app_id;
  std::optional<bool> archived, soft_deleted, hard_deleted, complete, confirmed;
  std::string task;
  std::string not_confirmed_by;
  std::string search;
  Ticks created_from = std::numeric_limits<Ticks>::min();
  Ticks created_to = std::numeric_limits<Ticks>::max(); ///< exclusive
  std::vector<TextBound> bounds;

  /// True where the row is one of those asked for, beyond what the window says.
  bool matches(const Record& record) const;
};

/// The query, or the answer that refuses it.
std::variant<ListQuery, Response> read_list_query(const Request& request);

/// `{ticks};{rowid}` after a row, as it stands in `next`: encoded twice.
std::string continuation_token(const Record& last);

} // namespace altinn_sim::storage
