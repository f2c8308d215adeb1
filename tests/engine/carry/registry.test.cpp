#include "../actor_fixture.hpp"

#include <dialogferry/engine/carry/lookups.hpp>

#include <algorithm>
#include <set>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

using Ids = std::vector<std::int64_t>;
using Urns = std::vector<std::pair<std::int64_t, std::string>>;

std::string party_row(std::int64_t id, const std::string& organisation) {
  return R"({"partyId":)" + std::to_string(id) + R"(,"organizationIdentifier":")" + organisation + R"("})";
}

std::string user_row(std::int64_t id, const std::string& person) {
  return R"({"partyId":900000,"personIdentifier":")" + person + R"(","user":{"userId":)" +
         std::to_string(id) + "}}";
}

/// A Register in front of an API that answers when told.
struct RegistryWorld : World {
  std::shared_ptr<Reply<FoundParties>> find(Ids parties, Ids users = {},
                                            Priority priority = Priority::history) {
    return ask<FoundParties>(registry, FindParties{std::move(parties), std::move(users), priority});
  }

  /// The names in the `index`th list, each once.
  std::multiset<std::string> listed(std::size_t index) const {
    std::multiset<std::string> names;
    std::string_view body = api->asked.at(index).request->body;
    for (auto at = body.find("urn:"); at != std::string_view::npos; at = body.find("urn:")) {
      body.remove_prefix(at);
      names.emplace(body.substr(0, body.find('"')));
      body.remove_prefix(1);
    }
    return names;
  }

  void reply(std::size_t index, const std::vector<std::string>& rows, int status = 200) {
    std::string body;
    for (const auto& row : rows)
      body += (body.empty() ? "" : ",") + row;
    answer(api, index, answered(http::Operation::read, response(status, R"({"data":[)" + body + "]}")));
  }

  std::shared_ptr<Desk<Call, Answered>> api = std::make_shared<Desk<Call, Answered>>();
  register_actor registry =
      spawn<Registry>(stand_in_of<gate_actor>(api), std::make_shared<PeopleBook>(lookup_age), clock());
};

Ids sequence(std::int64_t from, std::int64_t count) {
  Ids ids;
  for (auto id = from; id < from + count; ++id)
    ids.push_back(id);
  return ids;
}

} // namespace

TEST_CASE("Parties and users are asked for in one list and told apart in the answer", "[engine][register]") {
  RegistryWorld world;
  const auto reply = world.find({7}, {7, 8});
  REQUIRE(world.api->asked.size() == 1);
  CHECK(world.listed(0) ==
        std::multiset<std::string>{"urn:altinn:party:id:7", "urn:altinn:user:id:7", "urn:altinn:user:id:8"});
  world.reply(0, {user_row(8, "02886430348"), party_row(7, "310912409"), user_row(7, "18885803195")});
  CHECK(reply->value().parties == Urns{{7, "urn:altinn:organization:identifier-no:310912409"}});
  auto users = reply->value().users;
  std::sort(users.begin(), users.end());
  CHECK(users == Urns{{7, "urn:altinn:person:identifier-no:18885803195"},
                      {8, "urn:altinn:person:identifier-no:02886430348"}});
  CHECK_FALSE(reply->value().problem);
}

TEST_CASE("No list holds more than a hundred, and no more than four are under way",
          "[engine][register][D-13]") {
  RegistryWorld world;
  const auto reply = world.find(sequence(1, 950));
  REQUIRE(world.api->asked.size() == 4);
  std::multiset<std::string> all;
  for (std::size_t i = 0; i < 10; ++i) {
    REQUIRE(world.api->asked.size() == std::min<std::size_t>(10, i + 4));
    const auto names = world.listed(i);
    CHECK(names.size() <= 100);
    all.insert(names.begin(), names.end());
    CHECK_FALSE(reply->there());
    std::vector<std::string> rows;
    for (const auto& name : names)
      rows.push_back(party_row(std::stoll(name.substr(name.rfind(':') + 1)), "310912409"));
    world.reply(i, rows);
  }
  CHECK(all.size() == 950);
  CHECK(std::set<std::string>(all.begin(), all.end()).size() == 950);
  CHECK(reply->value().parties.size() == 950);
}

TEST_CASE("Lists that wait out a pause keep nobody else waiting", "[engine][register]") {
  RegistryWorld world;
  world.find(sequence(1, 400));
  REQUIRE(world.api->asked.size() == 4);
  CHECK(world.api->asked[0].records == 100);
  world.find({500});
  CHECK(world.api->asked.size() == 4);
  world.advance(1s); // they were refused, it seems
  const auto reply = world.find({501});
  REQUIRE(world.api->asked.size() == 5);
  world.reply(4, {party_row(500, "310912409"), party_row(501, "991825827")});
  CHECK(reply->value().parties.size() == 1);
}

TEST_CASE("What is wanted while lists are under way waits for one list together",
          "[engine][register][D-13]") {
  RegistryWorld world;
  for (std::int64_t id = 1; id <= 4; ++id)
    world.find({id});
  REQUIRE(world.api->asked.size() == 4);
  for (std::int64_t id = 5; id <= 54; ++id)
    world.find({id});
  CHECK(world.api->asked.size() == 4);
  world.reply(0, {});
  REQUIRE(world.api->asked.size() == 5);
  CHECK(world.listed(4).size() == 50);
}

