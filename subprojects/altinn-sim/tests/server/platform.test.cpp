#include "platform.hpp"

#include "controls.hpp"
#include "loopback.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <algorithm>

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

  RunningPlatform()
      : platform(options())
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
