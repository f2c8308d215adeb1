#include "target_form.hpp"

#include <algorithm>
#include <tuple>
#include <type_traits>

namespace dialogferry::mapping {

namespace {

/// A copy of the list, each entry through change(entry).
template <class T, class Change>
std::span<T> changed(codec::Arena& arena, std::span<const T> list, Change change) {
  const auto copy = arena.make<T>(list.size());
  std::transform(list.begin(), list.end(), copy.begin(), change);
  return copy;
}

/// Sorts where the list is not in order yet.
template <class T, class Earlier>
void sort(std::span<T> list, Earlier earlier) {
  if (!std::is_sorted(list.begin(), list.end(), earlier)) std::stable_sort(list.begin(), list.end(), earlier);
}

/// PostgreSQL keeps microseconds, but for the last instant there is, which stands for "never".
std::optional<Instant> stored_time(std::optional<Instant> at) {
  static const auto last = parse_instant("9999-12-31T23:59:59.9999999Z");
  if (at && at != last) at->ticks -= at->ticks % Instant::per_microsecond;
  return at;
}

std::string_view lower_case(codec::Arena& arena, std::string_view text) {
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (std::none_of(text.begin(), text.end(), is_upper)) return text;
  char* const first = arena.characters(text.size());
  std::transform(text.begin(), text.end(), first,
                 [&](char c) { return is_upper(c) ? static_cast<char>(c + ('a' - 'A')) : c; });
  return {first, text.size()};
}

codec::LocalizedList stored_texts(codec::Arena& arena, codec::LocalizedList list) {
  const auto texts = changed(arena, list, [&](const codec::Localized& text) {
    return codec::Localized{text.value, lower_case(arena, text.language)};
  });
  sort(texts, [](const auto& a, const auto& b) {
    return std::tie(a.language, a.value) < std::tie(b.language, b.value);
  });
  return texts;
}

void store_texts(codec::Arena& arena, std::optional<codec::ContentValue>& value) {
  if (value) value->value = stored_texts(arena, value->value);
}

codec::Content stored_content(codec::Arena& arena, codec::Content content) {
  for (auto* value : {&content.title, &content.non_sensitive_title, &content.summary,
                      &content.non_sensitive_summary, &content.sender_name, &content.additional_info,
                      &content.extended_status, &content.main_content_reference})
    store_texts(arena, *value);
  return content;
}

/// Applies `change` to an address that may be absent.
template <class Text, class Change>
void apply(Text& url, codec::Arena& arena, Change change) {
  if constexpr (std::is_same_v<Text, codec::OptionalText>) {
    if (url) url = change(arena, *url);
  } else {
    url = change(arena, url);
  }
}

using UrlChange = std::string_view (*)(codec::Arena&, std::string_view);

codec::ApiEndpoint with_urls(codec::Arena& arena, codec::ApiEndpoint endpoint, UrlChange change) {
  apply(endpoint.url, arena, change);
  apply(endpoint.documentation_url, arena, change);
  apply(endpoint.request_schema, arena, change);
  apply(endpoint.response_schema, arena, change);
  return endpoint;
}

// -- what is stored -----------------------------------------------------------

template <class T>
bool by_id(const T& a, const T& b) {
  return a.id < b.id;
}

codec::Attachment stored_attachment(codec::Arena& arena, codec::Attachment attachment) {
  attachment.display_name = stored_texts(arena, attachment.display_name);
  attachment.expires_at = stored_time(attachment.expires_at);
  const auto urls = changed(arena, attachment.urls, [&](codec::AttachmentUrl url) {
    url.id.reset();
    apply(url.url, arena, stored_url);
    return url;
  });
  sort(urls, [](const auto& a, const auto& b) {
    return std::tie(a.url, a.consumer_type, a.media_type) < std::tie(b.url, b.consumer_type, b.media_type);
  });
  attachment.urls = urls;
  return attachment;
}

codec::GuiAction stored_gui_action(codec::Arena& arena, codec::GuiAction action) {
  apply(action.url, arena, stored_url);
  action.title = stored_texts(arena, action.title);
  action.prompt = stored_texts(arena, action.prompt);
  return action;
}

codec::ApiAction stored_api_action(codec::Arena& arena, codec::ApiAction action) {
  const auto endpoints = changed(arena, action.endpoints, [&](codec::ApiEndpoint endpoint) {
    endpoint.id.reset();
    endpoint.sunset_at = stored_time(endpoint.sunset_at);
    return with_urls(arena, endpoint, stored_url);
  });
  sort(endpoints, [](const auto& a, const auto& b) {
    return std::tie(a.url, a.http_method, a.version, a.documentation_url, a.request_schema, a.response_schema,
                    a.deprecated, a.sunset_at) < std::tie(b.url, b.http_method, b.version,
                                                          b.documentation_url, b.request_schema,
                                                          b.response_schema, b.deprecated, b.sunset_at);
  });
  action.endpoints = endpoints;
  return action;
}

/// The list by its ids, each entry through store(arena, entry).
template <class T>
std::span<const T> stored_list(codec::Arena& arena, std::span<const T> list, T (*store)(codec::Arena&, T)) {
  const auto entries = changed(arena, list, [&](const T& entry) { return store(arena, entry); });
  sort(entries, by_id<T>);
  return entries;
}

// -- what is sent again -------------------------------------------------------

codec::Attachment sendable_attachment(codec::Arena& arena, codec::Attachment attachment) {
  attachment.urls = changed(arena, attachment.urls, [&](codec::AttachmentUrl url) {
    apply(url.url, arena, sendable_url);
    return url;
  });
  return attachment;
}

} // namespace

codec::DialogBody stored_form(codec::Arena& arena, const codec::DialogBody& body) {
  auto stored = body;
  stored.due_at = stored_time(body.due_at);
  stored.content = stored_content(arena, body.content);
  stored.attachments = stored_list(arena, body.attachments, stored_attachment);
  stored.gui_actions = stored_list(arena, body.gui_actions, stored_gui_action);
  stored.api_actions = stored_list(arena, body.api_actions, stored_api_action);
  return stored;
}

codec::DialogBody sendable_form(codec::Arena& arena, const codec::DialogBody& stored) {
  auto body = stored;
  body.attachments = changed(arena, stored.attachments,
                             [&](const codec::Attachment& file) { return sendable_attachment(arena, file); });
  body.gui_actions = changed(arena, stored.gui_actions, [&](codec::GuiAction action) {
    apply(action.url, arena, sendable_url);
    return action;
  });
  body.api_actions = changed(arena, stored.api_actions, [&](codec::ApiAction action) {
    action.endpoints = changed(arena, action.endpoints, [&](const codec::ApiEndpoint& endpoint) {
      return with_urls(arena, endpoint, sendable_url);
    });
    return action;
  });
  return body;
}

} // namespace dialogferry::mapping
