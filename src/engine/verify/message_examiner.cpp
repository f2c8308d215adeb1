#include <dialogferry/codec/messages.hpp>
#include <dialogferry/codec/migration.hpp>
#include <dialogferry/engine/carry/people.hpp>
#include <dialogferry/engine/carry/uploader.hpp>
#include <dialogferry/engine/verify/message_examiner.hpp>
#include <dialogferry/source/a2_archive.hpp>
#include <dialogferry/source/register.hpp>
#include <dialogferry/target/correspondence.hpp>
#include <dialogferry/target/dialogporten.hpp>

#include <algorithm>
#include <utility>

namespace dialogferry::engine::verify {

namespace {

namespace dp = target::dialogporten;
namespace messages = mapping::correspondence;
using Kind = http::Verdict::Kind;

/// Whether the archive learned of something after history has ended: the live row's to carry.
bool has_later_events(const codec::Correspondence& record, Instant live_from) {
  const auto is_later = [&](const auto& event) { return event.known_at() >= live_from; };
  return std::any_of(record.statuses.begin(), record.statuses.end(), is_later) ||
         std::any_of(record.notifications.begin(), record.notifications.end(), is_later) ||
         std::any_of(record.forwards.begin(), record.forwards.end(), is_later);
}

/// What Correspondence calls the attachments of a record, in the record's order: it gives them by their
/// names, in an order of its own. Fewer where it has not got all of them.
std::vector<Uuid> files_of(const codec::Correspondence& record, const codec::Correspondence& details) {
  std::vector<Uuid> ids;
  std::vector<bool> taken(details.attachments.size());
  for (const auto& wanted : record.attachments) {
    const auto is_it = [&](std::size_t i) {
      const auto& file = details.attachments[i];
      return !taken[i] && file.id && file.file_name == wanted.file_name;
    };
    std::size_t at = 0;
    while (at < taken.size() && !is_it(at))
      ++at;
    if (at == taken.size()) break;
    taken[at] = true;
    ids.push_back(*details.attachments[at].id);
  }
  return ids;
}

} // namespace

MessageExaminer::MessageExaminer(caf::actor_config& config, MessageExaminerSetup setup)
    : actor_base(config)
    , setup_(std::move(setup)) {}

MessageExaminer::behavior_type MessageExaminer::make_behavior() {
  return {
      [this](Examine& question) -> caf::result<Examined> {
        auto work = std::make_shared<Work>();
        const auto number = codec::message_id(question.suspect.record.guid).value_or(0);
        work->evidence.record_id = std::to_string(number);
        work->question = std::move(question);
        work->promise = make_response_promise<Examined>();
        const auto promise = work->promise;
        look(work);
        return promise;
      },
      [](TryAgain) {},
  };
}

void MessageExaminer::on_exit() {
  setup_ = {};
}

template <class Then>
void MessageExaminer::ask(const WorkPtr& work, const gate_actor& gate, http::Request what,
                          http::Operation operation, Then then) {
  Call call{std::make_shared<const http::Request>(std::move(what)), operation, setup_.priority,
            Patience::record};
  request(gate, caf::infinite, std::move(call))
      .then([then](const Answered& answered) { then(answered); },
            [this, work](const caf::error& error) {
              give_up(work, {"engine", home_system().render(error), {}});
            });
}

/// There is nothing to say of it.
void MessageExaminer::nothing(const WorkPtr& work) {
  work->promise.deliver(Examined{});
}

void MessageExaminer::give_up(const WorkPtr& work, Problem problem) {
  Examined examined;
  examined.problem = std::move(problem);
  work->promise.deliver(std::move(examined));
}

// -- looking --------------------------------------------------------------------------

void MessageExaminer::look(const WorkPtr& work) {
  MessageEvidence anew;
  anew.record_id = work->evidence.record_id;
  work->evidence = std::move(anew);
  work->id.reset();
  work->decision.reset();
  const auto created = work->question.day.start();
  ask(work, setup_.archive, source::a2_archive::message(work->evidence.record_id, created),
      http::Operation::read, [this, work](const Answered& answered) { on_message(work, answered); });
}

void MessageExaminer::on_message(const WorkPtr& work, const Answered& answered) {
  if (answered.verdict.kind == Kind::gone) return nothing(work); // since it was listed
  if (answered.verdict.kind != Kind::success) return give_up(work, answered.verdict.problem);
  work->body = codec::Document{std::move((*answered.answer)->body)};
  auto record = codec::read_correspondence(parser_, work->body.view());
  if (!record) return nothing(work); // an exception of its own
  if (messages::is_deleted_for_good(*record)) return nothing(work);
  if (setup_.live_from) {
    work->evidence.may_be_later = has_later_events(*record, *setup_.live_from);
    *record = messages::known_before(std::move(*record), *setup_.live_from);
  }
  work->record.emplace(std::move(*record));
  if (const auto unfit = messages::find_unfit(*work->record))
    work->evidence.problem = unfit->member + " " + unfit->message;
  find(work);
}

void MessageExaminer::find(const WorkPtr& work) {
  ask(work, setup_.correspondence,
      target::correspondence::find(work->record->base.resource_id.value_or(""), work->evidence.record_id),
      http::Operation::read, [this, work](const Answered& answered) {
        if (answered.verdict.kind != Kind::success && answered.verdict.kind != Kind::gone)
          return give_up(work, answered.verdict.problem);
        if (answered.verdict.kind == Kind::success) {
          const codec::Document body{std::move((*answered.answer)->body)};
          const auto ids = codec::read_found(parser_, body.view());
          if (!ids) return give_up(work, ids.error());
          if (!ids->empty()) work->id = ids->front();
        }
        work->id ? read_details(work) : find_people(work);
      });
}

void MessageExaminer::read_details(const WorkPtr& work) {
  work->evidence.is_available = true;
  work->evidence.correspondence = to_string(*work->id);
  work->evidence.dialog = messages::dialog_id_of(*work->id, work->record->created->at, setup_.now());
  ask(work, setup_.correspondence, target::correspondence::details(*work->id), http::Operation::read,
      [this, work](const Answered& answered) {
        if (answered.verdict.kind != Kind::success) return give_up(work, answered.verdict.problem);
        const codec::Document body{std::move((*answered.answer)->body)};
        const auto details = codec::read_correspondence(parser_, body.view());
        if (!details) return give_up(work, details.error());
        if (const auto named = details->base.reference("DialogportenDialogId")) {
          work->evidence.knows_dialog = true;
          work->evidence.dialog = parse_uuid(*named).value_or(work->evidence.dialog);
        }
        work->files = files_of(*work->record, *details);
        find_people(work);
      });
}

void MessageExaminer::find_people(const WorkPtr& work) {
  auto people = messages::parties_needed(*work->record, nullptr);
  if (people.empty() || !setup_.registry) return foresee(work);
  people.resize(std::min(people.size(), source::registry::most_per_query));
  ask(work, setup_.registry, source::registry::query(people), http::Operation::read,
      [this, work](const Answered& answered) {
        if (answered.verdict.kind != Kind::success) return give_up(work, answered.verdict.problem);
        const codec::Document list{std::move((*answered.answer)->body)};
        auto found = codec::read_people(parser_, list.view());
        if (!found) return give_up(work, found.error());
        work->people = std::move(*found);
        foresee(work);
      });
}

/// What the second hop would make of it.
void MessageExaminer::foresee(const WorkPtr& work) {
  const auto directory = directory_of(work->people);
  work->files.resize(work->record->attachments.size());
  messages::Input input;
  input.record = &*work->record;
  input.correspondence_id = work->id.value_or(Uuid{});
  input.attachment_ids = work->files;
  input.parties = &directory;
  input.is_migration = true;
  input.now = setup_.now();
  auto decision = messages::decide(input, *setup_.mapping);
  if (!work->id) return tell_why(work, decision);
  if (decision && !decision->dialog.empty()) {
    work->expected_body = codec::Document{std::string(decision->dialog)};
    auto expected = codec::read_dialog_head(parser_, work->expected_body.view(), work->texts);
    if (expected) work->evidence.expected = *expected;
    work->decision.emplace(std::move(*decision));
  } else if (!decision && work->evidence.problem.empty()) {
    work->evidence.problem = decision.error().member + " " + decision.error().message;
  }
  read_dialog(work);
}

/// Correspondence does not show it: the rule that it breaks, where one is known.
void MessageExaminer::tell_why(const WorkPtr& work, const Result<messages::Decision>& decision) {
  const auto* broken = !decision                   ? &decision.error()
                       : decision->refused.empty() ? nullptr
                                                   : &decision->refused.front();
  auto& problem = work->evidence.problem;
  if (broken != nullptr && problem.empty()) problem = broken->member + " " + broken->message;
  conclude(work);
}

void MessageExaminer::read_dialog(const WorkPtr& work) {
  ask(work, setup_.dialogporten, dp::get(work->evidence.dialog), http::Operation::read,
      [this, work](const Answered& answered) {
        if (answered.verdict.kind == Kind::gone) return conclude(work);
        if (answered.verdict.kind != Kind::success) return give_up(work, answered.verdict.problem);
        work->stored_body.emplace(std::move((*answered.answer)->body));
        auto stored = codec::read_dialog_head(parser_, work->stored_body->view(), work->texts);
        if (!stored) return give_up(work, stored.error());
        work->evidence.stored = *stored;
        conclude(work);
      });
}

void MessageExaminer::conclude(const WorkPtr& work) {
  auto difference = judge(work->evidence);
  Examined examined;
  examined.is_there = work->evidence.stored.has_value();
  if (work->difference) { // looked at again after a repair
    work->difference->repaired = !difference;
    difference = std::move(work->difference);
  } else if (difference && work->question.repair) {
    work->difference = std::move(difference);
    return repair(work);
  }
  if (difference) examined.differences.push_back(std::move(*difference));
  work->promise.deliver(std::move(examined));
}

// -- repairing ------------------------------------------------------------------------

void MessageExaminer::repair(const WorkPtr& work) {
  if (!work->evidence.is_available || !work->evidence.knows_dialog)
    return carry(work, setup_.first_hop, false);
  const bool has_files =
      std::none_of(work->files.begin(), work->files.end(), [](const Uuid& id) { return id == Uuid{}; });
  if (!work->decision || !work->decision->refused.empty() || !has_files)
    return look(work); // it cannot be made
  make_anew(work);
}

/// Through both hops, in the lane of the message. The second finds a dialog whose message does not know it,
/// and mends that.
void MessageExaminer::carry(const WorkPtr& work, const std::vector<uploader_actor>& hop, bool is_last) {
  if (hop.empty()) return look(work);
  Upload upload;
  upload.record_id = work->evidence.record_id;
  upload.lane = work->question.suspect.record.guid;
  upload.day = work->question.day;
  request(uploader_of(hop, upload.lane), caf::infinite, std::move(upload))
      .then(
          [this, work, is_last](const Uploaded& uploaded) {
            const bool went = uploaded.outcome == Outcome::created || uploaded.outcome == Outcome::unchanged;
            went && !is_last ? carry(work, setup_.second_hop, true) : look(work);
          },
          [this, work](const caf::error& error) {
            give_up(work, {"correspondence", home_system().render(error), {}});
          });
}

/// Owner and times are given once, with the create (dialogporten.md 3.3).
void MessageExaminer::make_anew(const WorkPtr& work) {
  if (!work->evidence.stored) return create(work);
  ask(work, setup_.dialogporten, dp::purge(work->evidence.dialog, true, {}), http::Operation::purge,
      [this, work](const Answered& answered) {
        const auto kind = answered.verdict.kind;
        kind == Kind::success || kind == Kind::gone ? create(work) : look(work);
      });
}

void MessageExaminer::create(const WorkPtr& work) {
  ask(work, setup_.dialogporten, dp::create(std::move(work->decision->dialog), true), http::Operation::create,
      [this, work](const Answered&) { look(work); }); // which tells
}

} // namespace dialogferry::engine::verify
