#include <dialogferry/engine/later.hpp>
#include <dialogferry/engine/ledger_writer.hpp>

#include <chrono>
#include <utility>

namespace dialogferry::engine {

namespace {

constexpr std::size_t most_woken = 100;         ///< at a time
constexpr std::size_t most_to_go_on_with = 100; ///< at a time

template <class T>
std::optional<Problem> problem_of(const Result<T>& result) {
  if (result.has_value()) return std::nullopt;
  return result.error();
}

} // namespace

LedgerWriter::LedgerWriter(caf::actor_config& config, LedgerWriterSetup setup)
    : actor_base(config)
    , setup_(std::move(setup)) {
  const std::vector<double> bounds = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5};
  if (setup_.counted)
    commit_seconds_ = &setup_.counted->seconds(
        "ledger_commit_duration_seconds", "How long the ledger takes for a group of commits.", {}, bounds);
}

LedgerWriter::behavior_type LedgerWriter::make_behavior() {
  // Who reads sees everything noted before: a shard just parked is no longer due.
  return {
      [this](NoteProgress& note) { return on_progress(note); },
      [this](BeginShards& begin) { return on_begin(begin); },
      [this](NoteFeed& note) { return on_feed(note); },
      [this](NoteEvents& note) { return on_events(note); },
      [this](const LoadPlan& load) {
        flush();
        return load_plan(load);
      },
      [this](const LoadShard& load) {
        flush();
        auto shard = setup_.ledger->load(load.key);
        return ShardLoaded{problem_of(shard), shard ? std::move(*shard) : std::nullopt};
      },
      [this](const LoadDue& load) {
        flush();
        return load_due(load);
      },
      [this](const LoadInbox& load) {
        flush();
        auto entries = setup_.ledger->inbox(load.row, load.after, load.limit, load.partitions);
        return InboxLoaded{problem_of(entries),
                           entries ? std::move(*entries) : std::vector<ledger::InboxEntry>{}};
      },
      [this](const LoadCursors& load) { return load_cursors(load); },
      [this](const LoadHandedOver& load) {
        flush();
        auto over = setup_.ledger->handed_over(load.key, load.before, load.after, load.limit);
        return HandedOverLoaded{problem_of(over), over ? std::move(*over) : ledger::HandedOver{}};
      },
      [this](const FindFiles& find) {
        flush();
        auto files = setup_.ledger->files(find.source_ids);
        return FoundFiles{problem_of(files), files ? std::move(*files) : std::vector<std::optional<Uuid>>{}};
      },
      [this](NoteFiles& note) { return on_files(note); },
      [this](const FindDay& find) {
        flush();
        const auto state = setup_.ledger->state_of(find.row, find.stage, find.day);
        return FoundDay{problem_of(state), state.value_or(DayState::waiting)};
      },
      [this](const NoteSetting& note) { return keep(note); },
      [this](const NoteForReaders& note) { return keep(note); },
      [this](const AwaitDuty& await) { return on_await(await); },
      [this](Flush) { flush(); },
      [this](TellNews) {
        telling_later_ = false;
        tell_news();
      },
  };
}

/// What is not written yet is not acknowledged either: its records are carried again.
void LedgerWriter::on_exit() {
  for (auto& promise : std::exchange(waiting_, {}))
    promise.deliver(ended_unanswered());
  for (auto& beginning : std::exchange(beginnings_, {}))
    beginning.promise.deliver(ended_unanswered());
  for (auto& [duty, promise] : std::exchange(awaiting_, {}))
    promise.deliver(ended_unanswered());
  commit_seconds_ = nullptr;
  setup_ = {};
}

caf::result<Noted> LedgerWriter::on_progress(NoteProgress& note) {
  auto promise = make_response_promise<Noted>();
  records_ += note.commit.counts.read();
  commits_.push_back(std::move(note.commit));
  waiting_.push_back(promise);
  flush_later();
  return promise;
}

caf::result<Noted> LedgerWriter::on_feed(NoteFeed& note) {
  auto promise = make_response_promise<Noted>();
  records_ += note.commit.counts.read();
  feeds_.push_back(std::move(note.commit));
  waiting_.push_back(promise);
  flush_later();
  return promise;
}

caf::result<Noted> LedgerWriter::on_events(NoteEvents& note) {
  auto promise = make_response_promise<Noted>();
  std::move(note.events.begin(), note.events.end(), std::back_inserter(events_));
  waiting_.push_back(promise);
  flush_later();
  return promise;
}

caf::result<Noted> LedgerWriter::on_files(NoteFiles& note) {
  auto promise = make_response_promise<Noted>();
  std::move(note.files.begin(), note.files.end(), std::back_inserter(files_));
  waiting_.push_back(promise);
  flush_later();
  return promise;
}

