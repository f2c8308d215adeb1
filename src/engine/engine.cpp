#include "crew.hpp"
#include "plans.hpp"

#include <dialogferry/codec/cloud_event.hpp>
#include <dialogferry/engine/engine.hpp>
#include <dialogferry/engine/history/row_progress.hpp>
#include <dialogferry/engine/io_scheduler.hpp>
#include <dialogferry/ledger/listener.hpp>
#include <dialogferry/ledger/one_rate.hpp>
#include <dialogferry/ledger/outage.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace dialogferry::engine {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds reads_apart{500}; ///< of the ledger, for progress()

/// As configured, or one per core.
std::size_t threads(std::uint32_t configured) {
  return configured > 0 ? configured : std::max(1U, std::thread::hardware_concurrency());
}

void tell_of_outage(const ledger::Outage::State* state) {
  if (state != nullptr)
    spdlog::warn("{} {}; waiting for it", state->problem.member, state->problem.message);
  else
    spdlog::warn("the ledger is there again");
}

/// Tells once what became of several; the first problem counts.
class Gathered {
public:
  Gathered(std::size_t parts, std::function<void(std::optional<Problem>)> done)
      : left_(parts)
      , done_(std::move(done)) {}

  void one(std::optional<Problem> problem) {
    {
      const std::lock_guard lock(mutex_);
      if (problem && !problem_) problem_ = std::move(problem);
      if (--left_ > 0) return;
    }
    done_(std::move(problem_));
  }

private:
  std::mutex mutex_;
  std::size_t left_;
  std::optional<Problem> problem_;
  std::function<void(std::optional<Problem>)> done_;
};

class RunningEngine final : public Engine {
public:
  RunningEngine(const Config& config, const Task& task)
      : config_(config)
      , task_(task)
      , configured_{config, {}, config}
      , pool_(threads(config.engine.threads), http::IoPool::Threads::lent)
      , system_config_(pool_)
      , system_(system_config_) {}

  ~RunningEngine() override {
    if (!closed_) stop();
    while (!closed_ && !wait_for(std::chrono::seconds{1})) {
    }
    while (!close(std::chrono::seconds{1})) {
    }
  }

  Result<void> begin();
  ProgressSnapshot progress() const override;
  ProgressSnapshot progress(const ledger::Snapshot& read) const override;
  void reconfigure(const Config& config) override;
  Configured configured() const override;
  void set(ledger::Setting setting, Told done) override;
  void add_note(ledger::Note note, Told done) override;
  bool ledger_is_away() const override { return outage_->now().has_value(); }
  bool takes_events() const override {
    return events_row("") != nullptr || events_row("correspondence/") != nullptr;
  }
  void note_events(std::vector<std::string> record_ids, Told done) override;
  void stop() override;
  std::vector<Uuid> publishing() const override;
  std::shared_ptr<const metrics::Registry> counted() const override { return counted_; }
  std::optional<Ending> wait_for(std::chrono::milliseconds time) override;
  bool close(std::chrono::milliseconds time) override;
  bool fail_one(std::string_view kind) override { return roster_.fail(kind); }

private:
  Result<void> open_ledger();
  void hear(const ledger::Heard& heard);
  bool is_about_to_stop() const;
  void take_over();
  void note_setting(const ledger::Setting& setting);
  std::optional<Wait> pause_of(const std::string& name, bool paused) const;
  bool is_late(steady_clock::time_point drained) const;
  void warn_of_late() const;
  const Crew::Row* events_row(std::string_view record_id) const;
  std::optional<Day> not_over(const Crew::Row& row) const;
  ProgressSnapshot progress_of(const ledger::Snapshot* snapshot) const;
  RowProgress row_progress(const Crew::Row& row, const ledger::Snapshot* snapshot) const;
  Ending ending(bool stopped);
  void note_parked(Ending& ending, const ledger::Snapshot& snapshot) const;

