#include "await.hpp"
#include "controls.hpp"
#include "loopback.hpp"
#include "platform.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <chrono>
#include <thread>

// Correspondence over HTTP, on the platform's own people.
namespace altinn_sim::test {

namespace {

namespace json = boost::json;
namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::string_view base = "/correspondence/api/v1/migration/";
constexpr auto make_available = "makemigratedcorrespondenceavailable";

json::object message(std::int64_t id) {
  return {{"altinn2CorrespondenceId", id},
          {"created", "2023-11-06T08:12:44Z"},
          {"partyId", 50891234},
          {"IsMigrating", true},
          {"makeAvailable", false},
          {"correspondenceData",
           {{"recipients", {"urn:altinn:organization:identifier-no:310912409"}},
            {"correspondence",
             {{"resourceId", "skd-migratedcorrespondence-5229-1"},
              {"sender", "urn:altinn:organization:identifier-no:310912409"},
              {"sendersReference", "r"},
              {"requestedPublishTime", "2023-11-06T08:15:00Z"},
              {"content",
               {{"language", "nb"},
                {"messageTitle", "Vedtak"},
                {"messageSummary", ""},
                {"messageBody", "<p>x</p>"}}}}}}},
          {"eventHistory",
           json::array{json::object{{"status", "Published"},
                                    {"statusText", "Correspondence Published in Altinn 2"},
                                    {"statusChanged", "2023-11-06T08:15:02Z"},
                                    {"eventUserPartyUuid", "6d0f1f2e-2a11-4a55-9a77-1f0e9b8c7d6a"}}}}};
}

struct Running {
  static Options options(std::chrono::microseconds publish_time) {
    Options options;
    options.last_day = options.first_day;
    options.per_day = 1;
    options.organisations = 1;
    options.publish_time = publish_time;
    return options;
  }

  explicit Running(std::chrono::microseconds publish_time = std::chrono::milliseconds(1))
      : platform(options(publish_time))
      , simulator({})
      , server({}, [this](const Incoming& in) { return simulator.answer(in); })
      , client(server.port()) {
    platform.attach_to(simulator);
    add_controls(simulator);
  }

  Reply post(std::string_view path, const json::value& body) {
    return client.send("POST", std::string{base}.append(path), json::serialize(body),
                       {{"Content-Type", "application/json"}});
  }

  std::string migrate(std::int64_t id) {
    const auto reply = post("correspondence", message(id));
    REQUIRE(reply.status == 200);
    return json::value_to<std::string>(json::parse(reply.body).at("correspondenceId"));
  }

  std::string publish(const std::string& id) {
    const auto reply = post(make_available, {{"correspondenceId", id}});
    return json::value_to<std::string>(json::parse(reply.body).at("statuses").at(0).at("dialogId"));
  }

  json::object audit() {
    return json::parse(client.get("/_sim/audit").body).at("correspondence").as_object();
  }

  void faults(std::string_view plan) { CHECK(client.post("/_sim/faults", std::string{plan}).status == 204); }

