#include <dialogferry/engine/history/scan.hpp>

#include <algorithm>

namespace dialogferry::engine {

namespace {

/// The sort column of Storage has microseconds, JSON may carry a seventh digit (storage.md 1.2).
std::int64_t column(Instant at) {
  const auto rest = at.ticks % Instant::per_microsecond;
  return at.ticks - (rest < 0 ? rest + Instant::per_microsecond : rest);
}

} // namespace

Scan::Scan(Instant from, Instant to, Checkpoint checkpoint)
    : from_(from)
    , before_(checkpoint.at) {
  if (checkpoint.at >= to) {
    before_ = to;
    return;
  }
  state_ = State::tie;
  tie_at_ = checkpoint.at;
  tie_ids_ = std::move(checkpoint.tie_ids);
  seen_.insert(tie_ids_.begin(), tie_ids_.end());
  if (tie_at_ < from_) state_ = State::done;
}

std::optional<ListQuery> Scan::next() const {
  switch (state_) {
  case State::page: return ListQuery{ListQuery::Kind::page, from_, before_, {}, {}};
  case State::tie: return ListQuery{ListQuery::Kind::tie, from_, {}, tie_at_, tie_token_};
  case State::done: break;
  }
  return std::nullopt;
}

bool Scan::fresh(const Uuid& id) {
  return seen_.insert(id).second;
}

Result<std::optional<ScanBatch>> Scan::on_page(std::span<const RowHead> rows, bool more) {
  ++pages_;
  if (!more) {
    ScanBatch batch;
    batch.checkpoint = {from_, {}};
    for (std::uint32_t i = 0; i < rows.size(); ++i)
      if (fresh(rows[i].id)) batch.from_page.push_back(i);
    state_ = State::done;
    return batch;
  }
  if (rows.empty()) return fail("instances", "an empty page that names a next one");

  // A row whose time is newer than one listed before it sits at an old place in the order: never a cursor.
  std::int64_t lowest = column(rows.front().last_changed);
  for (const auto& row : rows) {
    const auto at = column(row.last_changed);
    if (at > lowest && !seen_.contains(row.id)) displaced_.push_back(row.id);
    lowest = std::min(lowest, at);
  }
  if (lowest >= before_.ticks || lowest < from_.ticks)
    return fail("instances.lastChanged", "the page from " + to_string(from_) + " to " + to_string(before_) +
                                             " does not come closer to the start of its window");
  hold(rows, lowest);
  tie_at_ = {lowest};
  tie_token_.clear();
  state_ = State::tie;
  return std::optional<ScanBatch>{};
}

void Scan::hold(std::span<const RowHead> rows, std::int64_t lowest) {
  held_.clear();
  for (std::uint32_t i = 0; i < rows.size(); ++i) // rows at the lowest time come with their tie group
    if (column(rows[i].last_changed) != lowest && !seen_.contains(rows[i].id)) held_.push_back(i);
  // A displaced row that passed for one in order may come again on the next page, not further on.
  seen_.clear();
  seen_.insert(displaced_.begin(), displaced_.end());
  for (const auto& row : rows)
    if (column(row.last_changed) != lowest) seen_.insert(row.id);
  tie_ids_.clear();
}

Result<ScanBatch> Scan::on_tie(std::span<const RowHead> rows, std::string next_token) {
  if (!next_token.empty() && next_token == tie_token_)
    return fail("next",
                "the list of rows at " + to_string(tie_at_) + " names the same continuation token again");
  ScanBatch batch;
  batch.from_page = std::move(held_);
  held_.clear();
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    if (!fresh(rows[i].id)) continue;
    batch.from_tie.push_back(i);
    tie_ids_.push_back(rows[i].id);
  }
  batch.checkpoint = {tie_at_, tie_ids_};
  batch.checkpoint.tie_ids.insert(batch.checkpoint.tie_ids.end(), displaced_.begin(), displaced_.end());
  tie_token_ = std::move(next_token);
  if (tie_token_.empty()) {
    before_ = tie_at_;
    state_ = before_ > from_ ? State::page : State::done;
  }
  return batch;
}

std::vector<std::pair<Instant, Instant>> split_window(Instant from, Instant to, unsigned parts) {
  std::vector<std::pair<Instant, Instant>> windows;
  const auto span = (to.ticks - from.ticks) / Instant::per_microsecond;
  const auto count = std::min<std::int64_t>(parts, span);
  Instant end = to;
  for (std::int64_t i = count - 1; i >= 0; --i) {
    const Instant start = i == 0 ? from : Instant{from.ticks + span * i / count * Instant::per_microsecond};
    windows.emplace_back(start, end);
    end = start;
  }
  return windows;
}

} // namespace dialogferry::engine
