#include <dialogferry/codec/messages.hpp>
#include <dialogferry/codec/migration.hpp>
#include <dialogferry/engine/carry/deferral.hpp>
#include <dialogferry/engine/carry/message_files.hpp>
#include <dialogferry/engine/carry/migrator.hpp>
#include <dialogferry/engine/log.hpp>
#include <dialogferry/mapping/correspondence.hpp>
#include <dialogferry/source/a2_archive.hpp>
#include <dialogferry/target/correspondence.hpp>

#include <algorithm>
#include <utility>

namespace dialogferry::engine {

namespace {

namespace messages = mapping::correspondence;
using Kind = http::Verdict::Kind;

} // namespace

Migrator::Migrator(caf::actor_config& config, MigratorSetup setup)
    : actor_base(config)
    , Resident(setup.home)
    , setup_(std::move(setup))
    , queue_(setup_.places) {}

Migrator::behavior_type Migrator::make_behavior() {
  set_down_handler([this](const caf::down_msg& down) {
    for (const auto& work : migrations_.take_lost(down.source.id()))
      not_answered(work, "correspondence", down.reason);
  });
  return {
      [this](Carry& carry) { take(carry); },
      [](const MapAnew&) -> caf::result<MappedAnew> { return caf::make_error(caf::sec::unexpected_message); },
      [this](SetWindow window) {
        queue_.set_window(window.records);
        begin_next();
      },
      [this](Steer) {
        queue_.look_again();
        begin_next();
      },
      [this](Upload& upload) { return take(upload); },
      [](TryAgain) {},
      [this](const Answers& answers) {
        for (const auto& [number, answered] : answers.items)
          if (const auto work = migrations_.take(number)) on_migrated(*work, answered);
      },
      [this](SendOut) {
        migrations_.send_out(*this);
        done_.send_out(*this);
      },
  };
}

void Migrator::on_exit() {
  queue_.clear();
  migrations_.clear();
  done_.clear();
  for (const auto& work : std::exchange(single_, {}))
    work->promise->deliver(ended_unanswered());
  setup_ = {};
}

// -- who is to be carried -----------------------------------------------------------

void Migrator::take(Carry& carry) {
  queue_.push(std::make_shared<Carry>(std::move(carry)));
  begin_next();
}

void Migrator::begin_next() {
  if (std::exchange(beginning_, true)) return; // a row that ends at once asks for the next one
  while (auto next = queue_.next()) {
    const auto work = work_of(*next->hand, std::move(next->job));
    const auto& row = work->job.row;
    if (row.problem) {
      fail(work, *row.problem);
    } else {
      work->source_id = codec::message_id(*row.guid).value_or(0);
      begin(work, row.json);
    }
  }
  beginning_ = false;
}

Migrator::WorkPtr Migrator::work_of(const Carry& hand, RecordJob job) {
  auto work = std::make_shared<Work>();
  work->owner = hand.owner;
  work->job = std::move(job);
  const auto& row = work->job.row;
  work->record_id = row.id;
  work->last_changed = row.version();
  work->trail = trail_of(hand.trail, work->record_id, row.guid.value_or(Uuid{}));
  work->priority = hand.priority;
  return work;
}

caf::result<Uploaded> Migrator::take(Upload& upload) {
  auto work = std::make_shared<Work>();
  work->promise = make_response_promise<Uploaded>();
  const auto promise = *work->promise;
  work->priority = upload.priority;
  work->record_id = upload.record_id;
  work->trail = upload.trail;
  work->source_id = codec::parse_message_id(upload.record_id).value_or(0);
  single_.push_back(work);
  const auto created = upload.day ? std::optional(upload.day->start()) : std::nullopt;
  Call call{std::make_shared<const http::Request>(source::a2_archive::message(upload.record_id, created)),
            http::Operation::read, work->priority, Patience::record, work->trail};
  request(setup_.archive, caf::infinite, std::move(call))
      .then([this, work](const Answered& answered) { on_message(work, answered); },
            [this, work](const caf::error& error) { not_answered(work, "a2_archive", error); });
  return promise;
}

void Migrator::on_message(const WorkPtr& work, const Answered& answered) {
  if (answered.verdict.kind == Kind::success) {
    work->body.emplace(std::move((*answered.answer)->body));
    return begin(work, work->body->view());
  }
  auto failed = failed_by(answered);
  if (answered.verdict.kind == Kind::gone)
    failed.problem = {"a2_archive", "has no such message any more", {}};
  finish(work, std::move(failed));
}

// -- its way ------------------------------------------------------------------------

codec::JsonView Migrator::json_of(const Work& work) const {
  return work.body ? work.body->view() : work.job.row.json;
}

/// As it was before live takes over.
Result<codec::Correspondence> Migrator::read(codec::JsonView json) {
  auto record = codec::read_correspondence(parser_, json);
  if (!record || !setup_.live_from || messages::is_deleted_for_good(*record)) return record;
  return messages::known_before(std::move(*record), *setup_.live_from);
}

void Migrator::begin(const WorkPtr& work, codec::JsonView json) {
  const auto record = read(json);
  if (!record) return fail(work, record.error());
  messages::Input input;
  input.record = &*record;
  input.attachment_ids = work->files;
  input.is_migration = true;
  input.now = setup_.now();
  auto decision = messages::decide(input, *setup_.mapping);
  if (!decision) return fail(work, std::move(decision.error()));
  if (decision->action == messages::Action::exclude) {
    Uploaded excluded;
    excluded.outcome = Outcome::excluded;
    return finish(work, std::move(excluded));
  }
  if (!decision->migrate.empty()) return migrate(work, std::move(decision->migrate));
  carry_files(work, *record, *decision);
}

void Migrator::carry_files(const WorkPtr& work, const codec::Correspondence& record,
                           const messages::Decision& decision) {
  if (setup_.publisher) { // it was migrated before: no file of it is looked at again (observed.md OC-13)
    work->files.assign(record.attachments.size(), Uuid{});
    return begin(work, json_of(*work));
  }
  auto files = files_of(record, decision);
  files.priority = work->priority;
  files.trail = work->trail;
  request(setup_.files, caf::infinite, std::move(files))
      .then(
          [this, work](CarriedFiles& carried) {
            if (carried.problem) return finish(work, failed_by(std::move(carried)));
            work->files = std::move(carried.ids);
            begin(work, json_of(*work));
          },
          [this, work](const caf::error& error) { not_answered(work, "attachments", error); });
}

void Migrator::migrate(const WorkPtr& work, std::string body) {
  work->job.row = {}; // its page is let go when its last record is on its way
  work->job.keep.reset();
  work->body.reset();
  Call call{std::make_shared<const http::Request>(target::correspondence::migrate(std::move(body))),
            http::Operation::migrate, work->priority, Patience::record, work->trail};
  migrations_.ask(*this, setup_.correspondence, std::move(call), work);
}

void Migrator::on_migrated(const WorkPtr& work, const Answered& answered) {
  if (answered.verdict.kind != Kind::success) return finish(work, failed_by(answered));
  Uploaded done;
  done.attempts = answered.attempts;
  const codec::Document body{std::move((*answered.answer)->body)};
  const auto migrated = codec::read_migrated(parser_, body.view());
  if (!migrated) return fail(work, migrated.error());
  done.handed = ledger::Handed{work->source_id, migrated->correspondence_id};
  if (setup_.publisher) return publish(work, *done.handed);
  done.outcome = migrated->is_new ? Outcome::created : Outcome::unchanged;
  finish(work, std::move(done));
}

void Migrator::publish(const WorkPtr& work, const ledger::Handed& handed) {
  request(setup_.publisher, caf::infinite, Publish{{handed}, work->priority, {}, work->trail})
      .then([this,
             work](Published& published) { finish(work, outcome_of(std::move(published.records.at(0)))); },
            [this, work](const caf::error& error) { not_answered(work, "correspondence", error); });
}

// -- its outcome ----------------------------------------------------------------------

void Migrator::finish(const WorkPtr& work, Uploaded done) {
  log_debug("carried", work->trail, [&](LogLine& line) {
    line.field("outcome", name_of(done.outcome)).field("member", done.problem.member);
  });
  if (work->promise) {
    std::erase(single_, work);
    done.record_id = work->record_id;
    work->promise->deliver(std::move(done));
    return;
  }
  defer(done, std::nullopt, setup_.now(), setup_.retry_for);
  RecordResult result{done.outcome, std::nullopt, std::move(done.again), done.handed};
  if (result.again) result.again->record_id = work->record_id;
  if (done.outcome == Outcome::failed) {
    ledger::Failure failure;
    failure.record_id = work->record_id;
    failure.last_changed = work->last_changed;
    failure.problem = std::move(done.problem);
    failure.http_status = done.http_status;
    failure.attempts = done.attempts;
    result.failure = std::move(failure);
  }
  done_.add(*this, work->owner, {work->job.batch, work->job.index, std::move(result)});
  queue_.done();
  begin_next();
}

void Migrator::fail(const WorkPtr& work, Problem problem) {
  finish(work, failed_by(std::move(problem)));
}

void Migrator::not_answered(const WorkPtr& work, std::string member, const caf::error& error) {
  finish(work, failed_inside(std::move(member), home_system().render(error)));
}

} // namespace dialogferry::engine
