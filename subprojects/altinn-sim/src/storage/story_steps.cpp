#include "story.hpp"

#include <array>

namespace altinn_sim::storage {

namespace {

constexpr std::array<std::string_view, 8> file_names{
    "kvittering.pdf", "Vedlegg 1.pdf", "bilde_førstegangs.jpg", "kart.png",
    "fullmakt.pdf",   "tegning.a.pdf", "uten endelse",          ""};

std::string_view content_type_of(std::string_view filename) {
  if (filename.ends_with(".jpg")) return "image/jpeg";
  if (filename.ends_with(".png")) return "image/png";
  return filename.ends_with(".pdf") ? "application/pdf" : "application/octet-stream";
}

} // namespace

// -- who ----------------------------------------------------------------------------

Actor Story::person() {
  Actor out;
  const auto share = dice_.below(100);
  out.level = share < 80 ? 3 : 4;
  if (share < 88) {
    out.user_id = population_.user_id(dice_.below(population_.users()));
    if (share < 2) out.org_id = organisation_.code; // a caseworker logged in as a user
  } else if (share < 93) {
    out.system_user_id = guid_text(random_guid(dice_.next(), dice_.next()));
    out.system_user_owner = population_.some_organisation_number(dice_.below(population_.parties()));
    out.system_user_name = "Regnskapssystem";
  } else {
    out.end_user_system = dice_.between(1, 4000);
    // Some come with a user that Register has forgotten.
    if (share < 96) out.user_id = Population::first_unknown + dice_.below(100'000);
  }
  return out;
}

Actor Story::owner_user() const {
  Actor out;
  out.org_id = organisation_.code;
  out.level = 3;
  return out;
}

std::string Story::editor() const {
  if (user_.user_id > 0) return std::to_string(user_.user_id);
  return user_.system_user_owner.empty() ? std::to_string(record_.party) : user_.system_user_owner;
}

// -- what ---------------------------------------------------------------------------

Event& Story::event(std::string_view type, Actor user) {
  auto& out = record_.events.emplace_back();
  out.id = random_guid(dice_.next(), dice_.next());
  out.type = type;
  out.created = now_;
  out.user = std::move(user);
  out.has_process = true;
  out.process = process_at(task_);
  return out;
}

Element& Story::element(std::string_view type, std::string_view filename, std::string_view content_type,
                        const std::string& by) {
  auto& out = record_.elements.emplace_back();
  out.id = random_guid(dice_.next(), dice_.next());
  out.type = type;
  out.filename = filename;
  out.content_type = content_type;
  out.blob_path.append(record_.app_id).append("/");
  append_guid(out.blob_path, record_.guid);
  out.blob_path += "/data/";
  append_guid(out.blob_path, out.id);
  out.size = dice_.between(300, 900'000);
  out.created = out.last_changed = now_;
  out.created_by = out.last_changed_by = by;
  record_.last_changed_by = by;
  return out;
}

void Story::add_form(std::string_view type, std::string_view task) {
  task_ = task;
  const auto id = element(type, "", "application/xml", editor()).id;
  auto& made = event("Created", user_);
  made.about_data = true;
  made.data_id = id;
}

void Story::attach() {
  const auto name = file_names[static_cast<std::size_t>(dice_.below(file_names.size()))];
  auto& file = element("vedlegg", name, content_type_of(name), editor());
  if (dice_.one_in(3)) file.hash = "XrY7u+Ae7tCTyyK7j1rNww==";
  if (dice_.one_in(10)) file.tags = {"hovedvedlegg"};
  file.scan_result = dice_.one_in(2) ? "Clean" : dice_.one_in(40) ? "Infected" : "NotApplicable";
  if (dice_.one_in(400)) file.filename = std::string(300, 'n') + ".pdf";
  const auto id = file.id;
  auto& made = event("Created", user_);
  made.about_data = true;
  made.data_id = id;
}

void Story::save_run() {
  auto saver = dice_.one_in(8) ? person() : dice_.one_in(8) ? owner_user() : user_;
  auto& saved = event("Saved", std::move(saver));
  if (record_.elements.empty()) return;
  saved.about_data = true;
  saved.data_id = record_.elements.front().id;
  record_.elements.front().last_changed = now_;
  if (dice_.one_in(25)) drop_file();
}

// A file may be marked as deleted; it stays among the elements, and its event is no deletion of the instance.
void Story::drop_file() {
  auto& file = record_.elements.back();
  if (file.type != "vedlegg" || file.hard_deleted) return;
  file.hard_deleted = true;
  file.hard_deleted_at = file.last_changed = now_;
  auto& dropped = event("Deleted", user_);
  dropped.about_data = true;
  dropped.data_id = file.id;
}

// The receipt names the task it was made from, or, from older apps, nothing.
void Story::add_receipt() {
  auto& receipt = element("ref-data-as-pdf", "Kvittering.pdf", "application/pdf", editor());
  if (!dice_.percent(25)) receipt.generated_from = dice_.one_in(25) ? "Task_3" : "Task_1";
}

void Story::act(Step step) {
  switch (step) {
  case Step::create:
    record_.created_by = record_.last_changed_by = editor();
    event("Created", user_);
    break;
  case Step::create_by_owner:
    record_.created_by = record_.last_changed_by = organisation_.number;
    event("Created", owner_user());
    break;
  case Step::form: add_form("model", "Task_1"); break;
  case Step::second_form:
    add_form(app_.kind == AppKind::application ? "tilleggsskjema" : "vedlegg", "Task_3");
    event("Saved", user_);
    break;
  case Step::save: save_run(); break;
  case Step::attach: attach(); break;
  case Step::confirm_step: task_ = "Task_2"; break;
  case Step::sent_to_sign:
    task_ = "Task_2";
    event("SentToSign", user_);
    break;
  case Step::sign:
    element("signature", "signature.json", "application/json", organisation_.number);
    if (dice_.one_in(3)) element("signert-kilde", "kilde.xml", "application/xml", editor());
    event("Signed", dice_.one_in(2) ? user_ : person());
    break;
  case Step::sent_to_payment:
    task_ = "Task_6";
    event("SentToPayment", user_);
    break;
  case Step::sent_to_fill: event("SentToFormFill", owner_user()); break;
  case Step::submit:
    event("Submited", user_);
    record_.archived_at = now_;
    break;
  case Step::owner_works:
    task_ = "Task_4";
    event("SubstatusUpdated", owner_user());
    event("Saved", owner_user());
    break;
  case Step::receipt: add_receipt(); break;
  case Step::owner_file: element("vedtak", "vedtak.pdf", "application/pdf", organisation_.number); break;
  case Step::confirm: record_.confirmations.push_back({organisation_.code, now_}); break;
  case Step::read: event("MessageRead", user_); break;
  case Step::put_away: event("MessageArchived", user_); break;
  case Step::remove:
    event("Deleted", user_);
    record_.soft_deleted_at = now_;
    break;
  case Step::bring_back: event("Undeleted", user_); break;
  case Step::erase:
    event("Deleted", owner_user());
    record_.hard_deleted_at = now_;
    break;
  }
}

} // namespace altinn_sim::storage