  Config config_; ///< in force at the start
  Task task_;
  mutable std::mutex steering_;
  Configured configured_; ///< guarded
  std::shared_ptr<ledger::Outage> outage_ = std::make_shared<ledger::Outage>(tell_of_outage);
  std::shared_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<ledger::Ledger> reader_; ///< of its own: progress() is not the writer's thread
  std::shared_ptr<metrics::Registry> counted_ = std::make_shared<metrics::Registry>();
  std::shared_ptr<Outlook> outlook_ = std::make_shared<Outlook>();
  std::shared_ptr<Asked> asked_ = std::make_shared<Asked>();
  Roster roster_{[outlook = outlook_](Problem problem) { outlook->fail(std::move(problem)); }};

  http::IoPool pool_;
  IoScheduledConfig system_config_;
  caf::actor_system system_;
  std::unique_ptr<Apis> apis_;
  std::optional<Crew> crew_;
  std::unique_ptr<ledger::Listener> listener_;

  bool has_begun_ = false;          ///< guarded by `steering_`
  std::vector<std::string> others_; ///< engines that carry other rows, as heard last; the ledger writer's
  bool closed_ = false;             ///< written by the owner's thread, with `steering_` locked
  bool stopping_ = false;
  std::optional<steady_clock::time_point> drain_until_;
  std::optional<Ending> ended_;

  mutable std::mutex reading_;
  mutable std::optional<ledger::Snapshot> snapshot_;
  mutable steady_clock::time_point next_read_{};
};

// -- starting ---------------------------------------------------------------------

Result<void> RunningEngine::begin() {
  for (const auto& row : rows_of(config_, task_))
    if (kind_of(row) == nullptr)
      return fail("rows." + row, "cannot be carried by this version",
                  "leave the row out, or set enabled = false");
  if (auto opened = open_ledger(); !opened) return opened;
  auto rates = ledger::one_rate_of(config_.ledger.url);
  if (!rates) return tl::unexpected(rates.error());
  auto apis = Apis::create(config_, apis_of(config_, rows_of(config_, task_)), pool_, system_, counted_,
                           std::move(*rates));
  if (!apis) return tl::unexpected(apis.error());
  apis_ = std::move(*apis);
  crew_.emplace(CrewSetup{config_, task_, system_, pool_.threads(), *apis_, roster_, outlook_, ledger_,
                          asked_, counted_, [this](const ledger::Heard& heard) { hear(heard); }});
  auto begun = crew_->begin();
  if (!begun) return begun;
  listener_ =
      ledger::listen(config_.ledger.url, [this](std::string_view row) { crew_->tell_of_events(row); });
  const std::lock_guard lock(steering_);
  has_begun_ = true;
  return {};
}

Result<void> RunningEngine::open_ledger() {
  const auto environment = name_of(config_.environment);
  const ledger::Introduction introduction{config_.engine.name, task_.version, digest_of_rows(config_)};
  auto opened = ledger::open_to_wait(config_.ledger.url, environment, system_now(), outage_, introduction);
  if (!opened) return tl::unexpected(opened.error());
  ledger_ = std::move(*opened);
  auto reader = ledger::open(config_.ledger.url, environment, ledger::OpenMode::read_only, system_now());
  if (!reader) return tl::unexpected(reader.error());
  reader_ = std::move(*reader);
  auto settings = ledger_->settings();
  if (!settings) return tl::unexpected(settings.error());
  configured_.settings = std::move(*settings);
  if (task_.lay_over) config_ = configured_.in_force = task_.lay_over(config_, configured_.settings);
  return ledger_->set_goals(config_.goals);
}

