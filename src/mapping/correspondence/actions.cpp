#include "material.hpp"
#include "wording.hpp"

namespace dialogferry::mapping::correspondence {

namespace {

constexpr std::size_t most_replies = 3; ///< with more there are none: they stand in the text instead

std::string_view purge_url(const Material& material) {
  return material.url({"/purge"});
}

codec::GuiAction button(std::string_view url, std::string_view method, codec::Priority priority,
                        codec::LocalizedList title) {
  codec::GuiAction action;
  action.action = "read";
  action.url = url;
  action.http_method = method;
  action.priority = priority;
  action.title = title;
  action.title_media_type = codec::text_plain;
  return action;
}

codec::LocalizedList reply_title(const Material& material, const codec::ReplyOption& reply) {
  if (!reply.text) return localized(material.arena, Phrase::reply);
  const auto list = material.arena.make<codec::Localized>(language_count);
  for (std::size_t i = 0; i < language_count; ++i)
    list[i] = {*reply.text, code_of(static_cast<Language>(i))};
  return list;
}

codec::ApiAction endpoint(const Material& material, std::string_view action, std::string_view name,
                          std::string_view method, std::string_view url) {
  const auto endpoints = material.arena.make<codec::ApiEndpoint>(1);
  endpoints[0].url = url;
  endpoints[0].http_method = method;
  codec::ApiAction built;
  built.action = action;
  built.name = name;
  built.endpoints = endpoints;
  return built;
}

} // namespace

std::string_view confirm_url(const Material& material) {
  return material.url({"/confirm"});
}

std::span<const codec::GuiAction> build_gui_actions(const Material& material) {
  auto replies = material.record.base.replies;
  if (replies.size() > most_replies) replies = {};
  const bool confirm = material.needs_confirmation() && !material.is_confirmed();
  const auto list = material.arena.make<codec::GuiAction>(replies.size() + (confirm ? 2 : 1));
  auto next = list.begin();
  for (const auto& reply : replies)
    *next++ = button(reply.url.value_or(""), "GET", codec::Priority::tertiary, reply_title(material, reply));
  if (confirm)
    *next++ = button(confirm_url(material), "POST", codec::Priority::primary,
                     localized(material.arena, Phrase::confirm));
  *next = button(purge_url(material), "DELETE", codec::Priority::tertiary,
                 localized(material.arena, Phrase::remove));
  next->is_delete_dialog_action = true;
  return list;
}

std::span<const codec::ApiAction> build_api_actions(const Material& material) {
  const auto files = material.record.attachments.size();
  const bool confirm = material.needs_confirmation();
  const auto list = material.arena.make<codec::ApiAction>(files + (confirm ? 3 : 2));
  auto next = list.begin();
  *next++ = endpoint(material, "read", "getCorrespondence", "GET", material.base_url);
  *next++ = endpoint(material, "write", "purgeCorrespondence", "DELETE", purge_url(material));
  if (confirm) *next++ = endpoint(material, "write", "confirmCorrespondence", "POST", confirm_url(material));
  for (std::size_t i = 0; i < files; ++i)
    *next++ =
        endpoint(material, "read", "downloadCorrespondenceAttachment", "GET", download_url(material, i));
  return list;
}

} // namespace dialogferry::mapping::correspondence
