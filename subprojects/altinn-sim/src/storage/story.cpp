#include "story.hpp"

#include <algorithm>
#include <array>

namespace altinn_sim::storage {

Story::Story(Record& record, const Organisation::App& app, const Organisation& organisation,
             const Population& population, Dice& dice)
    : record_(record)
    , app_(app)
    , organisation_(organisation)
    , population_(population)
    , dice_(dice) {}

void Story::tell(Poison poison) {
  user_ = person();
  const auto ending = choose_ending();
  const auto fate = ending == Ending::fresh ? Fate::kept : choose_fate();
  plan(ending);
  plan_fate(fate);
  run();
  finish(ending, fate);
  decorate(ending);
  spoil(poison);
  shuffle_elements();
}

// -- what happens -----------------------------------------------------------------

Story::Ending Story::choose_ending() {
  if (record_.last_changed - record_.created < second) return Ending::fresh;
  const auto share = dice_.below(100);
  if (share < 4) return Ending::prefilled;
  if (share < 20) return Ending::draft;
  if (share < 34) {
    switch (app_.kind) {
    case AppKind::report: return share < 23 ? Ending::payment : Ending::archived_confirmed;
    case AppKind::signing: return Ending::signing;
    case AppKind::application:
      return share < 24   ? Ending::confirmation
             : share < 29 ? Ending::feedback
             : share < 32 ? Ending::more_input
                          : Ending::rejected;
    default: return Ending::archived_confirmed;
    }
  }
  return share < 50 ? Ending::archived_unconfirmed : Ending::archived_confirmed;
}

Story::Fate Story::choose_fate() {
  const auto share = dice_.below(200);
  if (share < 4) return Fate::erased;
  if (share < 11) return Fate::removed;
  return share < 14 ? Fate::brought_back : Fate::kept;
}

void Story::plan_filling() {
  steps_.push_back(Step::form);
  for (auto saves = dice_.below(5); saves > 0; --saves)
    steps_.push_back(Step::save);
  const auto files = dice_.percent(45) ? 0 : dice_.percent(90) ? dice_.between(1, 4) : dice_.between(5, 9);
  for (auto left = files; left > 0; --left) {
    steps_.push_back(Step::attach);
    if (dice_.one_in(6)) steps_.push_back(Step::save);
  }
}

void Story::plan(Ending ending) {
  const bool prefilled = ending == Ending::prefilled || dice_.one_in(12);
  steps_.push_back(prefilled ? Step::create_by_owner : Step::create);
  if (ending == Ending::fresh) return;
  if (ending == Ending::prefilled) {
    steps_.push_back(Step::form);
    return;
  }
  plan_filling();
  const bool archived = ending >= Ending::archived_unconfirmed;
  if (ending == Ending::payment) steps_.push_back(Step::sent_to_payment);
  if (ending == Ending::confirmation) steps_.push_back(Step::confirm_step);
  if (app_.kind == AppKind::signing && (archived || ending == Ending::signing)) {
    steps_.push_back(Step::sent_to_sign);
    if (archived || dice_.one_in(3)) steps_.push_back(Step::sign);
  }
  if (ending == Ending::feedback || ending == Ending::more_input || ending == Ending::rejected) {
    steps_.insert(steps_.end(), {Step::confirm_step, Step::submit, Step::owner_works});
    if (ending == Ending::more_input) steps_.insert(steps_.end(), {Step::sent_to_fill, Step::second_form});
  }
  if (!archived) return;
  if (app_.kind == AppKind::renewal && dice_.one_in(2)) {
    steps_.insert(steps_.end(), {Step::submit, Step::attach, Step::save});
  }
  steps_.push_back(Step::submit);
  if (app_.kind == AppKind::report || app_.kind == AppKind::application || app_.kind == AppKind::special) {
    steps_.push_back(Step::receipt);
  }
  if (dice_.one_in(8)) steps_.push_back(Step::owner_file);
  if (dice_.one_in(10)) steps_.push_back(Step::read);
  if (dice_.one_in(20)) steps_.push_back(Step::put_away);
  if (ending == Ending::archived_confirmed) steps_.push_back(Step::confirm);
}

void Story::plan_fate(Fate fate) {
  if (fate == Fate::kept) return;
  steps_.push_back(Step::remove);
  if (fate == Fate::brought_back) steps_.push_back(Step::bring_back);
  if (fate == Fate::erased) steps_.push_back(Step::erase);
}

// The first step is at `created`, the last at `lastChanged`, the others between them in order.
void Story::run() {
  const auto gaps = static_cast<std::int64_t>(steps_.size()) - 1;
  const auto span = record_.last_changed - record_.created;
  for (std::size_t at = 0; at < steps_.size(); ++at) {
    const auto index = static_cast<std::int64_t>(at);
    now_ = index == 0 ? record_.created : record_.last_changed;
    if (index > 0 && index < gaps) {
      const auto gap = span / gaps;
      now_ = record_.created + gap * index -
             static_cast<Ticks>(dice_.next() % static_cast<std::uint64_t>(gap / 2));
    }
    act(steps_[at]);
  }
}

// -- where it ends ----------------------------------------------------------------

std::string_view Story::task_type(std::string_view element_id) const {
  if (element_id == "Task_2") return app_.kind == AppKind::signing ? "signing" : "confirmation";
  if (element_id == "Task_4") return "feedback";
  if (element_id == "Task_5") return "reject";
  return element_id == "Task_6" ? "payment" : "data";
}

Process Story::process_at(std::string_view task) const {
  Process out;
  out.present = true;
  out.started = record_.created;
  out.start_event = "StartEvent_1";
  out.has_task = true;
  out.task.flow = task == "Task_1" ? 2 : 3;
  out.task.started = task == "Task_1" ? record_.created : now_;
  out.task.element_id = task;
  out.task.name = task == "Task_1" ? "Utfylling" : "Videre";
  out.task.type = task_type(task);
  return out;
}

void Story::finish_process(Ending ending) {
  if (ending == Ending::more_input) task_ = "Task_3";
  if (ending == Ending::rejected) task_ = "Task_5";
  record_.process = process_at(task_);
  record_.process.task.flow_type = "CompleteCurrentMoveToNext";
  if (ending < Ending::archived_unconfirmed) return;
  record_.process.has_task = false;
  record_.process.ended = record_.archived_at;
  record_.process.end_event = "EndEvent_1";
}

void Story::finish(Ending ending, Fate fate) {
  finish_process(ending);
  record_.archived = ending >= Ending::archived_unconfirmed;
  if (!record_.archived) record_.archived_at = no_time;
  record_.soft_deleted = fate == Fate::removed || fate == Fate::erased;
  record_.hard_deleted = fate == Fate::erased;
  if (!record_.soft_deleted) record_.soft_deleted_at = no_time;
  record_.read_status = record_.archived || dice_.one_in(2) ? "Read" : "Unread";
  record_.visible_after = floor_to(record_.created, second);
  if (dice_.one_in(3))
    record_.due_before = floor_to(record_.created, whole_day) + dice_.between(20, 200) * whole_day;
}

void Story::decorate(Ending ending) {
  if (dice_.one_in(4))
    record_.presentation_texts.emplace_back("navn", "Referanse " + std::to_string(dice_.below(100'000)));
  if (dice_.one_in(12))
    record_.presentation_texts.emplace_back("sted", dice_.one_in(2) ? "  " : "Bodø \"nord\"");
  if (dice_.one_in(150)) {
    record_.presentation_texts.emplace_back("omtale",
                                            std::string(120, 'x') + std::string(80, 'y') + " ærlig talt 😀 " +
                                                std::string(static_cast<std::size_t>(dice_.below(60)), 'z'));
  }
  if (dice_.one_in(6)) record_.data_values.emplace_back("saksnummer", std::to_string(dice_.below(1'000'000)));
  if (app_.kind == AppKind::own_id) {
    record_.data_values.emplace_back("dialog.id",
                                     guid_text(version_7({dice_.next(), dice_.next()}, record_.created)));
  }
  if (dice_.one_in(200)) {
    constexpr std::array<std::string_view, 4> answers{"true", " True ", "false", "ja"};
    record_.data_values.emplace_back("dialog.disableAutomaticSync",
                                     answers[static_cast<std::size_t>(dice_.below(4))]);
  }
  const bool waiting = ending == Ending::feedback || ending == Ending::rejected;
  if (waiting ? dice_.one_in(2) : dice_.one_in(15)) {
    record_.has_substatus = true;
    record_.substatus_label = dice_.one_in(3) ? "substatus.tildelt" : "Mottatt til saksbehandling i dag";
    if (dice_.one_in(2))
      record_.substatus_description = dice_.one_in(2) ? "substatus.tildelt.tekst" : "Under behandling";
  }
}

// A list gives the elements in whatever order the database joins them (storage.md 1.7).
void Story::shuffle_elements() {
  auto& all = record_.elements;
  if (all.size() > 1 && dice_.one_in(3))
    std::rotate(all.begin(), all.begin() + dice_.below(std::ssize(all)), all.end());
}

void Story::spoil(Poison poison) {
  if (poison != Poison::user_missing && poison != Poison::actor_unknown) return;
  auto& spoilt = record_.events.front(); // the creation always becomes an activity
  spoilt.user = {};
  spoilt.user.absent = poison == Poison::user_missing;
  if (poison == Poison::actor_unknown) spoilt.user.user_id = Population::first_unknown + dice_.below(1000);
}

} // namespace altinn_sim::storage
