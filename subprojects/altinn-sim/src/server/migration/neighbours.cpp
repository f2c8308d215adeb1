#include "migration/neighbours.hpp"

#include "clock.hpp"

namespace altinn_sim {

namespace {

using correspondence::Party;
using storage::Identity;
using storage::PartyKind;

Party party_of(const Identity& identity) {
  Party party;
  // A system or enterprise user has no URN in Register.
  if (identity.kind != PartyKind::enterprise_user) party.urn = storage::identity_urn(identity);
  party.name = identity.display_name;
  if (identity.kind == PartyKind::self_identified) party.username = identity.display_name;
  return party;
}

std::optional<Party> find(const storage::Register& people, const std::string& urn) {
  bool malformed = false;
  const auto identity = people.find(urn, malformed);
  return identity ? std::optional(party_of(*identity)) : std::nullopt;
}

/// Organisations also as "0192:" and the number.
std::string as_urn(std::string_view text) {
  constexpr std::string_view country = "0192:";
  if (!text.starts_with(country)) return std::string{text};
  return "urn:altinn:organization:identifier-no:" + std::string{text.substr(country.size())};
}

} // namespace

correspondence::Surroundings neighbours_of(const storage::Register& people, dialogporten::Service& dialogs,
                                           std::function<std::int64_t()> now,
                                           std::function<void()> jobs_came) {
  dialogporten::Caller caller;
  caller.correspondence = true;
  correspondence::Surroundings around;
  around.dialogporten = [&dialogs, caller](const Request& request) {
    return dialogs.handle(request, caller);
  };
  around.party = [&people](const dialogporten::Uuid& id) {
    return find(people, "urn:altinn:party:uuid:" + to_string(id));
  };
  around.user = [&people](std::int64_t id) {
    return find(people, "urn:altinn:user:id:" + std::to_string(id));
  };
  around.knows_urn = [&people](std::string_view urn) { return find(people, as_urn(urn)).has_value(); };
  around.now = std::move(now);
  around.steady = steady_us;
  around.jobs_came = std::move(jobs_came);
  return around;
}

} // namespace altinn_sim
