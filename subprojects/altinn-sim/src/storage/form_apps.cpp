#include "form_apps.hpp"

#include "dice.hpp"
#include "identity.hpp"
#include "record.hpp"

#include <array>

namespace altinn_sim::storage {

namespace {

struct Words {
  std::string_view nb, nn, en;
};

constexpr std::array<Words, 6> subjects{
    {{"Selvangivelse", "Sjølvmelding", "Tax return"},
     {"Melding om flytting", "Melding om flytting", "Notice of a move"},
     {"Søknad om dispensasjon", "Søknad om dispensasjon", "Application for exemption"},
     {"Årsoppgave for arbeidsgiveravgift", "Årsoppgåve for arbeidsgivaravgift", "Employer's annual return"},
     {"Registermelding", "Registermelding", "Notice to the registers"},
     {"Søknad om støtte til verneverdig bygg", "Søknad om stønad til verneverdig bygg",
      "Application for support of a listed building"}}};

DataType data_type(std::string id, std::string grouping) {
  DataType out;
  out.id = std::move(id);
  out.grouping = std::move(grouping);
  return out;
}

/// What the export made of a form's parts; the sources of pages that are made on demand are hidden.
std::vector<DataType> data_types() {
  return {data_type("binary-data", ""),
          data_type("ref-data-as-pdf", ""),
          data_type("ref-data-as-html", "group.formdatahtml"),
          data_type("a2-xml", "group.formdatasource"),
          data_type("signature-data", "group.signaturesource"),
          data_type("payment-data", "group.paymentsource")};
}

std::uint64_t key_of(std::uint64_t seed, std::string_view org) {
  auto out = mix(seed, 0xf0);
  for (const char letter : org)
    out = mix(out, static_cast<unsigned char>(letter));
  return out;
}

// The import makes ServiceName out of the title, in all three languages (storage.md 3.3).
std::vector<Texts> texts_of(const Application& app) {
  std::vector<Texts> out;
  for (const auto* language : {"nb", "nn", "en"}) {
    const auto* text = &app.titles.front().second;
    for (const auto& [of, title] : app.titles)
      text = of == language ? &title : text;
    out.push_back({language, {{"ServiceName", *text}}});
  }
  return out;
}

Application make(const std::string& org, std::int64_t main_version, std::uint64_t key) {
  const auto& words = subjects[key % subjects.size()];
  Application app;
  app.org = org;
  app.id.append(org).append(main_version == 1 ? "/a1-" : "/a2-");
  app.id.append(std::to_string(1000 + key % 9000)).append("-").append(std::to_string(1 + (key >> 20U) % 9));
  app.version = std::to_string(1 + (key >> 30U) % 90) + ".0.0";
  app.titles = {{"nb", std::string(words.nb)}, {"nn", std::string(words.nn)}, {"en", std::string(words.en)}};
  if ((key >> 40U) % 4 == 0) app.titles = {{"nb", std::string(words.nb)}};
  order_as_stored(app.titles);
  if ((key >> 50U) % 2 == 0) app.data_types = data_types();
  app.created = day_from_civil(2023, 11, 6) * whole_day + 9 * hour;
  app.last_changed = app.created + 31 * whole_day;
  app.changed_by = "migrering";
  app.texts = texts_of(app);
  return app;
}

} // namespace

const Application& OrganisationForms::some(std::int64_t main_version, std::uint64_t key) const {
  const auto& apps = main_version == 1 ? altinn_1 : altinn_2;
  return apps[key % apps.size()];
}

const OrganisationForms& FormApps::of(std::string_view org, const std::string& number) {
  const std::lock_guard lock(mutex_);
  const auto found = by_org_.find(org);
  if (found != by_org_.end()) return *found->second;
  auto made = std::make_unique<OrganisationForms>();
  made->code = org;
  const auto key = key_of(seed_, org);
  made->number =
      number.empty() ? organisation_number(6'000'000 + static_cast<std::int64_t>(key % 100'000)) : number;
  // Neighbouring keys: apps of one organisation never share an id.
  for (std::uint64_t which = 0; which < 2; ++which)
    made->altinn_1.push_back(make(made->code, 1, key + which));
  for (std::uint64_t which = 0; which < 3; ++which)
    made->altinn_2.push_back(make(made->code, 2, key + which));
  return *by_org_.emplace(std::string(org), std::move(made)).first->second;
}

const Application* FormApps::find(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_org_.find(id.substr(0, id.find('/')));
  if (found == by_org_.end()) return nullptr;
  for (const auto* apps : {&found->second->altinn_1, &found->second->altinn_2}) {
    for (const auto& app : *apps) {
      if (app.id == id) return &app;
    }
  }
  return nullptr;
}

std::vector<const Application*> FormApps::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<const Application*> out;
  for (const auto& [org, forms] : by_org_) {
    for (const auto* apps : {&forms->altinn_1, &forms->altinn_2}) {
      for (const auto& app : *apps)
        out.push_back(&app);
    }
  }
  return out;
}

} // namespace altinn_sim::storage