caf::result<ShardsBegun> LedgerWriter::on_begin(BeginShards& begin) {
  auto promise = make_response_promise<ShardsBegun>();
  beginnings_.push_back({std::move(begin), promise});
  flush_later();
  return promise;
}

/// An operator waits for it, and it is the operator's business where it fails.
Noted LedgerWriter::keep(const NoteSetting& note) {
  flush();
  return {problem_of(setup_.ledger->set(note.setting))};
}

Noted LedgerWriter::keep(const NoteForReaders& note) {
  flush();
  return {problem_of(setup_.ledger->add_note(note.note))};
}

/// Behind everything that is in the mailbox already: that is what makes the commit a group.
void LedgerWriter::flush_later() {
  if (flush_due_) return;
  flush_due_ = true;
  send(this, Flush{});
}

void LedgerWriter::flush() {
  flush_due_ = false;
  begin_shards();
  if (waiting_.empty()) return;
  const auto now = setup_.now();
  const auto begun = std::chrono::steady_clock::now();
  std::optional<Problem> problem;
  if (!files_.empty()) problem = problem_of(setup_.ledger->note_files(files_));
  if (!problem && !(commits_.empty() && feeds_.empty()))
    problem = problem_of(setup_.ledger->commit(commits_, feeds_, now));
  if (!problem && !events_.empty()) problem = problem_of(setup_.ledger->note_events(events_));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  if (commit_seconds_ != nullptr) commit_seconds_->Observe(took.count());
  for (auto& promise : waiting_)
    promise.deliver(Noted{problem});
  waiting_.clear();
  files_.clear();
  commits_.clear();
  feeds_.clear();
  events_.clear();
  if (problem) fatal(*problem);
}

void LedgerWriter::begin_shards() {
  for (auto& [begin, promise] : std::exchange(beginnings_, {})) {
    auto started = setup_.ledger->start_shards(begin.starts, setup_.now(), begin.most);
    const auto problem = problem_of(started);
    promise.deliver(ShardsBegun{problem, started ? std::move(*started) : ledger::StartedShards{}});
    if (problem) fatal(*problem);
  }
}

PlanLoaded LedgerWriter::load_plan(const LoadPlan& load) {
  PlanLoaded loaded;
  const auto& plan = load.plan;
  loaded.problem = problem_of(setup_.ledger->set_plan(plan, setup_.now()));
  if (loaded.problem) return loaded;
  const auto finished =
      setup_.ledger->finished(plan.row, plan.stage, [&](const ledger::FinishedShard& shard) {
        if (shard.part == 0) loaded.begun.push_back({shard.day, std::string(shard.organisation)});
      });
  const auto open = setup_.ledger->open_shards(plan.row, plan.stage);
  loaded.problem = finished ? problem_of(open) : problem_of(finished);
  if (loaded.problem) return loaded;
  for (const auto& shard : *open)
    loaded.begun.push_back({shard.key.day, shard.key.organisation});
  auto claimed = setup_.ledger->claim_shards(
      {plan.row, plan.stage, load.claim.from, load.claim.to, load.claim.most}, setup_.now());
  loaded.problem = problem_of(claimed);
  if (claimed) loaded.open = std::move(claimed->shards);
  return loaded;
}

CursorsLoaded LedgerWriter::load_cursors(const LoadCursors& load) {
  flush();
  CursorsLoaded loaded;
  for (const auto& feed : load.feeds) {
    auto cursor = setup_.ledger->cursor(load.row, load.stage, feed);
    if (!cursor) loaded.problem = cursor.error();
    loaded.cursors.push_back(cursor ? std::move(*cursor) : std::nullopt);
  }
  return loaded;
}

DueLoaded LedgerWriter::load_due(const LoadDue& load) {
  DueLoaded due;
  const auto& claim = load.claim;
  auto claimed =
      setup_.ledger->claim_shards({load.row, load.stage, claim.from, claim.to, claim.most}, setup_.now());
  due.problem = problem_of(claimed);
  if (claimed) {
    due.shards = std::move(claimed->shards);
    due.more = claimed->more;
    due.elsewhere = claimed->elsewhere;
  }
  add_single_records(due, load);
  if (load.live) add_inbox(due, load);
  if (!load.before.empty()) {
    auto days = setup_.ledger->to_go_on_with(load.row, load.before, load.stage, most_to_go_on_with);
    if (!due.problem) due.problem = problem_of(days);
    if (days) due.to_go_on_with = std::move(*days);
  }
  const auto held = setup_.ledger->held(load.row, load.stage);
  if (!due.problem) due.problem = problem_of(held);
  if (held) due.held = *held;
  if (due.problem) fatal(*due.problem); // an engine that writes nothing notices here that its ledger has gone
  return due;
}

