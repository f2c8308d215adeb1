#include "dialogporten/validation/rules.hpp"

#include "dialogporten/model/text.hpp"
#include "dialogporten/validation/party.hpp"
#include "dialogporten/validation/uri.hpp"

namespace altinn_sim::dialogporten {

namespace {

std::string quoted(const Place& place) {
  return "'" + display_name(place) + "'";
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// A letter, then letters, digits, '_' and '-'.
bool is_attribute_name(std::string_view text) {
  if (text.empty() || !is_letter(text.front())) return false;
  for (const char c : text)
    if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '_' && c != '-') return false;
  return true;
}

/// `name` or `urn:altinn:type:name`, in any case (dialogporten.md 3.7).
bool is_authorization_attribute(std::string_view text) {
  constexpr std::string_view prefix = "urn:altinn:";
  if (text.size() > prefix.size() && same_name(text.substr(0, prefix.size()), prefix)) {
    text.remove_prefix(prefix.size());
    const auto colon = text.find(':');
    return colon != std::string_view::npos && is_attribute_name(text.substr(0, colon)) &&
           is_attribute_name(text.substr(colon + 1));
  }
  return is_attribute_name(text);
}

} // namespace

void Rules::refuse(const Place& place, std::string message) {
  complaints_.push_back({path_of(place), std::move(message)});
}

void Rules::refuse_empty(const Place& place) {
  refuse(place, quoted(place) + " must not be empty.");
}

void Rules::not_empty(const Place& place, std::string_view text) {
  if (is_blank(text)) refuse_empty(place);
}

void Rules::at_most(const Place& place, const Text& text, std::size_t max) {
  if (!text || text->size() <= max) return;
  const std::size_t length = utf16_length(*text);
  if (length > max)
    refuse(place, "The length of " + quoted(place) + " must be " + std::to_string(max) +
                      " characters or fewer. You entered " + std::to_string(length) + " characters.");
}

void Rules::at_least(const Place& place, const Text& text, std::size_t min) {
  if (!text || !text->data()) return;
  const std::size_t length = utf16_length(*text);
  if (length < min)
    refuse(place, "The length of " + quoted(place) + " must be at least " + std::to_string(min) +
                      " characters. You entered " + std::to_string(length) + " characters.");
}

void Rules::version_7(const Place& place, const std::optional<Uuid>& id) {
  if (!id) return;
  const auto name = display_name(place);
  if (!is_version_7(*id))
    refuse(place, "Invalid " + name + ". Expected big endian UUIDv7 format. Got '" + to_string(*id) + "'.");
  const auto time = embedded_time(*id);
  if (time && time->ticks < now_ + future_tolerance) return;
  std::string spelled = "invalid date";
  if (time) {
    spelled = to_string(*time);
    spelled.replace(spelled.size() - 1, 1, "+00:00");
  }
  refuse(place, "Invalid " + name +
                    ". Expected the unix timestamp portion of the UUIDv7 to be in the past. "
                    "Extrapolated '" +
                    spelled + "' from '" + to_string(*id) + "'.");
}

void Rules::in_past(const Place& place, const std::optional<Time>& time) {
  if (time && time->ticks > now_ + future_tolerance) refuse(place, quoted(place) + " must be in the past.");
}

void Rules::in_future(const Place& place, const std::optional<Time>& time) {
  if (time && time->ticks < now_) refuse(place, quoted(place) + " must be in the future.");
}

void Rules::after(const Place& place, const std::optional<Time>& time, const std::optional<Time>& bound,
                  std::string_view bound_name) {
  if (time && bound && *time < *bound)
    refuse(place, quoted(place) + " must be after '" + std::string{bound_name} + "'.");
}

void Rules::uri(const Place& place, const Text& text) {
  if (!text) return;
  if (!is_well_formed_uri(*text)) refuse(place, quoted(place) + " is not a well formatted URI.");
  at_most(place, text, uri_max_length);
}

void Rules::https_url(const Place& place, const Text& text) {
  if (!text) return refuse_empty(place);
  if (!is_https_url(*text)) refuse(place, quoted(place) + " is not a well-formatted HTTPS URL.");
  at_most(place, text, uri_max_length);
}

void Rules::authorization_attribute(const Place& place, const Text& text) {
  if (!text) return;
  at_most(place, text, default_max_length);
  if (!is_authorization_attribute(*text))
    refuse(place, quoted(place) +
                      " must be a name, or 'urn:altinn:' with a type and a name; both start with a letter "
                      "and hold letters, digits, '-' and '_' only.");
}

void Rules::party(const Place& place, std::string_view text) {
  if (!is_party(text))
    refuse(place, quoted(place) +
                      " must be on format 'urn:altinn:organization:identifier-no:{norwegian org-nr}', "
                      "'urn:altinn:person:identifier-no:{norwegian f-nr/d-nr}', "
                      "'urn:altinn:person:legacy-selfidentified:{username}' or "
                      "'urn:altinn:person:idporten-email:{e-mail}' with valid values, respectively.");
}

} // namespace altinn_sim::dialogporten
