#include "crew.hpp"

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
#include <dialogferry/mapping/from_config.hpp>

#include <algorithm>
#include <random>
#include <utility>

namespace dialogferry::engine {

namespace {

Moment steady() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

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
  spawn_carriers();
  AskedOwners owners(setup_.system, setup_.apis.gate("storage"));
  for (const auto& row : rows_of(setup_.config, setup_.task))
    if (auto begun = begin_row(row, owners); !begun) return begun;
  watch_owners();
  return {};
}

Pages Crew::pages_of(const Stage& stage) const {
  return {stage.pages, setup_.apis.gate(stage.pages->api)};
}

const std::vector<carrier_actor>& Crew::carriers_of(const Stage& stage) const {
  switch (stage.carrier) {
  case CarrierKind::instance: break;
  }
  return carriers_;
}

// -- what all rows share ------------------------------------------------------------

void Crew::spawn_shared() {
  auto& roster = setup_.roster;
  for (const auto& [name, gate] : setup_.apis.gates())
    roster.add("gate of " + name, gate);
  reporter_ = spawn_reporter(setup_.system, setup_.outlook);
  roster.add("reporter", reporter_);
  messenger_ = spawn_messenger(setup_.system);
  roster.add("messenger", messenger_);
  writer_ = spawn_ledger_writer(setup_.system, {setup_.ledger, system_now, reporter_});
  roster.add("ledger writer", writer_);
}

void Crew::spawn_carriers() {
  auto& system = setup_.system;
  const auto& config = setup_.config;
  auto mapper =
      std::make_shared<const mapping::Mapper>(mapping::settings_of(config.mapping), setup_.task.wording);
  metadata_ = system.spawn<Metadata>(setup_.apis.gate("storage"), mapper, steady);
  setup_.roster.add("metadata", metadata_);
  registry_ = system.spawn<Registry>(setup_.apis.gate("register"), steady);
  setup_.roster.add("register", registry_);

  UploaderSetup uploader;
  uploader.storage = setup_.apis.gate("storage");
  uploader.dialogporten = setup_.apis.gate("dialogporten");
  uploader.clock = steady;
  uploader.random = spread;
  for (std::size_t i = 0; i < setup_.threads; ++i)
    setup_.roster.add("uploader", uploaders_.emplace_back(system.spawn<Uploader>(uploader)));

  CarrierSetup carrier;
  carrier.storage = setup_.apis.gate("storage");
  carrier.dialogporten = setup_.apis.gate("dialogporten");
  carrier.metadata = metadata_;
  carrier.registry = registry_;
  carrier.uploaders = uploaders_;
  carrier.mapper = mapper;
  carrier.now = system_now;
  carrier.clock = steady;
  carrier.window = window_of(config, setup_.threads);
  carrier.purge_confirm = config.mapping.purge_confirm;
  carrier.retry_for = config.engine.retry_for;
  for (std::size_t i = 0; i < setup_.threads; ++i)
    setup_.roster.add("carrier", carriers_.emplace_back(system.spawn<Carrier>(carrier)));
}

// -- a row --------------------------------------------------------------------------

Result<void> Crew::begin_row(const std::string& id, AskedOwners& owners) {
  const auto& config = setup_.config.rows.at(id);
  if (auto days = check_days(setup_.config, setup_.task, id); !days) return days;
  auto names = owners.of(id, config.organisations, owners_setup_);
  if (!names) return tl::unexpected(names.error());
  Row row;
  row.kind = kind_of(id);
  row.is_for_all = config.organisations.empty();
  for (const auto& stage : row.kind->stages) {
    row.plan = {id, std::string(stage.name), config.from, config.cutover, *names};
    if (!row.kind->historic.empty()) {
      begin_live(row, stage);
      continue;
    }
    if (auto forgotten = forget_days(row); !forgotten) return forgotten;
    begin_history(row, stage);
  }
  rows_.push_back(std::move(row));
  return {};
}

Result<void> Crew::forget_days(const Row& row) {
  const auto& days = setup_.task.days;
  if (!days || !days->force) return {};
  auto forgotten = setup_.ledger->forget(row.plan.row, row.plan.stage, days->from, days->to, system_now());
  if (!forgotten) return tl::unexpected(forgotten.error());
  return {};
}

void Crew::begin_history(Row& row, const Stage& stage) {
  const auto& task = setup_.task;
  const auto& config = setup_.config.rows.at(row.plan.row);
  row.probe = std::make_shared<RowProbe>();

  auto shards = std::make_shared<ShardSetup>();
  shards->pages = pages_of(stage);
  shards->is_migration = row.kind->is_migration;
  shards->page_size = config.page_size;
  shards->credit = config.credit;
  shards->split_after = config.split_after;
  shards->ledger = writer_;
  shards->carriers = carriers_of(stage);
  shards->now = system_now;
  shards->clock = steady;
  shards->park_cooldown = config.park_cooldown;
  shards->probe = row.probe;
  shards->bodies = setup_.apis.bodies();

  RetrierSetup retrier;
  retrier.ledger = writer_;
  retrier.carriers = carriers_of(stage);
  retrier.uploaders = uploaders_;
  retrier.is_migration = row.kind->is_migration;
  retrier.now = system_now;
  retrier.pages = pages_of(stage);
  retrier.park_cooldown = config.park_cooldown;
  retrier.retry_for = setup_.config.engine.retry_for;
  row.retrier = setup_.system.spawn<Retrier>(std::move(retrier));
  setup_.roster.add("retrier", row.retrier);

  SupervisorSetup supervisor;
  supervisor.plan = row.plan;
  supervisor.range = range_of(setup_.config, task, row.plan.row);
  supervisor.overlap = config.overlap;
  supervisor.shards_in_flight = config.shards_in_flight;
  supervisor.restarts = restart_rules(config);
  supervisor.park_cooldown = config.park_cooldown;
  supervisor.until_idle = task.until_idle || task.days.has_value();
  supervisor.hope = longest_hope(setup_.config);
  supervisor.ledger = writer_;
  supervisor.retrier = row.retrier;
  supervisor.engine = reporter_;
  supervisor.spawn_shard = [&system = setup_.system, &roster = setup_.roster,
                            shared = std::shared_ptr<const ShardSetup>(shards)](
                               Shard shard, const supervisor_actor& parent) -> shard_actor {
    auto child = system.spawn<DayShard>(std::move(shard), shared, parent);
    roster.add("day shard", child, Roster::Role::supervised);
    return child;
  };
  supervisor.now = system_now;
  supervisor.clock = steady;
  supervisor.random = spread;
  supervisor.probe = row.probe;
  row.supervisor = setup_.system.spawn<RowSupervisor>(std::move(supervisor));
  setup_.roster.add("row supervisor", row.supervisor);
}

void Crew::begin_live(Row& row, const Stage& stage) {
  const auto& task = setup_.task;
  const auto& config = setup_.config.rows.at(row.plan.row);
  const bool ends = task.until_idle || task.days;
  row.live_probe = std::make_shared<LiveProbe>();

  FeedSetup feed;
  feed.row = row.plan.row;
  feed.stage = row.plan.stage;
  feed.pages = pages_of(stage);
  feed.organisations = row.plan.organisations;
  feed.begin = begin_of_streams(setup_.config, row.plan.row, row.kind->historic);
  if (!ends) feed.reconcile = config.reconcile;
  feed.poll = row.kind->takes_events ? config.poll : config.interval;
  feed.overlap = config.overlap;
  feed.page_size = config.page_size;
  feed.window = config.credit;
  feed.is_migration = row.kind->is_migration;
  feed.retry_for = setup_.config.engine.retry_for;
  if (ends) feed.hope = longest_hope(setup_.config);
  feed.ledger = writer_;
  feed.carriers = carriers_of(stage);
  feed.uploaders = uploaders_;
  feed.engine = reporter_;
  feed.now = system_now;
  feed.clock = steady;
  feed.probe = row.live_probe;

  LiveSupervisorSetup supervisor;
  supervisor.row = row.plan.row;
  supervisor.restarts = restart_rules(config);
  supervisor.ledger = writer_;
  supervisor.engine = reporter_;
  supervisor.spawn_feed = [&system = setup_.system, &roster = setup_.roster, feed]() -> feed_actor {
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

void Crew::watch_owners() {
  for (const auto& row : rows_) {
    if (row.is_for_all && row.supervisor && !setup_.task.days)
      owners_setup_.history.push_back(row.supervisor);
    if (row.is_for_all && row.live) owners_setup_.live.push_back(row.live);
  }
  owners_setup_.storage = setup_.apis.gate("storage");
  owners_setup_.engine = reporter_;
  owners_ = setup_.system.spawn<Owners>(std::exchange(owners_setup_, {}));
  setup_.roster.add("owners", owners_);
}

// -- told from outside --------------------------------------------------------------

void Crew::deliver(const Row& row, NoteEvents note, std::function<void(std::optional<Problem>)> done) {
  caf::anon_send(messenger_, Deliver{row.live, std::move(note), std::move(done)});
}

void Crew::reconfigure(const Config& config) {
  for (const auto& carrier : carriers_)
    caf::anon_send(carrier, SetWindow{window_of(config, carriers_.size())});
}

void Crew::drain() {
  for (const auto& row : rows_) {
    if (row.supervisor) caf::anon_send(row.supervisor, Drain{});
    if (row.live) caf::anon_send(row.live, Drain{});
  }
}

void Crew::end(const std::function<void()>& let_go) {
  const auto end = [](auto& actor) {
    if (actor) caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
    actor = nullptr;
  };
  for (auto& row : rows_) {
    end(row.supervisor);
    end(row.retrier);
    end(row.live);
  }
  let_go();
  for (auto& carrier : std::exchange(carriers_, {}))
    end(carrier);
  for (auto& uploader : std::exchange(uploaders_, {}))
    end(uploader);
  end(metadata_);
  end(registry_);
  end(owners_);
  end(messenger_);
  end(writer_);
  end(reporter_);
}

} // namespace dialogferry::engine
