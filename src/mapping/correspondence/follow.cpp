#include "calls.hpp"
#include "forms.hpp"

#include <algorithm>
#include <utility>

namespace dialogferry::mapping::correspondence {

namespace {

using codec::CorrespondenceStatus;
using codec::StatusEvent;

/// The dialog as it was when the record was last carried, as far as confirmation goes.
struct Standing {
  codec::DialogBody body;
  std::size_t confirmations = 0;
  bool is_archived = false;
  bool is_purged = false;
};

/// Follows the events of one message in their order and collects the requests.
class Follower {
public:
  Follower(const Material& material, Standing standing)
      : material_(material)
      , standing_(standing) {}

  void status(const StatusEvent& event, const codec::OptionalText& actor) {
    switch (event.status) {
    case CorrespondenceStatus::read: return read(event, actor);
    case CorrespondenceStatus::confirmed: return confirm(event, actor);
    case CorrespondenceStatus::archived: return archive(actor);
    case CorrespondenceStatus::soft_deleted_by_recipient: return label(actor, Label::bin, true);
    case CorrespondenceStatus::restored_by_recipient:
      return label(actor, standing_.is_archived ? Label::archive : Label::bin, standing_.is_archived);
    case CorrespondenceStatus::purged_by_recipient:
    case CorrespondenceStatus::purged_by_altinn: return purge(event);
    default: return;
    }
  }

  void tell(const codec::Activity& activity) {
    calls_.push_back(activity_call(material_.dialog_id, activity));
  }

  std::vector<Call> take() && { return std::move(calls_); }

private:
  void read(const StatusEvent& event, const codec::OptionalText& actor) {
    if (actor) tell(opened(material_, event.changed.at, *actor));
  }

  void confirm(const StatusEvent& event, const codec::OptionalText& actor) {
    if (auto call = confirm_call(material_.dialog_id, standing_.body, confirm_url(material_))) {
      calls_.push_back(std::move(*call));
      standing_.body = {};
    }
    if (++standing_.confirmations == 1 && actor) tell(confirmed(material_, event.changed.at, *actor));
  }

  void archive(const codec::OptionalText& actor) {
    label(actor, Label::archive, true);
    standing_.is_archived = true;
  }

  void label(const codec::OptionalText& actor, Label label, bool add) {
    if (actor && !standing_.is_purged) calls_.push_back(label_call(material_.dialog_id, *actor, label, add));
  }

  void purge(const StatusEvent& event) {
    if (standing_.is_purged) return;
    standing_.is_purged = true;
    calls_.push_back(delete_call(material_.dialog_id));
    tell(deleted(material_, event));
  }

  const Material& material_;
  Standing standing_;
  std::vector<Call> calls_;
};

bool has_activity(const codec::DialogBody& dialog, std::string_view type) {
  return std::any_of(dialog.activities.begin(), dialog.activities.end(),
                     [&](const codec::Activity& activity) { return activity.type == type; });
}

/// What an Altinn 3 message's dialog tells already.
struct Told {
  bool opened = false;
  bool confirmed = false;
  bool deleted = false;
};

Told told_by(const codec::DialogBody& dialog) {
  return {has_activity(dialog, "CorrespondenceOpened"), has_activity(dialog, "CorrespondenceConfirmed"),
          has_activity(dialog, "DialogDeleted")};
}

/// Whether a status is to be followed; each is told once.
bool is_untold(Told& told, CorrespondenceStatus status) {
  if (codec::is_hard_delete(status)) return !std::exchange(told.deleted, true);
  if (status == CorrespondenceStatus::read) return !std::exchange(told.opened, true);
  // The patch may be missing though the activity is there. Archiving lives in labels that others set.
  return status == CorrespondenceStatus::confirmed;
}

} // namespace

std::vector<Call> calls_of_sync(const Material& material, const Events& fresh) {
  // Events of the record that are not fresh were known before.
  const auto& previous = *material.input.previous;
  Material before{material.input,    previous,       distinct_events(previous), material.dialog_id,
                  material.base_url, material.label, material.language,         material.arena};
  Standing standing;
  standing.body.status =
      material.needs_confirmation() && !before.is_confirmed() ? "RequiresAttention" : "NotApplicable";
  standing.body.gui_actions = build_gui_actions(before);
  standing.body.api_actions = build_api_actions(before);
  if (material.input.existing != nullptr) standing.body = material.input.existing->body;
  standing.confirmations = count(before.events.statuses, CorrespondenceStatus::confirmed);
  standing.is_archived = count(before.events.statuses, CorrespondenceStatus::archived) > 0;
  standing.is_purged = has_hard_delete(previous.statuses);
  Follower follower(material, standing);
  for (const auto& event : fresh.statuses)
    follower.status(event, material.input.parties->urn(event.party));
  for (const auto& event : fresh.notifications)
    follower.tell(notified(material, event));
  for (const auto& event : fresh.forwards)
    if (const auto activity = forwarded(material, event)) follower.tell(*activity);
  return std::move(follower).take();
}

std::vector<Call> calls_of_altinn3(const Material& material, const std::vector<StatusEvent>& fresh,
                                   const codec::DialogBody& dialog) {
  const auto& recipients = material.record.recipients;
  const auto party =
      party_urn(recipients.empty() ? std::nullopt : recipients.front(), *material.input.parties);
  Standing standing;
  standing.body = dialog;
  auto told = told_by(dialog);
  standing.confirmations = told.confirmed ? 1 : 0;
  Follower follower(material, standing);
  for (const auto& event : fresh)
    if (is_untold(told, event.status))
      follower.status(event, party ? codec::OptionalText(*party) : std::nullopt);
  return std::move(follower).take();
}

} // namespace dialogferry::mapping::correspondence
