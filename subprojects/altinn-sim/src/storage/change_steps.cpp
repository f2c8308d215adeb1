#include "change_steps.hpp"

#include <algorithm>
#include <array>

namespace altinn_sim::storage {

namespace {

constexpr std::array<std::string_view, 4> tasks{"Task_1", "Task_2", "Task_4", "Task_5"};

std::string_view type_of(const Record& record, std::string_view task) {
  const auto& types = record.application->data_types;
  const bool signs =
      std::any_of(types.begin(), types.end(), [](const DataType& one) { return one.id == "signature"; });
  if (task == "Task_2") return signs ? "signing" : "confirmation";
  if (task == "Task_4") return "feedback";
  if (task == "Task_5") return "reject";
  return task == "Task_6" ? "payment" : "data";
}

/// One change in the making: who does it, and when.
class Steps {
public:
  Steps(Record& record, const Change& change, Dice& dice)
      : record_(record)
      , change_(change)
      , dice_(dice)
      , now_(floor_to(change.last_changed.value_or(change.now), microsecond)) {}

  std::string_view run() {
    switch (change_.kind) {
    case ChangeKind::save: return save();
    case ChangeKind::submit: return submit();
    case ChangeKind::receipt: return receipt();
    case ChangeKind::confirm: return confirm();
    case ChangeKind::substatus: return substatus();
    case ChangeKind::task: return move();
    case ChangeKind::remove: return remove();
    case ChangeKind::bring_back: return bring_back();
    case ChangeKind::erase: return erase();
    case ChangeKind::unrelated:
    case ChangeKind::read:
      record_.read_status = record_.read_status == "Read" ? "UpdatedSinceLastReview" : "Read";
      return {};
    case ChangeKind::texts: return put(record_.presentation_texts, change_.texts, "navn");
    case ChangeKind::values: return put(record_.data_values, change_.values, "saksnummer");
    case ChangeKind::create:
    case ChangeKind::vanish: break;
    }
    return "not a change of a record";
  }

private:
  // The last person or system that did something; the owner where there was none.
  Actor user() const {
    const auto& events = record_.events;
    const auto found = std::find_if(events.rbegin(), events.rend(), [](const Event& event) {
      return !event.user.absent && event.user.org_id.empty() && event.type != "Deleted";
    });
    return found == events.rend() ? owner() : found->user;
  }

  Actor owner() const {
    Actor out;
    out.org_id = record_.org;
    out.level = 3;
    return out;
  }

  std::string editor(const Actor& actor) const {
    if (actor.user_id > 0) return std::to_string(actor.user_id);
    return actor.system_user_owner.empty() ? std::to_string(record_.party) : actor.system_user_owner;
  }

  Event& event(std::string_view type, Actor actor) {
    auto& out = record_.events.emplace_back();
    out.id = random_guid(dice_.next(), dice_.next());
    out.type = type;
    out.created = now_;
    out.user = std::move(actor);
    out.has_process = record_.process.present;
    out.process = record_.process;
    record_.last_changed = now_;
    return out;
  }

