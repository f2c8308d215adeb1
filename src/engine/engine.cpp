#include "limit/apis.hpp"
#include "outside.hpp"
#include "owners.hpp"
#include "row_kinds.hpp"

#include <dialogferry/engine/carry/carrier.hpp>
#include <dialogferry/engine/carry/lookups.hpp>
#include <dialogferry/engine/carry/retrier.hpp>
#include <dialogferry/engine/carry/uploader.hpp>
#include <dialogferry/engine/engine.hpp>
#include <dialogferry/engine/history/day_shard.hpp>
#include <dialogferry/engine/history/row_progress.hpp>
#include <dialogferry/engine/history/row_supervisor.hpp>
#include <dialogferry/engine/io_scheduler.hpp>
#include <dialogferry/engine/ledger_writer.hpp>
#include <dialogferry/engine/live/live_feed.hpp>
#include <dialogferry/engine/live/live_supervisor.hpp>
#include <dialogferry/engine/roster.hpp>
#include <dialogferry/mapping/from_config.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <random>
#include <set>
#include <thread>

namespace dialogferry::engine {

namespace {

constexpr std::string_view carry_stage = "carry";

Moment steady() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

double spread() {
  static thread_local std::minstd_rand random(std::random_device{}());
  return static_cast<double>(random()) / static_cast<double>(std::minstd_rand::max());
}

/// As configured, or one per core.
std::size_t threads(std::uint32_t configured) {
  return configured > 0 ? configured : std::max(1U, std::thread::hardware_concurrency());
}

/// Records that each of so many carriers may have under way: enough to keep all connections busy, where a
/// record waits for its events, for people and for its dialog to be written. More only fall out of the caches
/// while they wait (bench/README.md).
std::size_t window_of(const Config& config, std::size_t carriers) {
  constexpr std::size_t records_per_connection = 4;
  constexpr std::size_t least = 32;
  const auto connections =
      config.apis.find("storage")->second.connections + config.apis.find("dialogporten")->second.connections;
  return std::max(least, records_per_connection * connections / carriers);
}

/// How long a run that is to end waits for records that wait for somebody: long enough to try each in place
/// and once more.
std::chrono::milliseconds longest_hope(const Config& config) {
  return std::min<std::chrono::milliseconds>(std::chrono::minutes{2}, config.engine.retry_for);
}

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
  bool takes_events() const override { return events_row() != nullptr; }
  void note_events(std::vector<std::string> record_ids,
                   std::function<void(std::optional<Problem>)> done) override;
  void stop() override;
  std::optional<Ending> wait_for(std::chrono::milliseconds time) override;
  bool close(std::chrono::milliseconds time) override;
  bool fail_one(std::string_view kind) override { return roster_.fail(kind); }

private:
  struct Row {
    std::string id;
    ledger::Plan plan;
    bool is_for_all = false;     ///< service owners
    supervisor_actor supervisor; ///< of a historic row
    retrier_actor retrier;
    std::shared_ptr<RowProbe> probe;
    live_supervisor_actor live; ///< of a live row
    std::shared_ptr<LiveProbe> live_probe;
  };

  const Row* events_row() const;
  std::vector<std::string> wanted_rows() const;
  Result<void> open_ledger();
  Result<std::vector<std::string>> owners(std::chrono::seconds patience);
  Result<std::vector<std::string>> organisations(const std::string& row);
  Result<void> check_days(const std::string& row) const;
  Planner::Range range_of(const std::string& row) const;
  std::optional<Day> not_over(const Row& row) const;
  void watch_owners();
  void spawn_workers();
  Result<void> begin_row(const std::string& id);
  void begin_history(Row row, const RowKind& kind);
  void begin_live(Row row, const RowKind& kind);
  Result<void> forget_days(const Row& row);
  RowProgress row_progress(const Row& row, const ledger::Snapshot* snapshot) const;
  Ending ending(bool stopped);
  void end_actors();

  Config config_;
  Task task_;
  std::shared_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<ledger::Ledger> reader_; ///< of its own: progress() is not the writer's thread
  std::shared_ptr<Outlook> outlook_ = std::make_shared<Outlook>();
  Roster roster_{[outlook = outlook_](Problem problem) { outlook->fail(std::move(problem)); }};