  Platform platform;
  Simulator simulator;
  RunningServer server;
  Client client;
};

} // namespace

TEST_CASE("a record takes both hops over HTTP, and the audit finds nothing wrong") {
  Running sim;
  const auto id = sim.migrate(1);
  CHECK(sim.audit().at("missing") == 1);
  CHECK(sim.publish(id) != "");
  const auto audit = sim.audit();
  CHECK(audit.at("records") == 1);
  CHECK(audit.at("dialogs") == 1);
  for (const auto* kind : {"hidden", "stranded", "wrongly_labelled", "orphaned_attachments", "doubled",
                           "missing", "stale", "wrong", "leftover"})
    CHECK(audit.at(kind) == 0);
  const auto record = json::parse(sim.client.get("/_sim/correspondence/" + id).body);
  CHECK(!record.at("isMigrating").as_bool());
  CHECK(json::parse(sim.client.get("/_sim/correspondence/1").body) == record);
}

TEST_CASE("whoever closes the connection while M3 is at work strands the record, and the audit says so",
          "[OC-1]") {
  Running sim(std::chrono::minutes(10));
  const auto id = sim.migrate(1);
  const auto body = json::serialize(json::object{{"correspondenceId", id}});
  {
    asio::io_context context;
    tcp::socket socket(context);
    socket.connect({asio::ip::address_v4::loopback(), sim.server.port()});
    asio::write(socket,
                asio::buffer("POST " + std::string{base} + make_available +
                             " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " +
                             std::to_string(body.size()) + "\r\n\r\n" + body));
    await([&] { return sim.audit().at("dialogs") == 1; });
  }
  await([&] {
    const auto requests = json::parse(sim.client.get("/_sim/requests").body);
    for (const auto& each : requests.at("endpoints").as_array())
      if (each.at("endpoint") == "POST /correspondence/api/v1/migration/makemigratedcorrespondenceavailable")
        return each.at("status").as_object().contains("reset");
    return false;
  });
  CHECK(sim.audit().at("stranded") == 1);
  CHECK(sim.client.send("POST", "/_sim/correspondence", R"({"publish_time": "0ms"})").status == 204);
  CHECK(sim.publish(id) == "");
}

TEST_CASE("faults go wrong inside a publish", "[OC-1]") {
  Running sim;
  const auto id = sim.migrate(1);
  sim.faults(
      R"({"rules": [{"name": "inside", "api": "correspondence", "path": "makemigrated", "publish_422": 1}]})");
  CHECK(sim.publish(id) == "");
  CHECK(sim.audit().at("dialogs") == 0);
  CHECK(sim.audit().at("refused") == 1);
  sim.faults(
      R"({"rules": [{"name": "inside", "api": "correspondence", "path": "makemigrated", "publish_stored_500": 1}]})");
  CHECK(sim.publish(id) == "");
  CHECK(sim.audit().at("stranded") == 1);
  const auto refusals =
      json::parse(sim.client.get("/_sim/requests").body).at("apis").at("correspondence").at("refusals");
  CHECK(refusals.at("publish_422") == 1);
  CHECK(refusals.at("publish_stored_500") == 1);
}

TEST_CASE("a reset after the service began comes in the midst of a publish", "[OC-1]") {
  Running sim;
  sim.faults(R"({"rules": [{"api": "correspondence", "path": "makemigrated", "resets": 1}]})");
  for (int id = 1; id <= 20; ++id)
    CHECK(sim.post(make_available, {{"correspondenceId", sim.migrate(id)}}).status == 0);
  const auto stranded = sim.audit().at("stranded").to_number<int>();
  CHECK(stranded > 0);
  CHECK(stranded < 20);
}

TEST_CASE("a file of any size is taken without being kept", "[OC-9]") {
  Running sim;
  const auto target = std::string{base} +
                      "attachment?resourceId=skd-x&sender=0192:310912409&sendersReference=r"
                      "&created=2023-11-06T08:12:44Z&altinn2AttachmentId=A";
  const auto reply = sim.client.send("POST", target, std::string(30'000'000, 'x'),
                                     {{"Content-Type", "application/octet-stream"}});
  CHECK(reply.status == 200);
  CHECK(sim.audit().at("orphaned_attachments") == 1);
  const auto wrong = sim.client.send("POST", target + "2&checksum=" + std::string(32, 'a'), "abc",
                                     {{"Content-Type", "application/octet-stream"}});
  CHECK(wrong.status == 500);
  const auto right = sim.client.send("POST", target + "3&checksum=900150983cd24fb0d6963f7d28e17f72", "abc",
                                     {{"Content-Type", "application/octet-stream"}});
  CHECK(right.status == 200);
  const auto chunked =
      sim.client.raw("POST " + target +
                     "4 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: "
                     "application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
  CHECK(chunked.find(" 400 ") != std::string::npos);
  CHECK(chunked.find("2004") != std::string::npos);
}

TEST_CASE("jobs happen in real time") {
  Running sim;
  auto live = message(1);
  live["makeAvailable"] = true;
  CHECK(sim.post("correspondence", live).status == 200);
  await([&] { return sim.audit().at("hidden") == 0; });
  CHECK(sim.audit().at("dialogs") == 1);
}

} // namespace altinn_sim::test
