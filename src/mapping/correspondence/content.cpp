#include "../text.hpp"
#include "markdown.hpp"
#include "material.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_set>

namespace dialogferry::mapping::correspondence {

namespace {

constexpr std::string_view embed = "application/vnd.dialogporten.frontchannelembed+json;type=markdown";
constexpr std::size_t tag_min = 3;
constexpr std::size_t tag_max = 63;

/// The properties as Correspondence keeps them: by the length of their keys, then by the keys.
std::vector<codec::NamedText> stored_properties(const Material& material) {
  const auto& properties = material.record.base.properties;
  std::vector<codec::NamedText> sorted(properties.begin(), properties.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return std::tuple(a.name.size(), a.name) < std::tuple(b.name.size(), b.name);
  });
  return sorted;
}

} // namespace

codec::Content build_content(const Material& material) {
  const auto& base = material.record.base;
  const auto source = base.content.value_or(codec::CorrespondenceContent{});
  codec::Content content;
  content.title = {material.text(source.title.value_or(""))};
  const auto summary = plain_summary(source.summary.value_or(""));
  if (!summary.empty()) content.summary = {material.text(material.arena.store(summary))};
  if (base.message_sender && !is_blank(*base.message_sender))
    content.sender_name = {material.text(*base.message_sender)};
  content.main_content_reference = {material.text(material.url({"/content"})), embed};
  return content;
}

std::span<const std::string_view> build_tags(const Material& material) {
  std::vector<std::string_view> tags;
  std::unordered_set<std::string_view> seen;
  for (const auto& [name, value] : stored_properties(material)) {
    const auto text = trimmed(value.value_or(""));
    if (units(text) < tag_min) continue;
    const auto tag = take_units(material.arena, text, tag_max);
    if (seen.insert(tag).second) tags.push_back(tag);
  }
  return material.arena.store(std::span<const std::string_view>(tags));
}

} // namespace dialogferry::mapping::correspondence
