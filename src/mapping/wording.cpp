#include <dialogferry/mapping/wording.hpp>

namespace dialogferry::mapping {

namespace {

struct Entry {
  std::string_view name;
  std::array<std::string_view, language_count> texts;
};

constexpr std::array<Entry, slot_count> catalogue{{
    {"summary/ArchivedUnconfirmed",
     {"Innsendingen er kontrollert maskinelt og sendt videre. Den endelige bekreftelsen kommer senere.",
      "Innsendinga er kontrollert maskinelt og send vidare. Den endelege stadfestinga kjem seinare.",
      "Your submission has passed the automatic checks and been sent on. The final confirmation is still to "
      "come."}},
    {"summary/ArchivedConfirmed",
     {"Det er bekreftet at innsendingen er mottatt.", "Det er stadfesta at innsendinga er motteken.",
      "It is confirmed that your submission has been received."}},
    {"summary/Rejected",
     {"Innsendingen er avvist. Åpne dialogen for å se hvorfor.",
      "Innsendinga er avvist. Opne dialogen for å sjå kvifor.",
      "Your submission was turned down. Open the dialog to see why."}},
    {"summary/AwaitingServiceOwnerFeedback",
     {"Innsendingen er kontrollert maskinelt og sendt videre. Nå venter den på svar.",
      "Innsendinga er kontrollert maskinelt og send vidare. No ventar ho på svar.",
      "Your submission has passed the automatic checks and been sent on. It is now waiting for an answer."}},
    {"summary/AwaitingConfirmation",
     {"Du må bekrefte skjemaet for å komme videre.", "Du må stadfeste skjemaet for å kome vidare.",
      "You need to confirm the form to go on."}},
    {"summary/AwaitingSignature",
     {"Du må signere skjemaet for å komme videre.", "Du må signere skjemaet for å kome vidare.",
      "You need to sign the form to go on."}},
    {"summary/AwaitingAdditionalUserInput",
     {"Skjemaet er under arbeid. Du må gi flere opplysninger for å komme videre.",
      "Skjemaet er under arbeid. Du må gi fleire opplysningar for å kome vidare.",
      "The form is in progress. More information is needed from you to go on."}},
    {"summary/AwaitingInitialUserInput",
     {"Skjemaet er klart til å fylles ut.", "Skjemaet er klart til å fyllast ut.",
      "The form is ready to be filled in."}},
    {"go-to label/Archived", {"Se innsendt skjema", "Sjå innsendt skjema", "View the submitted form"}},
    {"go-to label/AwaitingSignature", {"Gå til signering", "Gå til signering", "Go to signing"}},
    {"go-to label/other", {"Fyll ut skjemaet", "Fyll ut skjemaet", "Continue with the form"}},
    {"delete label", {"Slett", "Slett", "Delete"}},
    {"copy label", {"Lag en ny kopi", "Lag ein ny kopi", "Make a new copy"}},
    {"transmission title", {"Innsending", "Innsending", "Submission"}},
    {"attachment name placeholder",
     {"Vedlegget mangler navn", "Vedlegget manglar namn", "The attachment has no name"}},
    {"receipt/sent", {"Sendt", "Sendt", "Sent"}},
    {"receipt/sender", {"Avsender", "Avsendar", "Sender"}},
    {"receipt/receiver", {"Mottaker", "Mottakar", "Receiver"}},
    {"receipt/reference", {"Referanse", "Referanse", "Reference"}},
    {"receipt/summary",
     {"Skjemaet ble kontrollert maskinelt under utfyllingen. Det kan likevel bli funnet feil senere, og du "
      "kan bli "
      "bedt om mer dokumentasjon. Oppgi referansen hvis du tar kontakt.",
      "Skjemaet vart kontrollert maskinelt under utfyllinga. Det kan likevel bli funne feil seinare, og du "
      "kan bli "
      "beden om meir dokumentasjon. Oppgi referansen om du tek kontakt.",
      "The form was checked automatically while it was filled in. Errors may still be found later, and you "
      "may be "
      "asked for more documents. Please quote the reference if you get in touch."}},
    {"deletion refused/title",
     {"Skjemaet kan ikke slettes ennå", "Skjemaet kan ikkje slettast enno",
      "The form cannot be deleted yet"}},
    {"deletion refused/detail",
     {"Et arkivert skjema må oppbevares en viss tid før det kan slettes.",
      "Eit arkivert skjema må takast vare på ei viss tid før det kan slettast.",
      "An archived form has to be kept for some time before it can be deleted."}},
}};

} // namespace

std::string_view code_of(Language language) {
  static constexpr std::array<std::string_view, language_count> codes{"nb", "nn", "en"};
  return codes[static_cast<std::size_t>(language)];
}

std::string_view name_of(Slot slot) {
  return catalogue[static_cast<std::size_t>(slot)].name;
}

std::optional<Slot> slot_named(std::string_view name) {
  for (std::size_t i = 0; i < slot_count; ++i)
    if (catalogue[i].name == name) return static_cast<Slot>(i);
  return std::nullopt;
}

Wording::Wording() {
  for (std::size_t slot = 0; slot < slot_count; ++slot)
    for (std::size_t language = 0; language < language_count; ++language)
      texts_[slot][language] = catalogue[slot].texts[language];
}

} // namespace dialogferry::mapping
