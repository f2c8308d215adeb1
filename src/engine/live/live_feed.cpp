#include <dialogferry/engine/carry/deferral.hpp>
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

constexpr std::chrono::hours pass_at_least{48}; ///< so far back goes a pass over recent days
constexpr std::size_t most_due = 100;           ///< wake-ups that the ledger tells at a time

/// What stands for a record: its guid, whatever party it is named with; its id where it has none.
std::string key_of(const source::Listing& listing, const std::string& record_id) {
  const auto lane = listing.lane_of(record_id);
  return lane ? to_string(*lane) : record_id;
}

} // namespace

LiveFeed::LiveFeed(caf::actor_config& config, FeedSetup setup)
    : actor_base(config)
    , setup_(std::move(setup))
    , carried_(most_remembered, remembered_for)
    , hope_(setup_.hope) {
  if (setup_.is_shared) return;
  mine_.partitions.set();
  has_share_ = true;
}

LiveFeed::behavior_type LiveFeed::make_behavior() {
  setup_.is_shared ? send(this, Proceed{}) : load(setup_.organisations);
  return {
      [this](Proceed) {
        ticks_ = true;
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
        if (!unknown.empty() && !setup_.is_shared) load(std::move(unknown));
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
  loading_.insert(organisations.begin(), organisations.end());
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
  const bool has_passes = loaded.cursors.size() > organisations.size();
  for (std::size_t i = 0; i < organisations.size(); ++i) {
    loading_.erase(organisations[i]);
    if (setup_.is_shared && !mine_.streams.contains(organisations[i])) continue;
    const auto& cursor = loaded.cursors[i];
    const auto begin = cursor ? std::min(setup_.begin, cursor->at) : setup_.begin;
    place({UpdateStream(organisations[i], begin, cursor, setup_.overlap)});
    if (has_passes) add_pass(organisations[i], loaded.cursors[organisations.size() + i]);
  }
  if (!std::exchange(ticks_, true))
    send(this, Proceed{});
  else
    tick();
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
  if (stream.hold != Stream::Hold::ours) return;
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
  LiveLook live{inbox_read_, setup_.is_shared};
  if (setup_.is_shared) {
    let_go();
    live.streams = {setup_.organisations.begin(), setup_.organisations.end()};
    live.in_use = in_use();
  }
  request(setup_.ledger, caf::infinite, LoadDue{setup_.row, setup_.stage, {}, {}, std::move(live)})
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
  elsewhere_ = due.elsewhere;
  waiting_ = due.inbox;
  if (due.share) take_share(*due.share);
  if (!may_begin()) return;
  if (due.events_wait) inbox_may_hold_ = true; // another engine has noted them, and its word has not come
  look_into_inbox();
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
  if (asking_inbox_ || !inbox_may_hold_ || !may_begin() || !has_share_ || !room(1)) return;
  asking_inbox_ = true;
  inbox_may_hold_ = false;
  request(setup_.ledger, caf::infinite, LoadInbox{setup_.row, inbox_read_, inbox_page, mine_.partitions})
      .then([this, asked = mine_.partitions](const InboxLoaded& loaded) { on_inbox(loaded, asked); },
            [this](const caf::error& error) {
              give_up({"ledger", home_system().render(error), {}});
            });
}

/// What was read is not to be read again, unless another share was asked for than this feed has by now.
void LiveFeed::on_inbox(const InboxLoaded& loaded, const ledger::Partitions& asked) {
  asking_inbox_ = false;
  if (loaded.problem) return give_up(*loaded.problem);
  if (draining_) return;
  if (asked != mine_.partitions) {
    inbox_may_hold_ = true;
    return look_into_inbox();
  }
  if (loaded.entries.size() >= inbox_page) inbox_may_hold_ = true;
  ledger::FeedCommit known;
  for (const auto& entry : loaded.entries) {
    inbox_read_ = entry.id;
    const auto lane = setup_.pages.listing->lane_of(entry.record_id);
    if (is_taken(entry)) continue;
    if (entry.listed && lane && is_at_target(*lane, *entry.listed)) {
      known.handled.push_back(entry.id);
      continue;
    }
    auto& why = reasons(entry.record_id);
    why.inbox.push_back(entry.id);
    why.since = std::min(why.since, entry.received_at);
  }
  if (!known.handled.empty()) commit(std::move(known));
  go_on();
  tell_idle();
}

/// Whether it is on its way already: entries are read once more where partitions have come.
bool LiveFeed::is_taken(const ledger::InboxEntry& entry) const {
  const auto work = works_.find(key_of(*setup_.pages.listing, entry.record_id));
  if (work == works_.end()) return false;
  const auto holds = [&](const Reasons& why) {
    return std::find(why.inbox.begin(), why.inbox.end(), entry.id) != why.inbox.end();
  };
  return holds(work->second.now) || (work->second.next && holds(*work->second.next));
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
  if (!work.next) {
    work.next = Reasons{};
    work.next->since = setup_.now();
  }
  return *work.next;
}

bool LiveFeed::room(std::size_t more) const {
  if (held_ >= most_held) return false; // more would wait likewise; what is not taken is not lost
  return works_.empty() || works_.size() + more <= window();
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
  if (!setup_.carriers.empty()) upload.carrier = setup_.carriers[turn_of(*lane, setup_.carriers.size())];
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
  const auto level = uploaded.outcome == Outcome::failed ? LogLevel::info : LogLevel::debug;
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

// -- told to others -------------------------------------------------------------------

bool LiveFeed::idle() const {
  if (running_ > 0 || commits_ > 0) return false;
  if (draining_) return true;
  if (setup_.controls->paused) return false;
  if (hope_.is_there(setup_.clock())) return false;
  if (held_ >= most_held) return works_.empty(); // what is not read is the next run's
  const auto read_whole = [](const Stream& stream) {
    return stream.hold == Stream::Hold::none || ((stream.read || stream.passed) && !stream.changes.waiting());
  };
  return works_.empty() && looked_ && has_share_ && !elsewhere_ && !inbox_may_hold_ && !asking_inbox_ &&
         ticks_ && loading_.empty() && std::all_of(streams_.begin(), streams_.end(), read_whole);
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
    if (stream.hold != Stream::Hold::ours) continue;
    fails = fails || stream.fails;
    if (stream.passed) continue;
    const auto read = stream.read.value_or(Instant{});
    polled = polled ? std::min(*polled, read) : read;
  }
  setup_.probe->polling_fails = fails;
  if (!polled) polled = setup_.now(); // of events alone: it knows of no others
  setup_.probe->polled = polled.value_or(Instant{}).ticks;
}

/// The supervisor starts another one, which goes on from what the ledger has.
void LiveFeed::give_up(const Problem&) {
  quit(caf::make_error(caf::sec::runtime_error));
}

} // namespace dialogferry::engine
