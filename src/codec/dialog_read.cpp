#include "common.hpp"

#include <dialogferry/codec/dialog_json.hpp>

namespace dialogferry::codec {

namespace {

bool read_localized(Reader& reader, ondemand::value value, std::string_view member, LocalizedList& out) {
  ListBuilder<Localized> list(reader.arena());
  const bool read = reader.list(value, member, [&](ondemand::value entry) {
    Localized& localized = list.add();
    return reader.object(entry, {}, [&](Key key, ondemand::value part) {
      if (key == "value") return reader.text(part, "value", localized.value);
      if (key == "languageCode") return reader.text(part, "languageCode", localized.language);
      return true;
    });
  });
  out = list.list();
  return read;
}

bool read_content_part(Reader& reader, Key key, ondemand::value part, ContentValue& content) {
  if (key == "value") return read_localized(reader, part, "value", content.value);
  if (key == "mediaType") return reader.text(part, "mediaType", content.media_type);
  return true;
}

bool read_content_value(Reader& reader, ondemand::value value, std::string_view member,
                        std::optional<ContentValue>& out) {
  bool there = false;
  if (!reader.present(value, member, there)) return false;
  if (there) out.emplace();
  return reader.object(value, member, [&](Key key, ondemand::value part) {
    return read_content_part(reader, key, part, *out);
  });
}

/// A member that others wrote and that goes back as it was fetched.
bool read_untouched(Reader& reader, ondemand::value value, std::string_view member,
                    std::optional<ContentValue>& out) {
  bool there = false;
  if (!reader.present(value, member, there)) return false;
  if (there) out.emplace();
  return reader.object(value, member, [&](Key key, ondemand::value part) {
    if (key == "isAuthorized") {
      bool authorized = false;
      const bool read = reader.flag(part, "isAuthorized", authorized);
      out->is_authorized = authorized;
      return read;
    }
    return read_content_part(reader, key, part, *out);
  });
}

bool read_content(Reader& reader, ondemand::value value, Content& content) {
  return reader.object(value, "content", [&](Key key, ondemand::value part) {
    if (key == "title") return read_content_value(reader, part, "title", content.title);
    if (key == "nonSensitiveTitle")
      return read_untouched(reader, part, "nonSensitiveTitle", content.non_sensitive_title);
    if (key == "summary") return read_content_value(reader, part, "summary", content.summary);
    if (key == "nonSensitiveSummary")
      return read_untouched(reader, part, "nonSensitiveSummary", content.non_sensitive_summary);
    if (key == "senderName") return read_content_value(reader, part, "senderName", content.sender_name);
    if (key == "additionalInfo")
      return read_content_value(reader, part, "additionalInfo", content.additional_info);
    if (key == "extendedStatus")
      return read_content_value(reader, part, "extendedStatus", content.extended_status);
    if (key == "mainContentReference")
      return read_content_value(reader, part, "mainContentReference", content.main_content_reference);
    return true;
  });
}

bool read_actor(Reader& reader, ondemand::value value, std::string_view member, Actor& actor) {
  return reader.object(value, member, [&](Key key, ondemand::value part) {
    if (key == "actorType") return reader.text(part, "actorType", actor.type);
    if (key == "actorName") return reader.text(part, "actorName", actor.name);
    if (key == "actorId") return reader.text(part, "actorId", actor.id);
    return true;
  });
}

bool read_urls(Reader& reader, ondemand::value value, std::span<const AttachmentUrl>& out) {
  ListBuilder<AttachmentUrl> urls(reader.arena());
  const bool read = reader.list(value, "urls", [&](ondemand::value entry) {
    AttachmentUrl& url = urls.add();
    return reader.object(entry, {}, [&](Key key, ondemand::value part) {
      if (key == "id") return reader.uuid(part, "id", url.id);
      if (key == "url") return reader.text(part, "url", url.url);
      if (key == "mediaType") return reader.text(part, "mediaType", url.media_type);
      if (key == "consumerType") return reader.text(part, "consumerType", url.consumer_type);
      return true;
    });
  });
  out = urls.list();
  return read;
}

bool read_attachments(Reader& reader, ondemand::value value, std::span<const Attachment>& out) {
  ListBuilder<Attachment> attachments(reader.arena());
  const bool read = reader.list(value, "attachments", [&](ondemand::value entry) {
    Attachment& attachment = attachments.add();
    return reader.object(entry, {}, [&](Key key, ondemand::value part) {
      if (key == "id") return reader.uuid(part, "id", attachment.id);
      if (key == "displayName") return read_localized(reader, part, "displayName", attachment.display_name);
      if (key == "name") return reader.text(part, "name", attachment.name);
      if (key == "expiresAt") return reader.instant(part, "expiresAt", attachment.expires_at);
      if (key == "urls") return read_urls(reader, part, attachment.urls);
      return true;
    });
  });
  out = attachments.list();
  return read;
}

/// Reads an id that must be there.
bool read_id(Reader& reader, ondemand::value value, Uuid& out) {
  std::optional<Uuid> id;
  if (!reader.uuid(value, "id", id)) return false;
  if (!id) return reader.fail("id", "is missing");
  out = *id;
  return true;
}

bool read_created_at(Reader& reader, ondemand::value value, Instant& out) {
  std::optional<Instant> at;
  if (!reader.instant(value, "createdAt", at)) return false;
  if (at) out = *at;
  return true;
}

/// A stored transmission is never sent again: only its identity and its files matter (M-10, D-6).
bool read_transmissions(Reader& reader, ondemand::value value, std::span<const Transmission>& out) {
  ListBuilder<Transmission> transmissions(reader.arena());
  const bool read = reader.list(value, "transmissions", [&](ondemand::value entry) {
    Transmission& transmission = transmissions.add();
    return reader.object(entry, {}, [&](Key key, ondemand::value part) {
      if (key == "id") return read_id(reader, part, transmission.id);
      if (key == "createdAt") return read_created_at(reader, part, transmission.created_at);
      if (key == "type") return reader.text(part, "type", transmission.type);
      if (key == "attachments") return read_attachments(reader, part, transmission.attachments);
      return true;
    });
  });
  out = transmissions.list();
  return read;
}

bool read_activities(Reader& reader, ondemand::value value, std::span<const Activity>& out) {
  ListBuilder<Activity> activities(reader.arena());
  const bool read = reader.list(value, "activities", [&](ondemand::value entry) {
    Activity& activity = activities.add();
    return reader.object(entry, {}, [&](Key key, ondemand::value part) {
      if (key == "id") return read_id(reader, part, activity.id);
      if (key == "createdAt") return read_created_at(reader, part, activity.created_at);
      if (key == "type") return reader.text(part, "type", activity.type);
      if (key == "performedBy") return read_actor(reader, part, "performedBy", activity.performed_by);
      return true;
    });
  });
  out = activities.list();
  return read;
}

bool read_priority(Reader& reader, ondemand::value value, Priority& out) {
  std::string_view name;
  if (!reader.text(value, "priority", name)) return false;
  if (name == "Primary")
    out = Priority::primary;
  else if (name == "Secondary")
    out = Priority::secondary;
  else if (name == "Tertiary")
    out = Priority::tertiary;
  else
    return reader.fail("priority", "must be Primary, Secondary or Tertiary");
  return true;
}

bool read_gui_actions(Reader& reader, ondemand::value value, std::span<const GuiAction>& out) {
  ListBuilder<GuiAction> actions(reader.arena());
  const bool read = reader.list(value, "guiActions", [&](ondemand::value entry) {
    GuiAction& action = actions.add();
    return reader.object(entry, {}, [&](Key key, ondemand::value part) {
      if (key == "id") return reader.uuid(part, "id", action.id);
      if (key == "action") return reader.text(part, "action", action.action);
      if (key == "url") return reader.text(part, "url", action.url);
      if (key == "authorizationAttribute")
        return reader.text(part, "authorizationAttribute", action.authorization_attribute);
      if (key == "isDeleteDialogAction")
        return reader.flag(part, "isDeleteDialogAction", action.is_delete_dialog_action);
      if (key == "httpMethod") return reader.text(part, "httpMethod", action.http_method);
      if (key == "priority") return read_priority(reader, part, action.priority);
      if (key == "title") return read_localized(reader, part, "title", action.title);
      if (key == "prompt") return read_localized(reader, part, "prompt", action.prompt);
      return true;
    });
  });
  out = actions.list();
  return read;
}

bool read_endpoints(Reader& reader, ondemand::value value, std::span<const ApiEndpoint>& out) {
  ListBuilder<ApiEndpoint> endpoints(reader.arena());
  const bool read = reader.list(value, "endpoints", [&](ondemand::value entry) {
    ApiEndpoint& endpoint = endpoints.add();
    return reader.object(entry, {}, [&](Key key, ondemand::value part) {
      if (key == "id") return reader.uuid(part, "id", endpoint.id);
      if (key == "version") return reader.text(part, "version", endpoint.version);
      if (key == "url") return reader.text(part, "url", endpoint.url);
      if (key == "httpMethod") return reader.text(part, "httpMethod", endpoint.http_method);
      if (key == "documentationUrl") return reader.text(part, "documentationUrl", endpoint.documentation_url);
      if (key == "requestSchema") return reader.text(part, "requestSchema", endpoint.request_schema);
      if (key == "responseSchema") return reader.text(part, "responseSchema", endpoint.response_schema);
      if (key == "deprecated") return reader.flag(part, "deprecated", endpoint.deprecated);
      if (key == "sunsetAt") return reader.instant(part, "sunsetAt", endpoint.sunset_at);
      return true;
    });
  });
  out = endpoints.list();
  return read;
}

bool read_api_actions(Reader& reader, ondemand::value value, std::span<const ApiAction>& out) {
  ListBuilder<ApiAction> actions(reader.arena());
  const bool read = reader.list(value, "apiActions", [&](ondemand::value entry) {
    ApiAction& action = actions.add();
    return reader.object(entry, {}, [&](Key key, ondemand::value part) {
      if (key == "id") return reader.uuid(part, "id", action.id);
      if (key == "action") return reader.text(part, "action", action.action);
      if (key == "name") return reader.text(part, "name", action.name);
      if (key == "authorizationAttribute")
        return reader.text(part, "authorizationAttribute", action.authorization_attribute);
      if (key == "endpoints") return read_endpoints(reader, part, action.endpoints);
      return true;
    });
  });
  out = actions.list();
  return read;
}

/// A list of `{"value": text}`.
bool read_values(Reader& reader, ondemand::value value, std::string_view member,
                 std::span<const std::string_view>& out) {
  ListBuilder<std::string_view> values(reader.arena());
  const bool read = reader.list(value, member, [&](ondemand::value entry) {
    std::string_view& text = values.add();
    return reader.object(entry, {}, [&](Key key, ondemand::value part) {
      if (key == "value") return reader.text(part, "value", text);
      return true;
    });
  });
  out = values.list();
  return read;
}

bool read_owner_context(Reader& reader, ondemand::value value, StoredDialog& dialog) {
  return reader.object(value, "serviceOwnerContext", [&](Key key, ondemand::value part) {
    if (key == "serviceOwnerLabels")
      return read_values(reader, part, "serviceOwnerLabels", dialog.service_owner_labels);
    return true;
  });
}

bool read_texts(Reader& reader, ondemand::value value, std::string_view member,
                std::span<const std::string_view>& out) {
  ListBuilder<std::string_view> texts(reader.arena());
  const bool read =
      reader.list(value, member, [&](ondemand::value entry) { return reader.text(entry, {}, texts.add()); });
  out = texts.list();
  return read;
}

bool read_user_context(Reader& reader, ondemand::value value, StoredDialog& dialog) {
  return reader.object(value, "endUserContext", [&](Key key, ondemand::value part) {
    return !(key == "systemLabels") || read_texts(reader, part, "systemLabels", dialog.system_labels);
  });
}

bool read_body_member(Reader& reader, Key key, ondemand::value value, DialogBody& body) {
  if (key == "status") return reader.text(value, "status", body.status);
  if (key == "isApiOnly") return reader.flag(value, "isApiOnly", body.is_api_only);
  if (key == "dueAt") return reader.instant(value, "dueAt", body.due_at);
  if (key == "content") return read_content(reader, value, body.content);
  if (key == "attachments") return read_attachments(reader, value, body.attachments);
  if (key == "transmissions") return read_transmissions(reader, value, body.transmissions);
  if (key == "guiActions") return read_gui_actions(reader, value, body.gui_actions);
  if (key == "apiActions") return read_api_actions(reader, value, body.api_actions);
  if (key == "activities") return read_activities(reader, value, body.activities);
  return true;
}

bool read_kept_member(Reader& reader, Key key, ondemand::value value, DialogKept& kept) {
  if (key == "progress") return reader.number(value, "progress", kept.progress);
  if (key == "extendedStatus") return reader.text(value, "extendedStatus", kept.extended_status);
  if (key == "externalReference") return reader.text(value, "externalReference", kept.external_reference);
  if (key == "process") return reader.text(value, "process", kept.process);
  if (key == "precedingProcess") return reader.text(value, "precedingProcess", kept.preceding_process);
  if (key == "expiresAt") return reader.instant(value, "expiresAt", kept.expires_at);
  if (key == "searchTags") return read_values(reader, value, "searchTags", kept.search_tags);
  return true;
}

Result<StoredDialog> read(Parser& parser, JsonView json, bool needs_revision) {
  StoredDialog dialog;
  Reader reader("existing", dialog.arena);
  std::optional<Uuid> id;
  std::optional<Uuid> revision;
  const bool good = reader.document(parser, json, [&](Key key, ondemand::value value) {
    if (key == "id") return reader.uuid(value, "id", id);
    if (key == "revision") return reader.uuid(value, "revision", revision);
    if (key == "party") return reader.text(value, "party", dialog.party);
    if (key == "deletedAt") return reader.instant(value, "deletedAt", dialog.deleted_at);
    if (key == "serviceOwnerContext") return read_owner_context(reader, value, dialog);
    if (key == "endUserContext") return read_user_context(reader, value, dialog);
    return read_body_member(reader, key, value, dialog.body) &&
           read_kept_member(reader, key, value, dialog.kept);
  });
  if (!good || (!id && !reader.fail("id", "is missing")) ||
      (needs_revision && !revision && !reader.fail("revision", "is missing")))
    return tl::unexpected(std::move(reader).problem());
  dialog.id = *id;
  dialog.revision = revision.value_or(Uuid{});
  return dialog;
}

} // namespace

Result<StoredDialog> read_dialog(Parser& parser, JsonView json) {
  return read(parser, json, true);
}

Result<StoredDialog> read_dialog_parts(Parser& parser, JsonView json) {
  return read(parser, json, false);
}

} // namespace dialogferry::codec
