#include "merge.hpp"
#include "target_form.hpp"

#include <algorithm>
#include <functional>

namespace dialogferry::mapping {

namespace {

/// Both lists are in the target's form, so in the same order.
template <class T, class Same>
bool same_lists(std::span<const T> a, std::span<const T> b, Same same) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}

bool same_texts(codec::LocalizedList a, codec::LocalizedList b) {
  return same_lists(a, b, std::equal_to<>());
}

bool same_value(const std::optional<codec::ContentValue>& a, const std::optional<codec::ContentValue>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  return a->media_type == b->media_type && same_texts(a->value, b->value);
}

bool same_content(const codec::Content& a, const codec::Content& b) {
  return same_value(a.title, b.title) && same_value(a.non_sensitive_title, b.non_sensitive_title) &&
         same_value(a.summary, b.summary) && same_value(a.non_sensitive_summary, b.non_sensitive_summary) &&
         same_value(a.sender_name, b.sender_name) && same_value(a.additional_info, b.additional_info) &&
         same_value(a.extended_status, b.extended_status) &&
         same_value(a.main_content_reference, b.main_content_reference);
}

bool same_url(const codec::AttachmentUrl& a, const codec::AttachmentUrl& b) {
  return a.url == b.url && a.media_type == b.media_type && a.consumer_type == b.consumer_type;
}

bool same_attachment(const codec::Attachment& a, const codec::Attachment& b) {
  return a.id == b.id && a.name == b.name && a.expires_at == b.expires_at &&
         same_texts(a.display_name, b.display_name) && same_lists(a.urls, b.urls, same_url);
}

bool same_gui_action(const codec::GuiAction& a, const codec::GuiAction& b) {
  return a.id == b.id && a.action == b.action && a.url == b.url && a.priority == b.priority &&
         a.authorization_attribute == b.authorization_attribute &&
         a.is_delete_dialog_action == b.is_delete_dialog_action && a.http_method == b.http_method &&
         same_texts(a.title, b.title) && same_texts(a.prompt, b.prompt);
}

bool same_endpoint(const codec::ApiEndpoint& a, const codec::ApiEndpoint& b) {
  return a.url == b.url && a.version == b.version && a.http_method == b.http_method &&
         a.documentation_url == b.documentation_url && a.request_schema == b.request_schema &&
         a.response_schema == b.response_schema && a.deprecated == b.deprecated && a.sunset_at == b.sunset_at;
}

bool same_api_action(const codec::ApiAction& a, const codec::ApiAction& b) {
  return a.id == b.id && a.action == b.action && a.name == b.name &&
         a.authorization_attribute == b.authorization_attribute &&
         same_lists(a.endpoints, b.endpoints, same_endpoint);
}

bool same_body(const codec::DialogBody& a, const codec::DialogBody& b) {
  return a.due_at == b.due_at && same_content(a.content, b.content) &&
         same_lists(a.attachments, b.attachments, same_attachment) &&
         same_lists(a.gui_actions, b.gui_actions, same_gui_action) &&
         same_lists(a.api_actions, b.api_actions, same_api_action);
}

} // namespace

bool is_unchanged(codec::Arena& arena, const codec::DialogBody& body, const codec::DialogBody& stored) {
  return body.transmissions.empty() && body.activities.empty() && body.status == stored.status &&
         body.is_api_only == stored.is_api_only &&
         same_body(stored_form(arena, body), stored_form(arena, stored));
}

} // namespace dialogferry::mapping
