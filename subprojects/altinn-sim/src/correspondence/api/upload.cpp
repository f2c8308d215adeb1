#include "correspondence/api/desk.hpp"
#include "correspondence/model/dialog_id.hpp"
#include "correspondence/model/json_time.hpp"
#include "correspondence/wire/bodies.hpp"
#include "dialogporten/model/text.hpp"

#include <algorithm>

// M1 (correspondence.md 1.2, observed.md OC-9)
namespace altinn_sim::correspondence {

namespace {

constexpr std::size_t longest_name = 255;
constexpr std::size_t longest_reference = 4096;

struct Upload {
  Attachment attachment;
  std::optional<std::string> sender;
  std::optional<std::string> checksum;
};

/// A value of the query; empty and blank ones count as absent.
std::optional<std::string> value_of(const Request& request, std::string_view name) {
  const auto* found = request.parameter(name);
  if (found == nullptr || dialogporten::is_blank(*found)) return std::nullopt;
  return *found;
}

bool is_md5(std::string_view text) {
  return text.size() == 32 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

/// Reads a value that must be of a form where it is there at all, even empty.
template <class Parse>
void check_form(const Request& request, Verdict& verdict, std::string_view name, Parse parse) {
  const auto* found = request.parameter(name);
  if (found != nullptr && !parse(*found))
    verdict.invalid.push_back({dialogporten::pascal(name), "The value '" + *found + "' is not valid."});
}

Verdict read_query(const Request& request, Upload& out) {
  Verdict verdict;
  const auto check_text = [&](std::string_view name, std::size_t most) {
    const auto text = value_of(request, name);
    if (const auto problem = text_problem(text, most))
      verdict.invalid.push_back({dialogporten::pascal(name), *problem});
    return text;
  };
  const auto check_length = [&](std::string_view name) {
    auto text = value_of(request, name);
    if (text && dialogporten::utf16_length(*text) > longest_name)
      verdict.invalid.push_back({dialogporten::pascal(name), "The field must be at most 255 characters."});
    return text;
  };
  const auto resource = check_text("resourceId", longest_name);
  if (resource && !is_resource_id(*resource))
    verdict.invalid.push_back({"ResourceId", "The field is no resource id."});
  check_text("sendersReference", longest_reference);
  out.attachment.altinn2_id = check_text("altinn2AttachmentId", std::string::npos).value_or("");
  check_form(request, verdict, "created", [](const std::string& text) { return parse_json_time(text); });
  check_form(request, verdict, "senderPartyUuid",
             [](const std::string& text) { return dialogporten::parse_any_uuid(text); });
  check_form(request, verdict, "isEncrypted", [](const std::string& text) {
    return dialogporten::same_name(text, "true") || dialogporten::same_name(text, "false");
  });
  out.attachment.file_name = check_length("fileName");
  out.attachment.display_name = check_length("displayName");
  out.sender = value_of(request, "sender");
  out.checksum = value_of(request, "checksum");
  if (out.checksum && !is_md5(*out.checksum))
    verdict.invalid.push_back({"Checksum", "The checksum is no MD5."});
  return verdict;
}

bool has_nul(const Request& request) {
  return std::any_of(request.parameters.begin(), request.parameters.end(),
                     [](const auto& each) { return each.second.find('\0') != std::string::npos; });
}

Response stored(Desk& desk, Upload upload) {
  const std::lock_guard lock(desk.mutex);
  auto& attachment = upload.attachment;
  const auto known = desk.store.attachment_by_altinn2.find(attachment.altinn2_id);
  if (known != desk.store.attachment_by_altinn2.end()) {
    ++desk.store.attachments.at(known->second).doubled_uploads;
    return ok(known->second);
  }
  const auto wanted =
      desk.around.attachment_id ? desk.around.attachment_id(attachment.altinn2_id) : std::nullopt;
  attachment.id = wanted ? *wanted : desk.new_id();
  desk.store.attachment_by_altinn2.emplace(attachment.altinn2_id, attachment.id);
  const auto id = attachment.id;
  desk.store.attachments.emplace(id, std::move(attachment));
  return ok(id);
}

} // namespace

Response upload(Desk& desk, const Request& request) {
  const auto type = request.content_type.substr(0, request.content_type.find(';'));
  if (!dialogporten::same_name(dialogporten::trimmed(type), "application/octet-stream")) {
    Response response;
    response.status = 415;
    return response;
  }
  Upload read;
  const auto verdict = read_query(request, read);
  if (!verdict.good()) return validation_problem(request, verdict);
  const bool kept = request.body_md5.empty();
  read.attachment.size = kept ? request.body.size() : request.body_size;
  if (!request.has_length || read.attachment.size == 0)
    return problem(request, 400, 2004, "The file is empty.");
  if (!read.sender || has_nul(request)) return unhandled(request);
  const auto sum = kept ? md5_of(request.body) : std::string{request.body_md5};
  if (read.checksum && *read.checksum != sum) return unhandled(request);
  return stored(desk, std::move(read));
}

} // namespace altinn_sim::correspondence
