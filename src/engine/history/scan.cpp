#include <dialogferry/engine/history/scan.hpp>

#include <algorithm>
#include <utility>

namespace dialogferry::engine {

namespace {

std::int64_t lowest_of(std::span<const RowHead> rows) {
  auto lowest = listed_at(rows.front().last_changed).ticks;
  for (const auto& row : rows)
    lowest = std::min(lowest, listed_at(row.last_changed).ticks);
  return lowest;
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
  case State::page: return ListQuery{ListQuery::Kind::page, floor(), before_, {}, {}, size_};
  case State::tie: return ListQuery{ListQuery::Kind::tie, from_, {}, tie_at_, tie_token_, size_};
  case State::done: break;
  }
  return std::nullopt;
}

bool Scan::fresh(const Uuid& id) {
  return seen_.insert(id).second;
}

Result<std::optional<ScanBatch>> Scan::on_page(std::span<const RowHead> rows, bool more) {
  ++pages_;
  const auto asked = std::exchange(size_, 0);
  if (!more) {
    ScanBatch batch;
    batch.checkpoint = {from_, {}};
    for (std::uint32_t i = 0; i < rows.size(); ++i)
      if (fresh(rows[i].id)) batch.from_page.push_back(i);
    finish_window(batch);
    return batch;
  }
  if (rows.empty()) return fail("instances", "an empty page that names a next one");

  const auto lowest = lowest_of(rows);
  if (lowest >= before_.ticks) return ask_for_more(rows.size(), asked);
  if (lowest < from_.ticks)
    return fail("instances.lastChanged", "the page from " + to_string(from_) + " to " + to_string(before_) +
                                             " lists what lies before its window");
  note_displaced(rows);
  hold(rows, lowest);
  tie_at_ = {lowest};
  tie_token_.clear();
  state_ = State::tie;
  return std::optional<ScanBatch>{};
}

/// A row whose time is newer than one listed before it sits at an old place in the order: never a cursor.
void Scan::note_displaced(std::span<const RowHead> rows) {
  auto lowest = listed_at(rows.front().last_changed).ticks;
  for (const auto& row : rows) {
    const auto at = listed_at(row.last_changed).ticks;
    if (at > lowest && !seen_.contains(row.id)) displaced_.push_back(row.id);
    lowest = std::min(lowest, at);
  }
}

/// Every row of the page was set back, so that none of them says how far the list has come.
Result<std::optional<ScanBatch>> Scan::ask_for_more(std::size_t rows, unsigned asked) {
  const auto size = twice_as_many(rows, before_, asked);
  if (!size) return tl::unexpected(size.error());
  size_ = *size;
  return std::optional<ScanBatch>{};
}

void Scan::hold(std::span<const RowHead> rows, std::int64_t lowest) {
  held_.clear();
  at_tie_.clear();
  for (std::uint32_t i = 0; i < rows.size(); ++i) // rows at the lowest time come with their tie group
    if (!seen_.contains(rows[i].id))
      (listed_at(rows[i].last_changed).ticks != lowest ? held_ : at_tie_).push_back(i);
  // A displaced row that passed for one in order may come again on the next page, not further on.
  seen_.clear();
  seen_.insert(displaced_.begin(), displaced_.end());
  for (const auto& row : rows)
    if (listed_at(row.last_changed).ticks != lowest) seen_.insert(row.id);
  tie_ids_.clear();
}

Result<ScanBatch> Scan::on_tie(std::span<const RowHead> rows, std::string next_token) {
  if (!next_token.empty() && next_token == tie_token_)
    return fail("next",
                "the list of rows at " + to_string(tie_at_) + " names the same continuation token again");
  if (!next_token.empty() && rows.empty()) return fail("instances", "an empty page that names a next one");
  const auto size = next_token.empty() ? Result<unsigned>(0) : size_with_token(rows, tie_at_, size_);
  if (!size) return tl::unexpected(size.error());
  ScanBatch batch;
  batch.from_page = std::exchange(held_, {});
  at_tie_.clear();
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    if (!fresh(rows[i].id)) continue;
    batch.from_tie.push_back(i);
    tie_ids_.push_back(rows[i].id);
  }
  batch.checkpoint = {tie_at_, tie_ids_};
  batch.checkpoint.tie_ids.insert(batch.checkpoint.tie_ids.end(), displaced_.begin(), displaced_.end());
  size_ = *size;
  if (next_token.empty()) {
    before_ = tie_at_;
    state_ = State::page;
    if (before_ <= floor()) finish_window(batch);
  }
  if (size_ == 0) tie_token_ = std::move(next_token);
  return batch;
}

// -- what cannot be read ---------------------------------------------------------------

Instant Scan::floor() const {
  return left_out_ ? Instant{left_out_->ticks + Instant::per_microsecond} : from_;
}

std::optional<ScanBatch> Scan::leave_out(Instant at) {
  size_ = 0;
  if (state_ == State::page) {
    left_out_ = at;
    if (floor() < before_) return std::nullopt;
  }
  ScanBatch batch;
  if (state_ == State::tie) {
    batch.from_page = std::exchange(held_, {});
    batch.from_page.insert(batch.from_page.end(), at_tie_.begin(), at_tie_.end());
    at_tie_.clear();
    tie_token_.clear();
    left_out_ = tie_at_;
  }
  finish_window(batch);
  return batch;
}

/// Everything in [floor(), before_) is handed on. Of what is left out a mark stands among the ids at its
/// time, so that a scan that goes on from there does not tell of it again.
void Scan::finish_window(ScanBatch& batch) {
  if (!left_out_) {
    state_ = State::done;
    return;
  }
  if (state_ == State::page || tie_at_ != *left_out_) tie_ids_.clear();
  tie_at_ = before_ = *std::exchange(left_out_, std::nullopt);
  const auto mark = sub_id(Uuid{}, "left out");
  if (std::find(tie_ids_.begin(), tie_ids_.end(), mark) == tie_ids_.end()) {
    batch.left_out = tie_at_;
    tie_ids_.push_back(mark);
  }
  batch.checkpoint = {tie_at_, tie_ids_};
  batch.checkpoint.tie_ids.insert(batch.checkpoint.tie_ids.end(), displaced_.begin(), displaced_.end());
  state_ = before_ > from_ ? State::page : State::done;
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
