#include <dialogferry/codec/dialog_json.hpp>
#include <dialogferry/codec/parties.hpp>
#include <dialogferry/engine/carry/deferral.hpp>
#include <dialogferry/engine/carry/people.hpp>
#include <dialogferry/engine/carry/publisher.hpp>
#include <dialogferry/engine/log.hpp>
#include <dialogferry/mapping/correspondence.hpp>
#include <dialogferry/source/a2_archive.hpp>
#include <dialogferry/source/register.hpp>
#include <dialogferry/target/correspondence.hpp>
#include <dialogferry/target/dialogporten.hpp>

#include <algorithm>

namespace dialogferry::engine {

namespace {

using Kind = http::Verdict::Kind;

/// Of a message whose id is of version 7, as Correspondence makes them: it holds the time
/// (correspondence.md 3.2).
Uuid dialog_of(const ledger::Handed& record, Instant now) {
  return mapping::correspondence::dialog_id_of(record.target_id, {}, now);
}

} // namespace

Publisher::Publisher(caf::actor_config& config, PublisherSetup setup)
    : actor_base(config)
    , setup_(std::move(setup)) {}

Publisher::behavior_type Publisher::make_behavior() {
  return {
      [this](Publish& publish) -> caf::result<Published> {
        auto work =
            std::make_shared<Work>(Work{PublishRound(std::move(publish.records)), publish.priority,
                                        publish.day, make_response_promise<Published>(), publish.trail});
        const auto promise = work->promise;
        under_way_.push_back(work);
        go_on(work);
        return promise;
      },
      [this](TryAgain paused) {
        if (const auto found = paused_.extract(paused.call)) ask(found.mapped());
      },
  };
}

void Publisher::on_exit() {
  paused_.clear();
  for (const auto& work : std::exchange(under_way_, {}))
    work->promise.deliver(ended_unanswered());
  setup_ = {};
}

void Publisher::go_on(const WorkPtr& work) {
  switch (work->round.next()) {
  case PublishRound::Next::ask: {
    const auto pauses = work->round.pauses();
    if (pauses == 0) return ask(work);
    paused_.emplace(next_paused_, work);
    return delayed_send(this, setup_.ask_again_after * (1U << (pauses - 1)), TryAgain{next_paused_++});
  }
  case PublishRound::Next::look: return look(work);
  case PublishRound::Next::purge: return purge(work);
  case PublishRound::Next::reason: return find_reason(work);
  case PublishRound::Next::done: break;
  }
  std::erase(under_way_, work);
  work->promise.deliver(work->round.take());
}

template <class Then>
void Publisher::call(const WorkPtr& work, const gate_actor& gate, http::Request request,
                     http::Operation operation, Then then) {
  Call call{std::make_shared<const http::Request>(std::move(request)), operation, work->priority,
            Patience::record, work->trail};
  this->request(gate, caf::infinite, std::move(call))
      .then(
          [this, work, then](const Answered& answered) {
            then(answered);
            go_on(work);
          },
          [this, work](const caf::error& error) {
            no_longer_asked(*work);
            std::erase(under_way_, work);
            work->promise.deliver(error);
          });
}

void Publisher::ask(const WorkPtr& work) {
  for (const auto& record : work->round.asked())
    work->asked.push_back(record.target_id);
  if (setup_.asked) setup_.asked->begin(work->asked);
  auto publish = target::correspondence::publish(work->asked);
  call(work, setup_.correspondence, std::move(publish), http::Operation::publish,
       [this, work](const Answered& answered) {
         no_longer_asked(*work);
         if (answered.verdict.kind != Kind::success) return work->round.on_no_answer(answered);
         const auto statuses =
             codec::read_published(parser_, codec::Document{std::move((*answered.answer)->body)}.view());
         work->round.on_answer(statuses ? *statuses : std::vector<codec::Published>{});
       });
}

void Publisher::no_longer_asked(Work& work) {
  if (setup_.asked) setup_.asked->end(work.asked);
  work.asked.clear();
}

void Publisher::look(const WorkPtr& work) {
  const auto& record = work->round.current();
  call(work, setup_.dialogporten, target::dialogporten::get(dialog_of(record, setup_.now())),
       http::Operation::read, [this, work](const Answered& answered) {
         if (answered.verdict.kind == Kind::success) return on_there(*work, *answered.answer);
         if (answered.verdict.kind != Kind::gone)
           return work->round.on_held(held_by(answered), answered.verdict.problem);
         answered.verdict.status == 410 ? work->round.on_there({}) : work->round.on_not_there();
       });
}

void Publisher::on_there(Work& work, http::Answer& answer) {
  const codec::Document body{std::move(answer->body)};
  const auto dialog = codec::read_dialog_parts(parser_, body.view());
  dialog ? work.round.on_there(dialog->revision) : work.round.on_held(std::nullopt, dialog.error());
}

void Publisher::purge(const WorkPtr& work) {
  const auto dialog = dialog_of(work->round.current(), setup_.now());
  const auto& revision = work->round.revision();
  auto purge =
      target::dialogporten::purge(dialog, true, revision == Uuid{} ? std::string{} : to_string(revision));
  call(work, setup_.dialogporten, std::move(purge), http::Operation::purge,
       [work, dialog](const Answered& answered) {
         const auto kind = answered.verdict.kind;
         if (kind == Kind::success) {
           log_info("a dialog that its message did not know was purged", work->trail,
                    [&](LogLine& line) { line.field("dialog", to_string(dialog)); });
           return work->round.on_purged();
         }
         if (kind == Kind::gone || kind == Kind::unknown || kind == Kind::conflict)
           return work->round.on_not_purged();
         work->round.on_held(held_by(answered), answered.verdict.problem);
       });
}

// -- why there is none --------------------------------------------------------------

void Publisher::find_reason(const WorkPtr& work) {
  const auto id = std::to_string(work->round.current().source_id);
  auto message =
      source::a2_archive::message(id, work->day ? std::optional(work->day->start()) : std::nullopt);
  Call call{std::make_shared<const http::Request>(std::move(message)), http::Operation::read, work->priority,
            Patience::page, work->trail};
  request(setup_.archive, caf::infinite, std::move(call))
      .then(
          [this, work](const Answered& answered) {
            if (answered.verdict.kind == Kind::success)
              return find_people(work,
                                 std::make_shared<codec::Document>(std::move((*answered.answer)->body)));
            if (auto held = held_by(answered))
              work->round.on_held(std::move(*held), answered.verdict.problem);
            else
              work->round.on_reason(std::nullopt);
            go_on(work);
          },
          [this, work](const caf::error&) {
            work->round.on_reason(std::nullopt);
            go_on(work);
          });
}

void Publisher::find_people(const WorkPtr& work, std::shared_ptr<codec::Document> body) {
  const auto record = codec::read_correspondence(parser_, body->view());
  std::vector<Uuid> people;
  if (record) people = mapping::correspondence::parties_needed(*record, nullptr);
  if (people.size() > source::registry::most_per_query) people.resize(source::registry::most_per_query);
  if (people.empty() || !setup_.registry) {
    people.empty() ? tell_reason(work, *body, nullptr) : work->round.on_reason(std::nullopt);
    return go_on(work);
  }
  call(work, setup_.registry, source::registry::query(people), http::Operation::read,
       [this, work, body](const Answered& answered) { tell_reason(work, *body, &answered); });
}

void Publisher::tell_reason(const WorkPtr& work, const codec::Document& body, const Answered* people) {
  if (people != nullptr && people->verdict.kind != Kind::success)
    return work->round.on_held(held_by(*people), people->verdict.problem);
  const auto record = codec::read_correspondence(parser_, body.view());
  if (!record) return work->round.on_reason(record.error());
  std::vector<codec::Person> known;
  std::optional<codec::Document> list;
  if (people != nullptr) {
    list.emplace(std::move((*people->answer)->body));
    if (auto read = codec::read_people(parser_, list->view())) known = std::move(*read);
  }
  const auto directory = directory_of(known);
  const std::vector<Uuid> files(record->attachments.size());
  mapping::correspondence::Input input;
  input.record = &*record;
  input.correspondence_id = work->round.current().target_id;
  input.attachment_ids = files;
  input.parties = &directory;
  input.is_migration = true;
  input.now = setup_.now();
  const auto decision = mapping::correspondence::decide(input, *setup_.mapping);
  if (!decision) return work->round.on_reason(decision.error());
  work->round.on_reason(decision->refused.empty() ? std::nullopt : std::optional(decision->refused.front()));
}

} // namespace dialogferry::engine
