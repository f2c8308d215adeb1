#include <dialogferry/codec/page.hpp>
#include <dialogferry/engine/carry/retrier.hpp>
#include <dialogferry/engine/carry/uploader.hpp>
#include <dialogferry/engine/live/live_feed.hpp>

#include <algorithm>

namespace dialogferry::engine {

namespace {

constexpr std::size_t most_remembered = 50'000;
constexpr Moment remembered_for = std::chrono::minutes{10};
constexpr std::size_t inbox_page = 100;
constexpr std::int64_t tell_every = 30 * Instant::per_second; ///< that a stream is up to date

std::string feed_of(const UpdateStream& stream) {
  return "stream/" + stream.organisation();
}

} // namespace

LiveFeed::LiveFeed(caf::actor_config& config, FeedSetup setup)
    : actor_base(config)
    , setup_(std::move(setup))
    , carried_(most_remembered, remembered_for) {}

LiveFeed::behavior_type LiveFeed::make_behavior() {
  load();
  return {
      [this](Proceed) {
        tick();
        delayed_send(this, setup_.look_every, Proceed{});
      },
      [this](NewEvents) {
        inbox_may_hold_ = true;
        look_into_inbox();
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

void LiveFeed::load() {
  LoadCursors load{setup_.row, setup_.stage, {}};
  for (const auto& organisation : setup_.organisations)
    load.feeds.push_back("stream/" + organisation);
  request(setup_.ledger, caf::infinite, std::move(load))
      .then(
          [this](const CursorsLoaded& loaded) {
            if (loaded.problem) return give_up(*loaded.problem);
            for (std::size_t i = 0; i < loaded.cursors.size(); ++i) {
              streams_.push_back(
                  {UpdateStream(setup_.organisations[i], setup_.begin, loaded.cursors[i], setup_.overlap),
                   {},
                   false,
                   false});
            }
            send(this, Proceed{});
          },
          [this](const caf::error& error) {
            give_up({"ledger", home_system().render(error), {}});
          });
}

void LiveFeed::tick() {
  if (!draining_) {
    look();
    look_into_inbox();
    for (std::size_t i = 0; i < streams_.size(); ++i) {
      auto& stream = streams_[i];
      if (!stream.changes.polling() && setup_.clock() >= stream.next_poll) {
        stream.changes.begin();
        stream.begun = setup_.now();
      }
      read(i);
    }
  }
  publish();
  tell_idle();
}

void LiveFeed::look() {
  if (looking_) return;
  looking_ = true;
  request(setup_.ledger, caf::infinite, LoadDue{setup_.row, setup_.stage})
      .then([this](const DueLoaded& due) { on_due(due); },
            [this](const caf::error& error) {
              give_up({"ledger", home_system().render(error), {}});
            });
}

void LiveFeed::on_due(const DueLoaded& due) {
  looking_ = false;
  looked_ = true;
  if (due.problem) return give_up(*due.problem);
  if (draining_) return;
  for (const auto& exception : due.exceptions)
    if (!works_.contains(exception.record_id)) reasons(exception.record_id);
  for (const auto& wake_up : due.wake_ups) {
    auto waiting = waiting_of(wake_up);
    if (!waiting || works_.contains(waiting->record_id)) continue; // it is due again once that is done
    auto& why = reasons(waiting->record_id);
    why.woken.push_back(wake_up.id);
    why.waited = std::move(waiting);
  }
  go_on();
  tell_idle();
}

void LiveFeed::look_into_inbox() {
  if (asking_inbox_ || !inbox_may_hold_ || draining_ || !room(1)) return;
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

/// Where to note why a record is to be carried: now, or once more after it was read.
LiveFeed::Reasons& LiveFeed::reasons(const std::string& record_id) {
  const auto [found, added] = works_.try_emplace(record_id);
  auto& work = found->second;
  if (added) {
    work.now.since = setup_.now();
    queue_.push_back(record_id);
  }
  if (!work.running) return work.now;
  if (!work.next) work.next = Reasons{{}, {}, {}, {}, setup_.now()};
  return *work.next;
}

bool LiveFeed::room(std::size_t more) const {
  return works_.empty() || works_.size() + more <= setup_.window;
}

// -- streams --------------------------------------------------------------------------

void LiveFeed::read(std::size_t index) {
  auto& stream = streams_[index];
  if (stream.asking || !stream.changes.polling() || draining_ || !room(setup_.page_size)) return;
  stream.asking = true;
  const auto next = stream.changes.next();
  source::storage::ListRequest list;
  list.organisation = stream.changes.organisation();
  list.versions = setup_.versions;
  list.from = next.from;
  list.ascending = true;
  list.size = setup_.page_size;
  list.token = next.token;
  Call call{std::make_shared<const http::Request>(source::storage::list(list)), http::Operation::list,
            Priority::live, Patience::page};
  request(setup_.storage, caf::infinite, std::move(call))
      .then([this, index](const Answered& answered) { on_page(index, answered); },
            [this, index](const caf::error&) { poll_failed(index); });
}

void LiveFeed::on_page(std::size_t index, const Answered& answered) {
  auto& stream = streams_[index];
  stream.asking = false;
  if (draining_) return;
  if (answered.verdict.kind != http::Verdict::Kind::success) return poll_failed(index);
  auto body = std::make_shared<const codec::Document>(std::move((*answered.answer)->body));
  auto page = codec::split_page(parser_, std::move(body));
  if (!page) return poll_failed(index);
  std::vector<RowHead> heads;
  auto last = stream.changes.next().from;
  for (const auto& row : page->rows) {
    last = row.last_changed.value_or(last); // a row without a time stands where it is listed
    heads.push_back({row.guid.value_or(sub_id(Uuid{}, row.json.text)), last});
  }
  std::string token;
  if (page->next_query) token = source::storage::token_of(*page->next_query);
  for (const auto& fresh : stream.changes.on_page(heads, std::move(token)))
    hand_out(index, page->rows[fresh.index], fresh.ticket);
  note_cursor(index);
  if (!stream.changes.polling()) {
    stream.read = setup_.now();
    stream.fails = false;
    stream.next_poll = setup_.clock() + setup_.poll;
  }
  go_on();
  read(index);
  publish();
  tell_idle();
}

void LiveFeed::poll_failed(std::size_t index) {
  auto& stream = streams_[index];
  stream.asking = false;
  stream.changes.give_up();
  stream.next_poll = setup_.clock() + setup_.poll;
  stream.fails = true;
  publish();
}

void LiveFeed::hand_out(std::size_t index, const codec::Row& row, std::uint64_t ticket) {
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
  const auto* version = carried_.find(*row.guid, setup_.clock());
  if (version != nullptr && *version >= *row.last_changed) return changes.done(ticket);
  reasons(std::string(row.id)).tickets.emplace_back(index, ticket);
}

void LiveFeed::note_cursor(std::size_t index) {
  auto& stream = streams_[index];
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
  while (running_ < setup_.window && !queue_.empty() && !draining_) {
    const auto record_id = std::move(queue_.front());
    queue_.pop_front();
    begin(record_id);
  }
}

void LiveFeed::begin(const std::string& record_id) {
  auto& work = works_.at(record_id);
  work.running = true;
  ++running_;
  const auto lane = guid_of(record_id);
  if (!lane) {
    Uploaded none;
    none.problem = {"id", "is no `{party id}/{guid}`, so that the record cannot be read", {}};
    return finish(record_id, none);
  }
  Upload upload;
  upload.record_id = record_id;
  upload.lane = *lane;
  upload.carrier = setup_.carriers[next_carrier_++ % setup_.carriers.size()];
  upload.is_migration = setup_.is_migration;
  upload.absence_confirmed = work.now.waited && work.now.waited->why == SecondLook::Why::absence;
  upload.priority = Priority::live;
  request(uploader_of(setup_.uploaders, *lane), caf::infinite, std::move(upload))
      .then([this, record_id](const Uploaded& uploaded) { finish(record_id, uploaded); },
            [this, record_id](const caf::error& error) {
              Uploaded none;
              none.problem = {
                  "record", "was not answered inside the engine: " + home_system().render(error), {}};
              finish(record_id, none);
            });
}

void LiveFeed::finish(const std::string& record_id, const Uploaded& uploaded) {
  const auto found = works_.find(record_id);
  if (found == works_.end()) return;
  --running_;
  auto& work = found->second;
  const auto done = std::move(work.now);
  if (work.next && !draining_) {
    work.now = std::move(*work.next);
    work.next.reset();
    work.running = false;
    queue_.push_back(record_id);
  } else {
    works_.erase(found);
  }
  commit(outcome_of(record_id, done, uploaded));
  go_on();
  look_into_inbox();
  for (std::size_t i = 0; i < streams_.size(); ++i)
    read(i);
}

ledger::FeedCommit LiveFeed::outcome_of(const std::string& record_id, const Reasons& done,
                                        const Uploaded& uploaded) {
  ledger::FeedCommit commit;
  commit.handled = done.inbox;
  commit.woken = done.woken;
  for (const auto& [stream, ticket] : done.tickets) {
    auto& changes = streams_[stream].changes;
    changes.done(ticket);
    commit.feed = feed_of(changes);
    if (auto cursor = changes.take_cursor()) commit.cursor = std::move(cursor);
  }
  if (const auto guid = guid_of(record_id); guid && uploaded.outcome != Outcome::failed)
    carried_.put(*guid, uploaded.last_changed, setup_.clock());
  if (uploaded.outcome == Outcome::failed) {
    const auto version = uploaded.last_changed == Instant{} ? done.since : uploaded.last_changed;
    commit.failures.push_back({record_id, uploaded.organisation, version, uploaded.problem,
                               uploaded.http_status, uploaded.attempts, uploaded.body});
  } else {
    // What is deferred counts once it has come to something; until then its wake-up stands for it.
    if (uploaded.outcome != Outcome::deferred) commit.counts[uploaded.outcome] = 1;
    commit.settled.push_back(record_id);
  }
  if (uploaded.again) {
    const auto& look = *uploaded.again;
    const auto looks = done.waited && done.waited->why == look.why ? done.waited->looks + 1 : 0;
    commit.wake_ups.push_back(wake_up_of(setup_.row, setup_.stage, {record_id, look.why, looks, std::nullopt},
                                         due_of(look, looks, setup_.now())));
  }
  return commit;
}

/// That a stream is up to date is no work: an idle row stays idle over it.
void LiveFeed::commit(ledger::FeedCommit commit, bool is_work) {
  commit.row = setup_.row;
  commit.stage = setup_.stage;
  const auto records = commit.counts.read() + commit.failures.size();
  if (is_work) ++commits_;
  request(setup_.ledger, caf::infinite, NoteFeed{std::move(commit)})
      .then(
          [this, records, is_work](const Noted& noted) {
            if (is_work) --commits_;
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
  const auto read_whole = [](const Stream& stream) { return stream.read && !stream.changes.waiting(); };
  return works_.empty() && looked_ && !inbox_may_hold_ && !asking_inbox_ &&
         streams_.size() == setup_.organisations.size() &&
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
  for (const auto& [record_id, work] : works_)
    if (oldest == 0 || work.now.since.ticks < oldest) oldest = work.now.since.ticks;
  setup_.probe->oldest_waiting = oldest;
  setup_.probe->in_flight = static_cast<std::int64_t>(works_.size());
  bool fails = false;
  std::optional<Instant> polled;
  for (const auto& stream : streams_) {
    fails = fails || stream.fails;
    const auto read = stream.read.value_or(Instant{});
    polled = polled ? std::min(*polled, read) : read;
  }
  setup_.probe->polling_fails = fails;
  setup_.probe->polled = polled.value_or(Instant{}).ticks;
}

/// The supervisor starts another one, which goes on from what the ledger has.
void LiveFeed::give_up(const Problem&) {
  quit(caf::make_error(caf::sec::runtime_error));
}

} // namespace dialogferry::engine
