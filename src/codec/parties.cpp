#include "reader.hpp"

#include <dialogferry/codec/parties.hpp>

namespace dialogferry::codec {

namespace {

struct PartyNames {
  std::optional<std::string_view> external_urn;
  std::optional<std::string_view> person;
  std::optional<std::string_view> organisation;
  std::optional<std::string_view> type;
  std::optional<std::string_view> display_name;
};

bool given(const std::optional<std::string_view>& text) {
  return text && !text->empty();
}

/// The first row of M-50 that applies; empty where none does.
std::string urn_of(const PartyNames& names) {
  const auto joined = [](std::string_view prefix, std::string_view rest) {
    return std::string(prefix).append(rest);
  };
  if (given(names.external_urn)) return std::string(*names.external_urn);
  if (given(names.person)) return joined("urn:altinn:person:identifier-no:", *names.person);
  if (given(names.organisation)) return joined("urn:altinn:organization:identifier-no:", *names.organisation);
  if (!given(names.display_name)) return {};
  return joined(names.type == "self-identified-user" ? "urn:altinn:person:legacy-selfidentified:"
                                                     : "urn:altinn:displayName:",
                *names.display_name);
}

bool read_user(Reader& reader, ondemand::value value, Party& party) {
  return reader.object(value, "user", [&](Key key, ondemand::value member) {
    std::optional<std::int64_t> id;
    if (key == "userId") {
      const bool read = reader.number(member, "userId", id);
      if (id) party.user_ids.push_back(*id);
      return read;
    }
    if (!(key == "userIds")) return true;
    return reader.list(member, "userIds", [&](ondemand::value entry) {
      const bool read = reader.number(entry, {}, id);
      if (id) party.user_ids.push_back(*id);
      return read;
    });
  });
}

bool read_party(Reader& reader, ondemand::value value, Party& party) {
  PartyNames names;
  const bool read = reader.object(value, {}, [&](Key key, ondemand::value member) {
    if (key == "partyId") return reader.number(member, "partyId", party.party_id);
    if (key == "partyType") return reader.text(member, "partyType", names.type);
    if (key == "displayName") return reader.text(member, "displayName", names.display_name);
    if (key == "externalUrn") return reader.text(member, "externalUrn", names.external_urn);
    if (key == "personIdentifier") return reader.text(member, "personIdentifier", names.person);
    if (key == "organizationIdentifier")
      return reader.text(member, "organizationIdentifier", names.organisation);
    if (key == "user") return read_user(reader, member, party);
    return true;
  });
  party.urn = urn_of(names);
  return read;
}

std::optional<std::string> copy_of(const std::optional<std::string_view>& text) {
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

bool read_person(Reader& reader, ondemand::value value, std::vector<Person>& people) {
  std::optional<std::string_view> id, urn, name, username;
  const bool read = reader.object(value, {}, [&](Key key, ondemand::value member) {
    if (key == "partyUuid") return reader.text(member, "partyUuid", id);
    if (key == "externalUrn") return reader.text(member, "externalUrn", urn);
    if (key == "displayName") return reader.text(member, "displayName", name);
    if (!(key == "user")) return true;
    return reader.object(member, "user", [&](Key part, ondemand::value text) {
      return part == "username" ? reader.text(text, "username", username) : true;
    });
  });
  if (const auto uuid = id ? parse_uuid(*id) : std::nullopt; uuid)
    people.push_back({*uuid, copy_of(urn), copy_of(name), copy_of(username)});
  return read;
}

/// Hands each row of `data` to `each`.
template <class Each>
std::optional<Problem> read_rows(Parser& parser, JsonView json, Each each) {
  Arena arena;
  Reader reader("parties", arena);
  bool found = false;
  const bool read = reader.document(parser, json, [&](Key key, ondemand::value value) {
    if (!(key == "data")) return true;
    return reader.present(value, "data", found) &&
           reader.list(value, "data", [&](ondemand::value entry) { return each(reader, entry); });
  });
  if (!read || (!found && !reader.fail("data", "is missing"))) return std::move(reader).problem();
  return std::nullopt;
}

} // namespace

Result<std::vector<Person>> read_people(Parser& parser, JsonView json) {
  std::vector<Person> people;
  auto problem = read_rows(parser, json, [&](Reader& reader, ondemand::value entry) {
    return read_person(reader, entry, people);
  });
  if (problem) return tl::unexpected(std::move(*problem));
  return people;
}

Result<std::vector<Party>> read_parties(Parser& parser, JsonView json) {
  std::vector<Party> parties;
  auto problem = read_rows(parser, json, [&](Reader& reader, ondemand::value entry) {
    return read_party(reader, entry, parties.emplace_back());
  });
  if (problem) return tl::unexpected(std::move(*problem));
  return parties;
}

} // namespace dialogferry::codec
