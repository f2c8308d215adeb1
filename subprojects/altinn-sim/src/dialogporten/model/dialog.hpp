#pragma once

#include "dialogporten/model/content_rules.hpp"
#include "dialogporten/model/enums.hpp"
#include "dialogporten/model/time.hpp"
#include "dialogporten/model/uuid.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A dialog as its bodies spell it (dialogporten.md 3). Texts are views into the Document that was read.
/// `std::optional` is a member that may be null; a plain text without data is one that was not given.
namespace altinn_sim::dialogporten {

using Text = std::optional<std::string_view>;

struct Localization {
  std::string_view value;
  std::string language; ///< normalized
  bool operator==(const Localization&) const = default;
};

using Localizations = std::vector<Localization>;

struct ContentValue {
  Localizations value;
  std::string_view media_type = media_type::plain_text;
  bool operator==(const ContentValue&) const = default;
};

/// The members of `content`, in the order of the rules.
struct Content {
  std::array<std::optional<ContentValue>, dialog_content_rules.size()> values;
  bool operator==(const Content&) const = default;
};
struct TransmissionContent {
  std::array<std::optional<ContentValue>, transmission_content_rules.size()> values;
  bool operator==(const TransmissionContent&) const = default;
};

/// A search tag or a label.
struct Tag {
  std::string_view value;
  bool operator==(const Tag&) const = default;
};

struct Actor {
  ActorType type = ActorType::none;
  Text name;
  Text id;
  bool operator==(const Actor&) const = default;
};

struct AttachmentUrl {
  std::optional<Uuid> id;
  Text url;
  Text media_type;
  ConsumerType consumer_type = ConsumerType::none;
  bool operator==(const AttachmentUrl&) const = default;
};

/// As AttachmentUrl, but the client cannot set the id (dialogporten.md 3.4).
struct TransmissionAttachmentUrl : AttachmentUrl {
  bool operator==(const TransmissionAttachmentUrl&) const = default;
};

template <class Url>
struct BasicAttachment {
  std::optional<Uuid> id;
  Localizations display_name;
  Text name;
  std::vector<Url> urls;
  std::optional<Time> expires_at;
  bool operator==(const BasicAttachment&) const = default;
};

using Attachment = BasicAttachment<AttachmentUrl>;
using TransmissionAttachment = BasicAttachment<TransmissionAttachmentUrl>;

struct NavigationalAction {
  Localizations title;
  Text url;
  std::optional<Time> expires_at;
  bool operator==(const NavigationalAction&) const = default;
};

struct Transmission {
  std::optional<Uuid> id;
  Text idempotent_key;
  Time created_at;
  Text authorization_attribute;
  Text extended_type;
  Text external_reference;
  std::optional<Uuid> related_transmission_id;
  TransmissionType type = TransmissionType::none;
  std::optional<Actor> sender;
  std::optional<TransmissionContent> content;
  std::vector<TransmissionAttachment> attachments;
  std::vector<NavigationalAction> navigational_actions;
  bool is_opened = false; ///< answers only
  bool operator==(const Transmission&) const = default;
};

struct GuiAction {
  std::optional<Uuid> id;
  std::string_view action;
  Text url;
  Text authorization_attribute;
  bool is_delete_dialog_action = false;
  std::optional<HttpMethod> http_method = HttpMethod::get;
  Priority priority = Priority::none;
  Localizations title;
  std::optional<Localizations> prompt;
  bool operator==(const GuiAction&) const = default;
};

struct Endpoint {
  std::optional<Uuid> id;
  Text version;
  Text url;
  HttpMethod http_method = HttpMethod::none;
  Text documentation_url;
  Text request_schema;
  Text response_schema;
  bool deprecated = false;
  std::optional<Time> sunset_at;
  bool operator==(const Endpoint&) const = default;
};

struct ApiAction {
  std::optional<Uuid> id;
  std::string_view action;
  Text authorization_attribute;
  Text name;
  std::vector<Endpoint> endpoints;
  bool operator==(const ApiAction&) const = default;
};

struct Activity {
  std::optional<Uuid> id;
  std::optional<Time> created_at;
  Text extended_type;
  ActivityType type = ActivityType::none;
  std::optional<Uuid> transmission_id;
  std::optional<Actor> performed_by;
  Localizations description;
  bool operator==(const Activity&) const = default;
};

struct ServiceOwnerContext {
  std::vector<Tag> labels;
};

struct Dialog {
  // Create only.
  std::optional<Uuid> id;
  Text idempotent_key;
  std::string_view service_resource;
  std::string_view party;
  std::optional<Time> visible_from;
  std::optional<Time> created_at;
  std::optional<Time> updated_at;
  std::optional<SystemLabel> system_label;
  std::optional<ServiceOwnerContext> service_owner_context;

  // Create and update.
  std::optional<int> progress;
  Text extended_status;
  Text external_reference;
  std::optional<Time> due_at;
  std::optional<Time> expires_at;
  Text process;
  Text preceding_process;
  bool is_api_only = false;
  std::optional<Status> status;
  std::optional<Content> content;
  std::vector<Tag> search_tags;
  std::vector<Attachment> attachments;
  std::vector<Transmission> transmissions;
  std::vector<GuiAction> gui_actions;
  std::vector<ApiAction> api_actions;
  std::vector<Activity> activities;
};

} // namespace altinn_sim::dialogporten
