#pragma once

#include "day_file.hpp"

#include <dialogferry/model/result.hpp>
#include <dialogferry/model/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dialogferry::source::exports {

/// What a page is asked for by (docs/a2-archive.md).
struct Query {
  bool by_change = false;
  bool ascending = false;
  std::optional<Instant> from;   ///< inclusive
  std::optional<Instant> before; ///< exclusive
  std::optional<Place> behind;   ///< the last one of the page before, in the query's order
  std::size_t size = 100;        ///< 1 to 5000
};

/// Reads what stands behind the `?`. Fails for what cannot be read; the member is the parameter's name.
Result<Query> read_query(std::string_view text);

/// The query of the page behind `last`.
std::string next_of(const Query& query, const Place& last);

} // namespace dialogferry::source::exports
