#include "live/endpoint.hpp"
#include "live_support.hpp"

#include <boost/json/serialize.hpp>

using namespace altinn_sim;
using namespace altinn_sim::test;

TEST_CASE("An emitted change is stored, told of with a bare CloudEvent, and answered with its dialog",
          "[live]") {
  LivePlatform sim;
  Receiver receiver;
  const auto made = sim.emit(R"({"deliver_to":")" + receiver.url() +
                             R"(","changes":[{"kind":"create","organisation":"skd"}]})");
  const std::string id(made.at("changes").at(0).at("instance").as_string());
  CHECK(made.at("changes").at(0).at("dialog").as_string().size() == 36);
  REQUIRE(receiver.wait_for(1));
  CHECK(receiver.targets.front() == "/events?code=s");
  const auto event = receiver.events().front();
  CHECK(event.at("specversion") == "1.0");
  CHECK(event.at("type") == "app.instance.created");
  CHECK(event.at("resourceinstance").as_string() == json::string_view(id));
  CHECK(std::string(event.at("source").as_string()).ends_with("/instances/" + id));
  CHECK(std::string(event.at("subject").as_string()) == "/party/" + id.substr(0, id.find('/')));
  CHECK(std::string(event.at("resource").as_string()).starts_with("urn:altinn:resource:app_skd_"));
  CHECK(event.if_contains("data") == nullptr);
  const auto stored = json::parse(sim.client.get("/storage/api/v1/instances/" + id).body);
  CHECK(stored.at("lastChanged") == made.at("changes").at(0).at("last_changed"));
  const auto audit = json::parse(sim.client.get("/_sim/audit").body).at("rows").as_array().back();
  CHECK(audit.at("id") == "a3-app-instances-live");
}

TEST_CASE("Deliveries can be doubled, late, or not there at all", "[live]") {
  LivePlatform sim;
  Receiver receiver;
  const auto id = sim.created();
  sim.emit(R"({"deliver_to":")" + receiver.url() + "\"}");
  sim.emit(change("save", id, R"(,"event":false)"));
  sim.emit(change("submit", id, R"(,"delay_ms":60000,"receipt_after_ms":120000)"));
  sim.emit(change("unrelated", id, R"(,"copies":3)"));
  REQUIRE(receiver.wait_for(3));
  CHECK(sim.counts().at("pending").to_number<int>() >= 2); // the submission's event, and its receipt
  for (const auto& event : receiver.events())
    CHECK(event.at("type") == "app.instance.unrelated");
  sim.client.post("/_sim/clock", R"({"advance":"90s"})");
  REQUIRE(receiver.wait_for(4));
  CHECK(receiver.events().back().at("type") == "app.instance.process.completed");
  sim.client.post("/_sim/clock", R"({"advance":"60s"})");
  REQUIRE(receiver.wait_for(5));
  CHECK(receiver.events().back().at("type") == "app.instance.receipt");
}

TEST_CASE("What is not answered with a 2xx is delivered again", "[live][storage-4.7]") {
  LivePlatform sim;
  Receiver receiver;
  receiver.refused = 3;
  sim.emit(R"({"retry_scale":0.001,"deliver_to":")" + receiver.url() +
           R"(","changes":[{"kind":"create","organisation":"skd"}]})");
  REQUIRE(receiver.wait_for(4));
  CHECK(sim.becomes(is_idle));
  CHECK(sim.counts().at("retried") == 3);
  CHECK(sim.counts().at("delivered") == 1);
  const auto events = receiver.events();
  CHECK(events.front().at("id") == events.back().at("id"));
}

TEST_CASE("A receiver that never accepts is given up in the end", "[live][storage-4.7]") {
  LivePlatform sim;
  Receiver receiver;
  receiver.refused = 1000;
  sim.emit(R"({"retry_scale":0,"deliver_to":")" + receiver.url() +
           R"(","changes":[{"kind":"create","organisation":"skd"}]})");
  REQUIRE(receiver.wait_for(12));
  CHECK(sim.becomes(is_idle));
  CHECK(sim.counts().at("given_up") == 1);
}

TEST_CASE("Events go to this machine only, and orders that make no sense are refused", "[live]") {
  LivePlatform sim;
  for (const auto* orders :
       {R"({"deliver_to":"http://example.com/events"})", R"({"deliver_to":"https://127.0.0.1:1/"})",
        R"({"deliver_to":"http://127.0.0.1.example.com/"})", R"({"changes":[{"kind":"explode"}]})",
        R"({"changes":[{"kind":"save"}]})", R"({"rate":0})", R"({"rate":5,"organisations":["none"]})",
        R"({"unknown":1})", "{"}) {
    sim.emit(orders, 400);
  }
  sim.emit(change("save", "1/00000000-0000-4000-8000-000000000000"), 409);
  CHECK(live::loopback_endpoint("http://localhost:8080")->target == "/");
}