TEST_CASE("Many who ask for the same are answered from one request", "[engine][register][D-13]") {
  RegistryWorld world;
  std::vector<std::shared_ptr<Reply<FoundParties>>> replies;
  for (int i = 0; i < 20; ++i)
    replies.push_back(world.find({1}, {}, i == 0 ? Priority::live : Priority::history));
  CHECK(world.api->asked.size() == 1);
  world.reply(0, {party_row(1, "310912409")});
  for (const auto& reply : replies)
    CHECK(reply->value().parties.size() == 1);
  CHECK(world.find({1, 1})->value().parties.front().second ==
        "urn:altinn:organization:identifier-no:310912409");
  CHECK(world.api->asked.size() == 1);
}

TEST_CASE("A list is live as soon as one who waits for it is", "[engine][register]") {
  RegistryWorld world;
  for (std::int64_t id = 1; id <= 4; ++id)
    world.find({id});
  world.find({5});
  world.find({6}, {}, Priority::live);
  world.find({7});
  world.reply(0, {});
  REQUIRE(world.api->asked.size() == 5);
  CHECK(world.api->asked[0].priority == Priority::history);
  CHECK(world.api->asked[4].priority == Priority::live);
}

TEST_CASE("Whoever Register does not know is left out, and not asked for again soon", "[engine][register]") {
  RegistryWorld world;
  const auto reply = world.find({1, 2});
  world.reply(0, {party_row(2, "310912409")}, 206);
  REQUIRE(reply->value().parties.size() == 1);
  CHECK(reply->value().parties[0].first == 2);
  CHECK(world.find({1})->value().parties.empty());
  CHECK(world.api->asked.size() == 1);
}

TEST_CASE("One whom Register knows without a name is told apart from one it does not know",
          "[engine][register][M-50]") {
  RegistryWorld world;
  const auto reply = world.find({}, {1, 2});
  world.reply(0, {R"({"partyId":900000,"user":{"userId":1}})"}, 206);
  CHECK(reply->value().users == Urns{{1, ""}});
  CHECK(world.find({}, {2, 1})->value().users == Urns{{1, ""}});
}

TEST_CASE("Rows nobody asked for are ignored", "[engine][register]") {
  RegistryWorld world;
  const auto reply = world.find({1});
  world.reply(0, {party_row(1, "310912409"), party_row(2, "991825827")});
  CHECK(reply->value().parties.size() == 1);
  const auto second = world.find({2});
  REQUIRE(world.api->asked.size() == 2);
  world.reply(1, {party_row(2, "310912409")});
  CHECK(second->value().parties == Urns{{2, "urn:altinn:organization:identifier-no:310912409"}});
}

TEST_CASE("Where Register cannot be asked, everybody who waits gets the problem and the next one asks again",
          "[engine][register]") {
  const auto answer = GENERATE(http::Answer(response(500, R"({"title":"Down"})")),
                               http::Answer(response(200, R"({"data":null})")),
                               http::Answer(response(200, "<html>")), no_answer());
  RegistryWorld world;
  const auto first = world.find({1});
  const auto second = world.find({1, 2});
  world.answer(world.api, 0, answered(http::Operation::read, answer));
  CHECK(first->value().problem);
  world.reply(1, {party_row(2, "310912409")});
  REQUIRE(second->value().problem);
  CHECK_FALSE(second->value().problem->message.empty());
  world.find({1});
  CHECK(world.api->asked.size() == 3);
}

TEST_CASE("A failed list does not touch the lists beside it", "[engine][register]") {
  RegistryWorld world;
  const auto first = world.find({1});
  const auto second = world.find({2});
  world.answer(world.api, 0, answered(http::Operation::read, response(500)));
  world.reply(1, {party_row(2, "310912409")});
  CHECK(first->value().problem);
  CHECK_FALSE(second->value().problem);
}

TEST_CASE("What Register said is kept five minutes", "[engine][register][M-36]") {
  RegistryWorld world;
  world.advance(60s);
  world.find({1, 2});
  world.reply(0, {party_row(1, "310912409")});
  world.advance(lookup_age - 1s);
  CHECK(world.find({1, 2})->there());
  CHECK(world.api->asked.size() == 1);
  world.advance(2s);
  CHECK_FALSE(world.find({1, 2})->there());
  CHECK(world.api->asked.size() == 2);
}

TEST_CASE("What was known when the question came is in its answer, however long the rest of it takes",
          "[engine][register]") {
  RegistryWorld world;
  world.find({1});
  world.reply(0, {party_row(1, "310912409")});
  const auto reply = world.find({1, 2, 300});
  world.advance(3 * lookup_age);
  world.find({4}); // what was known is old by now
  world.reply(1, {party_row(2, "991825827"), party_row(300, "991825827")});
  auto parties = reply->value().parties;
  std::sort(parties.begin(), parties.end());
  CHECK(parties == Urns{{1, "urn:altinn:organization:identifier-no:310912409"},
                        {2, "urn:altinn:organization:identifier-no:991825827"},
                        {300, "urn:altinn:organization:identifier-no:991825827"}});
}

TEST_CASE("What came with an early list is in the answer that waits for a late one", "[engine][register]") {
  RegistryWorld world;
  const auto reply = world.find(sequence(1, 101));
  REQUIRE(world.api->asked.size() == 2);
  const auto early = world.listed(0).size() == 1 ? 0U : 1U;
  const auto name = *world.listed(early).begin();
  world.reply(early, {party_row(std::stoll(name.substr(name.rfind(':') + 1)), "310912409")});
  world.advance(3 * lookup_age);
  world.find({500});
  world.reply(1 - early, {});
  CHECK(reply->value().parties.size() == 1);
}

TEST_CASE("A question about nobody is answered at once", "[engine][register]") {
  RegistryWorld world;
  CHECK(world.find({})->value().parties.empty());
  CHECK(world.api->asked.empty());
}
