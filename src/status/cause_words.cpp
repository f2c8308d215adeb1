#include "causes.hpp"

#include <array>

namespace dialogferry::status {

namespace {

struct CauseEntry {
  Cause cause;
  std::string_view name;
  Actor actor;
  std::string_view en, nb;
  std::string_view next_en, next_nb;
};

constexpr std::array entries = {
    CauseEntry{Cause::no_answer, "no_answer", Actor::platform, "No whole answer came",
               "Det kom ikke noe helt svar",
               "It is tried again by itself; if it stays, the platform must be looked at.",
               "Det prøves igjen av seg selv. Hvis det varer, må plattformen undersøkes."},
    CauseEntry{Cause::access, "access", Actor::us, "We were not let in", "Vi slapp ikke inn",
               "We must look at our token and its scopes.",
               "Vi må se på tokenet vårt og tilgangene det har."},
    CauseEntry{
        Cause::not_found, "not_found", Actor::platform, "What was asked for is not there",
        "Det vi spurte etter, finnes ikke",
        "The source lists a record that it does not have; its team must find out which is right.",
        "Kilden lister opp et element den ikke har. De som drifter kilden, må finne ut hva som stemmer."},
    CauseEntry{Cause::conflict, "conflict", Actor::us, "Somebody else wrote at the same time",
               "Noen andre skrev samtidig", "Retry it; if it comes back, we must find out who writes too.",
               "Prøv igjen. Hvis det gjentar seg, må vi finne ut hvem andre som skriver."},
    CauseEntry{Cause::too_many, "too_many", Actor::us, "We were asked to send less",
               "Vi ble bedt om å sende mindre", "It is tried again by itself; a lower rate may be needed.",
               "Det prøves igjen av seg selv. Farten må kanskje ned."},
    CauseEntry{Cause::api_failed, "api_failed", Actor::platform, "The API failed within itself",
               "API-et feilet hos seg selv", "The platform must look at it; retry when that is done.",
               "Plattformen må se på det. Prøv igjen når det er gjort."},
    CauseEntry{Cause::unreadable, "unreadable", Actor::platform,
               "What the source answered is not as it should be",
               "Svaret fra kilden er ikke slik det skal være",
               "The source's team must correct the record; then retry.",
               "De som drifter kilden, må rette elementet. Prøv så igjen."},
    CauseEntry{Cause::incomplete, "incomplete", Actor::platform, "The record lacks something that all have",
               "Elementet mangler noe som alle har",
               "The source's team must complete the record; then retry.",
               "De som drifter kilden, må gjøre elementet fullstendig. Prøv så igjen."},
    CauseEntry{Cause::application, "application", Actor::owner,
               "The app lacks a title or a text that is needed",
               "Appen mangler en tittel eller tekst som trengs",
               "The service owner must complete the app's metadata or texts; then retry.",
               "Tjenesteeieren må fullføre appens metadata eller tekster. Prøv så igjen."},
    CauseEntry{Cause::service_unknown, "service_unknown", Actor::owner,
               "The service is not in the Resource Registry", "Tjenesten finnes ikke i ressursregisteret",
               "The service owner must register the service; then retry.",
               "Tjenesteeieren må registrere tjenesten. Prøv så igjen."},
    CauseEntry{Cause::party_unknown, "party_unknown", Actor::platform,
               "Whom the record belongs to is not known in Register",
               "Den elementet tilhører, er ikke kjent i Register",
               "The team of Register must find the party; then retry.",
               "De som drifter Register, må finne parten. Prøv så igjen."},
    CauseEntry{Cause::person_unknown, "person_unknown", Actor::platform,
               "Somebody who did something in it is not known",
               "En som har gjort noe i elementet, er ikke kjent",
               "The team of Register must find the user; then retry.",
               "De som drifter Register, må finne brukeren. Prøv så igjen."},
    CauseEntry{Cause::text, "text", Actor::owner, "A text is missing, too long, or cannot be stored",
               "En tekst mangler, er for lang eller kan ikke lagres",
               "The service owner must say which text to show; until then it is left out.",
               "Tjenesteeieren må si hvilken tekst som skal vises. Til da blir elementet stående utenfor."},
    CauseEntry{Cause::file, "file", Actor::platform, "An attachment cannot be carried",
               "Et vedlegg kan ikke overføres", "The file must be looked at where it is stored; then retry.",
               "Filen må undersøkes der den er lagret. Prøv så igjen."},
    CauseEntry{Cause::history, "history", Actor::us, "A part of its history is refused",
               "En del av historikken avvises", "We must look at what was sent; then retry.",
               "Vi må se på det som ble sendt. Prøv så igjen."},
    CauseEntry{Cause::id_taken, "id_taken", Actor::owner, "Its dialog id belongs to another record",
               "Dialog-ID-en tilhører et annet element",
               "The service owner must say which record the dialog is of.",
               "Tjenesteeieren må si hvilket element dialogen hører til."},
    CauseEntry{Cause::refused, "refused", Actor::us, "The target refuses the record",
               "Mottakeren avviser elementet", "We must look at the answer (`exceptions show`); then retry.",
               "Vi må se på svaret (`exceptions show`). Prøv så igjen."},
    CauseEntry{Cause::ours, "ours", Actor::us, "The engine itself could not do it",
               "Motoren klarte det ikke selv", "We must look at the log; then retry.",
               "Vi må se i loggen. Prøv så igjen."},
    CauseEntry{Cause::deferred, "deferred", Actor::nobody, "Some records wait", "Noen elementer venter",
               "Nobody has to do anything: they are tried again by themselves.",
               "Ingen trenger å gjøre noe. De prøves igjen av seg selv."},
    CauseEntry{Cause::importing, "importing", Actor::nobody,
               "Some records are not complete at the source yet",
               "Noen elementer er ikke fullstendige hos kilden ennå",
               "Nobody has to do anything: they are carried once they are complete.",
               "Ingen trenger å gjøre noe. De overføres når de er fullstendige."},
    CauseEntry{Cause::more_came, "more_came", Actor::nobody, "More came from the step before",
               "Det kom mer fra steget før", "Nobody has to do anything: it is carried next.",
               "Ingen trenger å gjøre noe. Det overføres nå."},
    CauseEntry{Cause::other, "other", Actor::us, "It could not be carried, and no cause was given",
               "Det kunne ikke overføres, og ingen årsak er oppgitt",
               "We must look at it (`exceptions show`, `explain`).",
               "Vi må undersøke det (`exceptions show`, `explain`)."},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (entries[i].cause != static_cast<Cause>(i)) return false;
  return entries.size() == static_cast<std::size_t>(Cause::other) + 1;
}
static_assert(in_order(), "the words follow the order of Cause");

const CauseEntry& entry(Cause cause) {
  return entries[static_cast<std::size_t>(cause)];
}

} // namespace

std::string_view name_of(Cause cause) {
  return entry(cause).name;
}

std::string_view name_of(Actor actor) {
  switch (actor) {
  case Actor::us: return "us";
  case Actor::owner: return "owner";
  case Actor::platform: return "platform";
  case Actor::nobody: return "nobody";
  }
  return "nobody";
}

Actor actor_of(Cause cause) {
  return entry(cause).actor;
}

std::string_view cause_words(Language language, Cause cause) {
  return language == Language::nb ? entry(cause).nb : entry(cause).en;
}

std::string_view next_step(Language language, Cause cause) {
  return language == Language::nb ? entry(cause).next_nb : entry(cause).next_en;
}

std::string_view actor_words(Language language, Actor actor) {
  const bool nb = language == Language::nb;
  switch (actor) {
  case Actor::us: return nb ? "Vi" : "We";
  case Actor::owner: return nb ? "Tjenesteeieren" : "The service owner";
  case Actor::platform: return nb ? "Plattformen" : "The platform";
  case Actor::nobody: return nb ? "Ingen" : "Nobody";
  }
  return {};
}

} // namespace dialogferry::status
