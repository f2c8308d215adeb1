#include "register.hpp"

#include "answers.hpp"
#include "dice.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>

namespace altinn_sim::storage {

namespace {

constexpr std::size_t most_urns = 100;
constexpr std::string_view by_uuid = "urn:altinn:party:uuid:";

std::string_view party_type(PartyKind kind) {
  switch (kind) {
  case PartyKind::person: return "person";
  case PartyKind::organisation: return "organization";
  case PartyKind::enterprise_user: return "enterprise-user";
  default: return "self-identified-user";
  }
}

std::optional<std::int64_t> number_after(std::string_view text, std::string_view prefix) {
  text.remove_prefix(prefix.size());
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

/// Somebody in an answer. Who was asked for by uuid, as Correspondence asks, comes with URN and user name; a
/// system or enterprise user has neither.
struct Found {
  Identity identity;
  bool by_uuid = false;

  std::string external_urn() const {
    return by_uuid && identity.kind != PartyKind::enterprise_user ? identity_urn(identity)
                                                                  : identity.external_urn;
  }
  bool has_user() const {
    return identity.user_id > 0 || (by_uuid && identity.kind == PartyKind::self_identified);
  }
};

void append_user(std::string& out, const Identity& identity) {
  JsonMembers json(out);
  json.number("userId", identity.user_id);
  {
    JsonElements ids(json.value("userIds"));
    if (identity.user_id > 0) append_number(ids.next(), identity.user_id);
  }
  if (identity.kind == PartyKind::self_identified) json.text("username", identity.display_name);
}

void append_party(std::string& out, const Found& found) {
  const auto& identity = found.identity;
  JsonMembers json(out);
  json.guid("partyUuid", identity.party_uuid);
  json.number("partyId", identity.party_id);
  json.text("partyType", party_type(identity.kind));
  json.text("displayName", identity.display_name);
  json.text_if("externalUrn", found.external_urn());
  if (identity.kind == PartyKind::person) json.text("personIdentifier", identity.number);
  if (identity.kind == PartyKind::organisation) json.text("organizationIdentifier", identity.number);
  if (found.has_user()) append_user(json.value("user"), identity);
}

void append_parties(std::string& out, const std::vector<Found>& all) {
  JsonMembers json(out);
  JsonElements list(json.value("data"));
  for (const auto& found : all)
    append_party(list.next(), found);
}

/// The URNs asked for; empty optional where the body is not a list of texts under "data", or "Data" as
/// Dialogporten spells it (observed.md OD-11).
std::optional<std::vector<std::string>> urns_in(std::string_view body) {
  boost::system::error_code error;
  const auto json = boost::json::parse({body.data(), body.size()}, error);
  if (error || !json.is_object()) return {};
  const auto* data = json.get_object().if_contains("data");
  if (data == nullptr) data = json.get_object().if_contains("Data");
  if (data == nullptr || !data->is_array()) return {};
  std::vector<std::string> out;
  for (const auto& value : data->get_array()) {
    if (!value.is_string()) return {};
    out.emplace_back(value.get_string());
  }
  return out;
}

} // namespace

std::optional<Identity> Register::find(std::string_view urn, bool& malformed) const {
  constexpr std::string_view by_id = "urn:altinn:party:id:";
  constexpr std::string_view by_user = "urn:altinn:user:id:";
  constexpr std::string_view by_person = "urn:altinn:person:identifier-no:";
  constexpr std::string_view by_organisation = "urn:altinn:organization:identifier-no:";
  const auto& people = world_.generator().population();
  if (urn.starts_with(by_person)) return world_.by_number(urn.substr(by_person.size()));
  if (urn.starts_with(by_organisation)) return world_.by_number(urn.substr(by_organisation.size()));
  if (urn.starts_with(by_id)) {
    const auto id = number_after(urn, by_id);
    malformed = !id;
    return id ? world_.party(*id) : std::nullopt;
  }
  if (urn.starts_with(by_user)) {
    const auto id = number_after(urn, by_user);
    malformed = !id;
    return id ? world_.user(*id) : std::nullopt;
  }
  const auto uuid = urn.starts_with(by_uuid) ? parse_guid(urn.substr(by_uuid.size())) : std::nullopt;
  malformed = !uuid;
  return uuid ? people.by_uuid(*uuid) : std::nullopt;
}

Response Register::handle(const Request& request) const {
  if (request.path != "/dialogporten/parties/query") return empty_answer(404);
  if (request.method != Method::post) return empty_answer(405);
  const auto urns = urns_in(request.body);
  if (!urns) return validation_problem("data", "The data field is required.");
  if (urns->size() > most_urns)
    return validation_problem("data", "No more than 100 parties can be queried at once.");
  std::vector<Found> found;
  for (const auto& urn : *urns) {
    bool malformed = false;
    auto identity = find(urn, malformed);
    if (malformed) return validation_problem("data", "'" + urn + "' is not a valid URN.");
    if (identity) found.push_back({std::move(*identity), urn.starts_with(by_uuid)});
  }
  const bool all = found.size() == urns->size();
  // The order of the answer means nothing: it is never that of the question.
  const auto key = [](const Found& it) {
    return std::pair(mix(it.identity.party_uuid.low), it.identity.user_id);
  };
  std::sort(found.begin(), found.end(), [&](const Found& a, const Found& b) { return key(a) < key(b); });
  Response out;
  out.status = all ? 200 : 206;
  append_parties(out.body, found);
  return out;
}

} // namespace altinn_sim::storage
