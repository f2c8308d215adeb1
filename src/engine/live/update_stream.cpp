#include <dialogferry/engine/live/update_stream.hpp>

#include <algorithm>
#include <limits>

namespace dialogferry::engine {

namespace {

/// The list filters by microseconds, whatever a row says (storage.md 1.2).
Instant listed_at(Instant at) {
  return {at.ticks -
          (at.ticks % Instant::per_microsecond + Instant::per_microsecond) % Instant::per_microsecond};
}

/// How far the list has certainly come with each row. A row whose column was set back says a later time than
/// it is listed by (storage.md 2.8), which shows by an earlier time behind it; then what counts is the last
/// row before that stands in order. Nothing shows whether the last row of a page that goes on does.
std::vector<Instant> reached(std::span<const RowHead> rows, Instant from, bool goes_on) {
  std::vector<bool> in_order(rows.size());
  auto earliest_behind = Instant{std::numeric_limits<std::int64_t>::max()};
  for (auto i = rows.size(); i-- > 0;) {
    in_order[i] = rows[i].last_changed <= earliest_behind;
    earliest_behind = std::min(earliest_behind, rows[i].last_changed);
  }
  if (goes_on && !rows.empty()) in_order.back() = false;
  std::vector<Instant> reached;
  reached.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    reached.push_back(from = in_order[i] ? rows[i].last_changed : from);
  return reached;
}

} // namespace

UpdateStream::UpdateStream(std::string organisation, Instant begin, std::optional<Checkpoint> cursor,
                           std::chrono::milliseconds overlap)
    : organisation_(std::move(organisation))
    , begin_(begin)
    , cursor_(cursor ? std::move(*cursor) : Checkpoint{begin, {}})
    , overlap_(overlap) {
  for (const auto& id : cursor_.tie_ids)
    handed_out_.emplace(cursor_.at, id);
}

void UpdateStream::begin() {
  polling_ = true;
  from_ = start();
  token_.clear();
  forget();
}

/// Where a poll begins.
Instant UpdateStream::start() const {
  return listed_at(std::max(begin_, cursor_.at - overlap_));
}

void UpdateStream::forget() {
  handed_out_.erase(handed_out_.begin(), handed_out_.lower_bound({start(), Uuid{}}));
}

std::vector<UpdateStream::New> UpdateStream::on_page(std::span<const RowHead> rows, std::string next_token) {
  const auto reached = engine::reached(rows, from_, !next_token.empty());
  std::vector<New> fresh;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Version version{rows[i].last_changed, rows[i].id};
    if (!handed_out_.insert(version).second) continue;
    fresh.push_back({i, first_ + pending_.size()});
    pending_.push_back({version, reached[i], false});
  }
  polling_ = !next_token.empty();
  go_on(reached.empty() ? from_ : listed_at(reached.back()), std::move(next_token));
  forget();
  return fresh;
}

/// A token goes on behind the time that the page's last row says, which may be past rows not listed yet
/// (storage.md 1.5, 2.8). So it is used only where one time fills a whole page.
void UpdateStream::go_on(Instant from, std::string token) {
  if (from > from_) {
    from_ = from;
    token_.clear();
  } else {
    token_ = std::move(token);
  }
}

void UpdateStream::done(std::uint64_t ticket) {
  if (ticket < first_ || ticket - first_ >= pending_.size()) return;
  pending_[ticket - first_].done = true;
  advance();
}

void UpdateStream::advance() {
  while (!pending_.empty() && pending_.front().done) {
    const auto& front = pending_.front();
    if (front.reached > cursor_.at) {
      cursor_ = {front.reached, {}};
      moved_ = true;
    }
    if (front.version.first == cursor_.at) {
      cursor_.tie_ids.push_back(front.version.second);
      moved_ = true;
    }
    pending_.pop_front();
    ++first_;
  }
}

std::optional<Checkpoint> UpdateStream::take_cursor() {
  if (!std::exchange(moved_, false)) return std::nullopt;
  return cursor_;
}

std::optional<Instant> UpdateStream::oldest() const {
  if (pending_.empty()) return std::nullopt;
  return pending_.front().version.first;
}

} // namespace dialogferry::engine
