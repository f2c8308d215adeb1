#include <dialogferry/engine/carry/deferral.hpp>
#include <dialogferry/engine/carry/retrier.hpp>
#include <dialogferry/engine/carry/uploader.hpp>
#include <dialogferry/engine/listing/unreadable.hpp>

#include <algorithm>

namespace dialogferry::engine {

Retrier::Retrier(caf::actor_config& config, RetrierSetup setup)
    : actor_base(config)
    , setup_(std::move(setup)) {}

Retrier::behavior_type Retrier::make_behavior() {
  return {
      [this](RetryRecords& retry) -> caf::result<Noted> {
        auto hand = std::make_shared<Hand>();
        std::vector<Attempt> attempts;
        for (auto& exception : retry.exceptions) {
          ShardKey shard{exception.row, exception.stage, exception.day, exception.organisation,
                         exception.part};
          attempts.push_back({exception.record_id,
                              std::move(shard),
                              exception.last_changed,
                              Outcome::failed,
                              exception.id,
                              0,
                              {},
                              hand});
        }
        for (const auto& wake_up : retry.wake_ups)
          if (auto waiting = waiting_of(wake_up); waiting && waiting->shard)
            attempts.push_back(
                {waiting->record_id, *waiting->shard, {}, Outcome::deferred, 0, wake_up.id, *waiting, hand});
        if (attempts.empty()) return Noted{};
        hand->promise = make_response_promise<Noted>();
        hand->missing = attempts.size();
        const auto promise = hand->promise;
        for (auto& attempt : attempts)
          begin(std::move(attempt));
        return promise;
      },
      [this](Drain) {
        // What is not carried yet keeps its mark and is carried by the next run.
        for (auto& [number, attempt] : std::exchange(under_way_, {}))
          settle(attempt.hand, std::nullopt);
      },
  };
}

void Retrier::on_exit() {
  for (auto& [number, attempt] : std::exchange(under_way_, {}))
    attempt.hand->promise.deliver(ended_unanswered());
  setup_ = {};
}

void Retrier::begin(Attempt attempt) {
  const auto number = next_++;
  const auto unreadable = unreadable_at(attempt.record_id);
  const auto lane = setup_.pages.listing->lane_of(attempt.record_id);
  Upload upload;
  upload.record_id = attempt.record_id;
  if (!setup_.carriers.empty()) upload.carrier = setup_.carriers[number % setup_.carriers.size()];
  upload.is_migration = setup_.is_migration;
  upload.absence_confirmed =
      attempt.before == Outcome::deferred && attempt.waiting.why == SecondLook::Why::absence;
  upload.day = attempt.shard.day;
  upload.trail = std::make_shared<const Trail>(
      Trail{attempt.shard.row, attempt.shard.day, attempt.record_id, lane.value_or(Uuid{})});
  under_way_.emplace(number, std::move(attempt));
  if (unreadable) return look_at_unreadable(number, *unreadable);
  if (!lane) {
    Uploaded none;
    none.problem = {"id", "is not known, so that the record cannot be read by itself",
                    "carry its day again: dialogferry backfill --force"};
    return finish(number, none);
  }
  upload.lane = *lane;
  request(uploader_of(setup_.uploaders, *lane), caf::infinite, std::move(upload))
      .then([this, number](const Uploaded& uploaded) { finish(number, uploaded); },
            [this, number](const caf::error& error) {
              Uploaded none;
              none.problem = {
                  "record", "was not answered inside the engine: " + home_system().render(error), {}};
              none.held = held_inside();
              finish(number, none);
            });
}

void Retrier::finish(std::uint64_t number, const Uploaded& uploaded) {
  auto found = under_way_.extract(number);
  if (found.empty()) return;
  note(found.mapped(), outcome_of(found.mapped(), uploaded));
}

void Retrier::note(const Attempt& attempt, ledger::Commit commit) {
  request(setup_.ledger, caf::infinite, NoteProgress{std::move(commit)})
      .then([this, hand = attempt.hand](const Noted& noted) { settle(hand, noted.problem); },
            [this, hand = attempt.hand](const caf::error& error) {
              settle(hand, Problem{"ledger", home_system().render(error), {}});
            });
}

/// What the source could not read (observed.md OS-4).
void Retrier::look_at_unreadable(std::uint64_t number, Instant at) {
  const auto list = list_at(at, under_way_.at(number).shard.organisation);
  request(setup_.pages.gate, caf::infinite, setup_.pages.call(list, Priority::history))
      .then([this, number](const Answered& answered) { on_read_after_all(number, answered); },
            [this, number](const caf::error& error) {
              Uploaded none;
              none.problem = {std::string(setup_.pages.listing->api),
                              "was not answered inside the engine: " + home_system().render(error),
                              {}};
              finish(number, none);
            });
}

/// Each record there is read by itself from now on; until all are, the day is open.
void Retrier::on_read_after_all(std::uint64_t number, const Answered& answered) {
  codec::Parser parser;
  const auto records = records_of(parser, setup_.pages, answered);
  if (!records) {
    Uploaded none;
    none.problem = records.error();
    none.http_status = answered.verdict.status;
    none.attempts = answered.attempts;
    return finish(number, none);
  }
  auto found = under_way_.extract(number);
  if (found.empty()) return;
  const auto& attempt = found.mapped();
  ledger::Commit commit;
  commit.key = attempt.shard;
  commit.taken_back[attempt.before] = 1;
  commit.counts[Outcome::deferred] = records->size();
  commit.resolved.push_back(attempt.exception);
  for (const auto& record : *records)
    commit.wake_ups.push_back(wake_up_of(attempt.shard.row, attempt.shard.stage,
                                         {record, SecondLook::Why::readable, 0, attempt.shard},
                                         setup_.now()));
  const auto reason = std::to_string(records->size()) + " that the source could not read before";
  if (!records->empty())
    commit.state = ledger::StateChange{ShardState::parked, reason, setup_.now() + setup_.park_cooldown};
  note(attempt, std::move(commit));
}

ledger::Commit Retrier::outcome_of(const Attempt& attempt, Uploaded uploaded) const {
  defer(uploaded, attempt.waiting, setup_.now(), setup_.retry_for);
  const auto version = uploaded.last_changed == Instant{} ? attempt.last_changed : uploaded.last_changed;
  ledger::Commit commit;
  commit.key = attempt.shard;
  commit.taken_back[attempt.before] = 1;
  commit.counts[uploaded.outcome] = 1;
  if (uploaded.outcome == Outcome::failed) {
    commit.failures.push_back({attempt.record_id, attempt.shard.organisation, version, uploaded.problem,
                               uploaded.http_status, uploaded.attempts, uploaded.body});
  } else if (attempt.exception != 0) {
    commit.resolved.push_back(attempt.exception);
  }
  commit.next_stage = setup_.next_stage;
  if (uploaded.handed) commit.handed.push_back(*uploaded.handed);
  if (attempt.wake_up != 0) commit.woken.push_back(attempt.wake_up);
  if (acknowledged(uploaded.outcome))
    if (const auto guid = setup_.pages.listing->lane_of(attempt.record_id))
      commit.digest_acked.add(*guid, version);
  if (uploaded.again) {
    auto& look = *uploaded.again;
    const auto looks = look.why == attempt.waiting.why ? attempt.waiting.looks + 1 : 0;
    const auto due = due_of(look, looks, setup_.now());
    commit.wake_ups.push_back(wake_up_of(
        attempt.shard.row, attempt.shard.stage,
        {attempt.record_id, look.why, looks, attempt.shard, std::nullopt, std::move(look.held)}, due));
  }
  return commit;
}

void Retrier::settle(const std::shared_ptr<Hand>& hand, const std::optional<Problem>& problem) {
  if (problem) hand->problem = problem;
  if (--hand->missing == 0) hand->promise.deliver(Noted{hand->problem});
}

} // namespace dialogferry::engine
