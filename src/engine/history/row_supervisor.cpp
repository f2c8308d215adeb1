#include <dialogferry/engine/history/row_supervisor.hpp>
#include <dialogferry/engine/log.hpp>

#include <algorithm>

namespace dialogferry::engine {

namespace {

/// So many more than there is room for are asked for, where other engines may have begun the first ones.
constexpr std::size_t more_days = 32;

/// While requests rest, so many times the shards in flight: with refusals of 4 % and pauses of a second or
/// two a third of them waits for a page (bench/README.md, noise).
constexpr std::size_t in_stead_of_resting = 3;

} // namespace

Day newest_over(Instant now, std::chrono::milliseconds overlap) {
  return day_of(now - overlap).previous();
}

RowSupervisor::RowSupervisor(caf::actor_config& config, SupervisorSetup setup)
    : actor_base(config)
    , setup_(std::move(setup))
    , planner_(setup_.plan.row, setup_.plan.stage, setup_.range,
               setup_.before.empty() ? setup_.plan.organisations : std::vector<std::string>{})
    , hope_(setup_.hope)
    , before_is_idle_(setup_.before.empty()) {}

RowSupervisor::behavior_type RowSupervisor::make_behavior() {
  set_down_handler([this](const caf::down_msg& down) { on_down(down); });
  send(this, Proceed{});
  return {
      [this](Proceed) {
        if (!loaded_) return load();
        look();
        delayed_send(this, setup_.look_every, Proceed{});
      },
      [this](Drain) {
        draining_ = true;
        idle_told_ = false; // who asks to drain waits to be told, also of a row that was idle before
        for (auto& [key, child] : children_)
          if (child.actor) send(child.actor, Drain{});
        std::erase_if(children_, [](const auto& entry) { return !entry.second.actor; });
        if (setup_.retrier) send(setup_.retrier, Drain{});
        check_idle();
      },
      [this](Steer) { steer(); },
      [this](ShardEnded& ended) { on_ended(ended); },
      [this](const RestartNow& now) { restart(now.key); },
      [this](const NewOrganisations& more) { add(more.names); },
      [this](StageBefore before) {
        before_is_idle_ = before.idle;
        looked_ = false; // at what it has left
        look();
      },
  };
}

void RowSupervisor::on_exit() {
  for (auto& [key, child] : children_)
    if (child.actor) caf::anon_send_exit(child.actor, caf::exit_reason::kill);
  children_.clear();
  setup_ = {};
}

// -- planning -----------------------------------------------------------------------

void RowSupervisor::load() {
  request(setup_.ledger, caf::infinite, LoadPlan{setup_.plan, claim()})
      .then(
          [this](PlanLoaded& plan) {
            if (plan.problem) return fatal(*plan.problem);
            for (const auto& known : plan.begun)
              planner_.known(known.day, known.organisation);
            for (auto& shard : plan.open) {
              planner_.known(shard.key.day, shard.key.organisation);
              if (is_in_range(shard.key.day)) planner_.resume(std::move(shard));
            }
            loaded_ = true;
            send(this, Proceed{});
          },
          [this](const caf::error& error) { fatal(error); });
}

/// Their days are planned, in the ledger as well: the row is migrated back as far as they are, too (OR-5).
void RowSupervisor::add(const std::vector<std::string>& organisations) {
  if (draining_ || !loaded_) return;
  auto& planned = setup_.plan.organisations;
  const auto is_new = [&](const std::string& name) {
    return std::find(planned.begin(), planned.end(), name) == planned.end();
  };
  std::vector<std::string> more;
  std::copy_if(organisations.begin(), organisations.end(), std::back_inserter(more), is_new);
  if (more.empty()) return;
  planned.insert(planned.end(), more.begin(), more.end());
  std::sort(planned.begin(), planned.end());
  request(setup_.ledger, caf::infinite, LoadPlan{setup_.plan})
      .then(
          [this, more](PlanLoaded& plan) {
            if (plan.problem) return fatal(*plan.problem);
            planner_.add(more);
            const auto concerns = [&](const std::string& name) {
              return std::find(more.begin(), more.end(), name) != more.end();
            };
            for (const auto& known : plan.begun)
              if (concerns(known.organisation)) planner_.known(known.day, known.organisation);
            for (auto& shard : plan.open) {
              if (!concerns(shard.key.organisation)) continue;
              planner_.known(shard.key.day, shard.key.organisation);
              if (is_in_range(shard.key.day)) planner_.resume(std::move(shard));
            }
            idle_told_ = false;
            fill();
          },
          [this](const caf::error& error) { fatal(error); });
}

bool RowSupervisor::is_in_range(Day day) const {
  return day >= setup_.range.from && day <= setup_.range.cutover;
}

/// A shard whose page waits out a pause of its own reads nothing meanwhile: others do it in its stead.
std::size_t RowSupervisor::room() const {
  const auto taken = children_.size() + beginning_;
  const bool requests_rest = setup_.resting && *setup_.resting > 0;
  const auto places = setup_.controls->shards_in_flight * (requests_rest ? in_stead_of_resting : 1);
  return places > taken ? places - taken : 0;
}

/// What may be claimed now, of the days that are over.
ClaimOf RowSupervisor::claim() const {
  const bool begins = !draining_ && !setup_.controls->paused && held_ < most_held;
  return {setup_.range.from, std::min(setup_.range.cutover, newest()), begins ? room() : 0};
}

/// Begins shards until enough are in flight: first those that are claimed, then those that the ledger has
/// left, then new ones. Those are noted in the ledger first, together.
void RowSupervisor::fill() {
  if (draining_ || !loaded_ || setup_.controls->paused) return;
  if (held_ >= most_held) return check_idle(); // a new shard would not read either
  const auto ahead = elsewhere_ ? more_days : 0;
  std::vector<Shard> fresh;
  while (room() > 0 && fresh.size() < room() + ahead) {
    auto shard = planner_.next(newest());
    if (!shard) break;
    if (shard->changed_at == Instant{})
      fresh.push_back(std::move(*shard));
    else
      spawn(std::move(*shard));
  }
  if (!left_ && !fresh.empty() && room() > 0) return begin(std::move(fresh), room());
  for (auto& shard : fresh)
    planner_.give_back(std::move(shard));
  left_&& room() > 0 ? look() : check_idle();
}

void RowSupervisor::begin(std::vector<Shard> shards, std::size_t most) {
  BeginShards begin{{}, most};
  for (const auto& shard : shards)
    begin.starts.push_back({shard.key, shard.from, shard.to});
  const auto places = std::min(most, shards.size());
  beginning_ += places;
  auto asked = std::make_shared<std::vector<Shard>>(std::move(shards));
  request(setup_.ledger, caf::infinite, std::move(begin))
      .then(
          [this, asked, places](const ShardsBegun& begun) {
            beginning_ -= places;
            if (begun.problem) return fatal(*begun.problem);
            on_begun(*asked, begun.started);
          },
          [this](const caf::error& error) { fatal(error); });
}

/// What was there already is another engine's, and what is beyond the places there were comes again.
void RowSupervisor::on_begun(std::vector<Shard>& shards, const ledger::StartedShards& started) {
  const auto is_in = [](const std::vector<ShardKey>& keys, const ShardKey& key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
  };
  if (!started.known.empty()) elsewhere_ = true;
  for (auto& shard : shards)
    if (is_in(started.begun, shard.key))
      spawn(std::move(shard));
    else if (!is_in(started.known, shard.key))
      planner_.give_back(std::move(shard));
  if (!started.known.empty()) return fill();
  check_idle();
}

void RowSupervisor::spawn(Shard shard) {
  if (draining_) return;
  const auto key = shard.key;
  auto [child, added] =
      children_.try_emplace(key, Child{std::move(shard), RestartPolicy(setup_.restarts), {}});
  if (added) start(child->second);
}

void RowSupervisor::start(Child& child) {
  child.actor = setup_.spawn_shard(child.shard, supervisor_actor{this});
  monitor(child.actor);
  if (setup_.probe) ++setup_.probe->shards;
}

// -- supervision --------------------------------------------------------------------

void RowSupervisor::on_ended(ShardEnded& ended) {
  const auto found = children_.find(ended.key);
  if (found == children_.end() || !found->second.actor) return;
  if (current_sender() != found->second.actor) return; // of a child that was replaced
  found->second.actor = nullptr;
  if (setup_.probe) --setup_.probe->shards;
  if (ended.how == ShardEnded::How::failed) return failed(ended.key, ended.problem);
  if (!ended.parts.empty()) left_ = true;
  children_.erase(found);
  looked_ = false; // at what it has deferred
  if (ended.how == ShardEnded::How::complete) tell_next(false);
  fill();
  check_idle();
}

/// A child that ended without a word: a bug, or a kill. Its checkpoint is in the ledger all the same.
void RowSupervisor::on_down(const caf::down_msg& down) {
  const auto found = std::find_if(children_.begin(), children_.end(), [&](const auto& entry) {
    return entry.second.actor && entry.second.actor.address() == down.source;
  });
  if (found == children_.end()) return;
  found->second.actor = nullptr;
  if (setup_.probe) --setup_.probe->shards;
  failed(found->first, {"shard", "ended unexpectedly: " + home_system().render(down.reason), {}});
}

void RowSupervisor::failed(const ShardKey& key, const Problem& problem) {
  const auto found = children_.find(key);
  if (draining_) {
    children_.erase(found);
    return check_idle();
  }
  const auto wait = found->second.policy.on_failure(setup_.clock(), setup_.random());
  log_warning(
      wait ? "a shard failed and is started again" : "a shard failed too often and is parked", nullptr,
      [&](LogLine& line) {
        line.field("row", key.row).field("day", to_string(key.day)).field("organisation", key.organisation);
        line.field("why", problem.member + ' ' + problem.message);
      });
  if (!wait) return park(key, problem);
  if (setup_.probe) ++setup_.probe->restarts;
  delayed_send(this, *wait, RestartNow{key});
}

/// From the checkpoint in the ledger: what the failed child had not committed is carried again.
void RowSupervisor::restart(const ShardKey& key) {
  if (draining_ || !children_.contains(key)) return;
  request(setup_.ledger, caf::infinite, LoadShard{key})
      .then(
          [this, key](ShardLoaded& loaded) {
            const auto found = children_.find(key);
            if (found == children_.end() || found->second.actor || draining_) return;
            if (loaded.problem) return fatal(*loaded.problem);
            if (loaded.shard) found->second.shard = std::move(*loaded.shard);
            start(found->second);
          },
          [this](const caf::error& error) { fatal(error); });
}

void RowSupervisor::park(const ShardKey& key, const Problem& problem) {
  const auto found = children_.find(key);
  ledger::Commit commit;
  commit.key = key;
  commit.restarts = setup_.restarts.max_restarts;
  commit.next_stage = setup_.next;
  commit.lets_go = true;
  const auto cooldown =
      std::chrono::duration_cast<std::chrono::nanoseconds>(setup_.park_cooldown).count() / 100;
  const auto text = problem.member.empty() ? problem.message : problem.member + ": " + problem.message;
  commit.state = ledger::StateChange{ShardState::parked, text, {setup_.now().ticks + cooldown}};
  children_.erase(found);
  ++parking_;
  request(setup_.ledger, caf::infinite, NoteProgress{std::move(commit)})
      .then(
          [this](const Noted& noted) {
            --parking_;
            if (noted.problem) return fatal(*noted.problem);
            fill();
            check_idle();
          },
          [this](const caf::error& error) { fatal(error); });
}

// -- what others made due -------------------------------------------------------------

/// Another credit, more shards, or no pause any more.
void RowSupervisor::steer() {
  for (auto& [key, child] : children_)
    if (child.actor) send(child.actor, Proceed{});
  look();
  fill();
}

void RowSupervisor::look() {
  if (draining_ || looking_) return;
  looking_ = true;
  request(setup_.ledger, caf::infinite, LoadDue{setup_.plan.row, setup_.plan.stage, setup_.before, claim()})
      .then([this](DueLoaded& due) { on_due(due); }, [this](const caf::error& error) { fatal(error); });
}

void RowSupervisor::on_due(DueLoaded& due) {
  looking_ = false;
  looked_ = true;
  if (draining_) return check_idle();
  if (due.problem) return fatal(*due.problem);
  left_ = due.more;
  elsewhere_ = due.elsewhere;
  for (auto& shard : due.shards) { // they are this engine's now, whatever comes
    if (children_.contains(shard.key) || !is_in_range(shard.key.day)) continue;
    idle_told_ = false;
    planner_.resume(std::move(shard));
  }
  note_held(due.held);
  if (draining_ || setup_.controls->paused) return check_idle();
  if (setup_.until_idle && hope_.is_lost(setup_.clock())) // the next run's
    std::erase_if(due.wake_ups, [](const auto& wake_up) { return !wake_up.api.empty(); });
  go_on_with(due.to_go_on_with);
  const bool single = !due.exceptions.empty() || !due.wake_ups.empty();
  if (single && setup_.retrier && retrying_ == 0) {
    idle_told_ = false;
    ++retrying_;
    request(setup_.retrier, caf::infinite, RetryRecords{std::move(due.exceptions), std::move(due.wake_ups)})
        .then(
            [this](const Noted& noted) {
              --retrying_;
              if (noted.problem) return fatal(*noted.problem);
              look();
            },
            [this](const caf::error& error) { fatal(error); });
  }
  fill();
  check_idle();
}

/// Days that the stage before is done with: planned like those of a stage that plans by itself.
void RowSupervisor::go_on_with(const std::vector<ShardKey>& days) {
  for (const auto& key : days) {
    if (children_.contains(key) || !is_in_range(key.day)) continue;
    idle_told_ = false;
    Shard shard;
    shard.key = key;
    shard.from = key.day.start();
    shard.to = key.day.end();
    shard.checkpoint.at = shard.to;
    planner_.resume(std::move(shard));
  }
}

void RowSupervisor::tell_next(bool idle) {
  if (setup_.next_stage) send(setup_.next_stage, StageBefore{idle});
}

/// Enough waits for somebody: the shards read no further until some of it is carried. A run that is to end
/// and has no hope left stops them where they are; their days stay open.
void RowSupervisor::note_held(std::uint64_t held) {
  const bool goes_on = held_ >= most_held && held < most_held;
  held_ = held;
  if (setup_.probe) setup_.probe->held = held;
  hope_.looked(held, setup_.clock());
  if (goes_on)
    for (auto& [key, child] : children_)
      if (child.actor) send(child.actor, Proceed{});
  if (!setup_.until_idle || held < most_held || !hope_.is_lost(setup_.clock())) return;
  send(this, Drain{});
}

/// Whether a run that is to end waits for records whose time has not come.
bool RowSupervisor::waits() const {
  return setup_.until_idle && !draining_ && hope_.is_there(setup_.clock());
}

void RowSupervisor::check_idle() {
  const bool busy = !children_.empty() || beginning_ > 0 || parking_ > 0 || retrying_ > 0 || waits();
  const bool planned =
      planner_.empty(newest()) && loaded_ && !looking_ && before_is_idle_ && !left_ && !elsewhere_;
  if (busy || !(planned || draining_) || idle_told_) return;
  if (!looked_ && !draining_) return look();
  idle_told_ = true;
  tell_next(true);
  if (setup_.engine) send(setup_.engine, RowIdle{setup_.plan.row, setup_.plan.stage});
}

void RowSupervisor::fatal(const Problem& problem) {
  if (setup_.engine) send(setup_.engine, Fatal{problem});
}

void RowSupervisor::fatal(const caf::error& error) {
  fatal(Problem{"engine", "an actor did not answer: " + home_system().render(error), {}});
}

} // namespace dialogferry::engine
