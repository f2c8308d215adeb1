#include "build.hpp"
#include "text.hpp"

#include <string>

namespace dialogferry::mapping {

namespace {

constexpr std::size_t title_max = 255;
constexpr std::size_t summary_max = 255;
constexpr std::size_t extended_status_max = 25;

/// The presentation texts, each behind `, `; cut where no title has room for more.
std::string_view presentation(const Material& material) {
  std::string tail;
  for (const auto& [name, text] : material.instance.presentation_texts) {
    if (tail.size() > title_max && units(tail) > title_max) break;
    if (!text || is_blank(*text)) continue;
    tail += ", ";
    tail += *text;
  }
  return material.arena.store(take_units(material.arena, tail, title_max + 1));
}

/// M-67: the title and every presentation text, together no longer than a title may be.
codec::LocalizedList with_presentation(const Material& material, codec::LocalizedList titles) {
  auto& arena = material.arena;
  const auto tail = presentation(material);
  const auto list = arena.make<codec::Localized>(titles.size());
  for (std::size_t i = 0; i < titles.size(); ++i) {
    const auto whole = tail.empty() ? titles[i].value : arena.join({titles[i].value, tail});
    list[i] = {cut(arena, whole, title_max), titles[i].language};
  }
  return list;
}

Result<codec::LocalizedList> build_title(const Material& material) {
  auto titles = find_texts(material.application, ContentType::title, material.text_state(), material.arena);
  if (titles.empty()) {
    if (!material.application.has_title) return fail("application.title", "is missing");
    titles = material.application.title;
  }
  return with_presentation(material, titles);
}

Slot default_summary(DerivedStatus status) {
  switch (status) {
  case DerivedStatus::archived_unconfirmed: return Slot::summary_archived_unconfirmed;
  case DerivedStatus::archived_confirmed: return Slot::summary_archived_confirmed;
  case DerivedStatus::rejected: return Slot::summary_rejected;
  case DerivedStatus::awaiting_service_owner_feedback: return Slot::summary_awaiting_service_owner_feedback;
  case DerivedStatus::awaiting_confirmation: return Slot::summary_awaiting_confirmation;
  case DerivedStatus::awaiting_signature: return Slot::summary_awaiting_signature;
  case DerivedStatus::awaiting_additional_user_input: return Slot::summary_awaiting_additional_user_input;
  case DerivedStatus::awaiting_initial_user_input:
  case DerivedStatus::awaiting_initial_user_input_from_prefill: break;
  }
  return Slot::summary_awaiting_initial_user_input;
}

codec::LocalizedList build_summary(const Material& material) {
  const auto& description = material.status.substatus_description;
  if (description && !is_blank(*description))
    return translate(material.application, *description, summary_max, material.arena);
  const auto found =
      find_texts(material.application, ContentType::summary, material.text_state(), material.arena);
  return found.empty() ? material.mapper.texts(default_summary(material.derived)) : found;
}

} // namespace

Result<codec::Content> build_content(const Material& material) {
  codec::Content content;
  const auto title = build_title(material);
  if (!title) return tl::unexpected(title.error());
  content.title = {*title};
  content.summary = {build_summary(material)};
  const auto info =
      find_texts(material.application, ContentType::additional_info, material.text_state(), material.arena);
  if (!info.empty()) content.additional_info = {info};
  if (const auto& label = material.status.substatus_label; label && !is_blank(*label))
    content.extended_status = {translate(material.application, *label, extended_status_max, material.arena)};
  return content;
}

} // namespace dialogferry::mapping
