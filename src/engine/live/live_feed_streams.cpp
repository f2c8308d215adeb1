#include <dialogferry/codec/content_digest.hpp>
#include <dialogferry/codec/page.hpp>
#include <dialogferry/engine/listing/unreadable.hpp>
#include <dialogferry/engine/live/live_feed.hpp>

#include <algorithm>

/// What a live feed reads of its source: streams, what cannot be read in them, passes over recent days.
namespace dialogferry::engine {

namespace {

constexpr std::chrono::hours newest_ahead{24};                ///< rows may say a time that is still to come
constexpr std::uint64_t most_waiting = 10'000;                ///< in the inbox, before more is put there
constexpr std::int64_t tell_every = 30 * Instant::per_second; ///< that a stream is up to date

/// Of the row of a list, without what we write into it ourselves.
std::uint64_t content_of(codec::Parser& parser, const codec::Row& row) {
  std::string own;
  if (row.guid && row.created) own = to_string(version7(*row.guid, *row.created));
  return codec::content_digest(parser, row.json, own);
}

} // namespace

// -- streams --------------------------------------------------------------------------

void LiveFeed::read(std::size_t index) {
  auto& stream = streams_[index];
  const auto places = stream.passed ? setup_.page_size + window() / 2 : setup_.page_size;
  if (stream.asking || !stream.changes.polling() || !may_begin() || !room(places)) return;
  if (stream.hold != Stream::Hold::ours) return;
  if (!mine_.partitions.all() && waiting_ >= most_waiting) return; // others have enough to do
  if (stream.narrowing) return narrow(index);
  const auto next = stream.changes.next();
  source::ListRequest list;
  list.organisation = stream.changes.organisation();
  list.from = next.from;
  list.before = next.before;
  list.ascending = true;
  list.size = next.size != 0 ? next.size : setup_.page_size;
  list.token = next.token;
  ask(index, list);
}

void LiveFeed::ask(std::size_t index, const source::ListRequest& list) {
  streams_[index].asking = true;
  const auto priority = streams_[index].passed ? Priority::history : Priority::live;
  request(setup_.pages.gate, caf::infinite, setup_.pages.call(list, priority))
      .then([this, index](const Answered& answered) { on_page(index, answered); },
            [this, index](const caf::error&) { poll_failed(index); });
}

void LiveFeed::on_page(std::size_t index, const Answered& answered) {
  auto& stream = streams_[index];
  stream.asking = false;
  if (draining_ || stream.hold != Stream::Hold::ours) return;
  if (setup_.pages.is_over_a_row(answered)) return on_refused(index, answered);
  if (answered.verdict.kind != http::Verdict::Kind::success) return poll_failed(index);
  auto body = std::make_shared<const codec::Document>(std::move((*answered.answer)->body));
  auto page = setup_.pages.listing->read(parser_, std::move(body));
  if (!page) return poll_failed(index);
  if (stream.narrowing) return on_narrowed(index, answered, page->rows.size());
  std::vector<RowHead> heads;
  auto last = stream.changes.next().from;
  for (const auto& row : page->rows) {
    last = row.last_changed.value_or(last); // a row without a time stands where it is listed
    heads.push_back({row.guid.value_or(sub_id(Uuid{}, row.json.text)), last, content_of(parser_, row)});
  }
  std::string token;
  if (page->next_query) token = setup_.pages.listing->token_of(*page->next_query);
  for (const auto& fresh : stream.changes.on_page(heads, std::move(token)))
    hand_out(index, page->rows[fresh.index], heads[fresh.index].content, fresh.ticket);
  if (stream.changes.is_stuck()) {
    poll_failed(index);
  } else if (!stream.changes.polling()) {
    stream.read = setup_.now();
    stream.fails = false;
    stream.next_poll = setup_.clock() + setup_.poll;
  }
  note_cursor(index);
  go_on();
  read(index);
  publish();
  tell_idle();
}

void LiveFeed::poll_failed(std::size_t index) {
  auto& stream = streams_[index];
  stream.asking = false;
  stream.narrowing.reset();
  stream.changes.give_up();
  stream.next_poll = setup_.clock() + setup_.poll;
  stream.fails = true;
  publish();
}

// -- what the source cannot read ---------------------------------------------------------

void LiveFeed::on_refused(std::size_t index, const Answered& answered) {
  auto& stream = streams_[index];
  if (stream.narrowing) return on_narrowed(index, answered, 0);
  if (stream.changes.narrow_to_tie()) return read(index);
  const auto next = stream.changes.next();
  const Instant behind{next.from.ticks + Instant::per_microsecond};
  const auto end = next.token.empty() ? next.before.value_or(setup_.now() + newest_ahead) : behind;
  stream.refusal = answered;
  stream.narrowing.emplace(Narrowing::Order::oldest_first, next.from, end);
  narrow(index);
}

void LiveFeed::narrow(std::size_t index) {
  const auto& stream = streams_[index];
  const auto next = stream.changes.next();
  const auto page_size = next.token.empty() ? std::max(setup_.page_size, next.size) : most_rows_asked;
  ask(index, list_of(stream.narrowing->next(), stream.changes.organisation(), page_size));
}

/// The exception is in the ledger before the cursor can pass it.
void LiveFeed::on_narrowed(std::size_t index, const Answered& answered, std::size_t rows) {
  auto& stream = streams_[index];
  stream.narrowing->on_answer({answered.verdict.kind == http::Verdict::Kind::success, rows});
  if (stream.narrowing->state() == Narrowing::State::looking) return narrow(index);
  if (stream.narrowing->state() == Narrowing::State::nothing) return poll_failed(index);
  const auto at = stream.narrowing->at();
  stream.narrowing.reset();
  stream.changes.leave_out(at);
  ledger::FeedCommit lost;
  lost.failures.push_back(unreadable_failure(at, stream.changes.organisation(), stream.refusal));
  commit(std::move(lost));
  read(index);
}

/// Its records are looked at one by one, if the source can read it by now.
void LiveFeed::look_at_unreadable(const ledger::Exception& exception, Instant at) {
  if (!looked_at_.insert(exception.record_id).second) return;
  const auto list = list_at(at, exception.organisation);
  request(setup_.pages.gate, caf::infinite, setup_.pages.call(list, Priority::live))
      .then([this, exception](const Answered& answered) { on_read_after_all(exception, answered); },
            [this, exception](const caf::error&) { looked_at_.erase(exception.record_id); });
}

void LiveFeed::on_read_after_all(const ledger::Exception& exception, const Answered& answered) {
  looked_at_.erase(exception.record_id);
  if (draining_) return;
  ledger::FeedCommit commit;
  if (const auto records = records_of(parser_, setup_.pages, answered)) {
    for (const auto& record : *records)
      commit.wake_ups.push_back(wake_up_of(
          setup_.row, setup_.stage, {record, SecondLook::Why::readable, 0, std::nullopt}, setup_.now()));
    commit.settled.push_back(exception.record_id);
  } else {
    auto failure = unreadable_failure(exception.last_changed, exception.organisation, answered);
    if (!setup_.pages.is_over_a_row(answered)) failure.problem = records.error();
    commit.failures.push_back(std::move(failure));
  }
  this->commit(std::move(commit));
}

void LiveFeed::hand_out(std::size_t index, const codec::Row& row, std::uint64_t content,
                        std::uint64_t ticket) {
  auto& changes = streams_[index].changes;
  if (row.problem) {
    ledger::FeedCommit lost;
    lost.failures.push_back({std::string(row.id),
                             changes.organisation(),
                             row.last_changed.value_or(changes.next().from),
                             *row.problem,
                             0,
                             1,
                             {}});
    changes.done(ticket);
    return commit(std::move(lost));
  }
  const ledger::Listed listed{row.version(), content};
  if (is_at_target(*row.guid, listed)) return changes.done(ticket);
  std::string id(row.id);
  if (!streams_[index].passed && !is_mine(id)) {
    found_.push_back({setup_.row, std::move(id), setup_.now(), listed});
    return changes.done(ticket);
  }
  reasons(id).tickets.emplace_back(index, ticket);
}

/// As this feed has carried it: this version, or a newer one.
bool LiveFeed::is_at_target(const Uuid& guid, const ledger::Listed& listed) {
  const auto* carried = carried_.find(guid, setup_.clock());
  if (carried == nullptr) return false;
  if (carried->last_changed > listed.last_changed) return true;
  return carried->last_changed == listed.last_changed &&
         (carried->content == listed.content || carried->content == 0);
}

// -- passes over recent days ----------------------------------------------------------

/// The first one comes when streams have run for as long as lies between two.
void LiveFeed::add_pass(const std::string& organisation, const std::optional<Checkpoint>& last) {
  const auto now = setup_.now();
  Stream pass{UpdateStream(organisation, now, std::nullopt, std::chrono::milliseconds{0})};
  pass.passed = last ? last->at : now;
  place(std::move(pass));
  if (last) return;
  ledger::FeedCommit begun;
  begun.feed = "reconcile/" + organisation;
  begun.cursor = Checkpoint{now, {}};
  commit(std::move(begun), false);
}

void LiveFeed::end_pass(std::size_t index) {
  auto& stream = streams_[index];
  if (stream.changes.polling() || stream.changes.waiting() || stream.begun <= *stream.passed || stream.fails)
    return;
  stream.passed = stream.begun;
  ledger::FeedCommit done;
  done.feed = "reconcile/" + stream.changes.organisation();
  done.cursor = Checkpoint{stream.begun, {}};
  commit(std::move(done), false);
}

/// Whether nothing but a pass asks for the record: history goes first then, and nobody waits for it.
bool LiveFeed::is_background(const Reasons& why) const {
  const auto of_pass = [&](const auto& ticket) { return streams_[ticket.first].passed.has_value(); };
  return !why.tickets.empty() && why.inbox.empty() && why.woken.empty() && !why.asked_for &&
         std::all_of(why.tickets.begin(), why.tickets.end(), of_pass);
}

void LiveFeed::note_cursor(std::size_t index) {
  auto& stream = streams_[index];
  if (stream.passed) return end_pass(index);
  auto& changes = stream.changes;
  auto cursor = changes.take_cursor();
  const bool up_to_date = !changes.polling() && !changes.waiting();
  const bool tell = up_to_date && stream.begun.ticks - stream.told.ticks >= tell_every;
  if (!cursor && !tell && found_.empty()) return;
  const bool has_moved = cursor.has_value() || !found_.empty();
  ledger::FeedCommit moved;
  moved.feed = feed_of(changes);
  moved.found = std::exchange(found_, {});
  moved.cursor = std::move(cursor);
  if (tell) {
    moved.up_to_date_at = stream.told = stream.begun;
    if (!moved.cursor) moved.cursor = changes.cursor();
  }
  commit(std::move(moved), has_moved);
}

} // namespace dialogferry::engine
