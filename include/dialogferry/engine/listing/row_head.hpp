#pragma once

#include <dialogferry/model/result.hpp>
#include <dialogferry/model/time.hpp>
#include <dialogferry/model/uuid.hpp>

#include <cstdint>
#include <span>

namespace dialogferry::engine {

/// What scans and streams need to know of a listed row.
struct RowHead {
  Uuid id;
  Instant last_changed;
  std::uint64_t content = 0; ///< codec::content_digest, where what is asked is whether it changed
};

/// Where a list has a row that says `at`: the column it sorts by has microseconds, JSON may carry a seventh
/// digit (storage.md 1.2).
Instant listed_at(Instant at);

/// Rows that one list request asks for at the most, where a page of the usual size cannot be gone on from.
inline constexpr unsigned most_rows_asked = 5'000;

/// Twice as many rows as a page that could not be gone on from; a problem where more may not be asked for, or
/// the source gave fewer than were `asked` for.
Result<unsigned> twice_as_many(std::size_t rows, Instant at, unsigned asked);

/// What to ask for where a full page at one time `at` ends in a row that says another time, so that its token
/// leads past the rest of them (storage.md 1.5 "Guard", observed.md OS-3): as many rows as reach to the last
/// one that says `at`; twice as many where none does. 0 where the page's token is good; a problem where even
/// `most_rows_asked` rows would not do, or the source does not give so many.
/// `asked` is how many were asked for, 0: a page.
Result<unsigned> size_with_token(std::span<const RowHead> rows, Instant at, unsigned asked);

} // namespace dialogferry::engine
