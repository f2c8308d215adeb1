#pragma once

#include "dialogporten/model/dialog.hpp"

#include <concepts>
#include <type_traits>

/// The members of every JSON object of a dialog, named once for reading and for writing. `visit(name,
/// member)` is an ordinary member, `visit.not_null` one that may be missing but not null, `visit.must` one
/// that has to be there, `visit.filled` a list that answers leave out where it is empty (observed.md OD-8),
/// `visit.stored` one that requests cannot set. Nullability as the contract says (dialogporten.md 1, 3).
namespace altinn_sim::dialogporten {

template <class T, class Plain>
concept As = std::same_as<std::remove_const_t<T>, Plain>;

template <class V, As<Localization> T>
void describe(V& visit, T& it) {
  visit.must("value", it.value);
  visit.must_language("languageCode", it.language);
}

template <class V, As<ContentValue> T>
void describe(V& visit, T& it) {
  visit("value", it.value);
  visit("mediaType", it.media_type);
}

template <class V, class T>
void describe_content(V& visit, T& it, const auto& rules) {
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (rules[i].required)
      visit.not_null(rules[i].name, it.values[i]);
    else
      visit(rules[i].name, it.values[i]);
  }
}

template <class V, As<Content> T>
void describe(V& visit, T& it) {
  describe_content(visit, it, dialog_content_rules);
}

template <class V, As<TransmissionContent> T>
void describe(V& visit, T& it) {
  describe_content(visit, it, transmission_content_rules);
}

template <class V, As<Tag> T>
void describe(V& visit, T& it) {
  visit("value", it.value);
}

template <class V, As<Actor> T>
void describe(V& visit, T& it) {
  visit("actorType", it.type);
  visit("actorName", it.name);
  visit("actorId", it.id);
}

template <class V, class T>
void describe_url(V& visit, T& it) {
  visit.not_null("url", it.url);
  visit("mediaType", it.media_type);
  visit("consumerType", it.consumer_type);
}

template <class V, As<AttachmentUrl> T>
void describe(V& visit, T& it) {
  visit("id", it.id);
  describe_url(visit, it);
}

template <class V, As<TransmissionAttachmentUrl> T>
void describe(V& visit, T& it) {
  visit.stored("id", it.id);
  describe_url(visit, it);
}

template <class V, class T>
requires As<T, Attachment> || As<T, TransmissionAttachment>
void describe(V& visit, T& it) {
  visit("id", it.id);
  visit.filled("displayName", it.display_name);
  visit("name", it.name);
  visit("urls", it.urls);
  visit("expiresAt", it.expires_at);
}

template <class V, As<NavigationalAction> T>
void describe(V& visit, T& it) {
  visit("title", it.title);
  visit.not_null("url", it.url);
  visit("expiresAt", it.expires_at);
}

template <class V, As<Transmission> T>
void describe(V& visit, T& it) {
  visit("id", it.id);
  visit("idempotentKey", it.idempotent_key);
  visit("createdAt", it.created_at);
  visit("authorizationAttribute", it.authorization_attribute);
  visit("extendedType", it.extended_type);
  visit("externalReference", it.external_reference);
  visit("relatedTransmissionId", it.related_transmission_id);
  visit("type", it.type);
  visit.not_null("sender", it.sender);
  visit("content", it.content);
  visit("attachments", it.attachments);
  visit("navigationalActions", it.navigational_actions);
  visit.stored("isOpened", it.is_opened);
}

template <class V, As<GuiAction> T>
void describe(V& visit, T& it) {
  visit("id", it.id);
  visit("action", it.action);
  visit.not_null("url", it.url);
  visit("authorizationAttribute", it.authorization_attribute);
  visit("isDeleteDialogAction", it.is_delete_dialog_action);
  visit("httpMethod", it.http_method);
  visit("priority", it.priority);
  visit("title", it.title);
  visit("prompt", it.prompt);
}

template <class V, As<Endpoint> T>
void describe(V& visit, T& it) {
  visit("id", it.id);
  visit("version", it.version);
  visit.not_null("url", it.url);
  visit("httpMethod", it.http_method);
  visit("documentationUrl", it.documentation_url);
  visit("requestSchema", it.request_schema);
  visit("responseSchema", it.response_schema);
  visit("deprecated", it.deprecated);
  visit("sunsetAt", it.sunset_at);
}

template <class V, As<ApiAction> T>
void describe(V& visit, T& it) {
  visit("id", it.id);
  visit("action", it.action);
  visit("authorizationAttribute", it.authorization_attribute);
  visit("name", it.name);
  visit("endpoints", it.endpoints);
}

template <class V, As<Activity> T>
void describe(V& visit, T& it) {
  visit("id", it.id);
  visit("createdAt", it.created_at);
  visit("extendedType", it.extended_type);
  visit("type", it.type);
  visit("transmissionId", it.transmission_id);
  visit.not_null("performedBy", it.performed_by);
  visit.filled("description", it.description);
}

template <class V, As<ServiceOwnerContext> T>
void describe(V& visit, T& it) {
  visit("serviceOwnerLabels", it.labels);
}

/// What every body holds. Content comes first: see short_texts_of() in document.hpp.
template <class V, As<Dialog> T>
void describe_common(V& visit, T& it) {
  visit("content", it.content);
  visit("progress", it.progress);
  visit("extendedStatus", it.extended_status);
  visit("externalReference", it.external_reference);
  visit("dueAt", it.due_at);
  visit("expiresAt", it.expires_at);
  visit("process", it.process);
  visit("precedingProcess", it.preceding_process);
  visit("isApiOnly", it.is_api_only);
  visit("searchTags", it.search_tags);
  visit("attachments", it.attachments);
  visit("transmissions", it.transmissions);
  visit("guiActions", it.gui_actions);
  visit("apiActions", it.api_actions);
  visit("activities", it.activities);
}

template <class V, As<Dialog> T>
void describe_update(V& visit, T& it) {
  describe_common(visit, it);
  visit.not_null("status", it.status);
}

template <class V, As<Dialog> T>
void describe_create(V& visit, T& it) {
  visit("id", it.id);
  visit("idempotentKey", it.idempotent_key);
  visit("serviceResource", it.service_resource);
  visit("party", it.party);
  visit("visibleFrom", it.visible_from);
  visit("createdAt", it.created_at);
  visit("updatedAt", it.updated_at);
  visit("systemLabel", it.system_label);
  visit("serviceOwnerContext", it.service_owner_context);
  visit("status", it.status);
  describe_common(visit, it);
}

/// What the store keeps as text: everything that only a PUT or an append changes.
template <class V, As<Dialog> T>
void describe_stored(V& visit, T& it) {
  describe_common(visit, it);
  visit("status", it.status);
  visit("idempotentKey", it.idempotent_key);
  visit("serviceResource", it.service_resource);
  visit("party", it.party);
  visit("visibleFrom", it.visible_from);
}

} // namespace altinn_sim::dialogporten