/// Of other engines, by the ledger writer's thread.
void RunningEngine::hear(const ledger::Heard& heard) {
  for (const auto& engine : heard.ended)
    spdlog::warn("the engine {}, process {} on {}, {}; what it had goes on elsewhere", engine.name,
                 engine.process, engine.host,
                 engine.left_why == "gone" ? "is gone" : "was not heard of for longer than its lease");
  if (others_ != heard.others)
    for (const auto& name : others_ = heard.others)
      spdlog::warn("the engine {} works on the same ledger, but its rows are configured otherwise", name);
  if (!heard.settings) return;
  const std::lock_guard lock(steering_);
  if (!has_begun_ || closed_ || configured_.settings == *heard.settings) return;
  configured_.settings = *heard.settings;
  take_over();
}

bool RunningEngine::is_about_to_stop() const {
  const std::lock_guard lock(outlook_->mutex);
  return stopping_ || ended_;
}

// -- running ------------------------------------------------------------------------

void RunningEngine::reconfigure(const Config& config) {
  const std::lock_guard lock(steering_);
  configured_.file = config;
  take_over();
}

/// With `steering_` locked: what is in force from now on.
void RunningEngine::take_over() {
  auto& now = configured_;
  now.in_force = task_.lay_over ? task_.lay_over(now.file, now.settings) : now.file;
  if (closed_) return;
  apis_->reconfigure(now.in_force);
  crew_->reconfigure(now.in_force);
}

Configured RunningEngine::configured() const {
  const std::lock_guard lock(steering_);
  return configured_;
}

void RunningEngine::set(ledger::Setting setting, Told done) {
  if (is_about_to_stop()) return done(Problem{"engine", "is about to stop", "set it once it runs again"});
  crew_->note(setting, [this, setting, done = std::move(done)](std::optional<Problem> problem) {
    if (!problem) note_setting(setting);
    done(std::move(problem));
  });
}

void RunningEngine::note_setting(const ledger::Setting& setting) {
  const std::lock_guard lock(steering_);
  auto& settings = configured_.settings;
  std::erase_if(settings, [&](const auto& other) { return other.name == setting.name; });
  const auto behind = [&](const auto& other) { return other.name > setting.name; };
  if (!setting.value.empty())
    settings.insert(std::find_if(settings.begin(), settings.end(), behind), setting);
  take_over();
}

void RunningEngine::add_note(ledger::Note note, Told done) {
  if (is_about_to_stop()) return done(Problem{"engine", "is about to stop", "add it once it runs again"});
  crew_->note(std::move(note), std::move(done));
}

/// Of what is paused: who has paused it, and when, where that was an operator.
std::optional<Wait> RunningEngine::pause_of(const std::string& name, bool paused) const {
  if (!paused) return std::nullopt;
  Wait wait;
  wait.code = WaitCode::by_operator;
  const std::lock_guard lock(steering_);
  for (const auto& setting : configured_.settings) {
    if (setting.name != name + ".paused") continue;
    wait.who = setting.who;
    wait.since = setting.at;
  }
  return wait;
}

/// Who carries a record that an event names.
const Crew::Row* RunningEngine::events_row(std::string_view record_id) const {
  const auto kind =
      record_id.starts_with("correspondence/") ? CarrierKind::new_message : CarrierKind::instance;
  const auto& rows = crew_->rows();
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const Crew::Row& row) {
    return row.kind->takes_events && row.kind->stages.front().carrier == kind;
  });
  return found == rows.end() ? nullptr : &*found;
}

void RunningEngine::note_events(std::vector<std::string> record_ids, Told done) {
  if (is_about_to_stop()) return done(Problem{"engine", "is about to stop", "send the event again"});
  if (const auto away = outage_->now()) // what cannot be kept must not pile up
    return done(Problem{away->problem.member, away->problem.message, "send the event again"});
  std::map<const Crew::Row*, NoteEvents> notes;
  const auto now = system_now();
  for (auto& id : record_ids) {
    const auto* row = events_row(id);
    if (row == nullptr) continue; // nobody here carries it
    const auto message = codec::message_in(id);
    notes[row].events.push_back({row->id, message.empty() ? std::move(id) : std::string(message), now});
  }
  if (notes.empty()) return done(std::nullopt);
  const auto left = std::make_shared<Gathered>(notes.size(), std::move(done));
  for (auto& [row, note] : notes)
    crew_->deliver(*row, std::move(note),
                   [left](std::optional<Problem> problem) { left->one(std::move(problem)); });
}