  http::IoPool pool_;
  IoScheduledConfig system_config_;
  caf::actor_system system_;
  std::unique_ptr<Apis> apis_;
  engine_actor reporter_;
  caf::actor messenger_;
  ledger_actor writer_;
  metadata_actor metadata_;
  register_actor registry_;
  std::vector<uploader_actor> uploaders_;
  std::vector<carrier_actor> carriers_;
  std::vector<Row> rows_;
  owners_actor owners_;
  OwnersSetup owners_setup_;
  std::optional<Result<std::vector<std::string>>> owners_known_; ///< as asked for at the start

  bool closed_ = false; ///< the owner's thread
  bool stopping_ = false;
  std::optional<std::chrono::steady_clock::time_point> drain_until_;
  std::optional<Ending> ended_;

  mutable std::mutex reading_;
  mutable std::optional<ledger::Snapshot> snapshot_;
  mutable std::chrono::steady_clock::time_point next_read_{};
};

// -- starting ---------------------------------------------------------------------

std::vector<std::string> RunningEngine::wanted_rows() const {
  if (!task_.rows.empty()) return task_.rows;
  std::vector<std::string> rows;
  for (const auto& [id, row] : config_.rows)
    if (row.enabled) rows.push_back(id);
  return rows;
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

Result<void> RunningEngine::begin() {
  for (const auto& row : wanted_rows())
    if (kind_of(row) == nullptr)
      return fail("rows." + row, "cannot be carried by this version",
                  "leave the row out, or set enabled = false");
  if (auto opened = open_ledger(); !opened) return opened;
  auto apis = Apis::create(config_, {"storage", "register", "dialogporten"}, pool_, system_);
  if (!apis) return tl::unexpected(apis.error());
  apis_ = std::move(*apis);
  for (const auto& [name, gate] : apis_->gates())
    roster_.add("gate of " + name, gate);
  reporter_ = spawn_reporter(system_, outlook_);
  roster_.add("reporter", reporter_);
  messenger_ = spawn_messenger(system_);
  roster_.add("messenger", messenger_);
  writer_ = spawn_ledger_writer(system_, {ledger_, system_now, reporter_});
  roster_.add("ledger writer", writer_);
  spawn_workers();
  for (const auto& row : wanted_rows())
    if (auto begun = begin_row(row); !begun) return begun;
  watch_owners();
  return {};
}

void RunningEngine::spawn_workers() {
  auto mapper = std::make_shared<const mapping::Mapper>(mapping::settings_of(config_.mapping), task_.wording);
  metadata_ = system_.spawn<Metadata>(apis_->gate("storage"), mapper, steady);
  roster_.add("metadata", metadata_);
  registry_ = system_.spawn<Registry>(apis_->gate("register"), steady);
  roster_.add("register", registry_);
  UploaderSetup uploader;
  uploader.storage = apis_->gate("storage");
  uploader.dialogporten = apis_->gate("dialogporten");
  uploader.clock = steady;
  uploader.random = spread;
  for (std::size_t i = 0; i < pool_.threads(); ++i)
    uploaders_.push_back(system_.spawn<Uploader>(uploader));
  CarrierSetup setup;
  setup.storage = apis_->gate("storage");
  setup.dialogporten = apis_->gate("dialogporten");
  setup.metadata = metadata_;
  setup.registry = registry_;
  setup.uploaders = uploaders_;
  setup.mapper = mapper;
  setup.now = system_now;
  setup.clock = steady;
  setup.window = window_of(config_, pool_.threads());
  setup.purge_confirm = config_.mapping.purge_confirm;
  setup.retry_for = config_.engine.retry_for;
  for (std::size_t i = 0; i < pool_.threads(); ++i)
    carriers_.push_back(system_.spawn<Carrier>(setup));
  for (const auto& uploader : uploaders_)
    roster_.add("uploader", uploader);
  for (const auto& carrier : carriers_)
    roster_.add("carrier", carrier);
}

/// Every service owner that Storage has applications of; asked once.
Result<std::vector<std::string>> RunningEngine::owners(std::chrono::seconds patience) {
  if (owners_known_) return *owners_known_;
  caf::scoped_actor self(system_);
  Call call{std::make_shared<const http::Request>(source::storage::applications()), http::Operation::list,
            Priority::history, Patience::page};
  self->request(apis_->gate("storage"), patience, std::move(call))
      .receive([&](const Answered& answered) { owners_known_ = owners_of(answered); },
               [&](const caf::error&) {
                 owners_known_ = tl::unexpected(Problem{"apis.storage", "does not answer", {}});
               });
  return *owners_known_;
}

/// The configured ones, or every one there is. Where Storage does not answer, the configured ones are looked
/// up later.
Result<std::vector<std::string>> RunningEngine::organisations(const std::string& row) {
  auto names = config_.rows.at(row).organisations;
  auto known = owners(names.empty() ? organisations_timeout : named_timeout);
  if (names.empty() && !known) {
    known.error().hint = "organisations = [] asks Storage for the list; name them, or see that Storage is up";
    return known;
  }
  if (!known) owners_setup_.named.emplace_back(row, names);
  if (known && !names.empty())
    if (auto problem = unknown_organisation(row, names, *known)) return tl::unexpected(std::move(*problem));
  if (names.empty()) names = std::move(*known);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

/// A day that is not over is whole only once it is (observed.md OR-1): it waits, where somebody stays until
/// then.
Result<void> RunningEngine::check_days(const std::string& row) const {
  const auto today = day_of(system_now());
  if (task_.days && task_.days->to > today)
    return fail("--to", "lies in the future: " + to_string(task_.days->to), "carry days that are over");
  const auto goes_on = [&](const RowKind& kind) {
    return kind.historic == row && config_.rows.at(std::string(kind.id)).enabled;
  };
  if (task_.days || !kind_of(row)->historic.empty() || config_.rows.at(row).cutover < today ||
      std::any_of(row_kinds.begin(), row_kinds.end(), goes_on))
    return {};
  return fail("rows." + row + ".cutover", "is not over, and no live row goes on from it",
              "set it to a day before today, or carry the live row as well");
}

Planner::Range RunningEngine::range_of(const std::string& row) const {
  if (task_.days) return {task_.days->from, task_.days->to};
  const auto& config = config_.rows.at(row);
  return {config.from, config.cutover};
}

std::optional<Day> RunningEngine::not_over(const Row& row) const {
  if (!row.probe) return std::nullopt;
  const auto range = range_of(row.id);
  const auto first = newest_over(system_now(), config_.rows.at(row.id).overlap).next();
  return first > range.cutover ? std::nullopt : std::optional(std::max(first, range.from));
}

void RunningEngine::watch_owners() {
  for (const auto& row : rows_) {
    if (row.is_for_all && row.supervisor && !task_.days) owners_setup_.history.push_back(row.supervisor);
    if (row.is_for_all && row.live) owners_setup_.live.push_back(row.live);
  }
  owners_setup_.storage = apis_->gate("storage");
  owners_setup_.engine = reporter_;
  owners_ = system_.spawn<Owners>(std::exchange(owners_setup_, {}));
  roster_.add("owners", owners_);
}

RestartRules restart_rules(const RowConfig& config) {
  return {config.max_restarts, config.restart_window, config.backoff.first, config.backoff.last};
}

Result<void> RunningEngine::begin_row(const std::string& id) {
  const auto& kind = *kind_of(id);
  if (auto days = check_days(id); !days) return days;
  auto names = organisations(id);
  if (!names) return tl::unexpected(names.error());
  const auto& config = config_.rows.at(id);
  Row row;
  row.id = id;
  row.is_for_all = config.organisations.empty();
  row.plan = {id, std::string(carry_stage), config.from, config.cutover, std::move(*names)};
  if (kind.historic.empty()) {
    if (auto forgotten = forget_days(row); !forgotten) return forgotten;
    begin_history(std::move(row), kind);
  } else {
    begin_live(std::move(row), kind);
  }
  return {};
}

Result<void> RunningEngine::forget_days(const Row& row) {
  if (!task_.days || !task_.days->force) return {};
  auto forgotten = ledger_->forget(row.id, carry_stage, task_.days->from, task_.days->to, system_now());
  if (!forgotten) return tl::unexpected(forgotten.error());
  return {};
}

void RunningEngine::begin_history(Row row, const RowKind& kind) {
  const auto& config = config_.rows.at(row.id);
  row.probe = std::make_shared<RowProbe>();
  auto shards = std::make_shared<ShardSetup>();
  shards->versions = kind.versions;
  shards->is_migration = kind.is_migration;
  shards->page_size = config.page_size;
  shards->credit = config.credit;
  shards->split_after = config.split_after;
  shards->storage = apis_->gate("storage");
  shards->ledger = writer_;
  shards->carriers = carriers_;
  shards->now = system_now;
  shards->clock = steady;
  shards->park_cooldown = config.park_cooldown;
  shards->probe = row.probe;
  shards->bodies = apis_->bodies();
  row.retrier =
      system_.spawn<Retrier>(RetrierSetup{writer_, carriers_, uploaders_, kind.is_migration, system_now,
                                          apis_->gate("storage"), kind.versions, config.park_cooldown, config_.engine.retry_for});
  roster_.add("retrier", row.retrier);

  SupervisorSetup setup;
  setup.plan = row.plan;
  setup.range = range_of(row.id);
  setup.overlap = config.overlap;
  setup.shards_in_flight = config.shards_in_flight;
  setup.restarts = restart_rules(config);
  setup.park_cooldown = config.park_cooldown;
  setup.until_idle = task_.until_idle || task_.days.has_value();
  setup.hope = longest_hope(config_);
  setup.ledger = writer_;
  setup.retrier = row.retrier;
  setup.engine = reporter_;
  setup.spawn_shard = [this, shared = std::shared_ptr<const ShardSetup>(shards)](
                          Shard shard, const supervisor_actor& parent) -> shard_actor {
    auto child = system_.spawn<DayShard>(std::move(shard), shared, parent);
    roster_.add("day shard", child, Roster::Role::supervised);
    return child;
  };
  setup.now = system_now;
  setup.clock = steady;
  setup.random = spread;
  setup.probe = row.probe;
  row.supervisor = system_.spawn<RowSupervisor>(std::move(setup));
  roster_.add("row supervisor", row.supervisor);
  rows_.push_back(std::move(row));
}

/// History and live meet without a gap: a stream begins where the days of its historic row end.
void RunningEngine::begin_live(Row row, const RowKind& kind) {
  const auto& config = config_.rows.at(row.id);
  const auto& historic = config_.rows.at(std::string(kind.historic));
  row.live_probe = std::make_shared<LiveProbe>();
  FeedSetup feed;
  feed.row = row.id;
  feed.stage = carry_stage;
  feed.versions = kind.versions;
  feed.organisations = row.plan.organisations;
  feed.begin =
      std::min((historic.enabled ? historic.cutover : config.cutover).end(),
               system_now() - config.overlap); // of a day that is not over, history has the rest later
  if (!task_.until_idle && !task_.days) feed.reconcile = config.reconcile;
  feed.poll = kind.takes_events ? config.poll : config.interval;
  feed.overlap = config.overlap;
  feed.page_size = config.page_size;
  feed.window = config.credit;
  feed.is_migration = kind.is_migration;
  feed.retry_for = config_.engine.retry_for;
  if (task_.until_idle || task_.days) feed.hope = longest_hope(config_);
  feed.storage = apis_->gate("storage");
  feed.ledger = writer_;
  feed.carriers = carriers_;
  feed.uploaders = uploaders_;
  feed.engine = reporter_;
  feed.now = system_now;
  feed.clock = steady;
  feed.probe = row.live_probe;

  LiveSupervisorSetup setup;
  setup.row = row.id;
  setup.restarts = restart_rules(config);
  setup.ledger = writer_;
  setup.engine = reporter_;
  setup.spawn_feed = [this, feed]() -> feed_actor {
    auto child = system_.spawn<LiveFeed>(feed);
    roster_.add("live feed", child, Roster::Role::supervised);
    return child;
  };
  setup.clock = steady;
  setup.random = spread;
  setup.probe = row.live_probe;
  row.live = system_.spawn<LiveSupervisor>(std::move(setup));
  roster_.add("live supervisor", row.live);
  rows_.push_back(std::move(row));
}

// -- running ------------------------------------------------------------------------

void RunningEngine::reconfigure(const Config& config) {
  apis_->reconfigure(config);
  for (const auto& carrier : carriers_)
    caf::anon_send(carrier, SetWindow{window_of(config, carriers_.size())});
}

const RunningEngine::Row* RunningEngine::events_row() const {
  const auto takes = [](const Row& row) { return kind_of(row.id)->takes_events; };
  const auto found = std::find_if(rows_.begin(), rows_.end(), takes);
  return found == rows_.end() ? nullptr : &*found;
}

void RunningEngine::note_events(std::vector<std::string> record_ids,
                                std::function<void(std::optional<Problem>)> done) {
  {
    const std::lock_guard lock(outlook_->mutex);
    if (stopping_ || ended_) return done(Problem{"engine", "is about to stop", "send the event again"});
  }
  const auto* row = events_row();
  if (row == nullptr) return done(Problem{"rows", "no row that takes events is carried", {}});
  NoteEvents note;
  const auto now = system_now();
  for (auto& id : record_ids)
    note.events.push_back({row->id, std::move(id), now});
  caf::anon_send(messenger_, Deliver{row->live, std::move(note), std::move(done)});
}

void RunningEngine::stop() {
  const std::lock_guard lock(outlook_->mutex);
  if (stopping_ || ended_) return;
  stopping_ = true;
  outlook_->idle.clear();
  drain_until_ = std::chrono::steady_clock::now() + config_.engine.drain_timeout;
  for (const auto& row : rows_) {
    if (row.supervisor) caf::anon_send(row.supervisor, Drain{});
    if (row.live) caf::anon_send(row.live, Drain{});
  }
}

std::optional<Ending> RunningEngine::wait_for(std::chrono::milliseconds time) {
  bool stopped = false;
  {
    std::unique_lock lock(outlook_->mutex);
    if (ended_) return ended_;
    const auto over = [&] {
      const bool ends = stopping_ || task_.until_idle || task_.days;
      const bool late = drain_until_ && std::chrono::steady_clock::now() >= *drain_until_;
      return outlook_->failure || late || (ends && outlook_->idle.size() == rows_.size());
    };
    auto until = std::chrono::steady_clock::now() + time;
    if (drain_until_) until = std::min(until, *drain_until_);
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
  if (!reader_) return ending;
  auto snapshot = reader_->snapshot();
  if (!snapshot) return ending;
  for (const auto& stage : snapshot->stages) {
    const bool ours =
        std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) { return row.id == stage.row; });
    if (!ours) continue;
    for (const auto& day : stage.days)
      if (day.state == DayState::parked) ++ending.parked_days;
  }
  for (const auto& row : rows_) {
    ending.held += ledger::held_records(*snapshot, row.id);
    if (const auto day = not_over(row)) ending.not_over.emplace_back(row.id, *day);
  }
  for (const auto& cause : snapshot->causes)
    if (is_unresolved(cause.state)) ending.exceptions += cause.count;
  snapshot_ = std::move(*snapshot);
  next_read_ = std::chrono::steady_clock::now() + reads_apart;
  return ending;
}

ProgressSnapshot RunningEngine::progress() const {
  ProgressSnapshot progress;
  progress.as_of = system_now();
  const std::lock_guard lock(reading_);
  if (const auto begun = std::chrono::steady_clock::now(); begun >= next_read_) {
    if (auto snapshot = reader_->snapshot()) snapshot_ = std::move(*snapshot);
    const auto now = std::chrono::steady_clock::now();
    next_read_ = now + std::max<std::chrono::steady_clock::duration>(reads_apart, 10 * (now - begun));
  }
  {
    const std::lock_guard outlook(outlook_->mutex);
    progress.draining = stopping_;
  }
  for (const auto& row : rows_)
    progress.rows.push_back(row_progress(row, snapshot_ ? &*snapshot_ : nullptr));
  progress.apis = apis_->progress();
  for (const auto& api : progress.apis) // every row needs all of them
    for (auto& row : progress.rows)
      row.wait = worse(row.wait, api.wait);
  return progress;
}

RowProgress RunningEngine::row_progress(const Row& row, const ledger::Snapshot* snapshot) const {
  auto progress = row.probe ? history_progress(row.plan, *row.probe, snapshot)
                            : live_progress(row.plan, *row.live_probe, system_now(), snapshot);
  if (!row.is_for_all) progress.organisations = row.plan.organisations;
  progress.not_over = not_over(row);
  if (progress.not_over && row.probe->shards == 0)
    progress.wait = Wait{WaitCode::day, {}, progress.not_over->end(), 0, false};
  return progress;
}

// -- ending -------------------------------------------------------------------------

bool RunningEngine::close(std::chrono::milliseconds time) {
  closed_ = true;
  roster_.close();
  end_actors();
  const auto left = roster_.wait_until_gone(time);
  for (const auto& kind : left)
    spdlog::warn("the engine's {} does not end", kind);
  return left.empty();
}

void RunningEngine::end_actors() {
  const auto end = [](auto& actor) {
    if (actor) caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
    actor = nullptr;
  };
  for (auto& row : rows_) {
    end(row.supervisor);
    end(row.retrier);
    end(row.live);
  }
  if (apis_) apis_->close();
  pool_.close();
  for (auto& carrier : carriers_)
    end(carrier);
  for (auto& uploader : uploaders_)
    end(uploader);
  carriers_.clear();
  uploaders_.clear();
  end(metadata_);
  end(registry_);
  end(owners_);
  end(messenger_);
  end(writer_);
  end(reporter_);
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
