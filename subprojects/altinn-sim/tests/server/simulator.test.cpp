#include "controls.hpp"
#include "loopback.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <atomic>

using namespace altinn_sim;
using namespace altinn_sim::test;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

/// A simulator with a target that counts what it did.
struct Simulated {
  explicit Simulated(std::chrono::microseconds latency = {})
      : simulator({latency})
      , server({}, [this](const Incoming& in) { return simulator.answer(in); })
      , client(server.port()) {
    simulator.serve(Api::dialogporten, [this](const Request& request) {
      ++acted;
      return Response{201, R"({"path":")" + std::string(request.path) + R"("})", "application/json", {}};
    });
    add_controls(simulator);
  }

  Reply create(const std::string& body = "{}") {
    return client.post("/dialogporten/api/v1/serviceowner/dialogs", body);
  }

  std::atomic<int> acted = 0;
  Simulator simulator;
  RunningServer server;
  Client client;
};

} // namespace

TEST_CASE("a request reaches its service with the path below the service's base") {
  Simulated simulated;
  auto reply = simulated.create();
  CHECK(reply.status == 201);
  CHECK(reply.body == R"({"path":"/api/v1/serviceowner/dialogs"})");
  CHECK(simulated.client.get("/storage/api/v1/instances").status == 404);
  CHECK(simulated.client.get("/nowhere").status == 404);
  CHECK(simulated.client.get("/_sim/nothing").status == 404);
  CHECK(simulated.client.get("/_sim/health").status == 200);
}

TEST_CASE("a refusal keeps the service from acting") {
  Simulated simulated;
  struct Case {
    std::string plan;
    int status;
    std::string header;
  };
  for (const auto& [plan, status, header] : std::vector<Case>{
           {R"({"rules": [{"429": 1, "retry_after": "on"}]})", 429, "Retry-After: 1"},
           {R"({"expired_tokens": 1})", 401, "WWW-Authenticate: Bearer"},
           {R"({"outages": [{"duration": "60s"}]})", 0, ""},
           {R"({"outages": [{"duration": "60s", "how": "503"}]})", 503, ""},
       }) {
    REQUIRE(simulated.client.post("/_sim/faults", plan).status == 204);
    auto reply = simulated.create();
    CHECK(reply.status == status);
    CHECK(reply.head.find(header) != std::string::npos);
  }
  CHECK(simulated.acted == 0);
  CHECK(simulated.client.post("/_sim/faults", "{}").status == 204);
  CHECK(simulated.create().status == 201);
}

TEST_CASE("some acknowledgements are lost: the service acted, the connection was reset") {
  Simulated simulated;
  simulated.client.post("/_sim/faults", R"({"resets": 1})");
  for (int at = 0; at < 40; ++at)
    CHECK(simulated.create(std::to_string(at)).status == 0);
  CHECK(simulated.acted > 5);
  CHECK(simulated.acted < 35);
  auto counts = json::parse(simulated.client.get("/_sim/requests").body);
  CHECK(counts.at("endpoints").as_array()[0].at("status").at("reset") == 40);
}

TEST_CASE("slow bodies come whole or not at all, broken ones are no JSON") {
  Simulated simulated;
  simulated.client.post("/_sim/faults", R"({"slow_bodies": 1, "slow_for": "20ms"})");
  for (int at = 0; at < 10; ++at) {
    auto reply = simulated.create(std::to_string(at));
    CHECK((reply.status == 201 || reply.status == 503));
  }
  CHECK(simulated.acted > 0);
  simulated.client.post("/_sim/faults", R"({"slow_bodies": 1, "slow_for": "5ms", "stall": true})");
  CHECK(simulated.create().status == 0);
  simulated.client.post("/_sim/faults", R"({"broken_json": 1})");
  auto broken = simulated.create();
  CHECK(broken.status == 201);
  boost::system::error_code error;
  json::parse(broken.body, error);
  CHECK(error);
}

TEST_CASE("one rule can be set and removed, and a wrong one is refused") {
  Simulated simulated;
  auto send = [&](const std::string& method, const std::string& body) {
    return simulated.client.send(method, "/_sim/faults/rules/down", body);
  };
  CHECK(send("PUT", R"({"api": "dialogporten", "5xx": 1})").status == 204);
  CHECK(simulated.create().status >= 500);
  CHECK(json::parse(simulated.client.get("/_sim/faults").body).at("rules").as_array()[0].at("5xx") == 1);
  CHECK(send("DELETE", "").status == 204);
  CHECK(send("DELETE", "").status == 404);
  CHECK(simulated.create().status == 201);
  CHECK(send("PUT", R"({"5xx": 7})").status == 400);
  CHECK(send("PUT", "{").status == 400);
  CHECK(simulated.client.post("/_sim/faults", R"({"limit": 1})").body.find("'limit': must be an object") !=
        std::string::npos);
}

TEST_CASE("requests are counted until they are reset, the simulator's own are not") {
  Simulated simulated;
  for (int at = 0; at < 3; ++at)
    simulated.create();
  auto counts = json::parse(simulated.client.get("/_sim/requests").body);
  CHECK(counts.at("total") == 3);
  CHECK(counts.at("endpoints").as_array().size() == 1);
  CHECK(counts.at("apis").at("dialogporten").at("max_per_second") == 3);
  CHECK(simulated.client.post("/_sim/requests/reset", "").status == 204);
  CHECK(json::parse(simulated.client.get("/_sim/requests").body).at("total") == 0);
}

TEST_CASE("the platform's answers are late by the latency, the simulator's own are not") {
  Simulated simulated(40ms);
  auto begun = std::chrono::steady_clock::now();
  CHECK(simulated.create().status == 201);
  CHECK(std::chrono::steady_clock::now() - begun >= 40ms);
}
