#include "platform.hpp"

#include "controls.hpp"
#include "loopback.hpp"
#include "token.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <thread>

using namespace altinn_sim;
using namespace altinn_sim::test;
namespace json = boost::json;

namespace {

/// Two days of one organisation, every API on one port.
struct RunningPlatform {
  static Options options() {
    Options options;
    options.first_day = 20'089;
    options.last_day = 20'090;
    options.per_day = 150;
    options.organisations = 1;
    return options;
  }

  explicit RunningPlatform(const Options& options = RunningPlatform::options())
      : platform(options)
      , simulator({})
      , server({}, [this](const Incoming& in) { return simulator.answer(in); })
      , client(server.port()) {
    platform.attach_to(simulator);
    add_controls(simulator);
  }

  Reply post_json(std::string_view target, const std::string& body) {
    return client.send("POST", target, body, {{"Content-Type", "application/json"}});
  }

  json::object audit() {
    return json::parse(client.get("/_sim/audit").body).at("rows").as_array()[0].as_object();
  }

  Platform platform;
  Simulator simulator;
  RunningServer server;
  Client client;
};

std::string token_that_ends(std::int64_t at_s) {
  // The payload in base64url is {"exp": N}, padded with blanks to whole groups of three bytes.
  const std::string claims = "{\"exp\":" + std::to_string(at_s) + "}";
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string padded = claims + std::string((3 - claims.size() % 3) % 3, ' ');
  std::string encoded;
  for (std::size_t i = 0; i < padded.size(); i += 3) {
    auto byte = [&](std::size_t at) {
      return static_cast<unsigned>(static_cast<unsigned char>(padded[i + at]));
    };
    auto bits = byte(0) << 16U | byte(1) << 8U | byte(2);
    for (unsigned shift : {18U, 12U, 6U, 0U})
      encoded += alphabet[bits >> shift & 63U];
  }
  return "Bearer e30." + encoded + ".sig";
}

constexpr std::string_view dialogs = "/dialogporten/api/v1/serviceowner/dialogs";

const std::string dialog = R"({"id":"01942f3e-5c00-7abc-8def-0123456789ab",
  "serviceResource":"urn:altinn:resource:app_skd_rapport","party":"urn:altinn:organization:identifier-no:310912409",
  "serviceOwnerContext":{"serviceOwnerLabels":[
    {"value":"urn:altinn:integration:storage:50000001/11111111-2222-4333-8444-555555555555"}]},
  "status":"Completed","content":{"title":{"value":[{"value":"Rapport","languageCode":"nb"}]}}})";

} // namespace

TEST_CASE("a history's every record is found through HTTP and expected by the audit") {
  RunningPlatform platform;
  auto applications = json::parse(platform.client.get("/storage/api/v1/applications").body);
  std::string org(applications.at("applications").as_array().at(0).at("org").as_string());
  std::string query = "org=" + org + "&order=asc:lastChanged";
  std::size_t records = 0;
  for (bool more = true; more;) {
    auto page = json::parse(platform.client.get("/storage/api/v1/instances?" + query).body);
    records += page.at("instances").as_array().size();
    more = page.at("next").is_string();
    if (!more) break;
    std::string next(page.at("next").as_string());
    query = next.substr(next.find('?') + 1);
  }
  CHECK(records == 300);
  auto row = platform.audit();
  CHECK(row.at("id") == "a3-app-instances-historic");
  CHECK(row.at("missing") == row.at("expected"));
  CHECK(row.at("missing").to_number<std::size_t>() + row.at("excluded").to_number<std::size_t>() == records);
  CHECK(platform.client.get("/_sim/audit?from=x").status == 400);
}

TEST_CASE("a dialog that is created can be read, by the simulator's door too, and the audit wonders at it") {
  RunningPlatform platform;
  auto created = platform.post_json(dialogs, dialog);
  REQUIRE(created.status == 201);
  CHECK(created.body == R"("01942f3e-5c00-7abc-8def-0123456789ab")");
  auto path = std::string(dialogs) + "/01942f3e-5c00-7abc-8def-0123456789ab";
  CHECK(platform.client.get(path).status == 200);
  auto seen = platform.client.get("/_sim/dialogs/01942f3e-5c00-7abc-8def-0123456789ab");
  CHECK(json::parse(seen.body).at("status") == "Completed");
  CHECK(platform.client.get("/_sim/dialogs/01942f3e-5c00-7abc-8def-0123456789ac").status == 404);
  CHECK(platform.client.get("/_sim/dialogs/x").status == 404);
  CHECK(platform.audit().at("wrong") == 1);
  CHECK(platform.post_json(dialogs, dialog).status == 422);
}

TEST_CASE("forms can be imported through the simulator's door, and are a row of the audit") {
  RunningPlatform platform;
  auto reply = platform.post_json("/_sim/forms", R"({"organisation":"ttd","count":3,"complete":false})");
  REQUIRE(reply.status == 200);
  auto forms = json::parse(reply.body).at("forms").as_array();
  REQUIRE(forms.size() == 3);
  std::string id(forms.at(0).as_string());
  CHECK(platform.client.get("/storage/api/v1/instances/" + id).status == 200);
  auto page = json::parse(platform.client.get("/storage/api/v1/instances?org=ttd&mainVersionExclude=3").body);
  CHECK(page.at("instances").as_array().size() == 3);
  auto rows = json::parse(platform.client.get("/_sim/audit").body).at("rows").as_array();
  auto live = std::find_if(rows.begin(), rows.end(),
                           [](const json::value& row) { return row.at("id") == "a2-archived-forms-live"; });
  REQUIRE(live != rows.end());
  CHECK(live->at("deferred") == 3);
  CHECK(platform.post_json("/_sim/forms", "{}").status == 400);
}

