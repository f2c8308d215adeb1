#include <dialogferry/codec/correspondence_json.hpp>
#include <dialogferry/codec/messages.hpp>
#include <dialogferry/codec/migration.hpp>
#include <dialogferry/engine/carry/deferral.hpp>
#include <dialogferry/engine/carry/message_files.hpp>
#include <dialogferry/engine/carry/message_lane.hpp>
#include <dialogferry/source/a2_archive.hpp>
#include <dialogferry/target/correspondence.hpp>
#include <dialogferry/target/dialogporten.hpp>

#include <algorithm>
#include <utility>

namespace dialogferry::engine {

namespace {

namespace messages = mapping::correspondence;
using Kind = http::Verdict::Kind;

constexpr std::size_t most_remembered = 50'000;
constexpr Moment remembered_for = std::chrono::hours{1};
constexpr std::chrono::hours files_are_kept{48}; ///< of a message that history does not carry

/// A file that Correspondence does not have.
const std::vector<Uuid> nobodys_file{Uuid{}};

} // namespace

MessageLane::MessageLane(caf::actor_config& config, MessageLaneSetup setup)
    : actor_base(config)
    , setup_(std::move(setup))
    , begun_(setup_.now())
    , shown_(most_remembered, remembered_for) {}

MessageLane::behavior_type MessageLane::make_behavior() {
  return {
      [this](Upload& upload) -> caf::result<Uploaded> {
        auto work = std::make_shared<Work>();
        work->upload = std::move(upload);
        work->promise = make_response_promise<Uploaded>();
        const auto promise = work->promise;
        if (const auto first = lanes_.enter(work->upload.lane, work)) begin(*first);
        return promise;
      },
      [this](TryAgain paused) {
        if (const auto found = paused_.extract(paused.call)) std::exchange(found.mapped()->then, nullptr)();
      },
  };
}

void MessageLane::on_exit() {
  for (const auto& work : std::exchange(under_way_, {})) {
    work->then = nullptr;
    work->promise.deliver(ended_unanswered());
  }
  paused_.clear();
  wait_to_sync_.clear();
  setup_ = {};
}

// -- what it is -----------------------------------------------------------------------

void MessageLane::begin(const WorkPtr& work) {
  under_way_.push_back(work);
  work->source_id = codec::parse_message_id(work->upload.record_id).value_or(0);
  ask(work, setup_.archive, source::a2_archive::message(work->upload.record_id), http::Operation::read,
      [this, work](const Answered& answered) {
        if (answered.verdict.kind == Kind::gone)
          return fail(work, Problem{"a2_archive", "has no such message any more", {}});
        if (answered.verdict.kind != Kind::success) return fail(work, answered);
        on_message(work, codec::Document{std::move((*answered.answer)->body)});
      });
}

Result<codec::Correspondence> MessageLane::read(const Work& work) {
  return codec::read_correspondence(parser_, work.body.view());
}

void MessageLane::on_message(const WorkPtr& work, codec::Document body) {
  work->body = std::move(body);
  const auto record = read(*work);
  if (!record) return fail(work, record.error());
  if (!record->created) return fail(work, Problem{"correspondence.created", "is missing", {}});
  work->created = record->created->at;
  work->is_of_live = work->created >= setup_.begin;
  work->is_deleted = messages::is_deleted_for_good(*record);
  if (!work->is_of_live || work->created < work->upload.carried_before)
    work->carried_before = work->upload.carried_before;
  if (work->is_of_live && !messages::is_published(*record)) { // it is listed again when it is (OC-15)
    Uploaded later;
    later.outcome = Outcome::unchanged;
    later.nothing_new = true;
    return finish(work, std::move(later));
  }
  if (!work->is_of_live) return ask_history(work);
  work->is_deleted ? probe(work) : carry_files(work);
}

void MessageLane::ask_history(const WorkPtr& work) {
  request(setup_.ledger, caf::infinite,
          FindDay{setup_.history_row, setup_.first_stage, day_of(work->created)})
      .then(
          [this, work](const FoundDay& found) {
            if (found.problem) return fail(work, *found.problem);
            on_day(work, found.state);
          },
          [this, work](const caf::error& error) { not_answered(work, error); });
}

/// What history has carried is there already; what it has not is carried now, and met by history as there.
void MessageLane::on_day(const WorkPtr& work, DayState state) {
  if (state == DayState::complete) return probe(work);
  if (!work->is_deleted) return carry_files(work);
  if (state == DayState::waiting) { // history sees that it is deleted
    Uploaded excluded;
    excluded.outcome = Outcome::excluded;
    return finish(work, std::move(excluded));
  }
  hold(work, "race", {"record", "is deleted while history carries its day", {}});
}

// -- both hops --------------------------------------------------------------------------

/// Asks by its own M2 whether it is there, so that no file is sent twice.
void MessageLane::probe(const WorkPtr& work) {
  work->is_probe = true;
  work->files = nobodys_file;
  migrate(work);
}

void MessageLane::carry_files(const WorkPtr& work) {
  const auto record = read(*work);
  if (const auto problem = messages::find_unfit(*record)) return fail(work, *problem);
  if (record->attachments.empty()) return migrate(work);
  messages::Input input;
  input.record = &*record;
  input.now = setup_.now();
  const auto decision = messages::decide(input, *setup_.mapping);
  if (!decision) return fail(work, decision.error());
  auto files = files_of(*record, *decision);
  files.priority = work->upload.priority;
  files.trail = work->upload.trail;
  if (work->is_of_live) files.until = setup_.now() + files_are_kept;
  request(setup_.files, caf::infinite, std::move(files))
      .then(
          [this, work](CarriedFiles& carried) {
            if (carried.problem) return finish(work, failed_by(std::move(carried)));
            work->files = std::move(carried.ids);
            migrate(work);
          },
          [this, work](const caf::error& error) { not_answered(work, error); });
}

void MessageLane::migrate(const WorkPtr& work) {
  auto record = read(*work);
  const auto first = messages::first_sent(std::move(*record), work->carried_before);
  auto body = codec::write_migrate(first, work->files, work->is_of_live);
  ask(
      work, setup_.correspondence, target::correspondence::migrate(std::move(body)), http::Operation::migrate,
      [this, work](const Answered& answered) { on_migrated(work, answered); },
      work->is_probe ? Patience::page : Patience::record);
}

void MessageLane::on_migrated(const WorkPtr& work, const Answered& answered) {
  const bool is_missing = work->is_probe && answered.verdict.status == 500;
  if (is_missing && work->is_deleted) {
    Uploaded excluded;
    excluded.outcome = Outcome::excluded;
    return finish(work, std::move(excluded));
  }
  if (is_missing) {
    work->is_probe = false;
    work->files.clear();
    return carry_files(work);
  }
  if (answered.verdict.kind != Kind::success) return fail(work, answered);
  const codec::Document body{std::move((*answered.answer)->body)};
  const auto migrated = codec::read_migrated(parser_, body.view());
  if (!migrated) return fail(work, migrated.error());
  work->target = migrated->correspondence_id;
  work->is_new = migrated->is_new;
  if (work->is_new) work->label = Label::none;
  work->look_until = setup_.clock() + (work->is_new ? setup_.publish_patience : setup_.publish_patience / 10);
  work->pause = setup_.first_pause;
  work->is_of_live ? wait_for_dialog(work) : publish(work);
}

/// Correspondence makes it by itself, with events. Who asks for it meanwhile would have it made silently.
void MessageLane::wait_for_dialog(const WorkPtr& work) {
  ask(work, setup_.dialogporten,
      target::dialogporten::get(messages::dialog_id_of(work->target, work->created, setup_.now())),
      http::Operation::read, [this, work](const Answered& answered) {
        const auto kind = answered.verdict.kind;
        if (kind != Kind::success && kind != Kind::gone) return fail(work, answered);
        if (kind == Kind::success || setup_.clock() >= work->look_until) return publish(work);
        look_again(work, [this, work] { wait_for_dialog(work); });
      });
}

/// Sees that the message knows its dialog, and has it made where its own job was lost (observed.md OC-4).
void MessageLane::publish(const WorkPtr& work) {
  request(setup_.publisher, caf::infinite,
          Publish{{{work->source_id, work->target}}, work->upload.priority, {}, work->upload.trail})
      .then(
          [this, work](Published& published) {
            auto& record = published.records.at(0);
            if (record.outcome == Outcome::created) return begin_sync(work);
            finish(work, outcome_of(std::move(record)));
          },
          [this, work](const caf::error& error) { not_answered(work, error); });
}

// -- common -------------------------------------------------------------------------------

void MessageLane::look_again(const WorkPtr& work, std::function<void()> then) {
  work->then = std::move(then);
  paused_.emplace(next_paused_, work);
  delayed_send(this, work->pause, TryAgain{next_paused_++});
  work->pause = std::min(2 * work->pause, setup_.last_pause);
}

void MessageLane::finish(const WorkPtr& work, Uploaded done) {
  std::erase(under_way_, work);
  work->then = nullptr;
  done.record_id = work->upload.record_id;
  work->promise.deliver(std::move(done));
  if (const auto next = lanes_.leave(work->upload.lane)) begin(*next);
}

void MessageLane::fail(const WorkPtr& work, Problem problem) {
  finish(work, failed_by(std::move(problem)));
}

void MessageLane::fail(const WorkPtr& work, const Answered& answered) {
  finish(work, failed_by(answered));
}

void MessageLane::hold(const WorkPtr& work, std::string why, Problem problem) {
  auto later = failed_by(std::move(problem));
  later.held = Held{"correspondence", std::move(why)};
  finish(work, std::move(later));
}

void MessageLane::not_answered(const WorkPtr& work, const caf::error& error) {
  finish(work, failed_inside("record", home_system().render(error)));
}

} // namespace dialogferry::engine
