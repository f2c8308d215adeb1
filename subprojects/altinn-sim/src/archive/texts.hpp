#pragma once

#include <array>
#include <string_view>

/// What generated messages say.
namespace altinn_sim::archive::texts {

constexpr std::array<std::string_view, 4> languages = {"nb", "nn", "en", "no"};

/// By language: nb, nn, en.
constexpr std::array<std::array<std::string_view, 6>, 3> titles = {{
    {"Vedtak om fradrag", "Innkalling til møte", "Påminnelse om innsending", "Kvittering for mottatt skjema",
     "Melding om utbetaling", "Svar på søknad"},
    {"Vedtak om frådrag", "Innkalling til møte", "Påminning om innsending", "Kvittering for motteke skjema",
     "Melding om utbetaling", "Svar på søknad"},
    {"Decision on a deduction", "Notice of a meeting", "Reminder to submit", "Receipt for your form",
     "Notice of payment", "Reply to your application"},
}};

constexpr std::array<std::string_view, 5> summaries = {
    "Vedtaket ligger ved.", "Les meldingen innen fristen, og svar om du er uenig.",
    "**Viktig:** se punkt 2 & 3.", "Gjelder saken din <b>hos oss</b>", "We have received your form."};

constexpr std::array<std::string_view, 4> bodies = {
    "<p>Se vedlagt vedtak.</p>",
    "<h2>Orientering</h2><p>Saken er behandlet. Du kan klage innen tre uker.</p>", "<b>Utbetalt</b>",
    "Open the form, sign it & return it."};

constexpr std::array<std::string_view, 3> senders = {"Etat for eksempler", "Kontoret for prøver",
                                                     "Office of Samples"};
constexpr std::array<std::string_view, 6> file_names = {"vedtak.pdf",         "vedlegg 1.pdf", "skjema.xml",
                                                        "Kvittering æøå.PDF", "oversikt.xlsx", "notat"};
constexpr std::array<std::string_view, 3> mailboxes = {"urn:altinn:organization:identifier-no:984661185",
                                                       "urn:altinn:organization:identifier-no:922020175",
                                                       "urn:altinn:organization:identifier-no:996460320"};
constexpr std::array<std::string_view, 3> notes = {"Til info", "Kan du se på denne?", "For your information"};

} // namespace altinn_sim::archive::texts
