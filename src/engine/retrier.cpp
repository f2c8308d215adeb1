#include <dialogferry/codec/instance.hpp>
#include <dialogferry/engine/retrier.hpp>
#include <dialogferry/source/storage.hpp>

namespace dialogferry::engine {

namespace {

/// A single instance as the list row it would be.
codec::Row row_of(const codec::Instance& instance, codec::JsonView json) {
  codec::Row row;
  row.json = json;
  row.id = instance.id;
  row.party_id = instance.party_id;
  row.guid = instance.guid;
  row.app_id = instance.app_id;
  row.org = instance.org;
  row.created = instance.created;
  row.last_changed = instance.last_changed;
  return row;
}

ledger::Failure failure_of(const ledger::Exception& exception, Problem problem, int status,
                           std::uint32_t attempts) {
  ledger::Failure failure;
  failure.record_id = exception.record_id;
  failure.organisation = exception.organisation;
  failure.last_changed = exception.last_changed;
  failure.problem = std::move(problem);
  failure.http_status = status;
  failure.attempts = attempts;
  return failure;
}

} // namespace

Retrier::Retrier(caf::actor_config& config, RetrierSetup setup)
    : retrier_actor::base(config)
    , setup_(std::move(setup)) {}

Retrier::behavior_type Retrier::make_behavior() {
  return {
      [this](RecordDone& done) { finish(done.batch, std::move(done.result)); },
      [this](RetryExceptions& retry) -> caf::result<Noted> {
        if (retry.exceptions.empty()) return Noted{};
        auto hand = std::make_shared<Hand>();
        hand->promise = make_response_promise<Noted>();
        hand->missing = retry.exceptions.size();
        for (auto& exception : retry.exceptions)
          begin(std::move(exception), hand);
        return hand->promise;
      },
      [this](Drain) {
        // What is not carried yet keeps its mark and is carried by the next run.
        for (auto& [number, attempt] : std::exchange(under_way_, {}))
          settle(attempt.hand, std::nullopt);
      },
  };
}

void Retrier::on_exit() {
  under_way_.clear();
  setup_ = {};
}

void Retrier::begin(ledger::Exception exception, const std::shared_ptr<Hand>& hand) {
  const auto number = next_++;
  Call call{std::make_shared<const http::Request>(source::storage::instance(exception.record_id)),
            http::Operation::instance, Priority::history, Patience::record};
  under_way_.emplace(number, Attempt{std::move(exception), hand, {}, {}});
  request(setup_.storage, caf::infinite, std::move(call))
      .then([this, number](const Answered& answered) { on_instance(number, answered); },
            [this, number](const caf::error& error) {
              ledger::Failure failure;
              failure.problem = {
                  "storage", "was not answered inside the engine: " + home_system().render(error), {}};
              finish(number, {Outcome::failed, std::move(failure)});
            });
}

void Retrier::on_instance(std::uint64_t number, const Answered& answered) {
  const auto found = under_way_.find(number);
  if (found == under_way_.end()) return;
  auto& attempt = found->second;
  if (answered.verdict.kind != http::Verdict::Kind::success) {
    auto failure =
        failure_of(attempt.exception, answered.verdict.problem, answered.verdict.status, answered.attempts);
    return finish(number, {Outcome::failed, std::move(failure)});
  }
  struct Fetched {
    codec::Document body;
    codec::Instance instance;
  };
  auto fetched = std::make_shared<Fetched>(Fetched{codec::Document{std::move((*answered.answer)->body)}, {}});
  auto instance = codec::read_instance(parser_, fetched->body.view());
  if (!instance)
    return finish(number, {Outcome::failed, failure_of(attempt.exception, instance.error(), 0, 1)});
  attempt.id = instance->guid;
  attempt.last_changed = instance->last_changed;
  fetched->instance = std::move(*instance);
  RecordJob job{fetched, row_of(fetched->instance, fetched->body.view()), number, 0};
  Carry carry{record_owner{this}, {}, setup_.is_migration, Priority::history};
  carry.jobs.push_back(std::move(job));
  send(setup_.carriers[number % setup_.carriers.size()], std::move(carry));
}

void Retrier::finish(std::uint64_t number, RecordResult result) {
  auto found = under_way_.extract(number);
  if (found.empty()) return;
  auto& attempt = found.mapped();
  const auto& exception = attempt.exception;
  ledger::Commit commit;
  commit.key = {exception.row, exception.stage, exception.day, exception.organisation, exception.part};
  if (result.outcome == Outcome::failed) {
    auto failure = result.failure.value_or(ledger::Failure{});
    failure.record_id = exception.record_id;
    commit.failures.push_back(std::move(failure));
  } else {
    commit.resolved.push_back(exception.id);
    if (acknowledged(result.outcome)) commit.digest_acked.add(attempt.id, attempt.last_changed);
  }
  commit.taken_back[Outcome::failed] = 1;
  commit.counts[result.outcome] = 1;
  request(setup_.ledger, caf::infinite, NoteProgress{std::move(commit)})
      .then([this, hand = attempt.hand](const Noted& noted) { settle(hand, noted.problem); },
            [this, hand = attempt.hand](const caf::error& error) {
              settle(hand, Problem{"ledger", home_system().render(error), {}});
            });
}

void Retrier::settle(const std::shared_ptr<Hand>& hand, const std::optional<Problem>& problem) {
  if (problem) hand->problem = problem;
  if (--hand->missing == 0) hand->promise.deliver(Noted{hand->problem});
}

} // namespace dialogferry::engine
