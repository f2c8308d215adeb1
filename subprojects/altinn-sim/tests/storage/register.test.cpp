#include "support.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace altinn_sim;
using namespace altinn_sim::storage;

namespace {

Response query(const World& world, const std::vector<std::string>& urns) {
  boost::json::array data;
  for (const auto& urn : urns)
    data.emplace_back(urn);
  const auto body = boost::json::serialize(boost::json::object{{"data", data}});
  return Register(world).handle(Call("/dialogporten/parties/query", Method::post, body).request);
}

std::string party_urn(std::int64_t index) {
  return "urn:altinn:party:id:" + std::to_string(50'000'000 + index);
}

int weighted(const std::string& digits, std::initializer_list<int> weights) {
  int sum = 0;
  std::size_t at = 0;
  for (const int weight : weights)
    sum += weight * (digits[at++] - '0');
  return sum;
}

} // namespace

TEST_CASE("All found is a 200, some missing a 206 with fewer items", "[storage-5]") {
  World world(small_world(1));
  CHECK(query(world, {}).status == 200);
  CHECK(query(world, {party_urn(1), "urn:altinn:user:id:20000007"}).status == 200);
  const auto partial = query(world, {party_urn(1), "urn:altinn:party:id:7", "urn:altinn:user:id:90000000"});
  CHECK(partial.status == 206);
  CHECK(array_of(partial, "data").size() == 1);
}

TEST_CASE("More than 100 URNs, and texts that are none, are refused", "[storage-5]") {
  World world(small_world(1));
  std::vector<std::string> urns;
  urns.reserve(101);
  for (int index = 0; index < 100; ++index)
    urns.push_back(party_urn(index));
  CHECK(query(world, urns).status == 200);
  urns.push_back(party_urn(100));
  CHECK(query(world, urns).status == 400);
  CHECK(query(world, {"50000001"}).status == 400);
  CHECK(query(world, {"urn:altinn:party:id:x"}).status == 400);
  CHECK(Register(world).handle(Call("/dialogporten/parties/query", Method::post, "{").request).status == 400);
  CHECK(Register(world)
            .handle(Call("/dialogporten/parties/query", Method::post, R"({"data":null})").request)
            .status == 400);
}

TEST_CASE("Answers are in an order of their own and can be told apart by party and user id", "[storage-5]") {
  World world(small_world(1));
  std::vector<std::string> urns;
  urns.reserve(101);
  for (int index = 0; index < 60; ++index)
    urns.push_back(party_urn(index));
  for (int index = 0; index < 40; ++index)
    urns.push_back("urn:altinn:user:id:" + std::to_string(20'000'000 + index));
  std::set<std::int64_t> parties;
  std::set<std::int64_t> users;
  bool in_order = true;
  std::int64_t before = 0;
  for (const auto& value : array_of(query(world, urns), "data")) {
    const auto& row = value.as_object();
    const auto party = row.at("partyId").as_int64();
    in_order = in_order && party > before;
    before = party;
    if (const auto* user = row.if_contains("user")) {
      users.insert(user->at("userId").as_int64());
      CHECK(user->at("userIds").as_array().size() == 1);
    } else {
      parties.insert(party);
    }
  }
  CHECK(parties.size() == 60);
  CHECK(users.size() == 40);
  CHECK(!in_order);
}

TEST_CASE("Every identifier of a row finds the same row", "[storage-5]") {
  World world(small_world(1));
  for (int index = 0; index < 50; ++index) {
    const auto row = array_of(query(world, {party_urn(index)}), "data").front().as_object();
    std::vector<std::string> names{"urn:altinn:party:uuid:" + std::string(row.at("partyUuid").as_string())};
    if (const auto* number = row.if_contains("personIdentifier"))
      names.push_back("urn:altinn:person:identifier-no:" + std::string(number->as_string()));
    if (const auto* number = row.if_contains("organizationIdentifier"))
      names.push_back("urn:altinn:organization:identifier-no:" + std::string(number->as_string()));
    for (const auto& name : names) {
      auto found = array_of(query(world, {name}), "data").front().as_object();
      for (const auto* more : {"externalUrn", "user"}) // who asks by uuid is told more
        if (!row.contains(more)) found.erase(more);
      CHECK(found == row);
    }
  }
}

TEST_CASE("Who is asked for by uuid comes with URN and user name, a system user with neither",
          "[correspondence-2.7]") {
  World world(small_world(1));
  const auto& people = world.generator().population();
  std::set<PartyKind> kinds;
  for (int index = 0; index < 300; ++index) {
    const auto identity =
        index % 2 == 0 ? *people.party(people.party_id(index)) : *people.user(people.user_id(index));
    kinds.insert(identity.kind);
    const auto row =
        array_of(query(world, {"urn:altinn:party:uuid:" + guid_text(identity.party_uuid)}), "data")
            .front()
            .as_object();
    INFO(boost::json::serialize(row));
    if (identity.kind == PartyKind::enterprise_user)
      CHECK(!row.contains("externalUrn"));
    else
      CHECK(row.at("externalUrn") == identity_urn(identity).c_str());
    if (identity.kind == PartyKind::self_identified)
      CHECK(row.at("user").at("username") == identity.display_name.c_str());
  }
  CHECK(kinds.size() == 5);
}

TEST_CASE("Numbers have valid check digits, and persons were never born", "[dialogporten-3.8]") {
  for (const std::int64_t index : {0, 1, 4999, 25'000, 777'777, 4'899'999}) {
    const auto person = person_number(index);
    CHECK(person.size() == 11);
    CHECK(weighted(person, {3, 7, 6, 1, 8, 9, 4, 5, 2, 1}) % 11 == 0);
    CHECK(weighted(person, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1}) % 11 == 0);
    CHECK(std::stoi(person.substr(2, 2)) > 80);
    CHECK(person_index(person) == index);
    const auto organisation = organisation_number(index);
    CHECK(organisation.size() == 9);
    CHECK(weighted(organisation, {3, 2, 7, 6, 5, 4, 3, 2, 1}) % 11 == 0);
    CHECK(organisation_index(organisation) == index);
  }
}

TEST_CASE("Register has a name for every actor of the history", "[dialogporten-3.8]") {
  World world(small_world(200));
  Window all;
  all.org = "skd";
  Scan scan(world, all);
  std::vector<Row> group;
  Record record;
  std::size_t system_users = 0;
  while (scan.next(group)) {
    world.read(group.front(), record);
    for (const auto& event : record.events) {
      if (event.user.system_user_owner.empty()) continue;
      ++system_users;
      CHECK(world.actor_name("urn:altinn:organization:identifier-no:" + event.user.system_user_owner));
    }
  }
  CHECK(system_users > 20);
  CHECK(!world.actor_name("urn:altinn:organization:identifier-no:000000000"));
}
