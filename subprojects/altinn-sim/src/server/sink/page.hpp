#pragma once

#include "exchange.hpp"
#include "history.hpp"

#include <optional>

namespace altinn_sim::sink {

/// The ranks that one page of the list shows, in its order.
struct Page {
  std::uint64_t first = 0; ///< the rank of the first row
  std::uint64_t count = 0;
  bool descending = true;
  bool full = false; ///< as many rows as were asked for: there is a next page
  bool more = false; ///< rows follow

  std::uint64_t rank(std::uint64_t row) const { return descending ? first - row : first + row; }
};

/// Which rows a list request asks for: `lastChanged`, `order`, `size`, `continuationToken` of storage.md 1.2
/// and 1.4, without the defects; `time` is the parameter in the place of `lastChanged`. Null where a value
/// cannot be read.
std::optional<Page> page_of(const History& history, std::uint64_t organisation, const Request& request,
                            std::string_view time = "lastChanged");

/// Which dialogs a search asks for, by their last change and newest first: `updatedAfter`, `updatedBefore`,
/// `limit`, `continuationToken` of dialogporten.md 2.2; their order is the one of all answers. Null where a
/// value cannot be read.
std::optional<Page> search_of(const History& history, std::uint64_t organisation, const Request& request);

/// The address of the page after this one: the query, and the token of its last row.
std::string next_page(const Request& request, std::string_view base, std::string_view path,
                      std::int64_t last_ticks, std::uint64_t last_rank);

} // namespace altinn_sim::sink
