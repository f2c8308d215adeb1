#include <dialogferry/codec/messages.hpp>
#include <dialogferry/engine/carry/deferral.hpp>
#include <dialogferry/engine/history/block_shard.hpp>

#include <algorithm>

namespace dialogferry::engine {

BlockShard::BlockShard(caf::actor_config& config, Shard shard, std::shared_ptr<const BlockShardSetup> setup,
                       supervisor_actor parent)
    : actor_base(config)
    , shard_(std::move(shard))
    , setup_(std::move(setup))
    , parent_(std::move(parent)) {}

BlockShard::behavior_type BlockShard::make_behavior() {
  send(this, Proceed{});
  return {
      [](const RecordsDone&) {}, // its records come back in lists
      [this](Proceed) { proceed(); },
      [this](Drain) {
        draining_ = true;
        proceed();
      },
  };
}

void BlockShard::on_exit() {
  if (setup_ && setup_->probe) setup_->probe->in_flight -= static_cast<std::int64_t>(in_flight_);
  setup_.reset();
  parent_ = nullptr;
  waiting_.clear();
}

// -- asking -----------------------------------------------------------------------

void BlockShard::proceed() {
  if (ending_) return;
  if (!draining_ && !setup_->controls->paused) {
    if (!loading_ && !all_loaded_ && waiting_.size() < credit()) load();
    send_lists();
  }
  end_if_done();
}

/// Records in flight at the most; a whole list in any case.
std::size_t BlockShard::credit() const {
  return std::max<std::size_t>(setup_->controls->credit, setup_->list_size);
}

void BlockShard::load() {
  loading_ = true;
  request(setup_->ledger, caf::infinite,
          LoadHandedOver{shard_.key, setup_->before, loaded_to_, setup_->blocks_at_once})
      .then([this](HandedOverLoaded& loaded) { on_loaded(loaded); },
            [this](const caf::error& error) {
              end(ShardEnded::How::failed, {"ledger", "did not answer: " + home_system().render(error), {}});
            });
}

void BlockShard::on_loaded(HandedOverLoaded& loaded) {
  loading_ = false;
  if (loaded.problem) return end(ShardEnded::How::failed, *loaded.problem);
  all_loaded_ = loaded.over.blocks.size() < setup_->blocks_at_once;
  is_whole_ = loaded.over.is_whole;
  for (auto& block : loaded.over.blocks) {
    loaded_to_ = block.id;
    auto work = std::make_shared<Work>();
    work->missing = block.records.size();
    work->block = std::move(block);
    for (std::size_t i = 0; i < work->block.records.size(); ++i)
      waiting_.emplace_back(work, i);
  }
  if (setup_->probe) ++setup_->probe->pages;
  proceed();
}

/// Whole lists, while there are or may be enough for one.
void BlockShard::send_lists() {
  const auto backlog_is_full = setup_->probe && setup_->probe->held >= most_held;
  while (!waiting_.empty() && !backlog_is_full && in_flight_ + unwritten_ + setup_->list_size <= credit()) {
    if (waiting_.size() < setup_->list_size && !all_loaded_) return;
    const auto size = static_cast<std::ptrdiff_t>(std::min(waiting_.size(), setup_->list_size));
    std::vector<Place> places(waiting_.begin(), waiting_.begin() + size);
    waiting_.erase(waiting_.begin(), waiting_.begin() + size);
    publish(std::move(places));
  }
}

void BlockShard::publish(std::vector<Place> places) {
  Publish list;
  list.day = shard_.key.day;
  list.priority = setup_->controls->priority;
  list.trail = std::make_shared<const Trail>(Trail{shard_.key.row, shard_.key.day});
  for (const auto& [work, at] : places)
    list.records.push_back(work->block.records[at]);
  in_flight_ += places.size();
  if (setup_->probe) {
    setup_->probe->read += places.size();
    setup_->probe->in_flight += static_cast<std::int64_t>(places.size());
  }
  const auto& publishers = setup_->publishers;
  const auto& publisher = publishers[static_cast<std::size_t>(list.records[0].source_id) % publishers.size()];
  request(publisher, caf::infinite, std::move(list))
      .then(
          [this, places](const Published& published) { on_published(places, published); },
          [this](const caf::error& error) {
            end(ShardEnded::How::failed,
                {"correspondence", "was not answered inside the engine: " + home_system().render(error), {}});
          });
}

// -- acknowledging ------------------------------------------------------------------

void BlockShard::on_published(const std::vector<Place>& places, const Published& published) {
  if (ending_) return;
  in_flight_ -= places.size();
  if (setup_->probe) setup_->probe->in_flight -= static_cast<std::int64_t>(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto& [work, at] = places[i];
    note(work->commit, work->block.records[at], published.records.at(i));
    if (--work->missing > 0) continue;
    work->commit.gone_on_with = {work->block.id};
    commit(std::move(work->commit));
  }
  proceed();
}

void BlockShard::note(ledger::Commit& commit, const ledger::Handed& record,
                      const PublishedRecord& result) const {
  const auto id = std::to_string(record.source_id);
  auto uploaded = outcome_of(result);
  defer(uploaded, std::nullopt, setup_->now(), setup_->retry_for);
  ++commit.counts[uploaded.outcome];
  commit.digest_read.add(codec::message_uuid(record.source_id), shard_.from);
  if (acknowledged(uploaded.outcome))
    commit.digest_acked.add(codec::message_uuid(record.source_id), shard_.from);
  if (uploaded.outcome == Outcome::failed)
    commit.failures.push_back({id,
                               shard_.key.organisation,
                               shard_.from,
                               uploaded.problem,
                               uploaded.http_status,
                               uploaded.attempts,
                               {}});
  if (uploaded.again)
    commit.wake_ups.push_back(wake_up_of(
        shard_.key.row, shard_.key.stage,
        {id, uploaded.again->why, 0, shard_.key, std::nullopt, uploaded.again->held}, uploaded.again->due));
}

void BlockShard::commit(ledger::Commit commit) {
  const auto records = commit.counts.read();
  commit.key = shard_.key;
  if (setup_->probe) setup_->probe->held += commit.wake_ups.size();
  ++commits_;
  unwritten_ += records;
  request(setup_->ledger, caf::infinite, NoteProgress{std::move(commit)})
      .then(
          [this, records](const Noted& noted) {
            --commits_;
            if (noted.problem) return end(ShardEnded::How::failed, *noted.problem);
            unwritten_ -= records;
            if (setup_->probe) setup_->probe->done += records;
            proceed();
          },
          [this](const caf::error& error) {
            end(ShardEnded::How::failed, {"ledger", "did not answer: " + home_system().render(error), {}});
          });
}

/// Complete only where the stage before is: what that still has to hand over would be missing.
void BlockShard::end_if_done() {
  if (ending_ || loading_ || in_flight_ > 0 || commits_ > 0) return;
  if (draining_) return end(ShardEnded::How::drained);
  if (!all_loaded_ || !waiting_.empty()) return;
  ending_ = true;
  ledger::Commit last;
  last.key = shard_.key;
  last.checkpoint = Checkpoint{shard_.from, {}};
  last.lets_go = true;
  last.state = is_whole_
                   ? ledger::StateChange{ShardState::complete, {}, setup_->now() + setup_->park_cooldown}
                   : ledger::StateChange{ShardState::parked, setup_->before + " is not complete",
                                         setup_->now() + setup_->park_cooldown};
  request(setup_->ledger, caf::infinite, NoteProgress{std::move(last)})
      .then(
          [this](const Noted& noted) {
            noted.problem ? end(ShardEnded::How::failed, *noted.problem) : end(ShardEnded::How::complete);
          },
          [this](const caf::error& error) {
            end(ShardEnded::How::failed, {"ledger", "did not answer: " + home_system().render(error), {}});
          });
}

void BlockShard::end(ShardEnded::How how, Problem problem) {
  ending_ = true;
  send(parent_, ShardEnded{shard_.key, how, std::move(problem), {}});
  quit();
}

} // namespace dialogferry::engine
