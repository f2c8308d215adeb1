#include "strings.hpp"

#include <dialogferry/model/config.hpp>
#include <dialogferry/status/render.hpp>

#include <algorithm>
#include <array>

namespace dialogferry::status {

namespace {

struct RowWords {
  std::string_view id;
  std::string_view en, nb;
  std::string_view about_en, about_nb;
};

constexpr std::array<RowWords, row_ids.size()> words = {{
    {"dialog-services", "Dialog services", "Dialogtjenester",
     "Service owners that write to Dialogporten’s API themselves, from a platform of their own. All changes "
     "are "
     "available immediately; there is nothing to migrate.",
     "Tjenesteeiere som skriver til Dialogportens API selv, fra en egen plattform. Alle endringer er "
     "tilgjengelige umiddelbart, og det er ingenting å migrere."},
    {"a2-correspondence-historic", "A2 Correspondence – historic", "A2 Melding – historisk",
     "Messages of Altinn 2. They are migrated to Altinn 3 Correspondence first, and from there to "
     "Dialogporten in "
     "a step of its own; a day counts when it has passed both.",
     "Meldinger fra Altinn 2. De migreres først til Altinn 3 Melding, og derfra til Dialogporten i et eget "
     "steg. En dag regnes med når den har vært gjennom begge."},
    {"a2-correspondence-live", "A2 Correspondence – live", "A2 Melding – live",
     "New messages created in Altinn 2, and what happens to them later, are carried to Dialogporten every "
     "few "
     "minutes.",
     "Nye meldinger opprettet i Altinn 2, og det som senere skjer med dem, overføres til Dialogporten med få "
     "minutters mellomrom."},
    {"a3-correspondence", "A3 Correspondence", "A3 Melding",
     "Messages created in Altinn 3 make their own dialogs, immediately. It is watched that each of them has "
     "one.",
     "Meldinger opprettet i Altinn 3 lager dialogene selv, umiddelbart. Det kontrolleres at hver av dem har "
     "en."},
    {"a3-app-instances-historic", "A3 app instances – historic", "A3 app-instanser – historisk",
     "Forms and other instances of Altinn 3 apps, by the day they were last changed.",
     "Skjema og andre instanser av apper i Altinn 3, etter dagen de sist ble endret."},
    {"a3-app-instances-live", "A3 app instances – live", "A3 app-instanser – live",
     "App instances created in Altinn 3 show up in Dialogporten immediately, and changes are synced in real "
     "time.",
     "App-instanser opprettet i Altinn 3 vises i Dialogporten umiddelbart, og endringer synkroniseres i "
     "sanntid."},
    {"a2-archived-forms-historic", "A2 archived forms – historic", "A2 arkiverte skjema – historisk",
     "Completed forms of Altinn 1 and Altinn 2. Forms that were never completed are not carried.",
     "Fullførte skjema fra Altinn 1 og Altinn 2. Skjema som aldri ble fullført, overføres ikke."},
    {"a2-archived-forms-live", "A2 archived forms – live", "A2 arkiverte skjema – live",
     "Newly archived forms of Altinn 2 are migrated in batches every few minutes.",
     "Nyarkiverte skjema fra Altinn 2 migreres i puljer med få minutters mellomrom."},
}};

const RowWords* words_of(std::string_view row) {
  const auto found = std::find_if(words.begin(), words.end(), [&](const auto& one) { return one.id == row; });
  return found == words.end() ? nullptr : &*found;
}

} // namespace

std::string_view row_name(Language language, std::string_view row) {
  const auto* found = words_of(row);
  if (found == nullptr) return row;
  return language == Language::nb ? found->nb : found->en;
}

std::string_view row_about(Language language, std::string_view row) {
  const auto* found = words_of(row);
  if (found == nullptr) return {};
  return language == Language::nb ? found->about_nb : found->about_en;
}

} // namespace dialogferry::status
