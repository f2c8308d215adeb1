#include "wording.hpp"

namespace dialogferry::mapping::correspondence {

namespace {

using Texts = std::array<std::string_view, language_count>;

constexpr std::array<Texts, 14> phrases{{
    {"Bekreft", "Stadfest", "Confirm"},
    {"Slett", "Slett", "Delete"},
    {"Gå til tjenesten", "Gå til tenesta", "Go to the service"},
    {"Alle vedlegg", "Alle vedlegg", "All attachments"},
    {"Avsender", "Avsendar", "Sender"},
    {"Mottaker", "Mottakar", "Recipient"},
    {"Varsel er sendt på e-post til {}.", "Varsel er sendt på e-post til {}.",
     "A notification has been sent by e-mail to {}."},
    {"Varsel er sendt på SMS til {}.", "Varsel er sendt på SMS til {}.",
     "A notification has been sent by SMS to {}."},
    {"Påminnelse er sendt på e-post til {}.", "Påminning er send på e-post til {}.",
     "A reminder has been sent by e-mail to {}."},
    {"Påminnelse er sendt på SMS til {}.", "Påminning er send på SMS til {}.",
     "A reminder has been sent by SMS to {}."},
    {"«{}» er videresendt til {}.", "«{}» er vidaresend til {}.", "“{}” has been forwarded to {}."},
    {"«{}» er videresendt til e-postadressen {}.", "«{}» er vidaresend til e-postadressa {}.",
     "“{}” has been forwarded to the e-mail address {}."},
    {"«{}» er sendt til en digital postkasse hos {}.", "«{}» er send til ein digital postkasse hos {}.",
     "“{}” has been sent to a digital mailbox at {}."},
    {" Melding: {}", " Melding: {}", " Message: {}"},
}};

/// What is filled in may hold {} itself, so that what stands already is never looked through again.
std::string_view filled(codec::Arena& arena, std::string_view text,
                        std::span<const std::string_view> values) {
  const auto at = text.find("{}");
  if (at == std::string_view::npos || values.empty()) return text;
  return arena.join(
      {text.substr(0, at), values.front(), filled(arena, text.substr(at + 2), values.subspan(1))});
}

} // namespace

std::string_view text_of(Phrase phrase, Language language) {
  return phrases[static_cast<std::size_t>(phrase)][static_cast<std::size_t>(language)];
}

codec::LocalizedList localized(codec::Arena& arena, Phrase phrase, std::span<const std::string_view> values) {
  const auto list = arena.make<codec::Localized>(language_count);
  for (std::size_t i = 0; i < language_count; ++i) {
    const auto language = static_cast<Language>(i);
    list[i] = {filled(arena, text_of(phrase, language), values), code_of(language)};
  }
  return list;
}

} // namespace dialogferry::mapping::correspondence