void RunningEngine::stop() {
  const std::lock_guard lock(outlook_->mutex);
  if (stopping_ || ended_) return;
  stopping_ = true;
  outlook_->idle.clear();
  drain_until_ = steady_clock::now() + config_.engine.drain_timeout;
  if (crew_) crew_->drain();
}

/// What is published is waited for beyond the time to drain, as long as a write may take (observed.md OC-1).
bool RunningEngine::is_late(steady_clock::time_point drained) const {
  const auto longest = config_.apis.find("correspondence")->second.write_timeout;
  return steady_clock::now() >= (asked_->empty() ? drained : drained + longest);
}

/// With the outlook locked: what has not come to rest in the time to drain.
void RunningEngine::warn_of_late() const {
  for (const auto& row : crew_->rows()) {
    const auto is_at_rest = [&](const auto& idle) { return idle.first == row.id; };
    const auto at_rest = std::count_if(outlook_->idle.begin(), outlook_->idle.end(), is_at_rest);
    if (static_cast<std::size_t>(at_rest) < row.parts())
      spdlog::warn("{} has not finished what was in flight; the next run goes on with it", row.id);
  }
}

std::vector<Uuid> RunningEngine::publishing() const {
  return asked_->ids();
}

std::optional<Ending> RunningEngine::wait_for(std::chrono::milliseconds time) {
  bool stopped = false;
  {
    std::unique_lock lock(outlook_->mutex);
    if (ended_) return ended_;
    const auto parts = crew_ ? crew_->parts() : 0;
    const auto over = [&] {
      const bool ends = stopping_ || task_.until_idle || task_.days;
      const bool late = drain_until_ && is_late(*drain_until_);
      return outlook_->failure || late || (ends && outlook_->idle.size() == parts);
    };
    auto until = steady_clock::now() + time;
    if (drain_until_ && asked_->empty()) until = std::min(until, *drain_until_);
    if (!outlook_->changed.wait_until(lock, until, over)) return std::nullopt;
    stopped = stopping_;
    if (drain_until_) warn_of_late();
  }
  auto ended = ending(stopped);
  const std::lock_guard lock(outlook_->mutex);
  ended.failure = outlook_->failure;
  ended.may_start_anew = ended.failure && outage_->is_lost();
  ended_ = ended;
  return ended_;
}

Ending RunningEngine::ending(bool stopped) {
  Ending ending;
  ending.stopped = stopped;
  const std::lock_guard lock(reading_);
  if (!reader_ || !crew_) return ending;
  auto snapshot = reader_->snapshot();
  if (!snapshot) return ending;
  note_parked(ending, *snapshot);
  for (const auto& row : crew_->rows()) {
    ending.held += ledger::held_records(*snapshot, row.id);
    if (const auto day = not_over(row)) ending.not_over.emplace_back(row.id, *day);
  }
  for (const auto& cause : snapshot->causes)
    if (is_unresolved(cause.state)) ending.exceptions += cause.count;
  snapshot_ = std::move(*snapshot);
  next_read_ = steady_clock::now() + reads_apart;
  return ending;
}

void RunningEngine::note_parked(Ending& ending, const ledger::Snapshot& snapshot) const {
  const auto& rows = crew_->rows();
  for (const auto& stage : snapshot.stages) {
    const auto is_of = [&](const Crew::Row& row) { return row.id == stage.row; };
    if (std::none_of(rows.begin(), rows.end(), is_of)) continue;
    for (const auto& day : stage.days)
      if (day.state == DayState::parked) ++ending.parked_days;
  }
}

std::optional<Day> RunningEngine::not_over(const Crew::Row& row) const {
  return row.live ? std::nullopt : engine::not_over(config_, task_, row.id);
}

