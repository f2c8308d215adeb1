#include "correspondence/dialog/parts.hpp"

#include "correspondence/dialog/texts.hpp"
#include "correspondence/model/text.hpp"
#include "dialogporten/model/text.hpp"

#include <algorithm>
#include <array>

namespace altinn_sim::correspondence {

namespace {

constexpr std::uint64_t too_large_for_zip = 2'000'000'000;
constexpr std::size_t most_reply_options = 3;

json::object text_part(const std::string& language, const std::string& text) {
  return {{"value", json::array{json::object{{"value", text}, {"languageCode", language}}}},
          {"mediaType", "text/plain"}};
}

json::array in_all_languages(const Wording& wording, bool with_media_type) {
  json::array out;
  for (std::size_t language = 0; language < languages.size(); ++language) {
    json::object text{{"value", worded(wording, language)}, {"languageCode", languages[language]}};
    if (with_media_type) text["mediaType"] = "text/plain";
    out.push_back(std::move(text));
  }
  return out;
}

/// By the extension of a file's name; nothing for what has none.
std::optional<std::string> media_type_of(const std::string& name) {
  struct Known {
    std::string_view extension;
    std::string_view type;
  };
  constexpr std::array<Known, 14> known = {
      {{"pdf", "application/pdf"},
       {"xml", "application/xml"},
       {"html", "text/html"},
       {"json", "application/json"},
       {"jpg", "image/jpeg"},
       {"jpeg", "image/jpeg"},
       {"png", "image/png"},
       {"csv", "text/csv"},
       {"txt", "text/plain"},
       {"zip", "application/zip"},
       {"doc", "application/msword"},
       {"xls", "application/vnd.ms-excel"},
       {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
       {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}}};
  constexpr std::array<std::string_view, 6> by_name = {"ppt", "pps", "gif", "bmp", "dcm", "dicom"};
  const auto dot = name.rfind('.');
  if (dot == std::string::npos) return std::nullopt;
  auto extension = dialogporten::lower(name.substr(dot + 1));
  const auto* found =
      std::find_if(known.begin(), known.end(), [&](const Known& it) { return it.extension == extension; });
  if (found != known.end()) return std::string{found->type};
  if (std::find(by_name.begin(), by_name.end(), extension) == by_name.end()) return std::nullopt;
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](char c) { return static_cast<char>(c - 'a' + 'A'); });
  return extension;
}

json::object attachment_at(const Uuid& id, json::array display_name, const std::string& url,
                           const std::optional<std::string>& media_type) {
  json::object address{{"url", url}, {"consumerType", "Gui"}};
  if (media_type) address["mediaType"] = *media_type;
  return {{"id", to_string(id)},
          {"displayName", std::move(display_name)},
          {"urls", json::array{std::move(address)}}};
}

bool has_zip(const std::vector<Attachment>& attachments) {
  std::uint64_t total = 0;
  for (const auto& each : attachments)
    total += each.size;
  return attachments.size() >= 2 && total < too_large_for_zip;
}

std::string download_address(const std::string& address, const Attachment& attachment) {
  return address + "/attachment/" + to_string(attachment.id) + "/download";
}

json::object gui_action(std::string_view method, std::string_view priority, const std::string& url,
                        json::array title) {
  return {{"action", "read"},
          {"url", url},
          {"httpMethod", method},
          {"priority", priority},
          {"title", std::move(title)}};
}

json::object api_action(std::string_view action, std::string_view name, std::string_view method,
                        const std::string& url) {
  return {{"action", action},
          {"name", name},
          {"endpoints", json::array{json::object{{"url", url}, {"httpMethod", method}}}}};
}

} // namespace

json::object content_of(const Record& record, const std::string& address) {
  json::object out;
  out["title"] = text_part(record.language, record.title);
  if (const auto summary = plain_summary(record.summary); !summary.empty())
    out["summary"] = text_part(record.language, summary);
  if (record.message_sender && !dialogporten::is_blank(*record.message_sender))
    out["senderName"] = text_part(record.language, *record.message_sender);
  auto reference = text_part(record.language, address + "/content");
  reference["mediaType"] = "application/vnd.dialogporten.frontchannelembed+json;type=markdown";
  out["mainContentReference"] = std::move(reference);
  return out;
}

json::array attachments_of(const Record& record, const std::vector<Attachment>& attachments,
                           const std::string& address, Ticks now, dialogporten::UuidSource& ids) {
  json::array out;
  const auto next_id = [&] {
    return ids.version_7(now + static_cast<Ticks>(out.size() + 1) * dialogporten::ticks_per_ms);
  };
  if (has_zip(attachments))
    out.push_back(attachment_at(next_id(), in_all_languages(texts::all_attachments, false),
                                address + "/attachments/downloadall", "application/zip"));
  for (const auto& each : attachments) {
    const auto& name = each.display_name ? each.display_name : each.file_name;
    json::object text{{"value", name ? json::value(*name) : json::value(nullptr)},
                      {"languageCode", record.language}};
    out.push_back(attachment_at(next_id(), json::array{std::move(text)}, download_address(address, each),
                                media_type_of(each.file_name.value_or(""))));
  }
  return out;
}

json::array gui_actions_of(const Record& record, const std::string& address, bool asks_to_confirm) {
  json::array out;
  if (record.reply_options.size() <= most_reply_options) {
    for (const auto& each : record.reply_options) {
      auto title = in_all_languages(texts::reply, true);
      if (each.text)
        for (auto& text : title)
          text.as_object()["value"] = *each.text;
      out.push_back(gui_action("GET", "Tertiary", each.url, std::move(title)));
    }
  }
  if (asks_to_confirm)
    out.push_back(
        gui_action("POST", "Primary", address + "/confirm", in_all_languages(texts::confirm, true)));
  auto purge = gui_action("DELETE", "Tertiary", address + "/purge", in_all_languages(texts::purge, true));
  purge["isDeleteDialogAction"] = true;
  out.push_back(std::move(purge));
  return out;
}

json::array api_actions_of(const Record& record, const std::vector<Attachment>& attachments,
                           const std::string& address) {
  json::array out;
  out.push_back(api_action("read", "getCorrespondence", "GET", address));
  out.push_back(api_action("write", "purgeCorrespondence", "DELETE", address + "/purge"));
  if (record.confirmation_needed)
    out.push_back(api_action("write", "confirmCorrespondence", "POST", address + "/confirm"));
  for (const auto& each : attachments)
    out.push_back(
        api_action("read", "downloadCorrespondenceAttachment", "GET", download_address(address, each)));
  return out;
}

} // namespace altinn_sim::correspondence
