#include <dialogferry/engine/listing/row_head.hpp>

#include <algorithm>
#include <string>

namespace dialogferry::engine {

namespace {

bool says(const RowHead& row, Instant at) {
  return listed_at(row.last_changed) == at;
}

} // namespace

Instant listed_at(Instant at) {
  const auto rest = at.ticks % Instant::per_microsecond;
  return {at.ticks - (rest < 0 ? rest + Instant::per_microsecond : rest)};
}

Result<unsigned> twice_as_many(std::size_t rows, Instant at, unsigned asked) {
  if (rows >= most_rows_asked || rows < asked)
    return fail("instances.lastChanged",
                "none of " + std::to_string(rows) + " rows listed at " + to_string(at) + " says that time");
  return std::min(most_rows_asked, 2 * static_cast<unsigned>(rows));
}

Result<unsigned> size_with_token(std::span<const RowHead> rows, Instant at, unsigned asked) {
  const auto last = std::find_if(rows.rbegin(), rows.rend(), [&](const auto& row) { return says(row, at); });
  if (last == rows.rend()) return twice_as_many(rows.size(), at, asked);
  const auto size = static_cast<unsigned>(rows.rend() - last);
  return size == rows.size() ? 0 : size;
}

} // namespace dialogferry::engine
