#include <dialogferry/codec/dialog_json.hpp>
#include <dialogferry/engine/carry/deferral.hpp>
#include <dialogferry/engine/carry/ensurer.hpp>
#include <dialogferry/engine/carry/people.hpp>
#include <dialogferry/source/register.hpp>
#include <dialogferry/target/correspondence.hpp>
#include <dialogferry/target/dialogporten.hpp>

#include <algorithm>
#include <utility>

namespace dialogferry::engine {

namespace {

namespace messages = mapping::correspondence;
using Kind = http::Verdict::Kind;

constexpr std::chrono::seconds makes_it_itself{5}; ///< so long Correspondence may take to make a dialog
constexpr std::uint32_t most_readings = 6;         ///< of a dialog that others change (decisions.md D-9)

http::Operation operation_of(const messages::Call& call) {
  if (call.method == "PATCH") return http::Operation::update;
  if (call.method == "DELETE") return http::Operation::remove;
  if (call.path.find("/actions/purge") != std::string::npos) return http::Operation::purge;
  return call.method == "POST" ? http::Operation::append : http::Operation::write;
}

Outcome outcome_of(const messages::Decision& decision) {
  switch (decision.action) {
  case messages::Action::create: return Outcome::created;
  case messages::Action::update: return Outcome::updated;
  case messages::Action::remove: return Outcome::deleted;
  case messages::Action::purge: return Outcome::purged;
  case messages::Action::exclude: return Outcome::excluded;
  case messages::Action::none: break;
  }
  return Outcome::unchanged;
}

} // namespace

Ensurer::Ensurer(caf::actor_config& config, EnsurerSetup setup)
    : actor_base(config)
    , setup_(std::move(setup)) {}

Ensurer::behavior_type Ensurer::make_behavior() {
  return {
      [this](Upload& upload) -> caf::result<Uploaded> {
        auto work = std::make_shared<Work>();
        work->upload = std::move(upload);
        work->promise = make_response_promise<Uploaded>();
        const auto promise = work->promise;
        if (const auto first = lanes_.enter(work->upload.lane, work)) begin(*first);
        return promise;
      },
      [](TryAgain) {},
  };
}

void Ensurer::on_exit() {
  for (const auto& work : std::exchange(under_way_, {}))
    work->promise.deliver(ended_unanswered());
  setup_ = {};
}

template <class Then>
void Ensurer::ask(const WorkPtr& work, const gate_actor& gate, http::Request what, http::Operation operation,
                  Then then) {
  Call call{std::make_shared<const http::Request>(std::move(what)), operation, work->upload.priority,
            Patience::record, work->upload.trail};
  request(gate, caf::infinite, std::move(call))
      .then([then](const Answered& answered) { then(answered); },
            [this, work](const caf::error& error) {
              finish(work, failed_inside("record", home_system().render(error)));
            });
}

// -- what there is ----------------------------------------------------------------------

void Ensurer::begin(const WorkPtr& work) {
  under_way_.push_back(work);
  ask(work, setup_.correspondence, target::correspondence::details(work->upload.lane), http::Operation::read,
      [this, work](const Answered& answered) {
        if (answered.verdict.kind == Kind::gone)
          return finish(work, failed_by(Problem{"correspondence", "has no such message", {}}));
        if (answered.verdict.kind != Kind::success) return finish(work, failed_by(answered));
        work->body = codec::Document{std::move((*answered.answer)->body)};
        auto record = codec::read_correspondence(parser_, work->body.view());
        if (!record) return finish(work, failed_by(record.error()));
        if (!record->altinn3_id || !record->created)
          return finish(
              work, failed_by(Problem{"correspondence", "names neither its id nor when it was created", {}}));
        work->record.emplace(std::move(*record));
        find_people(work);
      });
}

void Ensurer::find_people(const WorkPtr& work) {
  const auto people = messages::parties_needed(*work->record, nullptr);
  if (people.empty()) return find_dialog(work);
  ask(work, setup_.registry, source::registry::query(people), http::Operation::read,
      [this, work](const Answered& answered) {
        if (answered.verdict.kind != Kind::success) return finish(work, failed_by(answered));
        const codec::Document list{std::move((*answered.answer)->body)};
        auto found = codec::read_people(parser_, list.view());
        if (!found) return finish(work, failed_by(found.error()));
        work->people = std::move(*found);
        find_dialog(work);
      });
}

/// The one it names, which may be another's; else the one it must have.
void Ensurer::find_dialog(const WorkPtr& work) {
  const auto reference = work->record->base.reference("DialogportenDialogId");
  const auto named = reference ? parse_uuid(*reference) : std::nullopt;
  const auto id =
      named.value_or(messages::dialog_id_of(work->upload.lane, work->record->created->at, setup_.now()));
  ++work->readings;
  ask(work, setup_.dialogporten, target::dialogporten::get(id), http::Operation::read,
      [this, work](const Answered& answered) {
        work->existing.reset();
        if (answered.verdict.kind == Kind::gone) return decide(work);
        if (answered.verdict.kind != Kind::success) return finish(work, failed_by(answered));
        work->dialog_body = codec::Document{std::move((*answered.answer)->body)};
        auto dialog = codec::read_dialog_parts(parser_, work->dialog_body.view());
        if (!dialog) return finish(work, failed_by(dialog.error()));
        work->existing.emplace(std::move(*dialog));
        decide(work);
      });
}

/// One that names its dialog is followed by Correspondence itself: who follows it as well tells things twice.
void Ensurer::decide(const WorkPtr& work) {
  if (work->existing && work->record->base.reference("DialogportenDialogId")) {
    Uploaded there;
    there.outcome = Outcome::unchanged;
    return finish(work, std::move(there));
  }
  const auto directory = directory_of(work->people);
  // What its dialog tells already is known by the dialog itself.
  codec::Correspondence untold;
  untold.altinn3_id = work->record->altinn3_id;
  untold.created = work->record->created;
  messages::Input input;
  input.record = &*work->record;
  input.parties = &directory;
  if (work->existing) {
    input.existing = &*work->existing;
    input.previous = &untold;
  }
  input.now = setup_.now();
  auto decision = messages::decide(input, *setup_.mapping);
  if (!decision) return finish(work, failed_by(std::move(decision.error())));
  if (!decision->refused.empty()) return finish(work, failed_by(decision->refused.front()));
  const auto whole = work->record->created->at + makes_it_itself;
  if (decision->action == messages::Action::create && setup_.now() < whole) {
    Uploaded later;
    later.outcome = Outcome::deferred;
    later.again = SecondLook{SecondLook::Why::early, whole};
    return finish(work, std::move(later));
  }
  work->decision.emplace(std::move(*decision));
  work->next_call = 0;
  work->decision->action == messages::Action::create ? create(work) : next_call(work);
}

// -- what is missing --------------------------------------------------------------------

void Ensurer::create(const WorkPtr& work) {
  ask(work, setup_.dialogporten, target::dialogporten::create(work->decision->dialog, false),
      http::Operation::create, [this, work](const Answered& answered) {
        const auto kind = answered.verdict.kind;
        const bool is_there_by_now = kind == Kind::exists || kind == Kind::unknown;
        if (is_there_by_now && work->readings < most_readings) return find_dialog(work);
        if (kind != Kind::success) return finish(work, failed_by(answered));
        next_call(work);
      });
}

void Ensurer::next_call(const WorkPtr& work) {
  if (work->next_call == work->decision->calls.size()) {
    Uploaded done;
    done.outcome = outcome_of(*work->decision);
    return finish(work, std::move(done));
  }
  const auto& call = work->decision->calls[work->next_call++];
  ask(work, setup_.dialogporten, target::dialogporten::carry_out(call), operation_of(call),
      [this, work](const Answered& answered) {
        const auto kind = answered.verdict.kind;
        const bool is_settled = kind == Kind::success || kind == Kind::exists || kind == Kind::gone;
        if (is_settled) return next_call(work);
        const bool others_write = kind == Kind::conflict || kind == Kind::unknown;
        if (others_write && work->readings < most_readings) return find_dialog(work);
        finish(work, failed_by(answered));
      });
}

// -- its outcome ------------------------------------------------------------------------

void Ensurer::finish(const WorkPtr& work, Uploaded done) {
  std::erase(under_way_, work);
  work->promise.deliver(std::move(done));
  if (const auto next = lanes_.leave(work->upload.lane)) begin(*next);
}

} // namespace dialogferry::engine
