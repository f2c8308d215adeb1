#include "world.hpp"

#include "fixtures.hpp"

#include <algorithm>

namespace altinn_sim::storage {

namespace {

Identity organisation_identity(const Organisation& organisation) {
  Identity out;
  out.kind = PartyKind::organisation;
  out.number = organisation.number;
  out.display_name = organisation.code;
  return out;
}

} // namespace

World::World(const WorldOptions& options)
    : options_(options)
    , generator_(options)
    , form_apps_(options.seed)
    , forms_(options, generator_, form_apps_)
    , newcomers_(options.seed)
    , imports_(options.seed, forms_.references() + 1, generator_.population(), form_apps_, overlay_)
    , late_events_(options.import_time) {
  for (const auto& application : generator_.catalogue().applications())
    by_id_[application.id] = &application;
}

void World::know(Record& record) {
  const auto kind = record.person_number.empty() ? PartyKind::organisation : PartyKind::person;
  const auto& people = generator_.population();
  const auto& owner = strangers_.try_emplace(record.party, people.stranger(record.party, kind)).first->second;
  // Numbers of the files need not be valid ones: the owner gets Register's.
  record.person_number = owner.kind == PartyKind::person ? owner.number : "";
  record.organisation_number = owner.kind == PartyKind::organisation ? owner.number : "";
  for (const auto& event : record.events) {
    if (event.user.user_id == 0) continue;
    auto user = people.stranger(Population::first_user_party - event.user.user_id, PartyKind::person);
    user.user_id = event.user.user_id;
    strange_users_.try_emplace(user.user_id, user);
  }
}

void World::add_fixtures(const std::filesystem::path& folder) {
  auto fixtures = read_fixtures(folder);
  for (auto& application : fixtures.applications) {
    auto& kept = more_applications_.emplace_back(std::move(application));
    by_id_.try_emplace(kept.id, &kept);
  }
  std::int64_t row_id = 0;
  for (auto& record : fixtures.records) {
    record.row_id = ++row_id;
    record.application = application(record.app_id);
    know(record);
    overlay_.put(std::move(record));
  }
}

const Application* World::application(std::string_view id) const {
  const auto found = by_id_.find(id);
  if (found != by_id_.end()) return found->second;
  const auto* come_since = newcomers_.application(id);
  return come_since == nullptr ? form_apps_.find(id) : come_since;
}

std::vector<const Application*> World::applications() const {
  std::vector<const Application*> out;
  for (const auto& application : generator_.catalogue().applications())
    out.push_back(&application);
  for (const auto& application : more_applications_) {
    if (this->application(application.id) == &application) out.push_back(&application);
  }
  for (const auto* organisation : newcomers_.all()) {
    for (const auto& app : organisation->apps)
      out.push_back(app.application);
  }
  for (const auto* application : form_apps_.all())
    out.push_back(application);
  return out;
}

const Organisation* World::organisation(std::string_view code) const {
  const auto index = generated_organisation(code);
  if (!index) return newcomers_.find(code);
  return &generator_.catalogue().organisations()[static_cast<std::size_t>(*index)];
}

const Organisation& World::add_organisation(std::string_view code) {
  const auto* there = organisation(code);
  return there == nullptr ? newcomers_.add(code) : *there;
}

std::optional<std::int64_t> World::generated_organisation(std::string_view code) const {
  const auto& all = generator_.catalogue().organisations();
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.code == code; });
  return found == all.end() ? std::nullopt : std::optional<std::int64_t>(found - all.begin());
}

std::vector<std::string> World::organisations() const {
  std::vector<std::string> out;
  for (const auto& organisation : generator_.catalogue().organisations())
    out.push_back(organisation.code);
  for (const auto& org : overlay_.organisations()) {
    if (std::find(out.begin(), out.end(), org) == out.end()) out.push_back(org);
  }
  return out;
}

std::optional<Identity> World::party(std::int64_t party_id) const {
  const auto found = strangers_.find(party_id);
  return found == strangers_.end() ? generator_.population().party(party_id) : found->second;
}

std::optional<Identity> World::user(std::int64_t user_id) const {
  const auto found = strange_users_.find(user_id);
  return found == strange_users_.end() ? generator_.population().user(user_id) : found->second;
}

std::optional<Identity> World::by_number(std::string_view number) const {
  for (const auto* people : {&strangers_, &strange_users_}) {
    for (const auto& [id, identity] : *people) {
      if (identity.number == number) return identity;
    }
  }
  for (const auto& organisation : generator_.catalogue().organisations()) {
    if (organisation.number == number) return organisation_identity(organisation);
  }
  for (const auto* organisation : newcomers_.all()) {
    if (organisation->number == number) return organisation_identity(*organisation);
  }
  return generator_.population().by_number(number);
}

std::optional<std::string> World::actor_name(std::string_view urn) const {
  const auto found = by_number(urn.substr(urn.rfind(':') + 1));
  return found ? std::optional(found->display_name) : std::nullopt;
}

bool World::find(Guid id, Record& out) const {
  if (overlay_.hides(id)) {
    const auto held = overlay_.find(id);
    if (held == nullptr) return false;
    out = *held;
  } else {
    const auto place = generated_place(id);
    if (!place) return false;
    history(*place).generate(*place, out);
  }
  overlay_.apply_data_values(out);
  out.order_maps();
  return true;
}

void World::read(const Row& row, Record& out) const {
  if (row.held != nullptr) {
    out = *row.held;
  } else {
    history(*row.place).generate(*row.place, out);
  }
  overlay_.apply_data_values(out);
  out.order_maps();
}

std::optional<Guid> World::derived_dialog_id(Guid instance) const {
  const auto place = generated_place(instance);
  if (!place) return {};
  const auto& of = history(*place);
  return version_7(instance, of.created(*place, of.time(*place)));
}

Row World::row(Place place, Ticks last_changed) const {
  const auto& of = history(place);
  return {last_changed, of.row_id(place, of.created(place, last_changed)), place, nullptr};
}

bool World::shows(Place place, MainVersions versions) const {
  const auto& of = history(place);
  return versions.has(of.main_version(place)) && has_come(place) && !overlay_.hides(of.guid(place));
}

std::vector<const History*> World::histories(MainVersions versions) const {
  std::vector<const History*> out;
  if (versions.altinn_3) out.push_back(&generator_);
  if (versions.forms()) out.push_back(&forms_);
  return out;
}

const History& World::history(Place place) const {
  if (place.collection == Collection::forms) return forms_;
  return generator_;
}

std::optional<Place> World::generated_place(Guid id) const {
  auto place = generator_.place(id);
  if (!place) place = forms_.place(id);
  return place && has_come(*place) ? place : std::nullopt;
}

bool World::has_come(Place place) const {
  const auto& of = history(place);
  return of.first_day() + place.day < day_of(options_.born) || of.time(place) < options_.born;
}

} // namespace altinn_sim::storage
