#include "form_story.hpp"

#include <algorithm>
#include <array>

namespace altinn_sim::storage {

namespace {

constexpr std::array<std::string_view, 5> file_names{"Kart.jpg", "Vedlegg 1.pdf", "fullmakt.pdf",
                                                     "årsberetning.doc", ""};

std::string_view content_type_of(std::string_view filename) {
  if (filename.ends_with(".jpg")) return "image/jpeg";
  return filename.ends_with(".pdf") ? "application/pdf" : "application/octet-stream";
}

// "dd-MM-yyyy HH:mm:ss", without a zone
std::string reference_time(Ticks time) {
  const auto text = time_text(time);
  return text.substr(8, 2) + "-" + text.substr(5, 2) + "-" + text.substr(0, 4) + " " + text.substr(11, 8);
}

} // namespace

void FormStory::tell(const FormFacts& facts) {
  user_ = person();
  zone_ = dice_.percent(85) ? Zone::utc : Zone::server;
  bare_ids_ = dice_.one_in(2);
  plan(facts);
  run();
  finish(facts.archived);
  set_data_values(facts);
  spoil(facts.poison);
  auto& all = record_.elements; // a list gives them in any order (storage.md 1.7)
  if (all.size() > 1 && dice_.one_in(3))
    std::rotate(all.begin(), all.begin() + dice_.below(std::ssize(all)), all.end());
}

// -- what happens -------------------------------------------------------------------

void FormStory::plan(const FormFacts& facts) {
  steps_.push_back(Step::create);
  if (dice_.one_in(8)) steps_.push_back(Step::fill_in);
  for (auto saves = dice_.below(4); saves > 0; --saves)
    steps_.push_back(Step::save);
  if (altinn_2() && dice_.one_in(4)) steps_.push_back(Step::forward);
  if (altinn_2() && dice_.one_in(12)) steps_.push_back(Step::revoke);
  for (auto files = dice_.percent(45) ? 0 : dice_.between(1, 4); files > 0; --files)
    steps_.push_back(Step::attach);
  if (dice_.one_in(4)) steps_.push_back(Step::sign);
  if (dice_.one_in(12)) steps_.push_back(Step::pay);
  if (dice_.one_in(6)) steps_.push_back(Step::send_in);
  if (altinn_2() && dice_.one_in(6)) steps_.push_back(Step::remind);
  if (facts.archived) plan_archive();
  if (facts.archived && !facts.fresh) plan_fate();
}

void FormStory::plan_archive() {
  const auto share = dice_.below(100);
  if (share >= 3) { // some have lost their submission
    steps_.push_back(Step::submit);
    if (share < 15) steps_.insert(steps_.end(), {Step::attach, Step::submit});
    if (share >= 15 && share < 18) steps_.insert(steps_.end(), {Step::sign, Step::submit});
  }
  steps_.push_back(Step::pages);
  if (dice_.one_in(6)) steps_.push_back(Step::attach); // came in late
  if (dice_.one_in(10)) steps_.push_back(Step::owner_file);
  if (dice_.one_in(3)) steps_.push_back(Step::read);
  if (dice_.one_in(5)) steps_.push_back(Step::put_away);
}

void FormStory::plan_fate() {
  const auto fate = dice_.below(200);
  if (fate >= 5) return;
  steps_.push_back(Step::remove);
  if (fate == 3) steps_.push_back(Step::bring_back);
  if (fate == 4) steps_.push_back(Step::erase);
}

// The first step is at `created`, the last at `lastChanged`, the others between them in order, no two at
// once.
void FormStory::run() {
  const auto gaps = std::max<std::int64_t>(std::ssize(steps_) - 1, 1);
  const auto gap = (record_.last_changed - record_.created) / gaps;
  for (std::int64_t index = 0; index < std::ssize(steps_); ++index) {
    now_ = index == 0 ? record_.created : record_.last_changed;
    if (index > 0 && index < gaps) {
      now_ = record_.created + gap * index -
             static_cast<Ticks>(dice_.next() % static_cast<std::uint64_t>(gap / 2));
    }
    act(steps_[static_cast<std::size_t>(index)]);
  }
}

void FormStory::act(Step step) {
  switch (step) {
  case Step::create:
    record_.created_by = record_.last_changed_by = editor();
    event("Created", user_);
    break;
  case Step::fill_in: event("SentToFormFill", user_); break;
  case Step::save: event("Saved", dice_.one_in(6) ? person() : user_); break;
  case Step::attach: {
    const auto name = file_names[static_cast<std::size_t>(dice_.below(file_names.size()))];
    element("binary-data", name, content_type_of(name)).size = dice_.between(300, 900'000);
    break;
  }
  case Step::sign: sign(); break;
  case Step::pay: pay(); break;
  case Step::send_in: event("SentToSendIn", user_); break;
  case Step::forward: event("InstanceForwarded", nobody()).related_user = person(); break;
  case Step::revoke: event("InstanceRightRevoked", nobody()); break;
  case Step::remind: event("NotificationSentSms", nobody()); break;
  case Step::submit:
    event("Submited", user_);
    record_.archived_at = now_;
    break;
  case Step::pages: pages(); break;
  case Step::owner_file: {
    auto& file = element("binary-data", "vedtak.pdf", "application/pdf");
    file.size = dice_.between(300, 90'000);
    file.created_by = file.last_changed_by = organisation_.number;
    break;
  }
  case Step::read: event("MessageRead", user_); break;
  case Step::put_away: event("MessageArchived", user_); break;
  case Step::remove:
    event("Deleted", user_);
    record_.soft_deleted = true;
    record_.soft_deleted_at = now_;
    break;
  case Step::bring_back:
    event("Undeleted", user_);
    record_.soft_deleted = false;
    record_.soft_deleted_at = no_time;
    break;
  case Step::erase:
    event("Deleted", user_);
    record_.hard_deleted = true;
    record_.hard_deleted_at = now_;
    break;
  }
}

void FormStory::sign() {
  now_ -= second;
  event("SentToSign", user_);
  now_ += second;
  event("Signed", dice_.one_in(2) ? user_ : person());
  if (dice_.one_in(2)) element("signature-data", "", "application/json").size = 2'048;
  page("signature-presentation", "signature", "text/html", "Signaturer.html");
}

void FormStory::pay() {
  event("SentToPayment", user_);
  element("payment-data", "", "application/json").size = 911;
  page("payment-presentation", "payment", "text/html", "Betaling.html");
}

void FormStory::pages() {
  page("ref-data-as-pdf", "formdatapdf", "application/pdf", "Skjema.pdf");
  if (dice_.one_in(4)) page("ref-data-as-pdf", "formdatapdf", "application/pdf", "Underskjema.pdf");
  if (dice_.one_in(3)) page("ref-data-as-html", "formdatahtml", "text/html", "Skjema.html");
  if (altinn_2() && dice_.one_in(6)) page("ref-summary-data-as-html", "formsummaryhtml", "text/html", "");
  if (dice_.one_in(3)) element("a2-xml", "skjema.xml", "application/xml").size = dice_.between(500, 40'000);
}

// -- who ----------------------------------------------------------------------------

Actor FormStory::person() {
  Actor out;
  const auto share = dice_.below(100);
  out.level = dice_.below(4);
  if (share < 85) {
    out.user_id = population_.user_id(dice_.below(population_.users()));
    return out;
  }
  out.end_user_system = dice_.between(1, 4000);
  // Some come with a user that Register has forgotten.
  if (share < 88) out.user_id = Population::first_unknown + dice_.below(100'000);
  return out;
}

Actor FormStory::nobody() const {
  Actor out;
  out.absent = true;
  return out;
}

std::string FormStory::editor() const {
  return std::to_string(user_.user_id > 0 ? user_.user_id : record_.party);
}

// -- what ---------------------------------------------------------------------------

Event& FormStory::event(std::string_view type, Actor user) {
  auto& out = record_.events.emplace_back();
  out.id = random_guid(dice_.next(), dice_.next());
  out.type = type;
  out.created = now_;
  out.user = std::move(user);
  out.zone = zone_;
  out.bare_instance_id = bare_ids_;
  return out;
}

Element& FormStory::element(std::string_view type, std::string_view filename, std::string_view content_type) {
  auto& out = record_.elements.emplace_back();
  out.id = random_guid(dice_.next(), dice_.next());
  out.type = type;
  out.filename = filename;
  out.content_type = content_type;
  out.blob_path.append(record_.app_id).append("/");
  append_guid(out.blob_path, record_.guid);
  out.blob_path += "/data/";
  append_guid(out.blob_path, out.id);
  out.created = out.last_changed = now_;
  out.created_by = out.last_changed_by = editor();
  out.zone = Zone::server;
  return out;
}

void FormStory::page(std::string_view type, std::string_view kind, std::string_view content_type,
                     std::string_view filename) {
  auto& out = element(type, filename, content_type);
  out.blob_path = "ondemand/" + std::string(kind);
  out.metadata.emplace_back(std::pair(altinn_2() ? "formid" : "dataformid", "123"));
  if (dice_.one_in(3)) {
    out.metadata.emplace_back(); // no lformid was given
  } else {
    out.metadata.emplace_back(std::pair("lformid", std::to_string(dice_.between(1, 900))));
  }
  if (dice_.one_in(5))
    out.metadata.emplace_back(std::pair(altinn_2() ? "A2PresVal" : "A1PresVal", "Inntektsår"));
  if (altinn_2() && dice_.one_in(6)) out.metadata.emplace_back(std::pair("A2VisiblePages", "1;2;4"));
}

// -- where it ends --------------------------------------------------------------------

void FormStory::finish(bool archived) {
  record_.archived = archived;
  if (!archived) record_.archived_at = no_time;
  if (archived && record_.archived_at == no_time) record_.archived_at = record_.last_changed;
  record_.read_status = "Read";
  if (!dice_.percent(70)) return; // the others have no process at all
  record_.process.present = true;
  record_.process.started = record_.created;
  record_.process.ended = record_.archived_at;
  if (archived) record_.process.end_event = "EndEvent_1";
}

void FormStory::set_data_values(const FormFacts& facts) {
  auto& values = record_.data_values;
  values.emplace_back(altinn_2() ? "A2ArchRef" : "A1ArchRef", std::to_string(facts.reference));
  if (altinn_2() && facts.archived && dice_.one_in(2))
    values.emplace_back("A2ArchRefTs", reference_time(record_.archived_at));
  if (!facts.fresh && dice_.one_in(300)) values.emplace_back("dialog.disableAutomaticSync", "true");
  if (dice_.one_in(3))
    record_.presentation_texts.emplace_back("title", "Referanse " + std::to_string(dice_.below(100'000)));
  if (dice_.one_in(12)) record_.presentation_texts.emplace_back("tittel2", dice_.one_in(2) ? " " : "Røros");
}

void FormStory::spoil(Poison poison) {
  if (poison == Poison::none || poison == Poison::party_unknown) return;
  auto& spoilt = record_.events.front(); // the creation always becomes an activity
  spoilt.user = {};
  spoilt.user.absent = poison != Poison::actor_unknown;
  if (poison == Poison::actor_unknown) spoilt.user.user_id = Population::first_unknown + dice_.below(1000);
}

} // namespace altinn_sim::storage
