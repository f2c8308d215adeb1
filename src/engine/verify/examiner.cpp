#include <dialogferry/engine/carry/uploader.hpp>
#include <dialogferry/engine/verify/examiner.hpp>
#include <dialogferry/source/storage.hpp>
#include <dialogferry/target/dialogporten.hpp>

#include <algorithm>
#include <utility>

namespace dialogferry::engine::verify {

namespace dp = target::dialogporten;
using Kind = http::Verdict::Kind;

namespace {

constexpr std::uint32_t most_readings = 4; ///< of a record that changes while it is looked at

} // namespace

Examiner::Examiner(caf::actor_config& config, ExaminerSetup setup)
    : actor_base(config)
    , setup_(std::move(setup)) {}

Examiner::behavior_type Examiner::make_behavior() {
  return {
      [this](Examine& question) -> caf::result<Examined> {
        auto work = std::make_shared<Work>();
        work->record_id = to_string(question.suspect.record);
        work->question = std::move(question);
        work->promise = make_response_promise<Examined>();
        const auto promise = work->promise;
        look(work);
        return promise;
      },
      [this](TryAgain now) {
        const auto paused = paused_.extract(now.call);
        if (!paused.empty()) carry(paused.mapped(), true);
      },
  };
}

void Examiner::on_exit() {
  paused_.clear();
  setup_ = {};
}

template <class Then>
void Examiner::ask(const WorkPtr& work, const gate_actor& gate, http::Request what, http::Operation operation,
                   Then then) {
  Call call{std::make_shared<const http::Request>(std::move(what)), operation, setup_.priority,
            Patience::record};
  request(gate, caf::infinite, std::move(call))
      .then([work, then](const Answered& answered) { then(work, answered); },
            [this, work](const caf::error& error) {
              give_up(work, {"engine", home_system().render(error), {}});
            });
}

void Examiner::give_up(const WorkPtr& work, Problem problem) {
  Examined examined;
  examined.problem = std::move(problem);
  work->promise.deliver(std::move(examined));
}

// -- looking ------------------------------------------------------------------------

void Examiner::look(const WorkPtr& work) {
  ++work->readings;
  work->instance.reset();
  work->other.reset();
  work->evidence = {};
  work->evidence.record_id = work->record_id;
  work->evidence.is_migration = setup_.is_migration;
  const MapAnew question{work->record_id, setup_.is_migration, false, setup_.priority};
  request(setup_.carriers[turn_++ % setup_.carriers.size()], caf::infinite, question)
      .then([this, work](MappedAnew& mapped) { on_mapped(work, mapped); },
            [this, work](const caf::error& error) {
              give_up(work, {"record", home_system().render(error), {}});
            });
}

void Examiner::on_mapped(const WorkPtr& work, MappedAnew& mapped) {
  if (mapped.held)
    return give_up(work, mapped.held->problem.message.empty() ? mapped.problem : mapped.held->problem);
  work->mapped = std::move(mapped);
  work->evidence.decision = work->mapped.decision.get();
  work->evidence.problem = work->mapped.problem.message;
  work->evidence.is_absent = work->mapped.again && work->mapped.again->why == SecondLook::Why::absence;
  read_instance(work);
}

void Examiner::read_instance(const WorkPtr& work) {
  ask(work, setup_.storage, source::storage::instance(work->record_id), http::Operation::instance,
      [this](const WorkPtr& with, const Answered& answered) { on_instance(with, answered); });
}

void Examiner::on_instance(const WorkPtr& work, const Answered& answered) {
  if (answered.verdict.kind == Kind::gone) return read_dialog(work);
  if (answered.verdict.kind != Kind::success) return give_up(work, answered.verdict.problem);
  work->instance_body.emplace(std::move((*answered.answer)->body));
  auto instance = codec::read_instance_head(parser_, work->instance_body->view(), work->texts);
  if (!instance) return read_dialog(work); // nothing can be made of it: an exception of its own
  const auto version = instance->last_changed.value_or(instance->created);
  const bool changed = work->mapped.last_changed != Instant{} && work->mapped.last_changed != version;
  if (changed && work->readings < most_readings) return look(work);
  work->instance.emplace(std::move(*instance));
  work->evidence.resource = mapping::service_resource_of(work->instance->app_id);
  find_application(work);
}

void Examiner::find_application(const WorkPtr& work) {
  request(setup_.metadata, caf::infinite,
          FindApplication{std::string(work->instance->app_id), Priority::history})
      .then(
          [this, work](const FoundApplication& found) {
            if (found.held) return give_up(work, found.problem);
            auto expected =
                mapping::expected_of(*setup_.mapper, *work->instance, found.application.get(), setup_.now());
            if (expected) work->evidence.expected = *expected;
            find_owner(work);
          },
          [this, work](const caf::error& error) {
            give_up(work, {"application", home_system().render(error), {}});
          });
}

void Examiner::find_owner(const WorkPtr& work) {
  request(setup_.registry, caf::infinite,
          FindParties{{work->question.suspect.record.party}, {}, Priority::history})
      .then(
          [this, work](const FoundParties& found) {
            if (found.problem) return give_up(work, *found.problem);
            if (!found.parties.empty()) work->evidence.party = found.parties.front().second;
            read_dialog(work);
          },
          [this, work](const caf::error& error) {
            give_up(work, {"register", home_system().render(error), {}});
          });
}

void Examiner::read_dialog(const WorkPtr& work) {
  const auto& evidence = work->evidence;
  const bool is_expected = evidence.expected && evidence.expected->is_there;
  auto id = is_expected ? evidence.expected->id : Uuid{};
  if (id == Uuid{} && evidence.decision != nullptr) id = evidence.decision->dialog_id;
  if (id == Uuid{} && !work->instance) id = work->question.suspect.dialog; // its record is gone
  work->own = id;
  if (id == Uuid{}) return conclude(work); // nobody knows which dialog is its own
  ask(work, setup_.dialogporten, dp::get(id), http::Operation::read,
      [this](const WorkPtr& with, const Answered& answered) { on_dialog(with, answered); });
}

void Examiner::on_dialog(const WorkPtr& work, const Answered& answered) {
  if (answered.verdict.kind == Kind::gone) return read_other(work);
  if (answered.verdict.kind != Kind::success) return give_up(work, answered.verdict.problem);
  work->dialog_body.emplace(std::move((*answered.answer)->body));
  auto head = codec::read_dialog_head(parser_, work->dialog_body->view(), work->texts);
  if (!head) return give_up(work, head.error());
  work->evidence.stored = *head;
  read_other(work);
}

/// A dialog that names the record, and is not the one that the record has or must have. That one may just be
/// made anew by another look at the record: it is gone for a moment, and never one too many.
void Examiner::read_other(const WorkPtr& work) {
  const auto& suspect = work->question.suspect;
  if (suspect.side != Suspect::Side::target || suspect.dialog == work->own) return conclude(work);
  ask(work, setup_.dialogporten, dp::get(suspect.dialog), http::Operation::read,
      [this](const WorkPtr& with, const Answered& answered) {
        if (answered.verdict.kind == Kind::gone) return conclude(with);
        if (answered.verdict.kind != Kind::success) return give_up(with, answered.verdict.problem);
        const codec::Document body{std::move((*answered.answer)->body)};
        codec::Arena texts;
        const auto head = codec::read_dialog_head(parser_, body.view(), texts);
        if (!head) return give_up(with, head.error());
        const auto named = head_of(*head);
        if (named && named->record == with->question.suspect.record) {
          with->other = *head;
          with->other->label = with->other->org = with->other->party = with->other->service_resource = {};
        }
        conclude(with);
      });
}

/// A record of another day is none of this day's; what the target alone showed is told only where it is one
/// too many: the record itself is told of by the source.
std::vector<ledger::Difference> Examiner::differences_of(const Work& work) const {
  std::vector<ledger::Difference> found;
  const auto side = work.question.suspect.side;
  const auto& instance = work.instance;
  const bool moved =
      instance && day_of(instance->last_changed.value_or(instance->created)) != work.question.day;
  if (const auto difference = judge(work.evidence); difference && !(moved && side != Suspect::Side::target))
    if (side != Suspect::Side::target || difference->kind == ledger::DifferenceKind::unexpected)
      found.push_back(*difference);
  if (work.other) {
    ledger::Difference doubled;
    doubled.kind = ledger::DifferenceKind::unexpected;
    doubled.record_id = work.record_id;
    doubled.dialog = work.other->id;
    found.push_back(std::move(doubled));
  }
  return found;
}

void Examiner::conclude(const WorkPtr& work) {
  auto found = differences_of(*work);
  if (work->is_mended) {
    for (auto& difference : work->differences) {
      const auto remains = [&](const auto& other) { return other.dialog == difference.dialog; };
      difference.repaired = std::none_of(found.begin(), found.end(), remains);
    }
  } else {
    work->differences = std::move(found);
    if (work->question.repair && !work->differences.empty()) return repair_next(work);
  }
  Examined examined;
  examined.differences = std::move(work->differences);
  examined.is_there = work->evidence.stored.has_value();
  work->promise.deliver(std::move(examined));
}

// -- repairing ----------------------------------------------------------------------

/// When all are done with, the record is looked at as if for the first time.
void Examiner::repair_next(const WorkPtr& work) {
  if (work->next == work->differences.size()) {
    work->is_mended = true;
    work->readings = 0;
    return look(work);
  }
  const auto& difference = work->differences[work->next++];
  const bool is_other = work->other && work->other->id == difference.dialog;
  if (difference.kind != ledger::DifferenceKind::unexpected)
    return must_be_made_anew(difference) ? purge(work, difference.dialog, true) : carry(work, false);
  if (is_other) return purge(work, difference.dialog, false);
  if (!work->evidence.is_absent) return carry(work, false); // which purges it
  paused_.emplace(next_paused_, work);
  delayed_send(this, setup_.purge_confirm, TryAgain{next_paused_++});
}

template <class Then>
void Examiner::upload(const WorkPtr& work, std::shared_ptr<mapping::Decision> decision,
                      bool absence_confirmed, Then then) {
  Upload upload;
  upload.record_id = work->record_id;
  upload.lane = work->question.suspect.record.guid;
  upload.decision = std::move(decision);
  upload.listed = setup_.clock();
  upload.carrier = setup_.carriers[turn_++ % setup_.carriers.size()];
  upload.is_migration = setup_.is_migration;
  upload.absence_confirmed = absence_confirmed;
  request(uploader_of(setup_.uploaders, upload.lane), caf::infinite, std::move(upload))
      .then([work, then](const Uploaded& uploaded) { then(work, uploaded); },
            [this, work](const caf::error& error) {
              give_up(work, {"dialogporten", home_system().render(error), {}});
            });
}

void Examiner::purge(const WorkPtr& work, const Uuid& dialog, bool then_carry) {
  auto decision = std::make_shared<mapping::Decision>();
  decision->action = mapping::Action::purge;
  decision->calls = {mapping::Call::purge};
  decision->silent = setup_.is_migration;
  decision->outcome = Outcome::purged;
  decision->dialog_id = dialog;
  upload(work, std::move(decision), false, [this, then_carry](const WorkPtr& with, const Uploaded& uploaded) {
    then_carry&& uploaded.outcome == Outcome::purged ? carry(with, false) : repair_next(with);
  });
}

void Examiner::carry(const WorkPtr& work, bool absence_confirmed) {
  upload(work, nullptr, absence_confirmed,
         [this](const WorkPtr& with, const Uploaded&) { repair_next(with); }); // the next look tells
}

} // namespace dialogferry::engine::verify