TEST_CASE("a body can be judged without being stored") {
  RunningPlatform platform;
  auto verdict = [&](const std::string& body) {
    return json::parse(platform.post_json("/_sim/validate?verb=create", body).body);
  };
  CHECK(verdict(dialog).at("accepted") == true);
  CHECK(verdict("{}").at("accepted") == false);
  CHECK(platform.client.get(std::string(dialogs) + "/01942f3e-5c00-7abc-8def-0123456789ab").status == 404);
}

TEST_CASE("Register answers for the owner of a record") {
  RunningPlatform platform;
  auto page = json::parse(platform.client.get("/storage/api/v1/instances?org=skd&size=1").body);
  std::string party(page.at("instances").as_array().at(0).at("instanceOwner").at("partyId").as_string());
  auto reply = platform.post_json("/register/api/v1/dialogporten/parties/query",
                                  R"({"data":["urn:altinn:party:id:)" + party + R"("]})");
  CHECK(reply.status == 200);
  CHECK(json::parse(reply.body).at("data").as_array().at(0).at("partyId") == std::stoll(party));
}

TEST_CASE("Register takes the body that Dialogporten sends, with a capital D", "[OD-11]") {
  RunningPlatform running;
  const std::string urns = R"(["urn:altinn:party:id:50000001"]})";
  constexpr std::string_view query = "/register/api/v1/dialogporten/parties/query";
  const auto small = running.post_json(query, R"({"data":)" + urns);
  CHECK(small.status / 100 == 2);
  CHECK(running.post_json(query, R"({"Data":)" + urns).body == small.body);
}

TEST_CASE("a token has two seconds of grace, and what is no JWT is let through", "[OD-10]") {
  constexpr std::int64_t now = 1'800'000'000;
  CHECK_FALSE(is_expired(token_that_ends(now + 60), now));
  CHECK_FALSE(is_expired(token_that_ends(now - 1), now));
  CHECK_FALSE(is_expired(token_that_ends(now - 2), now));
  CHECK(is_expired(token_that_ends(now - 3), now));
  for (const auto* other : {"", "Bearer secret", "Bearer a.b.c", "Basic e30.e30.x"})
    CHECK_FALSE(is_expired(other, now));
  RunningPlatform running;
  const auto refused = running.client.send(
      "POST", dialogs, dialog,
      {{"Content-Type", "application/json"}, {"Authorization", token_that_ends(now - 200'000'000)}});
  CHECK(refused.status == 401);
  CHECK(refused.body.empty());
}

TEST_CASE("Register down behind Dialogporten lasts as long as its outage, and is counted", "[OD-2]") {
  RunningPlatform running;
  auto with_actor = json::parse(dialog);
  with_actor.as_object()["activities"] = json::parse(R"([{"type":"DialogCreated","performedBy":{
    "actorType":"PartyRepresentative","actorId":"urn:altinn:person:legacy-selfidentified:ola"}}])");
  const auto body = json::serialize(with_actor);
  running.client.post("/_sim/faults",
                      R"({"outages":[{"api":"dialogporten","how":"register-behind","duration":"1m"}]})");
  CHECK(running.post_json(dialogs, body).status == 502);
  CHECK(running.client.get("/storage/api/v1/instances?org=skd").status == 200);
  CHECK(running.post_json(dialogs, dialog).status == 201);
  running.client.post("/_sim/faults", "{}");
  CHECK(running.post_json(dialogs, body).status == 422); // the id is taken by now
  const auto counts = json::parse(running.client.get("/_sim/requests").body);
  CHECK(counts.at("apis").at("dialogporten").at("refusals").at("register_down") == 1);
}

TEST_CASE("writes that meet over connections are refused and counted", "[OD-1][OD-6]") {
  auto options = RunningPlatform::options();
  options.write_time = std::chrono::seconds(1);
  RunningPlatform running(options);
  auto named = json::parse(dialog).as_object();
  named["activities"] = json::parse(R"([{"type":"DialogCreated","performedBy":{
    "actorType":"PartyRepresentative","actorName":"EUS #4711"}}])");
  auto other = named;
  other["id"] = "01942f3e-5c00-7abc-8def-0123456789ac";
  std::array<int, 2> statuses{};
  auto send = [&](int at, std::string body) {
    Client client(running.server.port());
    statuses[static_cast<std::size_t>(at)] =
        client.send("POST", dialogs, std::move(body), {{"Content-Type", "application/json"}}).status;
  };
  std::thread first(send, 0, json::serialize(named));
  std::thread second(send, 1, json::serialize(other));
  first.join();
  second.join();
  std::sort(statuses.begin(), statuses.end());
  CHECK(statuses == std::array{201, 422});
  // One after the other they are both taken: the answer comes when the write is over.
  send(0, json::serialize(named));
  send(1, json::serialize(other));
  std::sort(statuses.begin(), statuses.end());
  CHECK(statuses == std::array{201, 422}); // the id that won before is taken
  const auto counts = json::parse(running.client.get("/_sim/requests").body);
  CHECK(counts.at("apis").at("dialogporten").at("refusals").at("name_race") == 1);
}
