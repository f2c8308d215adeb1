#include "crew.hpp"

#include "clocks.hpp"
#include "plans.hpp"

#include <dialogferry/engine/carry/carrier.hpp>
#include <dialogferry/engine/carry/lookups.hpp>
#include <dialogferry/engine/carry/retrier.hpp>
#include <dialogferry/engine/carry/uploader.hpp>
#include <dialogferry/engine/history/day_shard.hpp>
#include <dialogferry/engine/history/row_supervisor.hpp>
#include <dialogferry/engine/ledger_writer.hpp>
#include <dialogferry/engine/live/live_feed.hpp>
#include <dialogferry/engine/live/live_supervisor.hpp>
#include <dialogferry/engine/live/watch.hpp>
#include <dialogferry/ledger/outage.hpp>
#include <dialogferry/mapping/from_config.hpp>

#include <algorithm>
#include <random>
#include <utility>

namespace dialogferry::engine {

namespace {

double spread() {
  static thread_local std::minstd_rand random(std::random_device{}());
  return static_cast<double>(random()) / static_cast<double>(std::minstd_rand::max());
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

RestartRules restart_rules(const RowConfig& config) {
  return {config.max_restarts, config.restart_window, config.backoff.first, config.backoff.last};
}

} // namespace

Crew::Crew(CrewSetup setup)
    : setup_(std::move(setup)) {}

Result<void> Crew::begin() {
  spawn_shared();
  if (has(CarrierKind::instance)) spawn_carriers();
  if (has(CarrierKind::migration) || has(CarrierKind::live_message)) spawn_message_carriers();
  if (has(CarrierKind::new_message)) spawn_ensurers();
  AskedOwners owners(setup_.system, setup_.apis.gate("storage"));
  for (const auto& row : rows_of(setup_.config, setup_.task))
    if (auto begun = begin_row(row, owners); !begun) return begun;
  if (has(CarrierKind::instance)) watch_owners();
  return setup_.task.days ? Result<void>() : begin_patrol();
}

bool Crew::has(CarrierKind kind) const {
  const auto rows = rows_of(setup_.config, setup_.task);
  return std::any_of(rows.begin(), rows.end(), [&](const std::string& row) {
    const auto& stages = kind_of(row)->stages;
    return std::any_of(stages.begin(), stages.end(),
                       [&](const Stage& stage) { return stage.carrier == kind; });
  });
}

Pages Crew::pages_of(const Stage& stage) const {
  return {stage.pages, setup_.apis.gate(stage.pages->api)}; // of a stage that has a source
}

std::vector<carrier_actor> Crew::carriers_of(const Stage& stage) const {
  switch (stage.carrier) {
  case CarrierKind::instance: return carriers_;
  case CarrierKind::migration: return {migrators_.begin(), migrators_.end()};
  case CarrierKind::publication:
  case CarrierKind::live_message:
  case CarrierKind::new_message:
  case CarrierKind::watch: break;
  }
  return {};
}

std::vector<uploader_actor> Crew::uploaders_of(const Stage& stage) const {
  switch (stage.carrier) {
  case CarrierKind::instance: return uploaders_;
  case CarrierKind::migration: return {migrators_.begin(), migrators_.end()};
  case CarrierKind::publication: return {second_migrators_.begin(), second_migrators_.end()};
  case CarrierKind::live_message: return {message_lane_};
  case CarrierKind::new_message: return ensurers_;
  case CarrierKind::watch: break;
  }
  return {};
}

// -- what all rows share ------------------------------------------------------------

void Crew::spawn_shared() {
  auto& roster = setup_.roster;
  for (const auto& [name, gate] : setup_.apis.gates())
    roster.add("gate of " + name, gate);
  if (const auto& exchange = setup_.apis.exchange()) roster.add("rate exchange", exchange);
  reporter_ = spawn_reporter(setup_.system, setup_.outlook);
  roster.add("reporter", reporter_);
  messenger_ = spawn_messenger(setup_.system);
  roster.add("messenger", messenger_);
  writer_ = spawn_ledger_writer(setup_.system,
                                {setup_.ledger, system_now, reporter_, setup_.counted, setup_.heard});
  roster.add("ledger writer", writer_);
}

void Crew::spawn_carriers() {
  auto& system = setup_.system;
  const auto& config = setup_.config;
  mapper_ =
      std::make_shared<const mapping::Mapper>(mapping::settings_of(config.mapping), setup_.task.wording);
  metadata_ = system.spawn<Metadata>(setup_.apis.gate("storage"), mapper_, steady);
  setup_.roster.add("metadata", metadata_);
  const auto people = std::make_shared<PeopleBook>(lookup_age);
  registry_ = system.spawn<Registry>(setup_.apis.gate("register"), people, steady);
  setup_.roster.add("register", registry_);

  UploaderSetup uploader;
  uploader.storage = setup_.apis.gate("storage");
  uploader.dialogporten = setup_.apis.gate("dialogporten");
  uploader.clock = steady;
  uploader.random = spread;
  for (uploader.home = 0; uploader.home < setup_.threads; ++uploader.home)
    setup_.roster.add("uploader", uploaders_.emplace_back(system.spawn<Uploader>(uploader)));

  CarrierSetup carrier;
  carrier.storage = setup_.apis.gate("storage");
  carrier.dialogporten = setup_.apis.gate("dialogporten");
  carrier.metadata = metadata_;
  carrier.registry = registry_;
  carrier.people = people;
  carrier.uploaders = uploaders_;
  carrier.mapper = mapper_;
  carrier.now = system_now;
  carrier.clock = steady;
  carrier.places = {window_of(config, setup_.threads), setup_.apis.resting(), setup_.threads};
  carrier.purge_confirm = config.mapping.purge_confirm;
  carrier.retry_for = config.engine.retry_for;
  for (carrier.home = 0; carrier.home < setup_.threads; ++carrier.home)
    setup_.roster.add("carrier", carriers_.emplace_back(system.spawn<Carrier>(carrier)));
}

// -- a row --------------------------------------------------------------------------

Result<void> Crew::begin_row(const std::string& id, AskedOwners& owners) {
  const auto& config = setup_.config.rows.at(id);
  if (auto days = check_days(setup_.config, setup_.task, id); !days) return days;
  Row row;
  row.id = id;
  row.kind = kind_of(id);
  row.controls->take_over(config);
  row.is_for_all = config.organisations.empty() && row.kind->is_by_owner();
  if (row.kind->stages.front().pages != nullptr && row.kind->stages.front().pages->request != nullptr)
    row.organisations = {std::string(all_owners)}; // a stream of them all
  if (row.kind->is_by_owner()) {
    auto names = owners.of(id, config.organisations, owners_setup_);
    if (!names) return tl::unexpected(names.error());
    row.organisations = std::move(*names);
  }
  if (row.kind->is_live()) {
    const auto& stage = row.kind->stages.front();
    stage.carrier == CarrierKind::watch ? begin_watch(row, stage) : begin_live(row, stage);
    rows_.push_back(std::move(row));
    return {};
  }
  std::vector<StageAtWork> stages;
  for (const auto& stage : row.kind->stages) {
    auto& at_work = stages.emplace_back();
    at_work.stage = &stage;
    at_work.plan = {id, std::string(stage.name), config.from, config.cutover, row.organisations};
    at_work.probe = std::make_shared<RowProbe>();
    if (auto forgotten = forget_days(at_work.plan); !forgotten) return forgotten;
  }
  for (auto at = stages.size(); at-- > 0;) // each knows the one that goes on with its records
    begin_history(row, at, stages);
  row.stages = std::move(stages);
  rows_.push_back(std::move(row));
  return {};
}

Result<void> Crew::forget_days(const ledger::Plan& plan) {
  const auto& days = setup_.task.days;
  if (!days || !days->force) return {};
  auto forgotten = setup_.ledger->forget(plan.row, plan.stage, days->from, days->to, system_now());
  if (!forgotten) return tl::unexpected(forgotten.error());
  return {};
}

void Crew::begin_history(const Row& row, std::size_t at, std::vector<StageAtWork>& stages) {
  const auto& task = setup_.task;
  const auto& config = setup_.config.rows.at(row.id);
  auto& at_work = stages[at];
  const std::string before = at > 0 ? std::string(stages[at - 1].stage->name) : std::string();
  const auto* next = at + 1 < stages.size() ? &stages[at + 1] : nullptr;
  const std::string next_name = next != nullptr ? std::string(next->stage->name) : std::string();
  at_work.retrier = retrier_of(row, at_work, next_name);

  SupervisorSetup supervisor;
  supervisor.plan = at_work.plan;
  supervisor.range = range_of(setup_.config, task, row.id);
  supervisor.before = before;
  supervisor.next = next_name;
  supervisor.overlap = config.overlap;
  supervisor.controls = row.controls;
  supervisor.restarts = restart_rules(config);
  supervisor.park_cooldown = config.park_cooldown;
  supervisor.until_idle = task.until_idle || task.days.has_value();
  supervisor.hope = longest_hope(setup_.config);
  supervisor.ledger = writer_;
  supervisor.retrier = at_work.retrier;
  supervisor.engine = reporter_;
  if (next != nullptr) supervisor.next_stage = next->supervisor;
  supervisor.spawn_shard =
      before.empty() ? shards_of(row, at_work, next_name) : block_shards_of(row, at_work, before);
  supervisor.now = system_now;
  supervisor.clock = steady;
  supervisor.resting = setup_.apis.resting();
  supervisor.random = spread;
  supervisor.probe = at_work.probe;
  at_work.supervisor = setup_.system.spawn<RowSupervisor>(std::move(supervisor));
  setup_.roster.add("row supervisor", at_work.supervisor);
}

Crew::SpawnShard Crew::shards_of(const Row& row, const StageAtWork& at_work, const std::string& next) {
  const auto& config = setup_.config.rows.at(row.id);
  auto shards = std::make_shared<ShardSetup>();
  shards->pages = pages_of(*at_work.stage);
  shards->is_migration = row.kind->is_migration;
  shards->next_stage = next;
  shards->page_size = config.page_size;
  shards->controls = row.controls;
  shards->split_after = config.split_after;
  shards->ledger = writer_;
  shards->carriers = carriers_of(*at_work.stage);
  shards->now = system_now;
  shards->clock = steady;
  shards->park_cooldown = config.park_cooldown;
  shards->probe = at_work.probe;
  shards->bodies = setup_.apis.bodies();
  shards->resting = setup_.apis.resting();
  return
      [&system = setup_.system, &roster = setup_.roster, shared = std::shared_ptr<const ShardSetup>(shards),
       home = std::size_t{0}](Shard shard, const supervisor_actor& parent) mutable -> shard_actor {
        auto child = system.spawn<DayShard>(std::move(shard), shared, parent, home++);
        roster.add("day shard", child, Roster::Role::supervised);
        return child;
      };
}

retrier_actor Crew::retrier_of(const Row& row, const StageAtWork& at_work, const std::string& next) {
  RetrierSetup retrier;
  retrier.ledger = writer_;
  retrier.carriers = carriers_of(*at_work.stage);
  retrier.uploaders = uploaders_of(*at_work.stage);
  retrier.is_migration = row.kind->is_migration;
  retrier.next_stage = next;
  retrier.now = system_now;
  retrier.pages = pages_of(*at_work.stage);
  retrier.park_cooldown = setup_.config.rows.at(row.id).park_cooldown;
  retrier.retry_for = setup_.config.engine.retry_for;
  auto actor = setup_.system.spawn<Retrier>(std::move(retrier));
  setup_.roster.add("retrier", actor);
  return actor;
}

void Crew::begin_live(Row& row, const Stage& stage) {
  const auto& task = setup_.task;
  const auto& config = setup_.config.rows.at(row.id);
  const bool ends = task.until_idle || task.days;
  row.live_probe = std::make_shared<LiveProbe>();

  FeedSetup feed;
  feed.row = row.id;
  feed.stage = stage.name;
  feed.pages = pages_of(stage);
  feed.organisations = row.organisations;
  if (!row.kind->historic.empty()) feed.begin = begin_of_streams(setup_.config, row.id, row.kind->historic);
  if (!ends && row.kind->is_by_owner()) feed.reconcile = config.reconcile;
  feed.poll = row.kind->takes_events ? config.poll : config.interval;
  feed.overlap = config.overlap;
  feed.page_size = config.page_size;
  feed.controls = row.controls;
  feed.is_migration = row.kind->is_migration;
  feed.retry_for = setup_.config.engine.retry_for;
  feed.is_shared = ledger::may_be_shared(setup_.config.ledger.url) &&
                   stage.carrier != CarrierKind::live_message; // whose calls are counted in one place (OC-8)
  if (ends) feed.hope = longest_hope(setup_.config);
  feed.ledger = writer_;
  feed.carriers = carriers_of(stage);
  feed.uploaders = uploaders_of(stage);
  feed.engine = reporter_;
  feed.now = system_now;
  feed.clock = steady;
  feed.probe = row.live_probe;

  LiveSupervisorSetup supervisor;
  supervisor.row = row.id;
  if (!feed.is_shared) supervisor.duty = duty_of(row.id, stage.name);
  supervisor.restarts = restart_rules(config);
  supervisor.ledger = writer_;
  supervisor.engine = reporter_;
  const auto since = stage.carrier == CarrierKind::live_message
                         ? messages_since_
                         : std::make_shared<std::atomic<std::int64_t>>();
  supervisor.spawn_feed = [&system = setup_.system, &roster = setup_.roster, feed, since]() -> feed_actor {
    std::int64_t never = 0;
    since->compare_exchange_strong(never, system_now().ticks); // the first time
    auto child = system.spawn<LiveFeed>(feed);
    roster.add("live feed", child, Roster::Role::supervised);
    return child;
  };
  supervisor.clock = steady;
  supervisor.random = spread;
  supervisor.probe = row.live_probe;
  row.live = setup_.system.spawn<LiveSupervisor>(std::move(supervisor));
  setup_.roster.add("live supervisor", row.live);
}

void Crew::begin_watch(Row& row, const Stage& stage) {
  row.live_probe = std::make_shared<LiveProbe>();
  WatchSetup watch;
  watch.row = row.id;
  watch.stage = stage.name;
  watch.dialogporten = setup_.apis.gate("dialogporten");
  watch.ledger = writer_;
  watch.engine = reporter_;
  watch.interval = setup_.config.rows.at(row.id).interval;
  watch.now = system_now;
  watch.controls = row.controls;
  watch.probe = row.live_probe;
  row.live = setup_.system.spawn<Watch>(std::move(watch));
  setup_.roster.add("watch", row.live);
}

void Crew::watch_owners() {
  for (const auto& row : rows_) {
    for (const auto& stage : row.stages)
      if (row.is_for_all && !setup_.task.days) owners_setup_.history.push_back(stage.supervisor);
    if (row.is_for_all && row.live) owners_setup_.live.push_back(row.live);
  }
  owners_setup_.storage = setup_.apis.gate("storage");
  owners_setup_.engine = reporter_;
  owners_ = setup_.system.spawn<Owners>(std::exchange(owners_setup_, {}));
  setup_.roster.add("owners", owners_);
}

std::size_t Crew::parts() const {
  std::size_t parts = 0;
  for (const auto& row : rows_)
    parts += row.parts();
  return parts;
}

// -- told from outside --------------------------------------------------------------

void Crew::deliver(const Row& row, NoteEvents note, Told done) {
  caf::anon_send(messenger_, Deliver{row.live, std::move(note), std::move(done)});
}

void Crew::tell_of_events(std::string_view row) const {
  for (const auto& each : rows_)
    if (each.id == row && each.live) caf::anon_send(each.live, NewEvents{});
}

void Crew::note(ledger::Setting setting, Told done) {
  caf::anon_send(messenger_, KeepSetting{writer_, {std::move(setting)}, std::move(done)});
}

void Crew::note(ledger::Note note, Told done) {
  caf::anon_send(messenger_, KeepNote{writer_, {std::move(note)}, std::move(done)});
}

void Crew::reconfigure(const Config& config) {
  for (const auto& row : rows_) {
    row.controls->take_over(config.rows.at(row.id));
    for (const auto& stage : row.stages)
      caf::anon_send(stage.supervisor, Steer{});
    if (row.live) caf::anon_send(row.live, Steer{});
  }
  if (patrol_) caf::anon_send(patrol_, Steer{});
  for (const auto& carrier : carriers_) // messages wait for less, and have a fixed window
    caf::anon_send(carrier, SetWindow{window_of(config, carriers_.size())});
  steer_carriers();
}

void Crew::steer_carriers() {
  const auto steer = [](const auto& carriers) {
    for (const auto& carrier : carriers)
      caf::anon_send(carrier, Steer{});
  };
  steer(carriers_);
  steer(migrators_);
}

void Crew::drain() {
  for (const auto& row : rows_) {
    row.controls->stopping = true;
    for (const auto& stage : row.stages)
      caf::anon_send(stage.supervisor, Drain{});
    if (row.live) caf::anon_send(row.live, Drain{});
  }
  if (patrol_) caf::anon_send(patrol_, Drain{});
  for (const auto& [name, gate] : setup_.apis.gates())
    caf::anon_send(gate, Drain{});
  steer_carriers();
}

void Crew::end(const std::function<void()>& let_go) {
  const auto end = [](auto& actor) {
    if (actor) caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
    actor = nullptr;
  };
  end(patrol_);
  for (auto& row : rows_) {
    end(row.company.verifier);
    for (auto& examiner : row.company.examiners)
      end(examiner);
    for (auto& stage : row.stages) {
      end(stage.supervisor);
      end(stage.retrier);
    }
    end(row.live);
  }
  let_go();
  for (auto& carrier : std::exchange(carriers_, {}))
    end(carrier);
  for (auto& uploader : std::exchange(uploaders_, {}))
    end(uploader);
  for (auto& migrator : std::exchange(migrators_, {}))
    end(migrator);
  for (auto& migrator : std::exchange(second_migrators_, {}))
    end(migrator);
  end(message_lane_);
  for (auto& ensurer : std::exchange(ensurers_, {}))
    end(ensurer);
  for (auto& publisher : std::exchange(publishers_, {}))
    end(publisher);
  end(files_);
  end(metadata_);
  end(registry_);
  end(owners_);
  end(messenger_);
  end(writer_);
  end(reporter_);
}

} // namespace dialogferry::engine
