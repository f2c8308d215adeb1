#pragma once

#include <dialogferry/codec/instance.hpp>
#include <dialogferry/model/time.hpp>
#include <dialogferry/model/uuid.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// A dialog as Dialogporten reads it (dialogporten.md 3): plain values whose texts and lists lie in an Arena.
/// Enumerations are kept as the API spells them, so that what others wrote goes back unchanged.
namespace dialogferry::codec {

struct Localized {
  std::string_view value; ///< with a null data(): no text, which is left out
  std::string_view language;

  bool operator==(const Localized&) const = default;
};

using LocalizedList = std::span<const Localized>;

inline constexpr std::string_view text_plain = "text/plain";

struct ContentValue {
  LocalizedList value;
  std::string_view media_type = text_plain;
  std::optional<bool> is_authorized = {}; ///< the API's own; only members that go back untouched carry it
};

struct Content {
  std::optional<ContentValue> title;
  std::optional<ContentValue> non_sensitive_title;
  std::optional<ContentValue> summary;
  std::optional<ContentValue> non_sensitive_summary;
  std::optional<ContentValue> sender_name;
  std::optional<ContentValue> additional_info;
  std::optional<ContentValue> extended_status;
  std::optional<ContentValue> main_content_reference;
};

struct Actor {
  std::string_view type; ///< `PartyRepresentative` or `ServiceOwner`
  OptionalText name;
  OptionalText id;
};

struct AttachmentUrl {
  std::optional<Uuid> id;
  OptionalText url;
  OptionalText media_type;
  std::string_view consumer_type; ///< `Gui` or `Api`
};

struct Attachment {
  std::optional<Uuid> id;
  LocalizedList display_name;
  OptionalText name;
  std::optional<Instant> expires_at;
  std::span<const AttachmentUrl> urls;
};

struct Transmission {
  Uuid id;
  Instant created_at;
  std::string_view type;
  Actor sender;
  ContentValue title;
  ContentValue content_reference;
  std::span<const Attachment> attachments;
};

struct Activity {
  Uuid id;
  Instant created_at;
  std::string_view type;
  Actor performed_by;
  LocalizedList description = {}; ///< of an `Information`
};

/// The more important, the lower the number (M-102).
enum class Priority : std::uint8_t { primary = 0, secondary = 1, tertiary = 2 };

struct GuiAction {
  std::optional<Uuid> id;
  std::string_view action;
  std::string_view url;
  OptionalText authorization_attribute;
  bool is_delete_dialog_action = false;
  std::string_view http_method;
  Priority priority = Priority::primary;
  LocalizedList title;
  LocalizedList prompt;
  OptionalText title_media_type =
      {}; ///< beside each text of the title, where its writer puts it; nobody reads it
};

struct ApiEndpoint {
  std::optional<Uuid> id;
  OptionalText version;
  std::string_view url;
  std::string_view http_method;
  OptionalText documentation_url;
  OptionalText request_schema;
  OptionalText response_schema;
  bool deprecated = false;
  std::optional<Instant> sunset_at;
};

struct ApiAction {
  std::optional<Uuid> id;
  std::string_view action;
  OptionalText name;
  OptionalText authorization_attribute;
  std::span<const ApiEndpoint> endpoints;
};

/// The members that a create and an update share.
struct DialogBody {
  OptionalText status;
  bool is_api_only = false;
  std::optional<Instant> due_at;
  Content content;
  std::span<const Attachment> attachments;
  std::span<const Transmission> transmissions; ///< on an update only the new ones
  std::span<const GuiAction> gui_actions;
  std::span<const ApiAction> api_actions;
  std::span<const Activity> activities; ///< on an update only the new ones
};

/// The members that only a create has: they can never be changed later.
struct DialogOrigin {
  Uuid id;
  std::string_view service_resource;
  std::string_view party;
  std::string_view system_label;
  std::string_view service_owner_label;
  Instant created_at;
  std::optional<Instant> updated_at;
  std::optional<Instant> visible_from;
};

/// Members that app instances do not have: on an update sent back as they were fetched (M-57); messages of
/// Correspondence are created with some of them (correspondence.md 3.3).
struct DialogKept {
  std::optional<std::int64_t> progress;
  OptionalText extended_status;
  OptionalText external_reference;
  OptionalText process;
  OptionalText preceding_process;
  std::optional<Instant> expires_at;
  std::span<const std::string_view> search_tags;
};

/// A dialog as Dialogporten answers it (dialogporten.md 2.1).
struct StoredDialog {
  Uuid id;
  Uuid revision;
  std::string_view party;
  std::optional<Instant> deleted_at;
  std::span<const std::string_view> service_owner_labels;
  std::span<const std::string_view> system_labels; ///< of the end user: `Default`, `Bin`, `Archive`, others
  DialogBody body;
  DialogKept kept;
  Arena arena;
};

} // namespace dialogferry::codec
