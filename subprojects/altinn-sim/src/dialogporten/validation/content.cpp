#include "dialogporten/model/language.hpp"
#include "dialogporten/model/text.hpp"
#include "dialogporten/validation/html.hpp"
#include "dialogporten/validation/rules.hpp"
#include "dialogporten/validation/uri.hpp"

namespace altinn_sim::dialogporten {

namespace {

/// A media type that a kind of content takes; `scoped` needs the legacy HTML scope, `listed` shows in
/// messages.
struct AllowedMedia {
  std::string_view type;
  MediaRule rule;
  bool scoped;
  bool listed;
};

constexpr AllowedMedia allowed_media[] = {
    {media_type::plain_text, MediaRule::plain, false, true},
    {media_type::plain_text, MediaRule::rich, false, true},
    {media_type::markdown, MediaRule::rich, false, true},
    {media_type::legacy_html, MediaRule::rich, true, true},
    {media_type::embed_markdown, MediaRule::embed, false, true},
    {media_type::embed_html, MediaRule::embed, true, true},
    {media_type::old_embed_markdown, MediaRule::embed, false, false},
    {media_type::old_embed_html, MediaRule::embed, true, false},
};

void check_media_type(Rules& rules, const ContentRule& rule, std::string_view type, const Place& place) {
  std::string listed;
  for (const auto& allowed : allowed_media) {
    if (allowed.rule != rule.media || (allowed.scoped && !rules.caller().legacy_html)) continue;
    if (allowed.type == type) return;
    if (!allowed.listed) continue;
    if (!listed.empty()) listed += ", ";
    listed += "'" + std::string{allowed.type} + "'";
  }
  if (is_blank(type)) rules.refuse_empty(place);
  rules.refuse(place, "MediaType '" + std::string{type} + "' is not allowed for content type " +
                          std::string{rule.display} + ". Allowed media types are " + listed);
}

std::size_t max_length(const ContentRule& rule, const Caller& caller) {
  return caller.correspondence && rule.max_length == default_max_length ? correspondence_max_length
                                                                        : rule.max_length;
}

/// Content members lose their own name in the key: `place` is that of the whole content
/// (dialogporten.md 1.1).
void check_member(Rules& rules, const ContentRule& rule, const ContentValue& content, const Place& place) {
  check_media_type(rules, rule, content.media_type, place.at("mediaType"));
  const Place values = place.at("value");
  if (lower(content.media_type.substr(0, media_type::embed_prefix.size())) == media_type::embed_prefix)
    for (std::size_t i = 0; i < content.value.size(); ++i)
      if (!is_https_url(content.value[i].value)) {
        const Place entry = values.at(i);
        rules.refuse(entry.at("value"), "'Value' is not a well-formatted HTTPS URL.");
      }
  if (content.value.empty()) rules.refuse_empty(values);
  check(rules, content.value, values, max_length(rule, rules.caller()));
  if (content.media_type != media_type::legacy_html) return;
  for (std::size_t i = 0; i < content.value.size(); ++i)
    if (!is_allowed_html(content.value[i].value))
      rules.refuse(values.at(i),
                   "The text holds HTML that is not supported: only simple tags without attributes, and "
                   "links whose only attribute is an https address.");
}

template <class C>
void check_content(Rules& rules, const std::optional<C>& content, const Place& place, const auto& table) {
  if (!content) {
    if (!rules.api_only()) rules.refuse_empty(place);
    return;
  }
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (content->values[i])
      check_member(rules, table[i], *content->values[i], place);
    else if (table[i].required)
      rules.refuse(place, std::string{table[i].display} + " must not be empty.");
  }
}

} // namespace

void check(Rules& rules, const Localizations& texts, const Place& place, std::size_t max) {
  if (texts.size() > 1)
    rules.unique_by(
        place, texts, [](const Localization& it) { return std::optional{it.language}; },
        std::hash<std::string>{}, [](const std::string& code) { return code; });
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Place entry = place.at(i);
    rules.not_empty(entry.at("value"), texts[i].value);
    rules.at_most(entry.at("value"), texts[i].value, max);
    if (texts[i].language.empty()) rules.refuse_empty(entry.at("languageCode"));
    if (!is_known_language(texts[i].language))
      rules.refuse(entry.at("languageCode"),
                   "'LanguageCode' '" + texts[i].language +
                       "' is not a valid language code; Norwegian is 'nb' or 'nn'.");
  }
}

void check(Rules& rules, const std::optional<Content>& content, const Place& place) {
  check_content(rules, content, place, dialog_content_rules);
}

void check(Rules& rules, const std::optional<TransmissionContent>& content, const Place& place) {
  check_content(rules, content, place, transmission_content_rules);
}

} // namespace altinn_sim::dialogporten
