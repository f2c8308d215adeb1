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
    {Text::title, "Status of migration to Dialogporten", "Status for migrering til Dialogporten"},
    {Text::as_of, "As of {}", "Per {}"},
    {Text::environment, "Environment {}", "Miljø {}"},
    {Text::other_language, "Norsk bokmål", "English"},
    {Text::refresh, "Update now", "Oppdater nå"},
    {Text::skip, "Skip to the status", "Hopp til statusen"},
    {Text::not_updated, "Not updated at the moment.", "Oppdateres ikke akkurat nå."},
    // -- the sentence on top
    {Text::headline_nothing, "Nothing has been carried yet", "Ingenting er overført ennå"},
    {Text::headline_held_up, "On hold: {}. Nothing is lost, and work goes on by itself",
     "Venter: {}. Ingenting går tapt, og arbeidet fortsetter av seg selv"},
    {Text::headline_paused, "Paused by an operator: {}. Nothing is lost",
     "Satt på pause: {}. Ingenting går tapt"},
    {Text::headline_partly, "A part waits: {}. The rest goes on, and nothing is lost",
     "En del venter: {}. Resten går som det skal, og ingenting går tapt"},
    {Text::headline_on_purpose, "On purpose: {}. Nothing is lost, and work goes on when it is resumed",
     "Med vilje: {}. Ingenting går tapt, og arbeidet fortsetter når pausen oppheves"},
    {Text::headline_attention, "Needs attention: {}. Everything else goes on",
     "Trenger oppfølging: {}. Resten går som det skal"},
    {Text::headline_differs, "Needs attention: {} differ from the source. Everything else goes on",
     "Trenger oppfølging: {} stemmer ikke med kilden. Resten går som det skal"},
    {Text::headline_late, "New changes arrive late, by {}", "Nye endringer kommer frem {} for sent"},
    {Text::headline_done, "All history in range is carried, without exception",
     "All historikk i perioden er overført, uten unntak"},
    {Text::headline_running, "History is on its way, without exception so far",
     "Historikken er på vei, uten unntak så langt"},
    {Text::headline_still, "Nothing has been carried in the last minute",
     "Ingenting er overført det siste minuttet"},
    {Text::headline_begins, "Nothing is followed yet", "Ingenting følges ennå"},
    {Text::headline_live, "Everything is up to date", "Alt er oppdatert"},
    // -- what is waited for
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
    {Text::wait_paused_by, "paused by {1} {2}", "satt på pause av {1} {2}"},
    {Text::wait_api_paused_by, "{0} is paused by {1} {2}", "{0} er satt på pause av {1} {2}"},
    {Text::wait_paused_configured, "paused in the configuration", "satt på pause i konfigurasjonen"},
    {Text::paused_configured, "Paused in the configuration", "Satt på pause i konfigurasjonen"},
    {Text::wait_api_paused_configured, "{0} is paused in the configuration",
     "{0} er satt på pause i konfigurasjonen"},
    {Text::wait_at_clock, "{} UTC", "kl. {} UTC"},
    {Text::wait_on_day, "{} {} UTC", "{} kl. {} UTC"},
    {Text::records_deferred, "{} wait and are tried again by themselves",
     "{} venter og prøves igjen av seg selv"},
    {Text::records_incomplete, "{} not complete at the source yet", "{} ikke fullstendig hos kilden ennå"},
    {Text::only_organisations, "Service owners: {} only", "Bare tjenesteeier: {}"},
    // -- status
    {Text::status, "Status", "Status"},
    {Text::live_all, "Live sync: all changes (forms, messages) show up in Dialogporten, at present within {}",
     "Livesynkronisering: alle endringer (skjema, meldinger) vises i Dialogporten, for tiden innen {}"},
    {Text::live_others,
     "Live sync: all other changes (forms, messages) show up in Dialogporten, at present within {}",
     "Livesynkronisering: alle andre endringer (skjema, meldinger) vises i Dialogporten, for tiden innen {}"},
    {Text::live_nothing, "Live sync: changes do not show up in Dialogporten at present",
     "Livesynkronisering: endringer vises ikke i Dialogporten for tiden"},
    {Text::live_off, "Live sync is not set up here", "Livesynkronisering er ikke satt opp her"},
    {Text::live_except,
     "Except forms of Altinn 2 that are not completed (begun, but never sent in): they are never carried.",
     "Med unntak av skjema fra Altinn 2 som ikke er fullført (påbegynt, men aldri sendt inn): de overføres "
     "aldri."},
    {Text::live_late, "changes arrive {} late", "endringer kommer frem {} for sent"},
    {Text::live_failed, "{} are missing", "{} mangler"},
    {Text::live_not_begun, "not begun", "ikke begynt"},
    {Text::live_deferred, "{} wait and are tried again by themselves",
     "{} venter og prøves igjen av seg selv"},
    {Text::historic, "Historic data", "Historiske data"},
    {Text::historic_caption, "How far back each source is migrated",
     "Hvor langt tilbake hver kilde er migrert"},
    {Text::no_history, "No history is set up here.", "Ingen historikk er satt opp her."},
    {Text::history_done_label, "All history done", "All historikk ferdig"},
    {Text::missing_label, "Missing", "Mangler"},
    {Text::waiting_label, "Tried again by itself", "Prøves igjen av seg selv"},
    {Text::verified_label, "Compared with the source", "Sammenlignet med kilden"},
    {Text::comparing_label, "Being compared with the source", "Sammenlignes med kilden nå"},
    {Text::not_compared_label, "Could not be compared", "Kunne ikke sammenlignes"},
    {Text::not_compared, "{0}: {1}. Tried again by itself", "{0}: {1}. Prøves igjen av seg selv"},
    {Text::nothing, "Nothing", "Ingenting"},
    {Text::finished_but, "Done, with exception for {}", "Ferdig, med unntak av {}"},
    {Text::with_progress, "{} done", "{} ferdig"},
    // -- sources
    {Text::source, "Source", "Kilde"},
    {Text::state, "Status", "Status"},
    {Text::migrated_back_to, "Migrated back to", "Migrert tilbake til"},
    {Text::exceptions, "Exceptions", "Unntak"},
    {Text::days_done, "Days carried", "Dager overført"},
    {Text::records, "Records read", "Elementer lest"},
    {Text::rate, "Speed", "Fart"},
    {Text::time_left, "Expected done", "Ventes ferdig"},
    {Text::live_lag, "Delay", "Forsinkelse"},
    {Text::both_hops, "{0}; in Altinn 3 Correspondence back to {1}",
     "{0}; i Altinn 3 Melding tilbake til {1}"},
    {Text::direct_seen, "Available immediately, the newest one made {0}",
     "Tilgjengelig umiddelbart, den nyeste laget {0}"},
    {Text::direct_none, "Available immediately, none seen yet", "Tilgjengelig umiddelbart, ingen sett ennå"},
    {Text::direct_unseen, "Available immediately; with this token the dialogs of others cannot be searched",
     "Tilgjengelig umiddelbart; med dette tokenet kan andres dialoger ikke søkes i"},
    {Text::last_carried, "Last change carried", "Siste endring overført"},
    {Text::waiting, "Waiting", "I kø"},
    {Text::state_ok, "In order", "I orden"},
    {Text::state_warning, "Needs attention", "Trenger oppfølging"},
    {Text::state_paused, "On hold", "Venter"},
    {Text::state_partly, "Partly on hold", "Venter delvis"},
    {Text::state_off, "Not set up", "Ikke satt opp"},
    {Text::state_done, "Done", "Ferdig"},
    {Text::state_by_operator, "Paused", "Satt på pause"},
    {Text::state_not_begun, "Not begun", "Ikke begynt"},
    {Text::paused_by, "Paused by {} since {}", "Satt på pause av {} siden {}"},
    {Text::paused_since, "Paused since {}", "Satt på pause siden {}"},
    {Text::off_sources, "Not set up here: {}.", "Ikke satt opp her: {}."},
    {Text::back_to, "Migrated back to {}", "Migrert tilbake til {}"},
    {Text::back_to_except, "Migrated back to {} with exception for {}",
     "Migrert tilbake til {} med unntak av {}"},
    {Text::not_yet, "Not begun", "Ikke begynt"},
    {Text::first_days, "The newest days are under way", "De nyeste dagene er i gang"},
    {Text::older_follow, "Older days follow, newest first", "Eldre dager følger, de nyeste først"},
    {Text::expected_done, "Expected done {}", "Ventes ferdig {}"},
    {Text::up_to_date_within, "Up to date within {}", "Oppdatert innen {}"},
    {Text::up_to_date_but, "Up to date within {}, with exception for {}",
     "Oppdatert innen {}, med unntak av {}"},
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
    {Text::days_verified, "{} compared with the source, the same", "{} sammenlignet med kilden, like"},
    {Text::days_differ, "{} compared with the source, not the same", "{} sammenlignet med kilden, ikke like"},
    // -- goals
    {Text::goals, "Goals and plans", "Mål og planer"},
    {Text::goals_plan, "History is carried with the newest days first.",
     "Historikken overføres med de nyeste dagene først."},
    {Text::goals_caption, "What is to be reached, by when, and whether it will be",
     "Hva som skal nås, når, og om det går"},
    {Text::goals_none, "No goals are set.", "Ingen mål er satt."},
    {Text::goal, "Goal", "Mål"},
    {Text::deadline, "Deadline", "Frist"},
    {Text::progress_label, "Progress", "Fremdrift"},
    {Text::goal_short, "Not planned as far back: {}", "Ikke planlagt så langt tilbake: {}"},
    {Text::goal_except, "{}, with exception for {}", "{}, med unntak av {}"},
    {Text::goal_reached, "Reached", "Nådd"},
    {Text::goal_on_track, "On track", "I rute"},
    {Text::goal_at_risk, "At risk", "Usikkert"},
    {Text::goal_late, "Late", "For sent"},
    {Text::goal_unknown, "Too early to tell", "For tidlig å si"},
    // -- details
    {Text::details, "Details", "Detaljer"},
    {Text::details_intro,
     "Dialogs in Dialogporten come from three sources: directly through its API, from Correspondence "
     "(messages), and from app instances (filled-in forms). Of the latter two, data of Altinn 2 and of "
     "Altinn 3 are told apart, and live sync of changes from migration of history.",
     "Dialoger i Dialogporten kommer fra tre kilder: direkte via API-et, fra Melding (correspondence) og fra "
     "app-instanser (utfylte skjema). For de to siste skilles det mellom data fra Altinn 2 og Altinn 3, og "
     "mellom livesynkronisering av endringer og migrering av historikk."},
    {Text::range, "Planned", "Planlagt"},
    {Text::main_cause, "Most frequent cause", "Hyppigste årsak"},
    {Text::waits_for, "Waits for", "Venter på"},
    {Text::restarts, "Restarts", "Omstarter"},
    {Text::outcomes, "Of these", "Av disse"},
    // -- days
    {Text::days, "Day by day", "Dag for dag"},
    {Text::days_keys,
     "A cell is a day. With the keyboard: arrows go from day to day and from week to week, Home and End "
     "within the week, Page Up and Page Down by month.",
     "Én rute er én dag. Med tastatur: piltastene går fra dag til dag og uke til uke, Home og End innen "
     "uken, Page Up og Page Down per måned."},
    {Text::days_summary,
     "{} to {}: {} of {} days complete, {} with exception, {} under way, {} waiting; {} compared with the "
     "source.",
     "{} til {}: {} av {} dager fullført, {} med unntak, {} i gang, {} venter; {} sammenlignet med kilden."},
    {Text::day_label, "{}: {}, {} records", "{}: {}, {} elementer"},
    {Text::day_label_failed, "{}: {}, {} records, {} of them failed",
     "{}: {}, {} elementer, {} av dem feilet"},
    {Text::month_table, "The same as a table, by month", "Det samme som tabell, per måned"},
    {Text::month, "Month", "Måned"},
    {Text::legend, "What the squares mean", "Hva rutene betyr"},
    {Text::day_complete, "Complete", "Fullført"},
    {Text::day_verified, "Complete, and compared with the source", "Fullført, og sammenlignet med kilden"},
    {Text::day_failed, "Complete, some records failed", "Fullført, noen elementer feilet"},
    {Text::day_differs, "Complete, but differs from the source", "Fullført, men stemmer ikke med kilden"},
    {Text::day_parked, "Exception", "Unntak"},
    {Text::day_running, "Under way", "I gang"},
    {Text::day_waiting, "Waiting", "Venter"},
    {Text::more_days, "and {} more", "og {} til"},
    {Text::year_summary, "{}: {} of {} days complete", "{}: {} av {} dager fullført"},
    {Text::year_parked, "{} with exception", "{} med unntak"},
    {Text::year_running, "{} under way", "{} i gang"},
    {Text::show_year, "Show the days of {}", "Vis dagene i {}"},
    {Text::year, "Year", "År"},
    {Text::back, "Back to the status", "Tilbake til statusen"},
    // -- throughput
    {Text::throughput, "Throughput", "Gjennomstrømning"},
    {Text::throughput_now, "{} records/s at present", "{} elementer/s akkurat nå"},
    {Text::throughput_hint,
     "Records read per second over the last twelve hours, ten minutes a bar, times in UTC.",
     "Elementer lest i sekundet de siste tolv timene, ti minutter per søyle, klokkeslett i UTC."},
    {Text::throughput_table, "The same as a table, by hour", "Det samme som tabell, per time"},
    {Text::throughput_label, "Throughput of the last twelve hours: {} records, at most {}/s",
     "Gjennomstrømning de siste tolv timene: {} elementer, høyst {}/s"},
    {Text::hour, "Hour (UTC)", "Time (UTC)"},
    // -- what is missing
    {Text::missing, "What is missing, and why", "Hva som mangler, og hvorfor"},
    {Text::parked_heading, "Days with exception", "Dager med unntak"},
    {Text::parked_caption, "Days that could not be finished, why, and when they are tried again",
     "Dager som ikke ble ferdige, hvorfor, og når de prøves igjen"},
    {Text::day, "Day", "Dag"},
    {Text::organisation, "Service owner", "Tjenesteeier"},
    {Text::reason, "Reason", "Årsak"},
    {Text::retry_at, "Next try", "Neste forsøk"},
    {Text::parked_more, "{} more parts of days are parked; `exceptions list` shows all.",
     "{} flere deler av dager er satt til side; `exceptions list` viser alle."},
    {Text::causes_heading, "Records that could not be carried", "Elementer som ikke kunne overføres"},
    {Text::causes_caption, "By cause, most frequent first", "Etter årsak, hyppigste først"},
    {Text::cause, "Cause", "Årsak"},
    {Text::who_acts, "Who acts", "Hvem gjør noe"},
    {Text::next_step, "What to do", "Hva som må gjøres"},
    {Text::code, "Code", "Kode"},
    {Text::count, "Records", "Elementer"},
    {Text::nothing_parked, "Nothing is missing: no days with exception, and no records that failed.",
     "Ingenting mangler: ingen dager med unntak, og ingen elementer som feilet."},
    // -- counts
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
    // -- engines
    {Text::engines_heading, "Engines", "Motorer"},
    {Text::engines_caption, "Engines that share the work", "Motorer som deler arbeidet"},
    {Text::engine, "Engine", "Motor"},
    {Text::engine_host, "Runs on", "Kjører på"},
    {Text::engine_since, "Since", "Siden"},
    {Text::engine_carries, "Carries", "Overfører"},
    {Text::engine_shards, "Parts of days: {}", "Deler av dager: {}"},
    {Text::engine_share, "{} ({} of 64 parts)", "{} ({} av 64 deler)"},
    {Text::engine_at_work, "At work", "I arbeid"},
    {Text::engine_differs, "At work, but its rows are configured otherwise than another engine's",
     "I arbeid, men radene er satt opp annerledes enn hos en annen motor"},
    {Text::engine_stopped, "Stopped {}", "Stoppet {}"},
    {Text::engine_failed, "Could not go on, {}", "Kunne ikke fortsette, {}"},
    {Text::engine_gone, "Ended without a word, {}", "Sluttet uten forvarsel, {}"},
    {Text::engine_lost, "Not heard of any more, {}", "Ikke hørt fra lenger, {}"},
    // -- log
    {Text::changelog, "Changelog", "Endringslogg"},
    {Text::change_begun, "{}: the first days are migrated, back to {}",
     "{}: de første dagene er migrert, tilbake til {}"},
    {Text::change_back_to, "{}: migrated back to {}", "{}: migrert tilbake til {}"},
    {Text::change_except, "{}: migrated back to {}, with exception for {}",
     "{}: migrert tilbake til {}, med unntak av {}"},
    {Text::change_finished, "{}: all history is migrated, back to {}",
     "{}: all historikk er migrert, tilbake til {}"},
    {Text::change_undone, "{}: days were opened again and are carried anew",
     "{}: dager ble åpnet igjen og overføres på nytt"},
    {Text::change_was, "{} (was {})", "{} (var {})"},
    {Text::change_first_hop, "{}, first step (into Altinn 3 Correspondence)",
     "{}, første steg (til Altinn 3 Melding)"},
    {Text::changelog_empty, "No changes yet.", "Ingen endringer ennå."},
    {Text::log_paused, "{}: paused", "{}: satt på pause"},
    {Text::log_resumed, "{}: resumed", "{}: startet igjen"},
    {Text::log_set, "Setting {} is now {}", "Innstillingen {} er nå {}"},
    {Text::log_taken_back, "Setting {} is as configured again", "Innstillingen {} er som konfigurert igjen"},
    {Text::log_by, "{}, by {}", "{}, av {}"},
    {Text::log_goal, "The goal “{}” is reached", "Målet «{}» er nådd"},
    {Text::log_recovered, "{}: {} left the exceptions", "{}: {} er ikke lenger unntak"},
    {Text::log_verified, "{}: {} compared with the source, no differences",
     "{}: {} sammenlignet med kilden, ingen forskjeller"},
    {Text::log_differs, "{}: {} compared with the source, {} differ",
     "{}: {} sammenlignet med kilden, {} er forskjellige"},
    {Text::log_engine_gone, "The engine {} ended without a word; its work goes on elsewhere",
     "Motoren {} sluttet uten forvarsel; arbeidet fortsetter andre steder"},
    {Text::log_engine_lost, "The engine {} was not heard of any more; its work goes on elsewhere",
     "Motoren {} ble ikke hørt fra lenger; arbeidet fortsetter andre steder"},
    {Text::notes, "Messages", "Meldinger"},
    {Text::last_modified, "Last modified {}", "Sist endret {}"},
    // -- words
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
     "when it is done.",
     "Et unntak er en dag som ikke ble ferdig. Den prøves igjen av seg selv, og forsvinner fra listen når "
     "den er ferdig."},
    {Text::words_verified,
     "A day is “compared with the source” only after every record of it was looked up on both sides.",
     "En dag er «sammenlignet med kilden» først når hvert element er sett etter på begge sider."},
    {Text::words_excluded,
     "“Not to be carried” are records that must not become dialogs, such as forms of Altinn 2 that were "
     "never completed.",
     "«Skal ikke overføres» er elementer som ikke skal bli dialoger, som skjema fra Altinn 2 som aldri ble "
     "fullført."},
    {Text::words_record, "A record is one form or message at the source. Days follow UTC.",
     "Et element er ett skjema eller én melding hos kilden. Dager følger UTC."},
    {Text::footer_same, "Every number here comes from one reading of the ledger; nobody edits this page.",
     "Alle tall her kommer fra én avlesning av hovedboken. Ingen redigerer denne siden."},
    {Text::footer_scripts,
     "The page updates itself where scripts run, works without them and with the keyboard alone, and is made "
     "to meet WCAG 2.2 AA.",
     "Siden oppdaterer seg selv der skript kjører, virker uten skript og med bare tastatur, og er laget for "
     "å oppfylle WCAG 2.2 AA."},
    {Text::footer_data, "The same as JSON", "Det samme som JSON"},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < text_count; ++i)
    if (catalogue[i].text != static_cast<Text>(i)) return false;
  return true;
}
static_assert(in_order(), "the catalogue follows the order of Text");

struct ApiName {
  std::string_view id, en, nb;
};

constexpr std::array<ApiName, api_names.size() + 2> api_wording = {{
    {"storage", "Storage", "Storage"},
    {"dialogporten", "Dialogporten", "Dialogporten"},
    {"correspondence", "Altinn 3 messages", "Altinn 3 Melding"},
    {"events", "Altinn Events", "Altinn Events"},
    {"register", "Register", "Register"},
    {"a2_archive", "the Altinn 2 archive", "Altinn 2-arkivet"},
    {"engine", "the engine itself", "motoren selv"},
    {"ledger", "the ledger", "hovedboken"},
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

} // namespace dialogferry::status