  Element& element(std::string_view type, std::string_view filename, std::string_view content_type,
                   const std::string& by) {
    auto& out = record_.elements.emplace_back();
    out.id = random_guid(dice_.next(), dice_.next());
    out.type = type;
    out.filename = filename;
    out.content_type = content_type;
    out.blob_path = record_.app_id + "/" + guid_text(record_.guid) + "/data/" + guid_text(out.id);
    out.size = dice_.between(300, 900'000);
    out.created = out.last_changed = now_;
    out.created_by = out.last_changed_by = record_.last_changed_by = by;
    return out;
  }

  void upload(std::string_view type, std::string_view filename, std::string_view content_type,
              std::string_view generated_from = {}) {
    auto actor = user();
    auto& made = element(type, filename, content_type, editor(actor));
    made.generated_from = generated_from;
    const auto id = made.id;
    auto& created = event("Created", std::move(actor));
    created.about_data = true;
    created.data_id = id;
  }

  Element* form() {
    const auto found = std::find_if(record_.elements.begin(), record_.elements.end(),
                                    [](const Element& one) { return one.type == "model"; });
    return found == record_.elements.end() ? nullptr : &*found;
  }

  std::string_view save() {
    if (form() == nullptr) upload("model", "", "application/xml");
    auto actor = user();
    auto& written = *form();
    written.last_changed = now_;
    record_.last_changed_by = editor(actor);
    const auto id = written.id;
    auto& saved = event("Saved", std::move(actor));
    saved.about_data = true;
    saved.data_id = id;
    return {};
  }

  bool awaits_receipt() const {
    const auto& types = record_.application->data_types;
    return std::any_of(types.begin(), types.end(),
                       [](const DataType& one) { return one.app_logic && one.pdf; });
  }

  std::string_view submit() {
    if (form() == nullptr) upload("model", "", "application/xml");
    event("Submited", user());
    record_.archived = true;
    record_.archived_at = now_;
    record_.process.has_task = false;
    record_.process.ended = now_;
    record_.process.end_event = "EndEvent_1";
    return change_.with_receipt && awaits_receipt() ? receipt() : std::string_view();
  }

  std::string_view receipt() {
    upload("ref-data-as-pdf", "Kvittering.pdf", "application/pdf", "Task_1");
    return {};
  }

  std::string_view confirm() {
    record_.confirmations.push_back({record_.org, now_});
    event("ConfirmedComplete", owner());
    return {};
  }

  std::string_view substatus() {
    record_.has_substatus = true;
    record_.substatus_label = change_.label.empty() ? "substatus.tildelt" : change_.label;
    record_.substatus_description = change_.description;
    event("SubstatusUpdated", owner());
    return {};
  }

  std::string_view move() {
    if (!record_.process.has_task) return "the process has ended";
    auto& task = record_.process.task;
    const auto* at = std::find(tasks.begin(), tasks.end(), task.element_id);
    const auto* next = at == tasks.end() ? tasks.begin() : at + 1;
    std::string target(!change_.task.empty() ? change_.task : next == tasks.end() ? tasks.front() : *next);
    event("process_EndTask", user());
    task.flow += 1;
    task.element_id = std::move(target);
    task.name = "Videre";
    task.type = type_of(record_, task.element_id);
    task.started = now_;
    event("process_StartTask", user());
    if (task.type == "signing") event("SentToSign", user());
    return {};
  }

  /// Merged key by key; an empty text ought to remove its key, but never does (storage.md 2.8).
  std::string_view put(DataValues& held, const std::optional<DataValues>& wanted, std::string_view key) {
    const auto number = std::to_string(dice_.below(1'000'000));
    for (const auto& [name, text] : wanted.value_or(DataValues{{std::string(key), "Nummer " + number}})) {
      const auto same =
          std::find_if(held.begin(), held.end(), [&key = name](const auto& one) { return one.first == key; });
      if (text.empty()) continue;
      if (same != held.end()) same->second = text;
      if (same == held.end()) held.emplace_back(name, text);
    }
    return {};
  }

  std::string_view remove() {
    if (record_.hard_deleted) return "the instance is hard-deleted";
    event("Deleted", change_.by_owner ? owner() : user());
    if (!record_.soft_deleted) record_.soft_deleted_at = now_;
    record_.soft_deleted = true;
    return {};
  }

  std::string_view bring_back() {
    if (record_.hard_deleted) return "the instance is hard-deleted";
    if (!record_.soft_deleted) return "the instance is not deleted";
    event("Undeleted", change_.by_owner ? owner() : user());
    record_.soft_deleted = false;
    record_.soft_deleted_at = no_time;
    return {};
  }

  std::string_view erase() {
    event("Deleted", change_.by_owner ? owner() : user());
    if (!record_.soft_deleted) record_.soft_deleted_at = now_;
    record_.soft_deleted = record_.hard_deleted = true;
    record_.hard_deleted_at = now_;
    return {};
  }

  Record& record_;
  const Change& change_;
  Dice& dice_;
  Ticks now_;
};

} // namespace

std::string_view make_change(Record& record, const Change& change, Dice& dice) {
  if (record.application == nullptr) return "the application is gone";
  return Steps(record, change, dice).run();
}

Record new_instance(const World& world, const Application& app, Ticks now, Dice& dice) {
  const auto& people = world.generator().population();
  Record out;
  do {
    out.guid = random_guid(dice.next(), dice.next());
  } while (world.derived_dialog_id(out.guid));
  out.application = &app;
  out.app_id = app.id;
  out.org = app.org;
  out.party = people.party_id(dice.below(people.parties()));
  const auto owner = *people.party(out.party);
  if (owner.kind == PartyKind::person) out.person_number = owner.number;
  if (owner.kind == PartyKind::organisation) out.organisation_number = owner.number;
  if (owner.kind == PartyKind::self_identified) out.username = owner.display_name;
  if (owner.kind == PartyKind::email) out.username = "epost:" + owner.display_name;
  out.created = now;
  out.last_changed = floor_to(now, microsecond);
  out.visible_after = floor_to(now, second);
  out.process.present = out.process.has_task = true;
  out.process.started = out.process.task.started = now;
  out.process.start_event = "StartEvent_1";
  out.process.task.flow = 2;
  out.process.task.element_id = "Task_1";
  out.process.task.name = "Utfylling";
  out.process.task.type = "data";
  out.process.task.flow_type = "CompleteCurrentMoveToNext";
  if (app.switches.user_supplied_dialog_id) {
    out.data_values.emplace_back("dialog.id", guid_text(version_7({dice.next(), dice.next()}, now)));
  }
  auto& created = out.events.emplace_back();
  created.id = random_guid(dice.next(), dice.next());
  created.type = "Created";
  created.created = now;
  created.user.user_id = people.user_id(dice.below(people.users()));
  created.user.level = 3;
  created.has_process = true;
  created.process = out.process;
  out.created_by = out.last_changed_by = std::to_string(created.user.user_id);
  return out;
}

std::string event_type_of(const Record& record, ChangeKind kind) {
  switch (kind) {
  case ChangeKind::create: return "app.instance.created";
  case ChangeKind::submit: return "app.instance.process.completed";
  case ChangeKind::substatus: return "app.instance.substatus.changed";
  case ChangeKind::task: return "app.instance.process.movedTo." + record.process.task.element_id;
  default: return "app.instance." + std::string(name_of(kind)); // whatever an app chooses
  }
}

} // namespace altinn_sim::storage
