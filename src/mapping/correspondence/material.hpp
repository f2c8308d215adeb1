#pragma once

#include "events.hpp"

#include <dialogferry/mapping/correspondence.hpp>

/// What the parts of a message's dialog are made of.
namespace dialogferry::mapping::correspondence {

struct Material {
  const Input& input;
  const codec::Correspondence& record;
  Events events; ///< distinct
  Uuid dialog_id;
  std::string_view base_url; ///< of the message in Correspondence's API, without a slash at its end
  std::string_view label;    ///< the service owner's label
  std::string_view language; ///< of the content, as stored
  codec::Arena& arena;

  bool is_altinn3() const { return record.is_altinn3(); }
  bool needs_confirmation() const { return record.base.is_confirmation_needed.value_or(false); }
  bool is_confirmed() const { return count(events.statuses, codec::CorrespondenceStatus::confirmed) > 0; }

  /// One text in the language of the content.
  codec::LocalizedList text(std::string_view value) const {
    const auto list = arena.make<codec::Localized>(1);
    list[0] = {value, language};
    return list;
  }

  std::string_view url(std::initializer_list<std::string_view> path) const {
    std::string whole(base_url);
    for (const auto part : path)
      whole += part;
    return arena.store(whole);
  }
};

/// A dialog as it is created, before it is written.
struct Built {
  codec::DialogOrigin origin;
  codec::DialogKept kept;
  codec::DialogBody body;
};

/// The dialog of the message (3.3 to 3.7). Fails where the recipient, or who read or confirmed first, cannot
/// be named.
Result<Built> build_dialog(const Material& material);

// -- its parts ------------------------------------------------------------------

codec::Content build_content(const Material& material);
std::span<const std::string_view> build_tags(const Material& material);
std::span<const codec::Attachment> build_attachments(const Material& material);
std::span<const codec::GuiAction> build_gui_actions(const Material& material);
std::span<const codec::ApiAction> build_api_actions(const Material& material);
Result<std::span<const codec::Activity>> build_activities(const Material& material);

/// Where the attachment of that place in the record is fetched.
std::string_view download_url(const Material& material, std::size_t place);

/// The address that confirms the message.
std::string_view confirm_url(const Material& material);

// -- single activities ------------------------------------------------------------

codec::Activity opened(const Material& material, Instant at, std::string_view actor_urn);
codec::Activity confirmed(const Material& material, Instant at, std::string_view actor_urn);
codec::Activity deleted(const Material& material, const codec::StatusEvent& purge);
codec::Activity notified(const Material& material, const codec::NotificationEvent& event);
/// Nothing where the forward cannot be told: an unknown party or mailbox, a nameless user, no target.
std::optional<codec::Activity> forwarded(const Material& material, const codec::ForwardingEvent& event);

/// What Dialogporten will refuse of the dialog (3.10).
std::vector<Problem> find_refused(const Material& material, const Built& built);

// -- after creation -----------------------------------------------------------------

/// What reaches Dialogporten when these events of an Altinn 2 message are synced (3.8).
std::vector<Call> calls_of_sync(const Material& material, const Events& fresh);

/// What the engine itself sends of an Altinn 3 message's statuses; `dialog` is what is there, or was just
/// created.
std::vector<Call> calls_of_altinn3(const Material& material, const std::vector<codec::StatusEvent>& fresh,
                                   const codec::DialogBody& dialog);

} // namespace dialogferry::mapping::correspondence
