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
    , generator_(options) {
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
  return found == by_id_.end() ? nullptr : found->second;
}

std::vector<const Application*> World::applications() const {
  std::vector<const Application*> out;
  for (const auto& application : generator_.catalogue().applications())
    out.push_back(&application);
  for (const auto& application : more_applications_) {
    if (this->application(application.id) == &application) out.push_back(&application);
  }
  return out;
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
    const auto place = generator_.place(id);
    if (!place) return false;
    generator_.generate(*place, out);
  }
  overlay_.apply_data_values(out);
  return true;
}

void World::read(const Row& row, Record& out) const {
  if (row.held != nullptr) {
    out = *row.held;
  } else {
    generator_.generate(*row.place, out);
  }
  overlay_.apply_data_values(out);
}

std::optional<Guid> World::derived_dialog_id(Guid instance) const {
  const auto place = generator_.place(instance);
  if (!place) return {};
  const auto last_changed = generator_.axis(place->organisation, place->day).time(place->rank);
  return version_7(instance, generator_.created(*place, last_changed));
}

Row World::row(Place place, Ticks last_changed) const {
  return {last_changed, generator_.row_id(place, generator_.created(place, last_changed)), place, nullptr};
}

} // namespace altinn_sim::storage
