#include "strings.hpp"

#include <dialogferry/model/config.hpp>

#include <array>

namespace dialogferry::status {

namespace {

struct Entry {
  Text text;
  std::string_view en;
  std::string_view nb;
};

constexpr std::array<Entry, text_count> catalogue = {{
    {Text::title, "Dialogporten migration status", "Status for migrering til Dialogporten"},
    {Text::as_of, "As of {}", "Per {}"},
    {Text::environment, "Environment {}", "Miljø {}"},
    {Text::other_language, "Norsk bokmål", "English"},
    {Text::refresh, "Update now", "Oppdater nå"},
    {Text::skip, "Skip to the sources", "Hopp til kildene"},

    {Text::headline_nothing, "Nothing has been carried yet", "Ingenting er overført ennå"},
    {Text::headline_held_up, "On hold: {}. Nothing is lost, and work goes on by itself",
     "Venter: {}. Ingenting går tapt, og arbeidet fortsetter av seg selv"},
    {Text::headline_partly, "A part waits: {}. The rest goes on, and nothing is lost",
     "En del venter: {}. Resten går som det skal, og ingenting går tapt"},
    {Text::headline_attention, "Needs attention: {}. Everything else goes on",
     "Trenger oppfølging: {}. Resten går som det skal"},
    {Text::headline_late, "New changes arrive late, by {}", "Nye endringer kommer frem {} for sent"},
    {Text::headline_done, "All history in range is carried, without exception",
     "All historikk i perioden er overført, uten unntak"},
    {Text::headline_running, "History is on its way, without exception so far",
     "Historikken er på vei, uten unntak så langt"},
    {Text::headline_still, "Nothing has been carried in the last minute",
     "Ingenting er overført det siste minuttet"},
    {Text::headline_live, "Everything is up to date", "Alt er oppdatert"},
    {Text::progress, "{} of {} days are carried ({})", "{} av {} dager er overført ({})"},

    {Text::wait_asked, "{} asks to be left alone", "{} ber om ro"},
    {Text::wait_asked_until, "{} asks to be left alone until {}", "{} ber om ro til {}"},
    {Text::wait_down, "{} does not answer", "{} svarer ikke"},
    {Text::wait_down_until, "{} does not answer, next try {}", "{} svarer ikke, prøves igjen {}"},
    {Text::wait_behind, "something that {} needs is down, and {} wait",
     "noe som {} trenger, er nede, og {} venter"},
    {Text::wait_behind_until, "something that {} needs is down, and {} wait, next try {}",
     "noe som {} trenger, er nede, og {} venter, prøves igjen {}"},
    {Text::wait_deferred, "{1} wait for {0}", "{1} venter på {0}"},
    {Text::wait_deferred_until, "{1} wait for {0}, next try {2}", "{1} venter på {0}, prøves igjen {2}"},
    {Text::wait_stream, "what has changed cannot be read from {}", "endringene kan ikke leses fra {}"},
    {Text::wait_day, "a day that is not over is carried after {1}",
     "en dag som ikke er over, overføres etter {1}"},
    {Text::wait_at_clock, "{} UTC", "kl. {} UTC"},
    {Text::wait_on_day, "{} {} UTC", "{} kl. {} UTC"},
    {Text::records_deferred, "{} wait and are tried again by themselves",
     "{} venter og prøves igjen av seg selv"},
    {Text::records_incomplete, "{} not complete at the source yet", "{} ikke fullstendig hos kilden ennå"},
    {Text::answered_with, "The answer was {}", "Svaret var {}"},
    {Text::only_organisations, "Service owners: {} only", "Bare tjenesteeier: {}"},

    {Text::sources, "Sources", "Kilder"},
    {Text::sources_caption, "Each source, how far back it is carried, and how it goes",
     "Hver kilde, hvor langt tilbake den er overført, og hvordan det går"},
    {Text::source, "Source", "Kilde"},
    {Text::state, "Status", "Status"},
    {Text::migrated_back_to, "Migrated back to", "Migrert tilbake til"},
    {Text::exceptions, "Exceptions", "Unntak"},
    {Text::days_done, "Days carried", "Dager overført"},
    {Text::records, "Records read", "Elementer lest"},
    {Text::rate, "Speed", "Fart"},
    {Text::time_left, "Expected done", "Ventes ferdig"},
    {Text::live_heading, "Live", "Fortløpende"},
    {Text::live_caption, "Each source that is followed as it changes, how far behind it is, and how it goes",
     "Hver kilde som følges mens den endrer seg, hvor langt etter den er, og hvordan det går"},
    {Text::live_lag, "Delay", "Forsinkelse"},
    {Text::both_hops, "{0}; in Altinn 3 Correspondence back to {1}",
     "{0}; i Altinn 3 Melding tilbake til {1}"},
    {Text::direct_seen, "available immediately, the newest one made {0}",
     "tilgjengelig umiddelbart, den nyeste laget {0}"},
    {Text::direct_none, "available immediately, none seen yet", "tilgjengelig umiddelbart, ingen sett ennå"},
    {Text::direct_unseen, "available immediately; with this token the dialogs of others cannot be searched",
     "tilgjengelig umiddelbart; med dette tokenet kan andres dialoger ikke søkes i"},
    {Text::last_carried, "Last change carried", "Siste endring overført"},
    {Text::waiting, "Waiting", "I kø"},
    {Text::state_ok, "In order", "I orden"},
    {Text::state_warning, "Needs attention", "Trenger oppfølging"},
    {Text::state_paused, "On hold", "Venter"},
    {Text::state_partly, "Partly on hold", "Venter delvis"},
    {Text::state_off, "Not set up", "Ikke satt opp"},
    {Text::state_done, "Done", "Ferdig"},
    {Text::none, "None", "Ingen"},
    {Text::off_sources, "Not set up here: {}.", "Ikke satt opp her: {}."},
    {Text::back_to, "Migrated back to {}", "Migrert tilbake til {}"},
    {Text::back_to_except, "Migrated back to {} with exception for {}",
     "Migrert tilbake til {} med unntak av {}"},
    {Text::not_yet, "Not begun", "Ikke begynt"},
    {Text::first_days, "The newest days are under way", "De nyeste dagene er i gang"},
    {Text::up_to_date_within, "Up to date within {}", "Oppdatert innen {}"},
    {Text::days_of, "{} of {}", "{} av {}"},
    {Text::per_second, "{}/s", "{}/s"},
    {Text::estimating, "Estimating", "Beregnes"},
    {Text::finished, "Done", "Ferdig"},
    {Text::between, "{} – {}", "{} – {}"},
    {Text::day_count, "{} days", "{} dager"},
    {Text::one_day, "1 day", "1 dag"},
    {Text::record_count, "{} records", "{} elementer"},
    {Text::one_record, "1 record", "1 element"},
    {Text::both, "{} and {}", "{} og {}"},
    {Text::except_days, "with exception for {}", "med unntak av {}"},
    {Text::engine_stopped, "No engine has handed in live numbers; these are the ledger’s.",
     "Ingen motor har levert løpende tall; disse er hovedbokens."},

    {Text::days, "Day by day", "Dag for dag"},
    {Text::days_hint, "One square is one day, with Monday on top.", "Én rute er én dag, med mandag øverst."},
    {Text::months_hint, "One square is one month, as its least finished day.",
     "Én rute er én måned, slik dens minst ferdige dag er."},
    {Text::days_summary, "{}: {} to {}. {} of {} days complete, {} with exception, {} under way, {} waiting.",
     "{}: {} til {}. {} av {} dager fullført, {} med unntak, {} i gang, {} venter."},
    {Text::day_label, "{}: {}, {} records", "{}: {}, {} elementer"},
    {Text::day_label_failed, "{}: {}, {} records, {} of them failed",
     "{}: {}, {} elementer, {} av dem feilet"},
    {Text::month_table, "The same as a table, by month", "Det samme som tabell, per måned"},
    {Text::month, "Month", "Måned"},
    {Text::legend, "What the squares mean", "Hva rutene betyr"},
    {Text::day_complete, "Complete", "Fullført"},
    {Text::day_failed, "Complete, some records failed", "Fullført, noen elementer feilet"},
    {Text::day_parked, "Exception", "Unntak"},
    {Text::day_running, "Under way", "I gang"},
    {Text::day_waiting, "Waiting", "Venter"},
    {Text::more_days, "and {} more", "og {} til"},

    {Text::parked_heading, "Days with exception", "Dager med unntak"},
    {Text::parked_caption, "Days that could not be finished, why, and when they are tried again",
     "Dager som ikke ble ferdige, hvorfor, og når de prøves igjen"},
    {Text::day, "Day", "Dag"},
    {Text::organisation, "Service owner", "Tjenesteeier"},
    {Text::reason, "Reason", "Årsak"},
    {Text::retry_at, "Next try", "Neste forsøk"},
    {Text::causes_heading, "Records that could not be carried", "Elementer som ikke kunne overføres"},
    {Text::causes_caption, "By cause, most frequent first", "Etter årsak, hyppigste først"},
    {Text::cause, "Cause", "Årsak"},
    {Text::http_status, "Answer", "Svar"},
    {Text::count, "Records", "Elementer"},
    {Text::no_answer, "–", "–"},
    {Text::nothing_parked, "No days with exception, and no records that failed.",
     "Ingen dager med unntak, og ingen elementer som feilet."},

    {Text::counts_heading, "What became of the records", "Hva det ble av elementene"},
    {Text::counts_caption, "Every record read ends in exactly one column",
     "Hvert element som er lest, havner i nøyaktig én kolonne"},
    {Text::read, "Read", "Lest"},
    {Text::outcome_created, "Created", "Opprettet"},
    {Text::outcome_updated, "Updated", "Oppdatert"},
    {Text::outcome_unchanged, "Unchanged", "Uendret"},
    {Text::outcome_restored, "Restored", "Gjenopprettet"},
    {Text::outcome_deleted, "Deleted", "Slettet"},
    {Text::outcome_purged, "Purged", "Fjernet helt"},
    {Text::outcome_excluded, "Not to be carried", "Skal ikke overføres"},
    {Text::outcome_deferred, "Not complete yet", "Ikke fullstendig ennå"},
    {Text::outcome_failed, "Failed", "Feilet"},

    {Text::goals, "Goals", "Mål"},
    {Text::goals_caption, "What is to be reached, by when, and whether it will be",
     "Hva som skal nås, når, og om det går"},
    {Text::goal, "Goal", "Mål"},
    {Text::deadline, "Deadline", "Frist"},
    {Text::goal_reached, "Reached", "Nådd"},
    {Text::goal_on_track, "On track", "I rute"},
    {Text::goal_at_risk, "At risk", "Usikkert"},
    {Text::goal_late, "Late", "For sent"},
    {Text::goal_unknown, "Too early to tell", "For tidlig å si"},
    {Text::changelog, "Changes", "Endringer"},
    {Text::change_back_to, "{}: migrated back to {}", "{}: migrert tilbake til {}"},
    {Text::change_except, "{}: migrated back to {}, with exception for {}",
     "{}: migrert tilbake til {}, med unntak av {}"},
    {Text::change_undone, "{}: days were opened again and are carried anew",
     "{}: dager ble åpnet igjen og overføres på nytt"},
    {Text::changelog_empty, "No changes yet.", "Ingen endringer ennå."},
    {Text::notes, "Messages", "Meldinger"},
    {Text::words, "What the words mean", "Hva ordene betyr"},
    {Text::words_migrated,
     "“Migrated back to” is the oldest day from which every later day, up to the end of the history, is "
     "carried.",
     "«Migrert tilbake til» er den eldste dagen der alle senere dager, frem til historikken slutter, er "
     "overført."},
    {Text::words_lag, "“Delay” is how far a source is behind the newest change we know of.",
     "«Forsinkelse» er hvor langt en kilde er etter den nyeste endringen vi kjenner til."},
    {Text::words_exception,
     "An exception is a day that could not be finished. It is tried again by itself, and leaves the list "
     "when it is "
     "done.",
     "Et unntak er en dag som ikke ble ferdig. Den prøves igjen av seg selv, og forsvinner fra listen når "
     "den er "
     "ferdig."},
    {Text::words_record, "A record is one form or message at the source. Days follow UTC.",
     "Et element er ett skjema eller én melding hos kilden. Dager følger UTC."},
    {Text::footer_same, "Every number here comes from one reading of the ledger; nobody edits this page.",
     "Alle tall her kommer fra én avlesning av hovedboken. Ingen redigerer denne siden."},
    {Text::footer_accessible,
     "The page works without scripts, with the keyboard alone, and is made to meet WCAG 2.2 AA.",
     "Siden virker uten skript og med bare tastatur, og er laget for å oppfylle WCAG 2.2 AA."},
    {Text::footer_data, "The same as JSON", "Det samme som JSON"},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < text_count; ++i)
    if (catalogue[i].text != static_cast<Text>(i)) return false;
  return true;
}
static_assert(in_order(), "the catalogue follows the order of Text");

struct RowName {
  std::string_view id, en, nb;
};

constexpr std::array<RowName, row_ids.size()> row_names = {{
    {"dialog-services", "Services with their own integration", "Tjenester med egen integrasjon"},
    {"a2-correspondence-historic", "Altinn 2 messages, history", "Meldinger i Altinn 2, historikk"},
    {"a2-correspondence-live", "Altinn 2 messages, new", "Meldinger i Altinn 2, nye"},
    {"a3-correspondence", "Altinn 3 messages", "Meldinger i Altinn 3"},
    {"a3-app-instances-historic", "Altinn 3 forms, history", "Skjemaer i Altinn 3, historikk"},
    {"a3-app-instances-live", "Altinn 3 forms, new and changed", "Skjemaer i Altinn 3, nye og endrede"},
    {"a2-archived-forms-historic", "Archived Altinn 1 and 2 forms, history",
     "Arkiverte skjemaer fra Altinn 1 og 2, historikk"},
    {"a2-archived-forms-live", "Archived Altinn 2 forms, new", "Arkiverte skjemaer fra Altinn 2, nye"},
}};

struct ApiName {
  std::string_view id, en, nb;
};

constexpr std::array<ApiName, api_names.size() + 1> api_wording = {{
    {"storage", "Storage", "Storage"},
    {"dialogporten", "Dialogporten", "Dialogporten"},
    {"correspondence", "Altinn 3 messages", "Altinn 3 Melding"},
    {"events", "Altinn Events", "Altinn Events"},
    {"register", "Register", "Register"},
    {"a2_archive", "the Altinn 2 archive", "Altinn 2-arkivet"},
    {"engine", "the engine itself", "motoren selv"},
}};

struct TransportWords {
  std::string_view code, en, nb;
};

constexpr std::array transport_wording = {
    TransportWords{"", "No cause given", "Ingen årsak oppgitt"},
    TransportWords{"resolve", "The address was not found", "Fant ikke adressen"},
    TransportWords{"connect", "No connection could be made", "Fikk ikke forbindelse"},
    TransportWords{"tls", "No secure connection could be made", "Fikk ikke sikker forbindelse"},
    TransportWords{"reset", "The connection was broken", "Forbindelsen ble brutt"},
    TransportWords{"timeout", "No answer in time", "Svarte ikke i tide"},
    TransportWords{"protocol", "The answer could not be read", "Svaret kunne ikke leses"},
    TransportWords{"too_large", "The answer was too large", "Svaret var for stort"},
    TransportWords{"overload", "Too much waited to be sent", "For mye ventet på å bli sendt"},
    TransportWords{"refused", "The request could not be sent", "Forespørselen kunne ikke sendes"},
    TransportWords{"token", "No access token was to be had", "Fikk ikke tilgangstoken"},
    TransportWords{"cancelled", "The engine was stopped", "Motoren ble stoppet"},
};

} // namespace

std::string_view api_name(Language language, std::string_view api) {
  for (const auto& name : api_wording)
    if (name.id == api) return language == Language::nb ? name.nb : name.en;
  return api;
}

std::string_view transport_words(Language language, std::string_view code) {
  for (const auto& words : transport_wording)
    if (words.code == code) return language == Language::nb ? words.nb : words.en;
  return {};
}

std::string_view wording(Language language, Text text) {
  const auto& entry = catalogue[static_cast<std::size_t>(text)];
  return language == Language::nb ? entry.nb : entry.en;
}

std::string_view row_name(Language language, std::string_view row) {
  for (const auto& name : row_names)
    if (name.id == row) return language == Language::nb ? name.nb : name.en;
  return row;
}

} // namespace dialogferry::status
