#include "../text.hpp"
#include "../unstorable.hpp"
#include "forms.hpp"
#include "material.hpp"

#include <string>
#include <unordered_set>

namespace dialogferry::mapping::correspondence {

namespace {

constexpr std::size_t text_max = 512; ///< of content, with Correspondence's scope
constexpr std::size_t name_max = 255; ///< of titles of actions, display names, references
constexpr std::size_t url_max = 1023;
constexpr std::size_t description_max = 4095; ///< of an activity, with Correspondence's scope

class Refusals {
public:
  void add(std::string member, std::string message) {
    list_.push_back(
        {"dialog." + std::move(member), std::move(message), "Dialogporten refuses such a dialog"});
  }

  void longest(const std::string& member, std::string_view text, std::size_t max) {
    if (text.size() > max && units(text) > max)
      add(member, "must not be longer than " + std::to_string(max) + " UTF-16 code units");
  }

  std::vector<Problem> take() && { return std::move(list_); }

private:
  std::vector<Problem> list_;
};

std::string entry(std::string_view list, std::size_t index, std::string_view member) {
  return std::string(list) + "[" + std::to_string(index) + "]." + std::string(member);
}

/// Well-formed as Dialogporten asks of it, relative ones included: no blanks, quotes or lone escapes,
/// brackets only in pairs around a host.
bool is_uri(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (static_cast<unsigned char>(c) <= ' ' ||
        std::string_view("\"<>\\^`{|}").find(c) != std::string_view::npos)
      return false;
    if (c == '%' &&
        text.substr(at + 1, 2).find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
      return false;
    if (c == '%' && at + 2 >= text.size()) return false;
  }
  const auto open = text.find('[');
  return open == std::string_view::npos ||
         (text.find("//[") + 2 == open && text.find(']') != std::string_view::npos);
}

void look_at_references(Refusals& found, const Built& built) {
  if (!is_party(built.origin.party)) found.add("party", "is no party that Dialogporten takes");
  const auto& kept = built.kept;
  if (kept.external_reference) found.longest("externalReference", *kept.external_reference, name_max);
  if (!kept.process) return;
  found.longest("process", *kept.process, url_max);
  if (!is_uri(*kept.process)) found.add("process", "must be a well-formed URI");
}

void look_at_tags(Refusals& found, const Built& built) {
  std::unordered_set<std::string> tags;
  for (const auto tag : built.kept.search_tags)
    if (!tags.insert(lower_case(tag)).second)
      return found.add("searchTags", "must not hold values that are equal but for capitals");
}

void look_at_content(Refusals& found, const Built& built) {
  const auto& content = built.body.content;
  if (content.title) found.longest("content.title", content.title->value[0].value, text_max);
  if (content.summary) found.longest("content.summary", content.summary->value[0].value, text_max);
  if (content.sender_name) found.longest("content.senderName", content.sender_name->value[0].value, text_max);
}

void look_at_attachments(Refusals& found, const Built& built) {
  for (std::size_t i = 0; i < built.body.attachments.size(); ++i) {
    const auto name = built.body.attachments[i].display_name[0].value;
    const auto member = entry("attachments", i, "displayName");
    if (name.empty()) found.add(member, "must not be empty");
    found.longest(member, name, name_max);
  }
}

void look_at_actions(Refusals& found, const Built& built) {
  for (std::size_t i = 0; i < built.body.gui_actions.size(); ++i) {
    const auto& action = built.body.gui_actions[i];
    const auto title = action.title[0].value;
    if (is_blank(title)) found.add(entry("guiActions", i, "title"), "must not be empty");
    found.longest(entry("guiActions", i, "title"), title, name_max);
    found.longest(entry("guiActions", i, "url"), action.url, url_max);
    if (!action.url.starts_with("https://") || !is_uri(action.url))
      found.add(entry("guiActions", i, "url"), "must be an address that starts with https://");
  }
}

void look_at_activities(Refusals& found, const Built& built) {
  for (std::size_t i = 0; i < built.body.activities.size(); ++i)
    for (const auto& text : built.body.activities[i].description)
      if (text.value.size() > description_max && units(text.value) > description_max) {
        found.longest(entry("activities", i, "description"), text.value, description_max);
        break;
      }
}

} // namespace

std::vector<Problem> find_refused(const Material& material, const Built& built) {
  Refusals found;
  look_at_references(found, built);
  look_at_tags(found, built);
  look_at_content(found, built);
  look_at_attachments(found, built);
  look_at_actions(found, built);
  look_at_activities(found, built);
  auto list = std::move(found).take();
  if (auto problem = find_unstorable(material.arena, built.origin, built.body))
    list.push_back(std::move(*problem));
  return list;
}

} // namespace dialogferry::mapping::correspondence
