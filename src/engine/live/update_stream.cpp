#include <dialogferry/engine/live/update_stream.hpp>

#include <algorithm>
#include <limits>

namespace dialogferry::engine {

namespace {

/// How far the list has certainly come with each row. A row whose column was set back says a later time than
/// it is listed by (storage.md 2.8), which shows by an earlier time behind it; then what counts is the last
/// row before that stands in order. Nothing shows whether the last rows of a page that goes on do: a quarter
/// of it is taken for evidence only, and listed again.
std::vector<Instant> reached(std::span<const RowHead> rows, Instant from, bool goes_on) {
  std::vector<bool> in_order(rows.size());
  auto earliest_behind = Instant{std::numeric_limits<std::int64_t>::max()};
  for (auto i = rows.size(); i-- > 0;) {
    in_order[i] = rows[i].last_changed <= earliest_behind;
    earliest_behind = std::min(earliest_behind, rows[i].last_changed);
  }
  const auto evidence = goes_on && !rows.empty() ? std::max<std::size_t>(1, rows.size() / 4) : 0;
  std::fill(in_order.end() - static_cast<std::ptrdiff_t>(evidence), in_order.end(), false);
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
    , overlap_(overlap) {}

void UpdateStream::begin() {
  polling_ = true;
  stuck_ = false;
  begin_at(start());
  forget();
}

/// From there to what is left out next.
void UpdateStream::begin_at(Instant from) {
  from_ = from;
  while (left_out_.contains(from_))
    from_.ticks += Instant::per_microsecond;
  const auto next = left_out_.lower_bound(from_);
  end_ = next == left_out_.end() ? std::nullopt : std::optional(*next);
  token_.clear();
  size_ = 0;
}

void UpdateStream::leave_out(Instant at) {
  left_out_.insert(at);
  begin_at(from_);
}

bool UpdateStream::narrow_to_tie() {
  const Instant behind{from_.ticks + Instant::per_microsecond};
  if (token_.empty() || end_ == behind) return false;
  end_ = behind;
  return true;
}

/// Where a poll begins.
Instant UpdateStream::start() const {
  return listed_at(std::max(begin_, cursor_.at - overlap_));
}

void UpdateStream::forget() {
  handed_out_.erase(handed_out_.begin(), handed_out_.lower_bound({start(), Uuid{}}));
  left_out_.erase(left_out_.begin(), left_out_.lower_bound(start()));
}

std::vector<UpdateStream::New> UpdateStream::on_page(std::span<const RowHead> rows, std::string next_token) {
  const auto reached = engine::reached(rows, from_, !next_token.empty());
  std::vector<New> fresh;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Version version{rows[i].last_changed, rows[i].id};
    const auto [known, added] = handed_out_.try_emplace(version, rows[i].content);
    const bool is_done = !added && std::exchange(known->second, rows[i].content) == rows[i].content;
    if (is_done && reached[i] <= furthest_) continue; // otherwise it shows that the list has come further
    if (!is_done) fresh.push_back({i, first_ + pending_.size()});
    pending_.push_back({version, reached[i], is_done});
    furthest_ = std::max(furthest_, reached[i]);
  }
  advance();
  polling_ = !next_token.empty() || end_;
  if (next_token.empty() && end_)
    begin_at(*end_);
  else if (polling_)
    go_on(rows, reached.empty() ? from_ : listed_at(reached.back()), std::move(next_token));
  forget();
  return fresh;
}

/// A token goes on behind the time that the page's last row says, which may be past rows not listed yet
/// (storage.md 1.5, 2.8). So it is used only where one time fills a whole page, and there of a row that says
/// it.
void UpdateStream::go_on(std::span<const RowHead> rows, Instant from, std::string token) {
  if (from > from_) return begin_at(from);
  const auto size = size_with_token(rows, from_, size_);
  if (!size) {
    stuck_ = true;
    return give_up();
  }
  size_ = *size;
  if (size_ == 0) token_ = std::move(token);
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
    auto& ties = cursor_.tie_ids;
    if (front.version.first == cursor_.at &&
        std::find(ties.begin(), ties.end(), front.version.second) == ties.end()) {
      ties.push_back(front.version.second);
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
