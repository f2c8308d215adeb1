#include <dialogferry/codec/dialog_json.hpp>
#include <dialogferry/codec/json_writer.hpp>

namespace dialogferry::codec {

namespace {

constexpr std::size_t usual_size = 16 << 10; ///< more than nearly every dialog takes

/// The object that `write` fills. It is written into the thread's own buffer and leaves it in its true size:
/// dialogs wait for their upload by the hundred.
template <class Write>
std::string written(Write write) {
  static thread_local JsonWriter json(usual_size);
  json.clear();
  json.open('{');
  write(json);
  json.close('}');
  return json.view().size() > usual_size ? std::move(json).take() : std::string(json.view());
}

void write_localized(JsonWriter& json, LocalizedList list, const OptionalText& media_type = {}) {
  json.open('[');
  for (const auto& entry : list) {
    json.comma();
    json.open('{');
    if (entry.value.data() != nullptr) json.member(R"("value":)", std::optional(entry.value));
    json.member(R"("mediaType":)", media_type);
    json.name(R"("languageCode":)");
    json.text(entry.language);
    json.close('}');
  }
  json.close(']');
}

/// Each entry through write(entry), left out where there is none.
template <class T, class Write>
void write_list(JsonWriter& json, std::string_view name, std::span<const T> list, Write write) {
  if (list.empty()) return;
  json.name(name);
  json.open('[');
  for (const auto& entry : list) {
    json.comma();
    write(json, entry);
  }
  json.close(']');
}

void write_content_value(JsonWriter& json, std::string_view name,
                         const std::optional<ContentValue>& content) {
  if (!content) return;
  json.name(name);
  json.name(R"({"value":)");
  write_localized(json, content->value);
  json.name(R"("mediaType":)");
  json.text(content->media_type);
  if (content->is_authorized) {
    json.name(R"("isAuthorized":)");
    json.flag(*content->is_authorized);
  }
  json.close('}');
}

void write_content(JsonWriter& json, const Content& content) {
  json.name(R"("content":)");
  json.open('{');
  write_content_value(json, R"("title":)", content.title);
  write_content_value(json, R"("nonSensitiveTitle":)", content.non_sensitive_title);
  write_content_value(json, R"("summary":)", content.summary);
  write_content_value(json, R"("nonSensitiveSummary":)", content.non_sensitive_summary);
  write_content_value(json, R"("senderName":)", content.sender_name);
  write_content_value(json, R"("additionalInfo":)", content.additional_info);
  write_content_value(json, R"("extendedStatus":)", content.extended_status);
  write_content_value(json, R"("mainContentReference":)", content.main_content_reference);
  json.close('}');
}

void write_actor(JsonWriter& json, const Actor& actor) {
  json.open('{');
  json.name(R"("actorType":)");
  json.text(actor.type);
  json.member(R"("actorName":)", actor.name);
  json.member(R"("actorId":)", actor.id);
  json.close('}');
}

void write_url(JsonWriter& json, const AttachmentUrl& url) {
  json.open('{');
  json.member(R"("id":)", url.id);
  json.member(R"("url":)", url.url);
  json.member(R"("mediaType":)", url.media_type);
  json.name(R"("consumerType":)");
  json.text(url.consumer_type);
  json.close('}');
}

void write_attachment(JsonWriter& json, const Attachment& attachment) {
  json.open('{');
  json.member(R"("id":)", attachment.id);
  json.name(R"("displayName":)");
  write_localized(json, attachment.display_name);
  json.member(R"("name":)", attachment.name);
  json.member(R"("expiresAt":)", attachment.expires_at);
  write_list(json, R"("urls":)", attachment.urls, write_url);
  json.close('}');
}

void write_transmission(JsonWriter& json, const Transmission& transmission) {
  json.name(R"({"id":)");
  json.uuid(transmission.id);
  json.name(R"("createdAt":)");
  json.instant(transmission.created_at);
  json.name(R"("type":)");
  json.text(transmission.type);
  json.name(R"("sender":)");
  write_actor(json, transmission.sender);
  json.name(R"("content":)");
  json.open('{');
  write_content_value(json, R"("title":)", transmission.title);
  write_content_value(json, R"("contentReference":)", transmission.content_reference);
  json.close('}');
  write_list(json, R"("attachments":)", transmission.attachments, write_attachment);
  json.close('}');
}

std::string_view name_of(Priority priority) {
  switch (priority) {
  case Priority::primary: return "Primary";
  case Priority::secondary: return "Secondary";
  case Priority::tertiary: break;
  }
  return "Tertiary";
}

void write_gui_action(JsonWriter& json, const GuiAction& action) {
  json.open('{');
  json.member(R"("id":)", action.id);
  json.name(R"("action":)");
  json.text(action.action);
  json.name(R"("url":)");
  json.text(action.url);
  json.member(R"("authorizationAttribute":)", action.authorization_attribute);
  json.name(R"("isDeleteDialogAction":)");
  json.flag(action.is_delete_dialog_action);
  json.name(R"("httpMethod":)");
  json.text(action.http_method);
  json.name(R"("priority":)");
  json.plain(name_of(action.priority));
  json.name(R"("title":)");
  write_localized(json, action.title, action.title_media_type);
  if (!action.prompt.empty()) {
    json.name(R"("prompt":)");
    write_localized(json, action.prompt);
  }
  json.close('}');
}

void write_endpoint(JsonWriter& json, const ApiEndpoint& endpoint) {
  json.open('{');
  json.member(R"("id":)", endpoint.id);
  json.member(R"("version":)", endpoint.version);
  json.name(R"("url":)");
  json.text(endpoint.url);
  json.name(R"("httpMethod":)");
  json.text(endpoint.http_method);
  json.member(R"("documentationUrl":)", endpoint.documentation_url);
  json.member(R"("requestSchema":)", endpoint.request_schema);
  json.member(R"("responseSchema":)", endpoint.response_schema);
  json.name(R"("deprecated":)");
  json.flag(endpoint.deprecated);
  json.member(R"("sunsetAt":)", endpoint.sunset_at);
  json.close('}');
}

void write_api_action(JsonWriter& json, const ApiAction& action) {
  json.open('{');
  json.member(R"("id":)", action.id);
  json.name(R"("action":)");
  json.text(action.action);
  json.member(R"("name":)", action.name);
  json.member(R"("authorizationAttribute":)", action.authorization_attribute);
  write_list(json, R"("endpoints":)", action.endpoints, write_endpoint);
  json.close('}');
}

void write_activity_members(JsonWriter& json, const Activity& activity) {
  json.name(R"("id":)");
  json.uuid(activity.id);
  json.name(R"("createdAt":)");
  json.instant(activity.created_at);
  json.name(R"("type":)");
  json.text(activity.type);
  json.name(R"("performedBy":)");
  write_actor(json, activity.performed_by);
  if (activity.description.empty()) return;
  json.name(R"("description":)");
  write_localized(json, activity.description);
}

void write_activity_object(JsonWriter& json, const Activity& activity) {
  json.open('{');
  write_activity_members(json, activity);
  json.close('}');
}

void write_body(JsonWriter& json, const DialogBody& body, bool with_api_only = true) {
  json.member(R"("status":)", body.status);
  if (with_api_only) {
    json.name(R"("isApiOnly":)");
    json.flag(body.is_api_only);
  }
  json.member(R"("dueAt":)", body.due_at);
  write_content(json, body.content);
  write_list(json, R"("attachments":)", body.attachments, write_attachment);
  write_list(json, R"("transmissions":)", body.transmissions, write_transmission);
  write_list(json, R"("guiActions":)", body.gui_actions, write_gui_action);
  write_list(json, R"("apiActions":)", body.api_actions, write_api_action);
  write_list(json, R"("activities":)", body.activities, write_activity_object);
}

void write_origin(JsonWriter& json, const DialogOrigin& origin) {
  json.name(R"("id":)");
  json.uuid(origin.id);
  json.name(R"("serviceResource":)");
  json.text(origin.service_resource);
  json.name(R"("party":)");
  json.text(origin.party);
  json.name(R"("systemLabel":)");
  json.plain(origin.system_label);
  json.name(R"("serviceOwnerContext":)");
  json.name(R"({"serviceOwnerLabels":[{"value":)");
  json.text(origin.service_owner_label);
  json.close('}');
  json.close(']');
  json.close('}');
  json.name(R"("createdAt":)");
  json.instant(origin.created_at);
  json.member(R"("updatedAt":)", origin.updated_at);
  json.member(R"("visibleFrom":)", origin.visible_from);
}

void write_kept(JsonWriter& json, const DialogKept& kept) {
  if (kept.progress) {
    json.name(R"("progress":)");
    json.number(*kept.progress);
  }
  json.member(R"("extendedStatus":)", kept.extended_status);
  json.member(R"("externalReference":)", kept.external_reference);
  json.member(R"("process":)", kept.process);
  json.member(R"("precedingProcess":)", kept.preceding_process);
  json.member(R"("expiresAt":)", kept.expires_at);
  write_list(json, R"("searchTags":)", kept.search_tags, [](JsonWriter& to, std::string_view tag) {
    to.open('{');
    to.name(R"("value":)");
    to.text(tag);
    to.close('}');
  });
}

} // namespace

std::string write_create(const DialogOrigin& origin, const DialogBody& body) {
  return written([&](JsonWriter& json) {
    write_origin(json, origin);
    write_body(json, body);
  });
}

std::string write_create(const DialogOrigin& origin, const DialogKept& kept, const DialogBody& body) {
  return written([&](JsonWriter& json) {
    write_origin(json, origin);
    write_kept(json, kept);
    write_body(json, body, body.is_api_only);
  });
}

std::string write_activity(const Activity& activity) {
  return written([&](JsonWriter& json) { write_activity_members(json, activity); });
}

std::string write_update(const DialogKept& kept, const DialogBody& body) {
  return written([&](JsonWriter& json) {
    write_kept(json, kept);
    write_body(json, body);
  });
}

} // namespace dialogferry::codec
