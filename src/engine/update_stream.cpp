#include <dialogferry/engine/update_stream.hpp>

#include <algorithm>
#include <limits>

namespace dialogferry::engine {

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
  from_ = std::max(begin_, cursor_.at - overlap_);
  token_.clear();
  handed_out_.erase(handed_out_.begin(), handed_out_.lower_bound({from_, Uuid{}}));
}

std::vector<UpdateStream::New> UpdateStream::on_page(std::span<const RowHead> rows, std::string next_token) {
  // A row whose column was set back stands before its own time (storage.md 2.8): what has been reached is the
  // smallest time from a row on, and at the end of a page that goes on, that of the row before.
  std::vector<Instant> reached(rows.size());
  auto smallest = Instant{std::numeric_limits<std::int64_t>::max()};
  for (std::size_t i = rows.size(); i-- > 0;)
    reached[i] = smallest = std::min(smallest, rows[i].last_changed);
  if (!next_token.empty() && !rows.empty())
    reached.back() = rows.size() > 1 ? reached[rows.size() - 2] : from_;

  std::vector<New> fresh;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Version version{rows[i].last_changed, rows[i].id};
    if (!handed_out_.insert(version).second) continue;
    fresh.push_back({i, first_ + pending_.size()});
    pending_.push_back({version, reached[i], false});
  }
  polling_ = !next_token.empty();
  token_ = std::move(next_token);
  return fresh;
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
