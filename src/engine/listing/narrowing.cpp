#include <dialogferry/engine/listing/narrowing.hpp>

namespace dialogferry::engine {

namespace {

constexpr std::string_view prefix = "unreadable at ";
constexpr Instant smallest{Instant::per_microsecond};

Instant floor(Instant at) {
  const auto rest = at.ticks % smallest.ticks;
  return {at.ticks - (rest < 0 ? rest + smallest.ticks : rest)};
}

} // namespace

Narrowing::Narrowing(Order order, Instant from, Instant before)
    : order_(order)
    , from_(floor(from))
    , before_(before) {
  go_on();
}

Instant Narrowing::middle() const {
  return floor({from_.ticks + (before_.ticks - from_.ticks) / 2});
}

Narrowing::Query Narrowing::next() const {
  const Instant behind{from_.ticks + smallest.ticks};
  switch (step_) {
  case Step::halve:
    if (order_ == Order::newest_first) return {middle(), before_, false, 0};
    return {from_, middle(), true, 0};
  case Step::itself: return {from_, behind, false, 0};
  case Step::older: return {std::nullopt, from_, false, 1};
  case Step::newer: break;
  }
  return {behind, std::nullopt, true, 1};
}

/// The half that is listed first has the row exactly where its page cannot be read: in the page that failed
/// nothing but rows of that half stood before it.
void Narrowing::on_answer(const Answer& answer) {
  if (step_ != Step::itself) row_read_ = row_read_ || (answer.readable && answer.rows > 0);
  switch (step_) {
  case Step::halve:
    (answer.readable == (order_ == Order::newest_first) ? before_ : from_) = middle();
    return go_on();
  case Step::itself:
    if (answer.readable)
      state_ = State::nothing;
    else if (row_read_)
      state_ = State::found;
    step_ = Step::older;
    return;
  case Step::older:
    is_alone_ = answer.readable;
    if (row_read_) state_ = State::found;
    step_ = Step::newer;
    return;
  case Step::newer: state_ = row_read_ || (is_alone_ && answer.readable) ? State::found : State::nothing;
  }
}

void Narrowing::go_on() {
  if (before_.ticks - from_.ticks <= smallest.ticks) step_ = Step::itself;
}

std::string unreadable_id(Instant at, std::string_view organisation) {
  std::string id(prefix);
  append_instant(id, at);
  return id.append(", ").append(organisation);
}

std::optional<Instant> unreadable_at(std::string_view record_id) {
  if (!record_id.starts_with(prefix)) return std::nullopt;
  record_id.remove_prefix(prefix.size());
  return parse_instant(record_id.substr(0, record_id.find(',')));
}

} // namespace dialogferry::engine