ProgressSnapshot RunningEngine::progress() const {
  const std::lock_guard lock(reading_);
  if (const auto begun = steady_clock::now(); !outage_->now() && begun >= next_read_) {
    if (auto snapshot = reader_->snapshot()) snapshot_ = std::move(*snapshot);
    const auto now = steady_clock::now();
    next_read_ = now + std::max<steady_clock::duration>(reads_apart, 10 * (now - begun));
  }
  return progress_of(snapshot_ ? &*snapshot_ : nullptr);
}

ProgressSnapshot RunningEngine::progress(const ledger::Snapshot& read) const {
  const std::lock_guard lock(reading_);
  return progress_of(&read);
}

ProgressSnapshot RunningEngine::progress_of(const ledger::Snapshot* snapshot) const {
  ProgressSnapshot progress;
  progress.as_of = system_now();
  const bool is_away = outage_->now().has_value();
  {
    const std::lock_guard outlook(outlook_->mutex);
    progress.draining = stopping_;
  }
  for (const auto& row : crew_->rows())
    progress.rows.push_back(row_progress(row, snapshot));
  progress.apis = apis_->progress();
  for (auto& api : progress.apis) { // every row needs all of them
    if (auto pause = pause_of("apis." + api.name, api.reason == "operator")) {
      pause->api = api.name;
      api.wait = std::move(pause);
    }
    for (auto& row : progress.rows)
      row.wait = worse(row.wait, api.wait);
  }
  for (std::size_t i = 0; i < progress.rows.size(); ++i)
    if (auto pause = pause_of("rows." + progress.rows[i].id, crew_->rows()[i].controls->paused))
      progress.rows[i].wait = std::move(pause);
  if (is_away)
    for (auto& row : progress.rows)
      row.wait = worse(ledger::wait_for_ledger(), row.wait);
  return progress;
}

RowProgress RunningEngine::row_progress(const Crew::Row& row, const ledger::Snapshot* snapshot) const {
  if (row.live) {
    auto progress = live_progress(row.id, *row.live_probe, system_now(), snapshot);
    if (!row.is_for_all && row.kind->is_by_owner()) progress.organisations = row.organisations;
    return progress;
  }
  const auto& last = row.stages.back();
  auto progress = history_progress(last.plan, *last.probe, snapshot);
  for (const auto& stage : row.stages)
    if (&stage != &last) progress.before.push_back(history_progress(stage.plan, *stage.probe, snapshot));
  if (!row.is_for_all && row.kind->is_by_owner()) progress.organisations = row.organisations;
  if (row.patrol) {
    auto patrol = row.patrol->get();
    progress.comparing = patrol.comparing;
    progress.not_compared = std::move(patrol.not_compared);
  }
  progress.not_over = not_over(row);
  if (progress.not_over && row.stages.front().probe->shards == 0)
    progress.wait = Wait{WaitCode::day, {}, progress.not_over->end(), 0, false};
  return progress;
}

// -- ending -------------------------------------------------------------------------

bool RunningEngine::close(std::chrono::milliseconds time) {
  {
    const std::lock_guard lock(steering_);
    closed_ = true;
  }
  outage_->give_up();
  listener_.reset();
  roster_.close();
  const auto let_go = [this] {
    if (apis_) apis_->close();
    pool_.close();
  };
  crew_ ? crew_->end(let_go) : let_go();
  const auto left = roster_.wait_until_gone(time);
  for (const auto& kind : left)
    spdlog::warn("the engine's {} does not end", kind);
  if (left.empty() && ledger_) ledger_->leave(ended_ && ended_->failure ? "failed" : "stopped");
  return left.empty();
}

} // namespace

Result<std::unique_ptr<Engine>> start(const Config& config, const Task& task) {
  auto engine = std::make_unique<RunningEngine>(config, task);
  if (auto begun = engine->begin(); !begun) {
    engine->stop();
    return tl::unexpected(begun.error());
  }
  return engine;
}

} // namespace dialogferry::engine
