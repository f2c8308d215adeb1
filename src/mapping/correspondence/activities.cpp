#include "../text.hpp"
#include "forms.hpp"
#include "material.hpp"
#include "wording.hpp"

#include <algorithm>

namespace dialogferry::mapping::correspondence {

namespace {

using codec::CorrespondenceStatus;

codec::Actor representative(std::string_view urn) {
  return {.type = "PartyRepresentative", .name = {}, .id = urn};
}

/// One id for each thing that can be told once, the same at every try.
codec::Activity activity(const Material& material, std::string_view name, Instant at, std::string_view type,
                         codec::Actor actor) {
  return {.id = sub_id(material.dialog_id, name),
          .created_at = stored(at),
          .type = type,
          .performed_by = actor,
          .description = {}};
}

/// Nothing where the mailbox's supplier is not known, or not in the form of a URN.
codec::OptionalText mailbox_name(std::string_view supplier) {
  if (supplier == "urn:altinn:organization:identifier-no:984661185") return "Digipost";
  if (supplier == "urn:altinn:organization:identifier-no:922020175" ||
      supplier == "urn:altinn:organization:identifier-no:996460320")
    return "e-Boks";
  return std::nullopt;
}

struct Target {
  Phrase phrase = Phrase::forwarded_to_email;
  std::string_view name;
};

/// To whom: the user before the e-mail address before the mailbox; one that cannot be named is nobody.
std::optional<Target> target_of(const Material& material, const codec::ForwardingEvent& event) {
  if (event.to_user && *event.to_user != Uuid{}) {
    const auto* user = material.input.parties->find(*event.to_user);
    if (user == nullptr || !user->name || is_blank(*user->name)) return std::nullopt;
    return Target{Phrase::forwarded_to_user, material.arena.store(title_case(*user->name))};
  }
  if (event.to_email && !is_blank(*event.to_email))
    return Target{Phrase::forwarded_to_email, *event.to_email};
  const auto mailbox = event.mailbox ? mailbox_name(*event.mailbox) : std::nullopt;
  if (!mailbox) return std::nullopt;
  return Target{Phrase::forwarded_to_mailbox, *mailbox};
}

codec::LocalizedList with_note(const Material& material, codec::LocalizedList texts, std::string_view note) {
  const auto tail = localized(material.arena, Phrase::with_note, std::span(&note, 1));
  const auto list = material.arena.make<codec::Localized>(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i)
    list[i] = {material.arena.join({texts[i].value, tail[i].value}), texts[i].language};
  return list;
}

std::string forward_name(const codec::ForwardingEvent& event) {
  return "forward/" + to_string(stored(event.forwarded.at)) + "/" + to_string(event.by_party) + "/" +
         to_string(event.to_user.value_or(Uuid{})) + "/" + std::to_string(event.to_user_id.value_or(0));
}

std::string notification_name(const codec::NotificationEvent& event) {
  return "notification/" + std::to_string(event.id) + "/" + to_string(stored(event.sent.at)) + "/" +
         std::string(codec::name_of(event.channel)) + "/" + std::string(event.address) +
         (event.is_reminder ? "/reminder" : "");
}

Result<std::string_view> known_urn(const Material& material, const codec::StatusEvent& event) {
  if (material.input.parties->find(event.party) == nullptr)
    return fail("correspondence.eventHistory", "the party of the first " +
                                                   std::string(codec::name_of(event.status)) +
                                                   " event is not known to Register");
  const auto urn = material.input.parties->urn(event.party);
  if (!urn)
    return fail("correspondence.eventHistory", "the party of the first " +
                                                   std::string(codec::name_of(event.status)) +
                                                   " event has no URN in Register");
  return *urn;
}

/// The activities of who read and who confirmed first.
std::optional<Problem> add_first_ones(const Material& material, std::vector<codec::Activity>& list) {
  const auto* read = earliest(material.events.statuses, CorrespondenceStatus::read);
  const auto* confirm = material.needs_confirmation()
                            ? earliest(material.events.statuses, CorrespondenceStatus::confirmed)
                            : nullptr;
  for (const auto* event : {read, confirm}) {
    if (event == nullptr) continue;
    const auto urn = known_urn(material, *event);
    if (!urn) return urn.error();
    list.push_back(event == read ? opened(material, event->changed.at, *urn)
                                 : confirmed(material, event->changed.at, *urn));
  }
  return std::nullopt;
}

} // namespace

codec::Activity opened(const Material& material, Instant at, std::string_view actor_urn) {
  return activity(material, "opened", at, "CorrespondenceOpened", representative(actor_urn));
}

codec::Activity confirmed(const Material& material, Instant at, std::string_view actor_urn) {
  return activity(material, "confirmed", at, "CorrespondenceConfirmed", representative(actor_urn));
}

codec::Activity deleted(const Material& material, const codec::StatusEvent& purge) {
  const bool by_recipient = purge.status == CorrespondenceStatus::purged_by_recipient;
  const auto name = text_of(by_recipient ? Phrase::recipient : Phrase::sender, Language::nb);
  return activity(material, "deleted", purge.changed.at, "DialogDeleted",
                  {.type = "PartyRepresentative", .name = name, .id = {}});
}

codec::Activity notified(const Material& material, const codec::NotificationEvent& event) {
  const bool by_email = event.channel == codec::NotificationChannel::email;
  const auto sent = by_email ? Phrase::sent_by_email : Phrase::sent_by_sms;
  const auto reminded = by_email ? Phrase::reminded_by_email : Phrase::reminded_by_sms;
  auto built = activity(material, notification_name(event), event.sent.at, "Information",
                        {.type = "ServiceOwner", .name = {}, .id = {}});
  built.description =
      localized(material.arena, event.is_reminder ? reminded : sent, std::span(&event.address, 1));
  return built;
}

std::optional<codec::Activity> forwarded(const Material& material, const codec::ForwardingEvent& event) {
  const auto urn = material.input.parties->urn(event.by_party);
  const auto target = target_of(material, event);
  if (!urn || !target) return std::nullopt;
  auto built =
      activity(material, forward_name(event), event.forwarded.at, "Information", representative(*urn));
  const auto& content = material.record.base.content;
  const std::array<std::string_view, 2> values{content ? content->title.value_or("") : "", target->name};
  built.description = localized(material.arena, target->phrase, values);
  if (event.text && !is_blank(*event.text))
    built.description = with_note(material, built.description, *event.text);
  return built;
}

Result<std::span<const codec::Activity>> build_activities(const Material& material) {
  if (material.is_altinn3()) return std::span<const codec::Activity>();
  std::vector<codec::Activity> list;
  if (auto problem = add_first_ones(material, list)) return tl::unexpected(std::move(*problem));
  for (const auto& event : material.events.notifications)
    list.push_back(notified(material, event));
  for (const auto& event : material.events.forwards)
    if (auto built = forwarded(material, event)) list.push_back(*built);
  std::stable_sort(list.begin(), list.end(),
                   [](const auto& a, const auto& b) { return a.created_at < b.created_at; });
  return material.arena.store(std::span<const codec::Activity>(list));
}

} // namespace dialogferry::mapping::correspondence
