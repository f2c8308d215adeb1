#include "clocks.hpp"
#include "crew.hpp"
#include "plans.hpp"

#include <dialogferry/engine/carry/ensurer.hpp>
#include <dialogferry/engine/carry/file_carrier.hpp>
#include <dialogferry/engine/carry/message_lane.hpp>
#include <dialogferry/engine/carry/migrator.hpp>
#include <dialogferry/engine/carry/publisher.hpp>
#include <dialogferry/engine/history/block_shard.hpp>
#include <dialogferry/mapping/from_config.hpp>

#include <algorithm>
#include <utility>

/// Who carries messages, and with which settings.
namespace dialogferry::engine {

void Crew::spawn_message_carriers() {
  auto& system = setup_.system;
  auto& roster = setup_.roster;
  const auto& apis = setup_.apis;
  const auto mapping = std::make_shared<const mapping::Settings>(mapping::settings_of(setup_.config.mapping));
  const std::string live = "a2-correspondence-live";
  const auto live_from = begin_of_streams(setup_.config, live, kind_of(live)->historic);

  FileCarrierSetup files;
  files.archive = apis.gate("a2_archive");
  files.correspondence = apis.gate("correspondence");
  files.ledger = writer_;
  files_ = system.spawn<FileCarrier>(std::move(files));
  roster.add("file carrier", files_);

  PublisherSetup publisher;
  publisher.correspondence = apis.gate("correspondence");
  publisher.dialogporten = apis.gate("dialogporten");
  publisher.archive = apis.gate("a2_archive");
  publisher.registry = apis.gate("register");
  publisher.mapping = mapping;
  publisher.now = system_now;
  publisher.asked = setup_.asked;
  for (std::size_t i = 0; i < setup_.threads; ++i)
    roster.add("publisher", publishers_.emplace_back(system.spawn<Publisher>(publisher)));

  MigratorSetup migrator;
  migrator.archive = apis.gate("a2_archive");
  migrator.correspondence = apis.gate("correspondence");
  migrator.files = files_;
  migrator.mapping = mapping;
  if (setup_.config.rows.at(live).enabled) migrator.live_from = live_from;
  migrator.now = system_now;
  migrator.retry_for = setup_.config.engine.retry_for;
  migrator.places = {migrator.places.window, apis.resting(), setup_.threads};
  for (migrator.home = 0; migrator.home < setup_.threads; ++migrator.home)
    roster.add("migrator", migrators_.emplace_back(system.spawn<Migrator>(migrator)));
  migrator.publisher = publishers_.front();
  roster.add("migrator", second_migrators_.emplace_back(system.spawn<Migrator>(migrator)));

  MessageLaneSetup lane;
  lane.archive = apis.gate("a2_archive");
  lane.correspondence = apis.gate("correspondence");
  lane.dialogporten = apis.gate("dialogporten");
  lane.files = files_;
  lane.publisher = publishers_.front();
  lane.ledger = writer_;
  lane.history_row = kind_of(live)->historic;
  lane.first_stage = old_messages[0].name;
  lane.mapping = mapping;
  lane.begin = live_from;
  lane.ours_since = messages_since_;
  lane.syncs = setup_.config.apis.find("correspondence")->second.syncs;
  lane.now = system_now;
  lane.clock = steady;
  message_lane_ = system.spawn<MessageLane>(std::move(lane));
  roster.add("message lane", message_lane_);
}

void Crew::spawn_ensurers() {
  EnsurerSetup ensurer;
  ensurer.correspondence = setup_.apis.gate("correspondence");
  ensurer.dialogporten = setup_.apis.gate("dialogporten");
  ensurer.registry = setup_.apis.gate("register");
  ensurer.mapping = std::make_shared<const mapping::Settings>(mapping::settings_of(setup_.config.mapping));
  ensurer.now = system_now;
  for (std::size_t i = 0; i < setup_.threads; ++i)
    setup_.roster.add("ensurer", ensurers_.emplace_back(setup_.system.spawn<Ensurer>(ensurer)));
}

Crew::SpawnShard Crew::block_shards_of(const Row& row, const StageAtWork& at_work,
                                       const std::string& before) {
  const auto& config = setup_.config.rows.at(row.id);
  auto shards = std::make_shared<BlockShardSetup>();
  shards->before = before;
  shards->controls = row.controls;
  shards->ledger = writer_;
  shards->publishers = publishers_;
  shards->now = system_now;
  shards->park_cooldown = config.park_cooldown;
  shards->retry_for = setup_.config.engine.retry_for;
  shards->probe = at_work.probe;
  return [&system = setup_.system, &roster = setup_.roster,
          shared = std::shared_ptr<const BlockShardSetup>(shards)](
             Shard shard, const supervisor_actor& parent) -> shard_actor {
    auto child = system.spawn<BlockShard>(std::move(shard), shared, parent);
    roster.add("block shard", child, Roster::Role::supervised);
    return child;
  };
}

} // namespace dialogferry::engine
