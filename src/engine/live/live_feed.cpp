#include <dialogferry/codec/content_digest.hpp>
#include <dialogferry/codec/page.hpp>
#include <dialogferry/engine/carry/deferral.hpp>
#include <dialogferry/engine/carry/retrier.hpp>
#include <dialogferry/engine/carry/uploader.hpp>
#include <dialogferry/engine/listing/unreadable.hpp>
#include <dialogferry/engine/live/live_feed.hpp>
#include <dialogferry/engine/log.hpp>

#include <algorithm>

namespace dialogferry::engine {

namespace {

constexpr std::size_t most_remembered = 50'000;
constexpr Moment remembered_for = std::chrono::minutes{10};
constexpr std::size_t inbox_page = 100;
constexpr std::chrono::hours newest_ahead{24};                ///< rows may say a time that is still to come
constexpr std::int64_t tell_every = 30 * Instant::per_second; ///< that a stream is up to date

constexpr std::chrono::hours pass_at_least{48}; ///< so far back goes a pass over recent days
constexpr std::chrono::seconds young_below{10}; ///< a change so young may have events still to come (OS-1)
constexpr std::chrono::seconds look_behind{40}; ///< until when they have come
constexpr std::size_t most_due = 100;           ///< wake-ups that the ledger tells at a time

/// What stands for a record: its guid, whatever party it is named with; its id where it has none.
std::string key_of(const source::Listing& listing, const std::string& record_id) {
  const auto lane = listing.lane_of(record_id);
  return lane ? to_string(*lane) : record_id;
}

/// Of the row of a list, without what we write into it ourselves.
std::uint64_t content_of(codec::Parser& parser, const codec::Row& row) {
  std::string own;
  if (row.guid && row.created) own = to_string(version7(*row.guid, *row.created));
  return codec::content_digest(parser, row.json, own);
}

std::string feed_of(const UpdateStream& stream) {
  return "stream/" + stream.organisation();
}

} // namespace

LiveFeed::LiveFeed(caf::actor_config& config, FeedSetup setup)
    : actor_base(config)
    , setup_(std::move(setup))
    , carried_(most_remembered, remembered_for)
    , hope_(setup_.hope) {}

LiveFeed::behavior_type LiveFeed::make_behavior() {
  load(setup_.organisations);
  return {
      [this](Proceed) {
        tick();
        delayed_send(this, setup_.look_every, Proceed{});
      },
      [this](NewEvents) {
        inbox_may_hold_ = true;
        look_into_inbox();
      },
      [this](const NewOrganisations& more) {
        std::vector<std::string> unknown;
        for (const auto& name : more.names)
          if (std::find(setup_.organisations.begin(), setup_.organisations.end(), name) ==
              setup_.organisations.end())
            unknown.push_back(name);
        setup_.organisations.insert(setup_.organisations.end(), unknown.begin(), unknown.end());
        if (!unknown.empty()) load(std::move(unknown));
      },
      [this](Steer) {
        tick();
        go_on();
      },
      [this](Drain) {
        draining_ = true;
        idle_told_ = false;
        queue_.clear();
        std::erase_if(works_, [](const auto& entry) { return !entry.second.running; });
        tell_idle();
      },
  };
}

void LiveFeed::on_exit() {
  setup_ = {};
  works_.clear();
}

// -- what there is to do --------------------------------------------------------------

/// A stream each, from where the ledger says, and a pass over recent days.
void LiveFeed::load(std::vector<std::string> organisations) {
  LoadCursors load{setup_.row, setup_.stage, {}};
  for (const auto& organisation : organisations)
    load.feeds.push_back("stream/" + organisation);
  if (setup_.reconcile.count() > 0)
    for (const auto& organisation : organisations)
      load.feeds.push_back("reconcile/" + organisation);
  request(setup_.ledger, caf::infinite, std::move(load))
      .then([this, organisations](const CursorsLoaded& loaded) { on_loaded(organisations, loaded); },
            [this](const caf::error& error) {
              give_up({"ledger", home_system().render(error), {}});
            });
}

void LiveFeed::on_loaded(const std::vector<std::string>& organisations, const CursorsLoaded& loaded) {
  if (loaded.problem) return give_up(*loaded.problem);
  for (std::size_t i = 0; i < organisations.size(); ++i) {
    const auto& cursor = loaded.cursors[i];
    const auto begin = cursor ? std::min(setup_.begin, cursor->at) : setup_.begin;
    streams_.push_back({UpdateStream(organisations[i], begin, cursor, setup_.overlap)});
  }
  for (auto i = organisations.size(); i < loaded.cursors.size(); ++i)
    add_pass(organisations[i - organisations.size()], loaded.cursors[i]);
  if (!std::exchange(loaded_, true)) send(this, Proceed{});
}

void LiveFeed::tick() {
  if (may_begin()) {
    look();
    look_into_inbox();
    for (std::size_t i = 0; i < streams_.size(); ++i) {
      begin_if_due(streams_[i]);
      read(i);
    }
  }
  publish();
  tell_idle();
}

void LiveFeed::begin_if_due(Stream& stream) {
  if (stream.changes.polling() || setup_.clock() < stream.next_poll) return;
  const auto now = setup_.now();
  if (stream.passed) {
    if (stream.changes.waiting() || now < *stream.passed + setup_.reconcile) return;
    const auto from = std::min(*stream.passed, now - pass_at_least) - setup_.overlap;
    stream.changes = UpdateStream(stream.changes.organisation(), std::max(setup_.begin, from), std::nullopt,
                                  std::chrono::milliseconds{0});
  }
  stream.changes.begin();
  stream.begun = now;
}

void LiveFeed::look() {
  if (looking_) return;
  looking_ = true;
  request(setup_.ledger, caf::infinite, LoadDue{setup_.row, setup_.stage, {}, {}, inbox_read_})
      .then([this](const DueLoaded& due) { on_due(due); },
            [this](const caf::error& error) {
              give_up({"ledger", home_system().render(error), {}});
            });
}

void LiveFeed::on_due(const DueLoaded& due) {
  looking_ = false;
  looked_ = true;
  if (due.problem) return give_up(*due.problem);
  held_ = due.held;
  hope_.looked(held_, setup_.clock());
  if (setup_.probe) setup_.probe->held = held_;
  if (!may_begin()) return;
  if (due.events_wait) { // that another engine has noted, and whose word has not come
    inbox_may_hold_ = true;
    look_into_inbox();
  }
  due_may_hold_ = due.wake_ups.size() >= most_due;
  for (const auto& exception : due.exceptions)
    if (const auto at = unreadable_at(exception.record_id))
      look_at_unreadable(exception, *at);
    else if (!has(exception.record_id))
      reasons(exception.record_id).asked_for = true;
  for (const auto& wake_up : due.wake_ups) {
    auto waiting = waiting_of(wake_up);
    if (!waiting || has(waiting->record_id)) continue; // it is due again once that is done
    auto& why = reasons(waiting->record_id);
    why.woken.push_back(wake_up.id);
    why.waited = std::move(waiting);
    ++woken_;
  }
  go_on();
  tell_idle();
}

void LiveFeed::look_into_inbox() {
  if (asking_inbox_ || !inbox_may_hold_ || !may_begin() || !room(1)) return;
  asking_inbox_ = true;
  inbox_may_hold_ = false;
  request(setup_.ledger, caf::infinite, LoadInbox{setup_.row, inbox_read_, inbox_page})
      .then(
          [this](const InboxLoaded& loaded) {
            asking_inbox_ = false;
            if (loaded.problem) return give_up(*loaded.problem);
            if (draining_) return;
            if (loaded.entries.size() >= inbox_page) inbox_may_hold_ = true;
            for (const auto& entry : loaded.entries) {
              auto& why = reasons(entry.record_id);
              why.inbox.push_back(entry.id);
              why.since = std::min(why.since, entry.received_at);
              inbox_read_ = entry.id;
            }
            go_on();
            tell_idle();
          },
          [this](const caf::error& error) {
            give_up({"ledger", home_system().render(error), {}});
          });
}

bool LiveFeed::has(const std::string& record_id) const {
  return works_.contains(key_of(*setup_.pages.listing, record_id));
}

/// Where to note why a record is to be carried: now, or once more after it was read.
LiveFeed::Reasons& LiveFeed::reasons(const std::string& record_id) {
  const auto key = key_of(*setup_.pages.listing, record_id);
  const auto [found, added] = works_.try_emplace(key);
  auto& work = found->second;
  if (added) {
    work.record_id = record_id;
    work.now.since = setup_.now();
    queue_.push_back(key);
  }
  if (!work.running) return work.now;
  if (!work.next) work.next.emplace().since = setup_.now();
  return *work.next;
}

bool LiveFeed::room(std::size_t more) const {
  if (held_ >= most_held) return false; // more would wait likewise; what is not taken is not lost
  return works_.empty() || works_.size() + more <= window();
}

// -- streams --------------------------------------------------------------------------

void LiveFeed::read(std::size_t index) {
  auto& stream = streams_[index];
  const auto places = stream.passed ? setup_.page_size + window() / 2 : setup_.page_size;
  if (stream.asking || !stream.changes.polling() || !may_begin() || !room(places)) return;
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
  if (draining_) return;
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
  if (const auto* at_target = carried_.find(*row.guid, setup_.clock())) {
    const bool is_newer = at_target->last_changed > row.version();
    const bool is_same = at_target->last_changed == row.version() &&
                         (at_target->content == content || at_target->content == 0);
    if (is_newer || is_same) return changes.done(ticket);
  }
  reasons(std::string(row.id)).tickets.emplace_back(index, ticket);
}

// -- passes over recent days ----------------------------------------------------------

/// The first one comes when streams have run for as long as lies between two.
void LiveFeed::add_pass(const std::string& organisation, const std::optional<Checkpoint>& last) {
  const auto now = setup_.now();
  Stream pass{UpdateStream(organisation, now, std::nullopt, std::chrono::milliseconds{0})};
  pass.passed = last ? last->at : now;
  streams_.push_back(std::move(pass));
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
  if (!cursor && !tell) return;
  const bool has_moved = cursor.has_value();
  ledger::FeedCommit moved;
  moved.feed = feed_of(changes);
  moved.cursor = std::move(cursor);
  if (tell) {
    moved.up_to_date_at = stream.told = stream.begun;
    if (!moved.cursor) moved.cursor = changes.cursor();
  }
  commit(std::move(moved), has_moved);
}

// -- carrying -------------------------------------------------------------------------

void LiveFeed::go_on() {
  while (running_ < window() && !queue_.empty() && may_begin()) {
    const auto key = std::move(queue_.front());
    queue_.pop_front();
    begin(key);
  }
}

void LiveFeed::begin(const std::string& key) {
  auto& work = works_.at(key);
  work.running = true;
  work.begun = setup_.now();
  ++running_;
  const auto lane = setup_.pages.listing->lane_of(work.record_id);
  if (!lane) {
    Uploaded none;
    none.problem = {"id", "is none of a record, so that it cannot be read", {}};
    return finish(key, none);
  }
  Upload upload;
  upload.record_id = work.record_id;
  upload.lane = *lane;
  if (!setup_.carriers.empty()) upload.carrier = setup_.carriers[next_carrier_++ % setup_.carriers.size()];
  upload.trail = std::make_shared<const Trail>(Trail{setup_.row, std::nullopt, work.record_id, *lane});
  upload.carried_before = carried_before(work.now);
  upload.is_migration = setup_.is_migration;
  upload.absence_confirmed = work.now.waited && work.now.waited->why == SecondLook::Why::absence;
  upload.priority = is_background(work.now) ? Priority::history : Priority::live;
  if (is_look_behind(work.now)) upload.unless_events = work.now.waited->read->events;
  request(uploader_of(setup_.uploaders, *lane), caf::infinite, std::move(upload))
      .then([this, key](const Uploaded& uploaded) { finish(key, uploaded); },
            [this, key](const caf::error& error) {
              Uploaded none;
              none.problem = {
                  "record", "was not answered inside the engine: " + home_system().render(error), {}};
              none.held = held_inside();
              finish(key, none);
            });
}

/// What the streams that list the record have passed; from their begin on, where somebody else asks for it.
Instant LiveFeed::carried_before(const Reasons& why) const {
  if (why.tickets.empty() || !why.inbox.empty() || !why.woken.empty() || why.asked_for) return setup_.begin;
  auto before = setup_.now();
  for (const auto& ticket : why.tickets)
    before = std::min(before, streams_[ticket.first].changes.cursor().at - setup_.overlap);
  return std::max(before, setup_.begin);
}

/// Whether nothing but the clock asks for the record, so that its events tell whether it is read at all.
bool LiveFeed::is_look_behind(const Reasons& why) {
  return why.waited && why.waited->read && why.woken.size() == 1 && why.inbox.empty() &&
         why.tickets.empty() && !why.asked_for;
}

void LiveFeed::finish(const std::string& key, const Uploaded& uploaded) {
  const auto found = works_.find(key);
  if (found == works_.end()) return;
  --running_;
  auto& work = found->second;
  const auto level = uploaded.outcome == Outcome::failed ? spdlog::level::info : spdlog::level::debug;
  log(level, uploaded.outcome == Outcome::failed ? "cannot be carried" : "carried", nullptr,
      [&](LogLine& line) {
        add_trail(line, {setup_.row, std::nullopt, work.record_id,
                         setup_.pages.listing->lane_of(work.record_id).value_or(Uuid{})});
        line.field("outcome", name_of(uploaded.outcome)).field("member", uploaded.problem.member);
        line.field("attempt", std::to_string(uploaded.attempts));
      });
  auto outcome = outcome_of(work, uploaded);
  woken_ -= work.now.woken.size();
  if (work.next && !draining_) {
    work.now = std::move(*work.next);
    work.next.reset();
    work.running = false;
    queue_.push_back(key);
  } else {
    works_.erase(found);
  }
  commit(std::move(outcome));
  go_on();
  look_into_inbox();
  for (std::size_t i = 0; i < streams_.size(); ++i)
    read(i);
  if (due_may_hold_ && woken_ < most_due / 2) look();
}

ledger::FeedCommit LiveFeed::outcome_of(const Work& work, Uploaded uploaded) {
  defer(uploaded, work.now.waited, setup_.now(), setup_.retry_for);
  const auto& done = work.now;
  const auto& record_id = uploaded.record_id.empty() ? work.record_id : uploaded.record_id;
  ledger::FeedCommit commit;
  commit.handled = done.inbox;
  commit.woken = done.woken;
  for (const auto& [stream, ticket] : done.tickets) {
    auto& changes = streams_[stream].changes;
    changes.done(ticket);
    if (streams_[stream].passed) {
      end_pass(stream);
      continue;
    }
    commit.feed = feed_of(changes);
    if (auto cursor = changes.take_cursor()) commit.cursor = std::move(cursor);
  }
  if (uploaded.nothing_new) return commit;
  if (const auto guid = setup_.pages.listing->lane_of(record_id); guid && uploaded.outcome != Outcome::failed)
    carried_.put(*guid, {uploaded.last_changed, uploaded.seen.row}, setup_.clock());
  if (uploaded.outcome == Outcome::failed) {
    const auto version = uploaded.last_changed == Instant{} ? done.since : uploaded.last_changed;
    commit.failures.push_back({record_id, uploaded.organisation, version, uploaded.problem,
                               uploaded.http_status, uploaded.attempts, uploaded.body});
  } else {
    // What is deferred counts once it has come to something; until then its wake-up stands for it.
    if (uploaded.outcome != Outcome::deferred) commit.counts[uploaded.outcome] = 1;
    commit.settled.push_back(record_id);
    if (record_id != work.record_id) commit.settled.push_back(work.record_id);
  }
  look_again(commit, work, uploaded);
  return commit;
}

/// What a wake-up is kept for: what the record itself waits for, and what may come behind a young change. The
/// latter is looked for once a version.
void LiveFeed::look_again(ledger::FeedCommit& commit, const Work& work, Uploaded& uploaded) const {
  const auto& waited = work.now.waited;
  const auto& record_id = uploaded.record_id.empty() ? work.record_id : uploaded.record_id;
  const auto wake = [&](const Waiting& waiting, Instant due) {
    commit.wake_ups.push_back(wake_up_of(setup_.row, setup_.stage, waiting, due));
  };
  if (uploaded.again) {
    auto& look = *uploaded.again;
    const auto looks = waited && waited->why == look.why ? waited->looks + 1 : 0;
    const auto due = due_of(look, looks, setup_.now());
    wake({record_id, look.why, looks, std::nullopt, std::nullopt, std::move(look.held)}, due);
  }
  const bool is_carried = uploaded.outcome != Outcome::failed && uploaded.outcome != Outcome::deferred;
  const bool is_young = uploaded.last_changed > work.begun - young_below;
  const bool was_looked_at = waited && waited->read && waited->read->last_changed == uploaded.last_changed;
  if (!is_carried || !is_young || was_looked_at) return;
  wake({record_id, SecondLook::Why::late, 0, std::nullopt,
        Waiting::Read{uploaded.last_changed, uploaded.seen.events}},
       setup_.now() + look_behind);
}

/// That a stream is up to date is no work: an idle row stays idle over it.
void LiveFeed::commit(ledger::FeedCommit commit, bool is_work) {
  commit.row = setup_.row;
  commit.stage = setup_.stage;
  const auto records = commit.counts.read() + commit.failures.size();
  const bool defers = std::any_of(commit.wake_ups.begin(), commit.wake_ups.end(),
                                  [](const auto& wake_up) { return !wake_up.api.empty(); });
  if (is_work) ++commits_;
  request(setup_.ledger, caf::infinite, NoteFeed{std::move(commit)})
      .then(
          [this, records, is_work, defers](const Noted& noted) {
            if (is_work) --commits_;
            if (defers) looked_ = false; // it is idle once it knows how many wait
            if (noted.problem) return give_up(*noted.problem);
            if (setup_.probe) setup_.probe->carried += records;
            tell_idle();
          },
          [this](const caf::error& error) {
            give_up({"ledger", home_system().render(error), {}});
          });
}

// -- told to others -------------------------------------------------------------------

bool LiveFeed::idle() const {
  if (running_ > 0 || commits_ > 0) return false;
  if (draining_) return true;
  if (setup_.controls->paused) return false;
  if (hope_.is_there(setup_.clock())) return false;
  if (held_ >= most_held) return works_.empty(); // what is not read is the next run's
  const auto read_whole = [](const Stream& stream) {
    return (stream.read || stream.passed) && !stream.changes.waiting();
  };
  return works_.empty() && looked_ && !inbox_may_hold_ && !asking_inbox_ &&
         streams_.size() >= setup_.organisations.size() &&
         std::all_of(streams_.begin(), streams_.end(), read_whole);
}

void LiveFeed::tell_idle() {
  const bool now_idle = idle();
  if (now_idle == idle_told_) return;
  idle_told_ = now_idle;
  if (!setup_.engine) return;
  now_idle ? send(setup_.engine, RowIdle{setup_.row}) : send(setup_.engine, RowBusy{setup_.row});
}

void LiveFeed::publish() {
  if (!setup_.probe) return;
  std::int64_t oldest = 0;
  for (const auto& [key, work] : works_)
    if (!is_background(work.now) && (oldest == 0 || work.now.since.ticks < oldest))
      oldest = work.now.since.ticks;
  setup_.probe->oldest_waiting = oldest;
  setup_.probe->in_flight = static_cast<std::int64_t>(works_.size());
  bool fails = false;
  std::optional<Instant> polled;
  for (const auto& stream : streams_) {
    fails = fails || stream.fails;
    if (stream.passed) continue;
    const auto read = stream.read.value_or(Instant{});
    polled = polled ? std::min(*polled, read) : read;
  }
  setup_.probe->polling_fails = fails;
  if (streams_.empty()) polled = setup_.now(); // a row of events alone knows of no others
  setup_.probe->polled = polled.value_or(Instant{}).ticks;
}

/// The supervisor starts another one, which goes on from what the ledger has.
void LiveFeed::give_up(const Problem&) {
  quit(caf::make_error(caf::sec::runtime_error));
}

} // namespace dialogferry::engine
