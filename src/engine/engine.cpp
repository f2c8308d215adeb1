#include "crew.hpp"
#include "plans.hpp"

#include <dialogferry/codec/cloud_event.hpp>
#include <dialogferry/engine/engine.hpp>
#include <dialogferry/engine/history/row_progress.hpp>
#include <dialogferry/engine/io_scheduler.hpp>

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
  void reconfigure(const Config& config) override;
  bool takes_events() const override {
    return events_row("") != nullptr || events_row("correspondence/") != nullptr;
  }
  void note_events(std::vector<std::string> record_ids,
                   std::function<void(std::optional<Problem>)> done) override;
  void stop() override;
  std::vector<Uuid> publishing() const override;
  std::optional<Ending> wait_for(std::chrono::milliseconds time) override;
  bool close(std::chrono::milliseconds time) override;
  bool fail_one(std::string_view kind) override { return roster_.fail(kind); }

private:
  Result<void> open_ledger();
  bool is_late(steady_clock::time_point drained) const;
  const Crew::Row* events_row(std::string_view record_id) const;
  std::optional<Day> not_over(const Crew::Row& row) const;
  RowProgress row_progress(const Crew::Row& row, const ledger::Snapshot* snapshot) const;
  Ending ending(bool stopped);
  void note_parked(Ending& ending, const ledger::Snapshot& snapshot) const;

  Config config_;
  Task task_;
  std::shared_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<ledger::Ledger> reader_; ///< of its own: progress() is not the writer's thread
  std::shared_ptr<Outlook> outlook_ = std::make_shared<Outlook>();
  std::shared_ptr<Asked> asked_ = std::make_shared<Asked>();
  Roster roster_{[outlook = outlook_](Problem problem) { outlook->fail(std::move(problem)); }};

  http::IoPool pool_;
  IoScheduledConfig system_config_;
  caf::actor_system system_;
  std::unique_ptr<Apis> apis_;
  std::optional<Crew> crew_;

  bool closed_ = false; ///< the owner's thread
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
  auto apis = Apis::create(config_, apis_of(config_, rows_of(config_, task_)), pool_, system_);
  if (!apis) return tl::unexpected(apis.error());
  apis_ = std::move(*apis);
  crew_.emplace(
      CrewSetup{config_, task_, system_, pool_.threads(), *apis_, roster_, outlook_, ledger_, asked_});
  return crew_->begin();
}

Result<void> RunningEngine::open_ledger() {
  const auto environment = name_of(config_.environment);
  auto opened = ledger::open(config_.ledger.url, environment, ledger::OpenMode::engine, system_now());
  if (!opened) return tl::unexpected(opened.error());
  ledger_ = std::move(*opened);
  auto reader = ledger::open(config_.ledger.url, environment, ledger::OpenMode::read_only, system_now());
  if (!reader) return tl::unexpected(reader.error());
  reader_ = std::move(*reader);
  return ledger_->set_goals(config_.goals);
}

// -- running ------------------------------------------------------------------------

void RunningEngine::reconfigure(const Config& config) {
  apis_->reconfigure(config);
  crew_->reconfigure(config);
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

void RunningEngine::note_events(std::vector<std::string> record_ids,
                                std::function<void(std::optional<Problem>)> done) {
  {
    const std::lock_guard lock(outlook_->mutex);
    if (stopping_ || ended_) return done(Problem{"engine", "is about to stop", "send the event again"});
  }
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
  }
  auto ended = ending(stopped);
  const std::lock_guard lock(outlook_->mutex);
  ended.failure = outlook_->failure;
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
  ProgressSnapshot progress;
  progress.as_of = system_now();
  const std::lock_guard lock(reading_);
  if (const auto begun = steady_clock::now(); begun >= next_read_) {
    if (auto snapshot = reader_->snapshot()) snapshot_ = std::move(*snapshot);
    const auto now = steady_clock::now();
    next_read_ = now + std::max<steady_clock::duration>(reads_apart, 10 * (now - begun));
  }
  {
    const std::lock_guard outlook(outlook_->mutex);
    progress.draining = stopping_;
  }
  for (const auto& row : crew_->rows())
    progress.rows.push_back(row_progress(row, snapshot_ ? &*snapshot_ : nullptr));
  progress.apis = apis_->progress();
  for (const auto& api : progress.apis) // every row needs all of them
    for (auto& row : progress.rows)
      row.wait = worse(row.wait, api.wait);
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
  progress.not_over = not_over(row);
  if (progress.not_over && row.stages.front().probe->shards == 0)
    progress.wait = Wait{WaitCode::day, {}, progress.not_over->end(), 0, false};
  return progress;
}

// -- ending -------------------------------------------------------------------------

bool RunningEngine::close(std::chrono::milliseconds time) {
  closed_ = true;
  roster_.close();
  const auto let_go = [this] {
    if (apis_) apis_->close();
    pool_.close();
  };
  crew_ ? crew_->end(let_go) : let_go();
  const auto left = roster_.wait_until_gone(time);
  for (const auto& kind : left)
    spdlog::warn("the engine's {} does not end", kind);
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
