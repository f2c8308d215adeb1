#include "correspondence/dialog/activities.hpp"

#include "correspondence/dialog/texts.hpp"
#include "correspondence/model/text.hpp"
#include "dialogporten/model/text.hpp"

namespace altinn_sim::correspondence {

namespace {

std::string spelled(Ticks at) {
  return to_string(dialogporten::Time{at});
}

json::object activity(const Uuid& id, Ticks at, std::string_view type, json::object performer,
                      json::array description = {}) {
  return {{"id", to_string(id)},
          {"createdAt", spelled(at)},
          {"type", type},
          {"performedBy", std::move(performer)},
          {"description", std::move(description)}};
}

json::array description(const Wording& wording, const std::array<std::string_view, 3>& with,
                        const std::string& note = {}) {
  json::array out;
  for (std::size_t language = 0; language < languages.size(); ++language) {
    auto text = worded(wording, language, with);
    if (!note.empty()) text += worded(texts::note, language, {note});
    out.push_back({{"value", text}, {"languageCode", languages[language]}});
  }
  return out;
}

std::string_view mailbox_name(std::string_view supplier) {
  if (supplier == "urn:altinn:organization:identifier-no:984661185") return "Digipost";
  if (supplier == "urn:altinn:organization:identifier-no:922020175" ||
      supplier == "urn:altinn:organization:identifier-no:996460320")
    return "e-Boks";
  return {};
}

/// Whom a forward went to, and how that is worded; no name: nobody one can tell of.
struct Target {
  const Wording* wording = nullptr;
  std::string name;
};

Target target_of(const Surroundings& around, const Forward& event) {
  if (event.to_user || event.to_user_id) {
    const auto user = event.to_user ? around.party(*event.to_user) : around.user(*event.to_user_id);
    return {&texts::forwarded_to_user, user ? title_cased(user->name) : ""};
  }
  if (event.to_email && !event.to_email->empty()) return {&texts::forwarded_to_email, *event.to_email};
  if (event.mailbox) return {&texts::forwarded_to_mailbox, std::string{mailbox_name(*event.mailbox)}};
  return {};
}

} // namespace

json::object representative(std::string_view urn) {
  return {{"actorType", "PartyRepresentative"}, {"actorId", urn}};
}

ActivityResult party_activity(const Surroundings& around, std::string_view type, const Uuid& id,
                              const StatusEvent& event) {
  const auto party = around.party(event.party);
  if (!party || party->urn.empty())
    return {std::nullopt, "Could not find the party " + to_string(event.party) + " in Altinn Register."};
  return {activity(id, event.at, type, representative(party->urn)), {}};
}

json::object notification_activity(const Uuid& id, const Notification& event) {
  const bool by_email = event.channel == channel::email;
  const auto& wording = event.is_reminder ? (by_email ? texts::email_reminder : texts::sms_reminder)
                                          : (by_email ? texts::email_sent : texts::sms_sent);
  return activity(id, event.sent, "Information", {{"actorType", "ServiceOwner"}},
                  description(wording, {event.address}));
}

ActivityResult forward_activity(const Surroundings& around, const Record& record, const Forward& event) {
  const auto by = around.party(event.by);
  if (!by || by->urn.empty())
    return {std::nullopt, "Could not find the party " + to_string(event.by) + " in Altinn Register."};
  const auto target = target_of(around, event);
  if (target.name.empty()) return {std::nullopt, "The forward has no target that can be shown."};
  const bool has_note = event.note && !dialogporten::is_blank(*event.note);
  return {activity(event.activity, event.at, "Information", representative(by->urn),
                   description(*target.wording, {record.title, target.name}, has_note ? *event.note : "")),
          {}};
}

json::object deleted_activity(const Uuid& id, const StatusEvent& event) {
  const auto who = event.status == status::purged_by_altinn ? texts::sender : texts::recipient;
  return activity(id, event.at, "DialogDeleted", {{"actorType", "PartyRepresentative"}, {"actorName", who}});
}

} // namespace altinn_sim::correspondence
