#include "await.hpp"
#include "controls.hpp"
#include "live_support.hpp"
#include "loopback.hpp"
#include "platform.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <chrono>
#include <set>
#include <thread>

// What service owners send in Altinn 3 itself (correspondence.md 6), and write to Dialogporten directly.
namespace altinn_sim::test {

namespace {

struct Running {
  static Options options() {
    Options options;
    options.last_day = options.first_day;
    options.per_day = 1;
    options.organisations = 2;
    options.job_time = std::chrono::microseconds(0);
    options.write_time = std::chrono::microseconds(0);
    return options;
  }

  Running()
      : platform(options())
      , simulator({})
      , server({}, [this](const Incoming& in) { return simulator.answer(in); })
      , client(server.port()) {
    platform.attach_to(simulator);
    add_controls(simulator);
  }

  json::object get(const std::string& target) {
    const auto reply = client.get(target);
    INFO(target << reply.body);
    REQUIRE(reply.status == 200);
    return json::parse(reply.body).as_object();
  }

  json::object emit(const json::object& change) {
    const auto reply =
        client.send("POST", "/_sim/emit", json::serialize(json::object{{"changes", json::array{change}}}));
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    return json::parse(reply.body).at("changes").at(0).as_object();
  }

  std::string create(json::object members = {}) {
    members["kind"] = "a3_create";
    return json::value_to<std::string>(emit(members).at("correspondence"));
  }

  void happen(const char* kind, const std::string& id) { emit({{"kind", kind}, {"correspondence", id}}); }

  json::object row() {
    const auto audit = get("/_sim/audit");
    for (const auto& each : audit.at("rows").as_array())
      if (each.at("id") == "a3-correspondence") return each.as_object();
    return {};
  }

  json::object details(const std::string& id) {
    return get("/correspondence/api/v1/correspondence/" + id + "/details");
  }

  Platform platform;
  Simulator simulator;
  RunningServer server;
  Client client;
};

} // namespace

TEST_CASE("a correspondence of Altinn 3 gets its dialog, is published, and its dialog follows it") {
  Running sim;
  CHECK(sim.row().empty());
  const auto id = sim.create({{"confirmation", true}, {"attachments", 2}});
  await([&] { return sim.row().at("present") == 1; });
  const auto details = sim.details(id);
  CHECK(details.at("status") == "Published");
  CHECK(details.at("statusHistory").as_array().size() == 2);
  CHECK(details.at("content").at("attachments").as_array().size() == 2);
  CHECK(details.at("externalReferences").at(0).at("referenceType") == "DialogportenDialogId");
  CHECK(details.at("altinn2CorrespondenceId").is_null());
  CHECK(!sim.get("/correspondence/api/v1/correspondence/" + id).contains("statusHistory"));
  sim.happen("a3_read", id);
  sim.happen("a3_confirm", id);
  sim.happen("a3_archive", id);
  await([&] { return sim.row().at("stale") == 0; });
  const auto dialog =
      sim.get("/_sim/dialogs/" +
              json::value_to<std::string>(details.at("externalReferences").at(0).at("referenceValue")));
  CHECK(dialog.at("activities").as_array().size() == 2);
  await([&] {
    return sim.get("/_sim/dialogs/" + json::value_to<std::string>(dialog.at("id"))).at("systemLabel") ==
           "Archive";
  });
  sim.happen("a3_purge", id);
  await([&] { return sim.row().at("stale") == 0; });
  CHECK(sim.row().at("wrong") == 0);
  CHECK(sim.get("/_sim/audit").at("correspondence").at("leftover") == 0);
  CHECK(sim.client.get("/correspondence/api/v1/correspondence/01934c5a-7b00-7abc-8def-0123456789ab").status ==
        404);
}

TEST_CASE("what happens to a correspondence of Altinn 3 is told as events of its own") {
  Running sim;
  Receiver receiver;
  CHECK(sim.client.post("/_sim/emit", R"({"deliver_to": ")" + receiver.url() + "\"}").status == 200);
  const auto id = sim.create();
  REQUIRE(receiver.wait_for(2));
  sim.happen("a3_read", id);
  REQUIRE(receiver.wait_for(3));
  std::set<std::string> types;
  for (const auto& each : receiver.events()) {
    CHECK(each.at("resourceinstance") == id.c_str());
    CHECK(json::value_to<std::string>(each.at("source")).ends_with("/correspondence/api/v1/correspondence"));
    const auto type = json::value_to<std::string>(each.at("type"));
    types.insert(type);
    const bool to_recipient = type.ends_with("published");
    CHECK((each.at("subject") == sim.details(id).at(to_recipient ? "recipient" : "sender")));
  }
  CHECK(types == std::set<std::string>{"no.altinn.correspondence.correspondenceinitialized",
                                       "no.altinn.correspondence.correspondencepublished",
                                       "no.altinn.correspondence.correspondencereceiverread"});
}

TEST_CASE("one whose dialog was not made is missing until somebody makes it; one that failed has none") {
  Running sim;
  const auto lost = sim.create({{"without_dialog", true}});
  CHECK(sim.row().at("missing_ids") == json::array{json::value(lost)});
  CHECK(sim.details(lost).at("externalReferences").as_array().empty());
  const auto later = sim.create({{"published", false}});
  CHECK(sim.row().at("waiting") == 1);
  await([&] { return !sim.details(later).at("externalReferences").as_array().empty(); });
  sim.happen("a3_publish_failed", later);
  const auto row = sim.row();
  CHECK(row.at("excluded") == 1);
  CHECK(row.at("wrong") == 0);
  CHECK(sim.details(later).at("status") == "Failed");
}

TEST_CASE("a dialog that a service owner writes is the newest that a search finds") {
  Running sim;
  sim.emit({{"kind", "direct"}, {"organisation", "skd"}});
  sim.emit({{"kind", "direct"}});
  const auto newest = sim.emit({{"kind", "direct"}, {"title", "Nyest"}});
  const auto found = sim.get("/dialogporten/api/v1/serviceowner/dialogs?orderBy=createdat_desc&limit=1");
  CHECK(found.at("items").at(0).at("id") == newest.at("dialog"));
  CHECK(sim.get("/dialogporten/api/v1/serviceowner/dialogs?orderBy=createdat_desc")
            .at("items")
            .as_array()
            .size() == 2);
}

TEST_CASE("an order that cannot be is refused with its reason") {
  Running sim;
  for (const auto* body :
       {R"({"changes": [{"kind": "a3_x"}]})", R"({"changes": [{"kind": "a3_read"}]})",
        R"({"changes": [{"kind": "a3_create", "whatever": 1}]})",
        R"({"changes": [{"kind": "a3_read", "correspondence": "01934c5a-7b00-7abc-8def-0123456789ab"}]})"})
    CHECK(sim.client.send("POST", "/_sim/emit", body).status == 400);
}

} // namespace altinn_sim::test