TEST_CASE("A subscription gets its events once it has answered the validation, until it is removed",
          "[live][storage-4.7]") {
  LivePlatform sim;
  Receiver receiver;
  receiver.refused = 1;
  sim.emit(R"({"retry_scale":0.001})");
  const auto id = sim.created();
  const auto stored = json::parse(sim.client.get("/storage/api/v1/instances/" + id).body);
  std::string resource(stored.at("appId").as_string());
  resource.replace(resource.find('/'), 1, "_");
  const auto wanted = json::serialize(json::object{{"endPoint", receiver.url()},
                                                   {"resourceFilter", "urn:altinn:resource:app_" + resource},
                                                   {"typeFilter", "app.instance.save"}});
  const auto subscribe = [&] { return sim.client.post("/events/api/v1/subscriptions", wanted); };
  const auto reply = subscribe();
  CHECK(reply.status == 201);
  CHECK(json::parse(reply.body).at("validated") == false);
  REQUIRE(receiver.wait_for(2));
  CHECK(receiver.events().back().at("type") == "platform.events.validatesubscription");
  CHECK(receiver.events().back().if_contains("subject") == nullptr);
  CHECK(sim.becomes(is_idle));
  CHECK(json::parse(sim.client.get("/events/api/v1/subscriptions/1").body).at("validated") == true);
  sim.emit(change("submit", id));
  sim.emit(change("save", id));
  REQUIRE(receiver.wait_for(3));
  CHECK(receiver.events().back().at("type") == "app.instance.save");
  CHECK(json::parse(subscribe().body).at("id") == 1); // the same one, validated again
  REQUIRE(receiver.wait_for(4));
  CHECK(sim.client.send("DELETE", "/events/api/v1/subscriptions/1", {}).status == 200);
  CHECK(sim.client.get("/events/api/v1/subscriptions/1").status == 404);
  CHECK(json::parse(sim.client.get("/events/api/v1/subscriptions").body).at("count") == 0);
  CHECK(sim.client
            .post("/events/api/v1/subscriptions",
                  R"({"endPoint":"https://example.com/","resourceFilter":"urn:altinn:resource:app_a_b"})")
            .status == 400);
}

TEST_CASE("A load runs by itself, bounded, and ends", "[live]") {
  LivePlatform sim;
  Receiver receiver;
  sim.emit(R"({"deliver_to":")" + receiver.url() + R"(","rate":400,"seconds":1,"seed":3})", 202);
  CHECK(sim.counts().at("running") == true);
  CHECK(sim.becomes(is_idle));
  const auto counts = sim.counts();
  CHECK(counts.at("changes").to_number<int>() > 100);
  CHECK(counts.at("delivered").to_number<int>() >= counts.at("events").to_number<int>());
  CHECK(counts.at("given_up") == 0);
  sim.emit(R"({"rate":10,"seconds":3600})", 202);
  sim.emit(R"({"stop":true})");
  CHECK(sim.counts().at("running") == false);
}

TEST_CASE("The platform's clock can be set and moved on", "[live]") {
  LivePlatform sim;
  CHECK(sim.client.post("/_sim/clock", R"({"now":"2031-05-06T07:08:09Z"})").status == 200);
  CHECK(sim.client.post("/_sim/clock", R"({"advance":"10m"})").status == 200);
  const auto made = sim.emit(R"({"changes":[{"kind":"create","organisation":"skd"}]})");
  CHECK(
      std::string(made.at("changes").at(0).at("last_changed").as_string()).starts_with("2031-05-06T07:18:"));
  CHECK(sim.client.post("/_sim/clock", R"({"now":"soon"})").status == 400);
}

TEST_CASE("A GET of an instance may hide an exception in its 404", "[live][faults][storage-2.10]") {
  LivePlatform sim;
  const auto id = sim.created();
  const auto guid = id.substr(id.find('/') + 1);
  const auto rule = R"({"api":"storage","method":"GET","path":"/instances/[^?]*[0-9a-f]{12}$","404":1})";
  CHECK(sim.client.send("PUT", "/_sim/faults/rules/hidden", rule).status == 204);
  const auto hidden = sim.client.get("/storage/api/v1/instances/" + id);
  CHECK(hidden.status == 404);
  const auto text = json::parse(hidden.body).as_string();
  CHECK(std::string(text).starts_with("Unable to find instance " + id + ": "));
  const auto bare = sim.client.get("/storage/api/v1/instances/" + guid);
  CHECK(
      std::string(json::parse(bare.body).as_string()).starts_with("Unable to find instance " + guid + ": "));
  CHECK(sim.client.get("/storage/api/v1/instances/" + id + "/events").status == 200);
}
