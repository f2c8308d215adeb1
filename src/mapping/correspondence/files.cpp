#include "../text.hpp"
#include "material.hpp"
#include "wording.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace dialogferry::mapping::correspondence {

namespace {

constexpr std::int64_t zip_limit = 2'000'000'000; ///< bytes that all attachments may have together
constexpr std::size_t zip_least = 2;              ///< attachments

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> media_types{
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

/// Extensions that stand for themselves, in capitals.
constexpr std::array<std::string_view, 6> bare_types{"PPT", "PPS", "GIF", "BMP", "DCM", "DICOM"};

codec::OptionalText media_type(const codec::OptionalText& file_name) {
  const auto dot = file_name ? file_name->rfind('.') : std::string_view::npos;
  if (dot == std::string_view::npos) return std::nullopt;
  const auto extension = file_name->substr(dot + 1);
  for (const auto& [name, type] : media_types)
    if (same_ignoring_case(name, extension)) return type;
  for (const auto type : bare_types)
    if (same_ignoring_case(type, extension)) return type;
  return std::nullopt;
}

/// Nothing for an empty or blank text: M1 reads it as absent (observed.md OC-9).
codec::OptionalText said(const codec::OptionalText& text) {
  return text && !is_blank(*text) ? text : std::nullopt;
}

/// The name to show; without one the text is null, and Dialogporten refuses the dialog.
std::string_view shown_name(const Material& material, const codec::CorrespondenceAttachment& file) {
  const auto display = material.is_altinn3() ? file.display_name : said(file.display_name);
  const auto name = material.is_altinn3() ? file.file_name : said(file.file_name);
  return display.value_or(name.value_or(std::string_view()));
}

std::span<const codec::AttachmentUrl> one_url(const Material& material, std::string_view url,
                                              codec::OptionalText type) {
  const auto list = material.arena.make<codec::AttachmentUrl>(1);
  list[0] = {std::nullopt, url, type, "Gui"};
  return list;
}

codec::Attachment build_attachment(const Material& material, std::size_t place) {
  const auto& file = material.record.attachments[place];
  const auto url = download_url(material, place);
  return {.id = sub_id(material.dialog_id, url),
          .display_name = material.text(shown_name(material, file)),
          .name = {},
          .expires_at = file.expires_at,
          .urls = one_url(material, url, media_type(file.file_name))};
}

codec::Attachment build_zip(const Material& material) {
  const auto url = material.url({"/attachments/downloadall"});
  return {.id = sub_id(material.dialog_id, url),
          .display_name = localized(material.arena, Phrase::all_attachments),
          .name = {},
          .expires_at = {},
          .urls = one_url(material, url, "application/zip")};
}

bool has_zip(const codec::Correspondence& record) {
  std::int64_t total = 0;
  for (const auto& file : record.attachments)
    total += std::min(file.size.value_or(0), zip_limit);
  return record.attachments.size() >= zip_least && total < zip_limit;
}

} // namespace

std::string_view download_url(const Material& material, std::size_t place) {
  // Without an id the dialog is built only to see whether it can be.
  const auto ids = material.input.attachment_ids;
  const auto uploaded = place < ids.size() ? ids[place] : Uuid{};
  const auto id = material.is_altinn3() ? material.record.attachments[place].id.value_or(Uuid{}) : uploaded;
  return material.url({"/attachment/", to_string(id), "/download"});
}

std::span<const codec::Attachment> build_attachments(const Material& material) {
  const auto& files = material.record.attachments;
  const std::size_t first = has_zip(material.record) ? 1 : 0;
  const auto list = material.arena.make<codec::Attachment>(first + files.size());
  if (first == 1) list[0] = build_zip(material);
  for (std::size_t i = 0; i < files.size(); ++i)
    list[first + i] = build_attachment(material, i);
  return list;
}

} // namespace dialogferry::mapping::correspondence