/// Those that this engine carries: of its partitions, or where a row is not shared, all or none.
ledger::Partitions LedgerWriter::single_records_of(const LoadDue& load, DueLoaded& due) {
  const auto stage = duty_of(load.row, load.stage);
  if (load.live && load.live->is_shared) {
    if (duties_.want_share(stage, load.live->streams, load.live->in_use)) tell_news();
    due.share = duties_.share_of(stage);
    return due.share->partitions;
  }
  return has(stage) ? ledger::all_partitions() : ledger::Partitions();
}

/// Of those that others carry it is seen that there are some.
void LedgerWriter::add_single_records(DueLoaded& due, const LoadDue& load) {
  const auto mine = single_records_of(load, due);
  const auto look = [&](const ledger::Partitions& partitions, std::size_t most) {
    DueLoaded found;
    ledger::ExceptionFilter filter;
    filter.row = load.row;
    filter.stage = load.stage;
    filter.states = {ledger::ExceptionState::retrying};
    filter.limit = most;
    filter.partitions = partitions;
    auto exceptions = setup_.ledger->exceptions(filter);
    auto wake_ups = setup_.ledger->wake_ups(load.row, load.stage, setup_.now(), most, partitions);
    found.problem = exceptions ? problem_of(wake_ups) : problem_of(exceptions);
    if (exceptions) found.exceptions = std::move(*exceptions);
    if (wake_ups) found.wake_ups = std::move(*wake_ups);
    if (!due.problem) due.problem = found.problem;
    return found;
  };
  if (mine.any()) {
    auto found = look(mine, most_woken);
    due.exceptions = std::move(found.exceptions);
    due.wake_ups = std::move(found.wake_ups);
  }
  if (!mine.all()) {
    const auto found = look(~mine, 1);
    if (!found.exceptions.empty() || !found.wake_ups.empty()) due.elsewhere = true;
  }
}

void LedgerWriter::add_inbox(DueLoaded& due, const LoadDue& load) {
  const auto mine = due.share ? due.share->partitions : ledger::all_partitions();
  const auto waits = [&](std::int64_t after, const ledger::Partitions& partitions) {
    if (partitions.none()) return false;
    const auto next = setup_.ledger->inbox(load.row, after, 1, partitions);
    if (!due.problem) due.problem = problem_of(next);
    return next && !next->empty();
  };
  due.events_wait = waits(load.live->inbox_read, mine);
  if (waits(0, ~mine)) due.elsewhere = true;
  const auto waiting = setup_.ledger->waiting(load.row);
  if (!due.problem) due.problem = problem_of(waiting);
  if (waiting) due.inbox = waiting->records;
}

// -- among other engines ----------------------------------------------------------------

/// Whether this engine does this for all; where it is asked for the first time, it tries to.
bool LedgerWriter::has(const std::string& duty) {
  if (duties_.want(duty)) tell_news();
  return duties_.has(duty);
}

caf::result<Noted> LedgerWriter::on_await(const AwaitDuty& await) {
  if (has(await.name)) return Noted{};
  auto promise = make_response_promise<Noted>();
  awaiting_.emplace(await.name, promise);
  return promise;
}

void LedgerWriter::tell_news() {
  ledger::News news;
  duties_.tell(news);
  const auto now = std::chrono::steady_clock::now();
  const std::chrono::duration<double> since = now - std::exchange(told_at_, now);
  news.records = std::exchange(records_, 0);
  news.rate =
      since.count() > 0 ? static_cast<std::uint64_t>(static_cast<double>(news.records) / since.count()) : 0;
  const auto heard = setup_.ledger->tell(news, setup_.now());
  if (!heard) return fatal(heard.error());
  duties_.hear(*heard);
  for (const auto& duty : duties_.all()) {
    const auto [first, last] = awaiting_.equal_range(duty);
    for (auto promise = first; promise != last; ++promise)
      promise->second.deliver(Noted{});
    awaiting_.erase(first, last);
  }
  if (setup_.heard) setup_.heard(*heard);
  if (heard->next.count() > 0) tell_later(heard->next);
}

/// Once, however often news are told in between.
void LedgerWriter::tell_later(std::chrono::milliseconds next) {
  if (std::exchange(telling_later_, true)) return;
  send_later(*this, next, TellNews{});
}

void LedgerWriter::fatal(const Problem& problem) {
  if (setup_.engine) send(setup_.engine, Fatal{problem});
}

ledger_actor spawn_ledger_writer(caf::actor_system& system, LedgerWriterSetup setup) {
  return system.spawn<LedgerWriter, caf::detached>(std::move(setup));
}

} // namespace dialogferry::engine
