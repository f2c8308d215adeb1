#include "live/cloud_event.hpp"
#include "live/pushed_json.hpp"
#include "live_support.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <fstream>
#include <iterator>
#include <thread>

// What the real Events and the rows behind it were seen to do (observed.md OE-1 to OE-7, and OS, OR where
// they need the running platform), driven by tests/observed.
using namespace altinn_sim;
using namespace altinn_sim::test;
using storage::parse_guid;
using storage::parse_time;

namespace {

json::value observed(const std::string& name) {
  std::ifstream file(std::string(OBSERVED_DIR) + "/" + name + ".json");
  return json::parse(std::string{std::istreambuf_iterator<char>(file), {}});
}

std::string text(const json::value& value) {
  return std::string(value.as_string());
}

/// Takes one request, byte for byte, and answers 204.
struct RawReceiver {
  RawReceiver()
      : acceptor(context, {boost::asio::ip::address_v4::loopback(), 0})
      , thread([this] { take(); }) {}
  ~RawReceiver() { thread.join(); }

  void take() {
    boost::asio::ip::tcp::socket socket(context);
    acceptor.accept(socket);
    const auto head = boost::asio::read_until(socket, boost::asio::dynamic_buffer(bytes), "\r\n\r\n");
    const auto length = std::stoul(bytes.substr(bytes.find("Content-Length: ") + 16));
    const auto missing = head + length - bytes.size();
    boost::asio::read(socket, boost::asio::dynamic_buffer(bytes), boost::asio::transfer_exactly(missing));
    boost::asio::write(socket, boost::asio::buffer(std::string("HTTP/1.1 204 No Content\r\n\r\n")));
  }

  std::string url(const std::string& target) const {
    return "http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()) + target;
  }

  boost::asio::io_context context;
  boost::asio::ip::tcp::acceptor acceptor;
  std::string bytes;
  std::thread thread;
};

std::vector<std::string> header_names(const std::string& request) {
  std::vector<std::string> out;
  for (auto at = request.find("\r\n") + 2; request[at] != '\r'; at = request.find("\r\n", at) + 2)
    out.push_back(request.substr(at, request.find(':', at) - at));
  return out;
}

std::string body_of(const std::string& request) {
  return request.substr(request.find("\r\n\r\n") + 4);
}

Answer status(int code) {
  Answer answer;
  answer.response.status = code;
  return answer;
}

/// An emit of one change, told to the receiver.
std::string told(const std::string& url, const std::string& change, const std::string& more = {}) {
  return R"({"deliver_to":")" + url + R"(","changes":[)" + change + "]" + more + "}";
}

const std::string creation = R"({"kind":"create","organisation":"skd"})";

std::string subscription(const std::string& url, const std::string& resource) {
  return R"({"endPoint":")" + url + R"(","resourceFilter":")" + resource + "\"}";
}

bool validated(LivePlatform& sim, int id) {
  const auto reply = sim.client.get("/events/api/v1/subscriptions/" + std::to_string(id));
  return json::parse(reply.body).at("validated").as_bool();
}

json::object audit_of(LivePlatform& sim, std::string_view row) {
  const auto audit = json::parse(sim.client.get("/_sim/audit").body);
  for (const auto& each : audit.at("rows").as_array()) {
    if (text(each.at("id")) == row) return each.as_object();
  }
  return {};
}

} // namespace

TEST_CASE("An event's body is the real one's, to the byte", "[OE-1]") {
  const auto raw = text(observed("events/push_bytes").at("raw"));
  const auto body = json::parse(body_of(raw));
  storage::Changed change;
  const auto instance = text(body.at("resourceinstance"));
  change.instance = *parse_guid(instance.substr(instance.find('/') + 1));
  change.party = std::stoll(instance);
  change.org = "skd";
  change.app_id = "skd/sykefravaer-signering";
  change.owner_subject = text(body.at("alternativesubject"));
  change.event_type = text(body.at("type"));
  const auto event = live::event_of(change, *parse_guid(text(body.at("id"))),
                                    *parse_time(text(body.at("time"))), "tt02.altinn.no");
  CHECK(event.body == body_of(raw));
  CHECK(live::pushed_json({{"a", "\u00e6+&<>'\"`\\\n\U0001F600"}, {"none", ""}}) ==
        R"({"a":"\u00E6\u002B\u0026\u003C\u003E\u0027\u0022\u0060\\\n\uD83D\uDE00"})");
}

TEST_CASE("A push has the headers of the real one in its order, and nothing else", "[OE-1]") {
  const auto raw = text(observed("events/push_bytes").at("raw"));
  LivePlatform sim;
  RawReceiver receiver;
  sim.emit(told(receiver.url("/events?code=SECRET"), creation));
  CHECK(sim.becomes(is_idle));
  receiver.thread.join();
  receiver.thread = std::thread([] {});
  CHECK(receiver.bytes.starts_with(raw.substr(0, raw.find("\r\n") + 2)));
  CHECK(header_names(receiver.bytes) == header_names(raw));
  CHECK(receiver.bytes.find("Content-Type: application/json; charset=utf-8\r\n") != std::string::npos);
  const auto trace = receiver.bytes.find("traceparent: 00-");
  CHECK(receiver.bytes.substr(trace + 16 + 32 + 1 + 16, 5) == "-01\r\n");
}

TEST_CASE("The end point's query is sent as it was given: a plus stays one (held already)", "[OE-2]") {
  const auto target = text(observed("events/secret_with_plus").at("POST"));
  LivePlatform sim;
  Receiver receiver;
  const auto base = receiver.url().substr(0, receiver.url().rfind("/events"));
  sim.emit(told(base + target, creation));
  REQUIRE(receiver.wait_for(1));
  CHECK(receiver.targets.front() == target);
}

TEST_CASE("A changed secret: pushes go on with the old end point until the hour is over", "[OE-3]") {
  REQUIRE(observed("events/secret_rotation").at("steps").as_array().size() == 5);
  LivePlatform sim;
  Receiver before;
  Receiver after;
  const auto id = sim.created();
  const auto stored = json::parse(sim.client.get("/storage/api/v1/instances/" + id).body);
  auto resource = "urn:altinn:resource:app_" + text(stored.at("appId"));
  std::replace(resource.begin() + 20, resource.end(), '/', '_');
  sim.emit(R"({"retry_scale":1})");
  sim.client.post("/events/api/v1/subscriptions", subscription(before.url(), resource));
  REQUIRE(sim.becomes([&](const json::object&) { return validated(sim, 1); }));
  sim.emit(change("save", id));
  REQUIRE(before.wait_for(2));
  sim.client.post("/events/api/v1/subscriptions", subscription(after.url(), resource));
  REQUIRE(sim.becomes([&](const json::object&) { return validated(sim, 2); }));
  sim.client.send("DELETE", "/events/api/v1/subscriptions/1", {});
  sim.emit(change("save", id));
  REQUIRE(before.wait_for(3));
  CHECK(after.events().size() == 1); // its validation
  sim.client.post("/_sim/clock", R"({"advance":"61m"})");
  sim.emit(change("save", id));
  REQUIRE(after.wait_for(2));
  CHECK(before.events().size() == 3);
}

TEST_CASE("A new subscription gets none of a kind that nobody wanted before, for an hour", "[OE-4]") {
  REQUIRE(observed("events/subscription_cache").at("steps").as_array().size() == 4);
  LivePlatform sim;
  Receiver receiver;
  sim.emit(R"({"retry_scale":1})");
  const auto id = sim.created();
  const auto stored = json::parse(sim.client.get("/storage/api/v1/instances/" + id).body);
  auto resource = "urn:altinn:resource:app_" + text(stored.at("appId"));
  std::replace(resource.begin() + 20, resource.end(), '/', '_');
  sim.emit(change("save", id));
  sim.client.post("/events/api/v1/subscriptions", subscription(receiver.url(), resource));
  REQUIRE(sim.becomes([&](const json::object&) { return validated(sim, 1); }));
  sim.emit(change("save", id));
  sim.emit(change("submit", id));
  REQUIRE(receiver.wait_for(2));
  CHECK(text(receiver.events().back().at("type")) == "app.instance.process.completed");
  CHECK(sim.becomes(is_idle));
  CHECK(receiver.events().size() == 2);
}

TEST_CASE("302 becomes a GET, 308 is posted again, and Retry-After is ignored", "[OE-5]") {
  LivePlatform sim;
  Receiver receiver;
  std::vector<std::string> asked;
  int code = 302;
  receiver.answers = [&](const Incoming& in) -> std::optional<Answer> {
    asked.push_back(std::string(in.method) + " " + std::string(in.target) + (in.body.empty() ? "" : " body"));
    if (asked.size() > 1) return {};
    auto answer = status(code);
    answer.response.headers = {{"Location", "/moved?to=here"}, {"Retry-After", "3600"}};
    return answer;
  };
  SECTION("302") {
    sim.emit(told(receiver.url(), creation));
    REQUIRE(receiver.wait_for(1));
    CHECK(asked == std::vector<std::string>{"POST /events?code=s body", "GET /moved?to=here"});
  }
  SECTION("308") {
    code = 308;
    sim.emit(told(receiver.url(), creation));
    REQUIRE(receiver.wait_for(1));
    CHECK(asked == std::vector<std::string>{"POST /events?code=s body", "POST /moved?to=here body"});
  }
  SECTION("Retry-After") {
    code = 503;
    sim.emit(told(receiver.url(), creation, R"(,"retry_scale":0.001)"));
    REQUIRE(receiver.wait_for(1));
    CHECK(asked.size() == 2);
  }
  CHECK(sim.becomes(is_idle));
}

TEST_CASE("Twenty at once: a failed push keeps its place until its second try, and holds others back",
          "[OE-5]") {
  LivePlatform sim;
  Receiver receiver;
  std::atomic<bool> down{true};
  std::atomic<int> refused{0};
  receiver.answers = [&](const Incoming&) -> std::optional<Answer> {
    if (!down) return {};
    ++refused;
    return status(503);
  };
  std::string changes = creation;
  for (int more = 1; more < 30; ++more)
    changes += "," + creation;
  sim.emit(told(receiver.url(), changes, R"(,"retry_scale":1)"));
  CHECK(sim.becomes([&](const json::object& counts) { return counts.at("retried") == 20; }));
  down = false;
  CHECK(receiver.events().empty()); // ten wait for a place, though the receiver is up again
  CHECK(refused == 20);
  sim.client.post("/_sim/clock", R"({"advance":"11s"})");
  REQUIRE(receiver.wait_for(30));
  CHECK(sim.becomes(is_idle));
}

TEST_CASE("An event may name another party than the instance has; Storage ignores the path's", "[OE-6]") {
  const auto input = observed("events/wrong_party_in_event").as_object();
  LivePlatform sim;
  Receiver receiver;
  const auto id = sim.created();
  const auto guid = id.substr(id.find('/') + 1);
  std::vector<json::value> wrong(input.at("also").as_array().begin(), input.at("also").as_array().end());
  wrong.push_back(input.at("body").at("resourceinstance"));
  std::size_t count = 0;
  for (const auto& instance : wrong) {
    const auto party = text(instance).substr(0, text(instance).find('/'));
    sim.emit(told(receiver.url(), R"({"kind":"save","instance":")" + id + R"(","party":")" + party + "\"}"));
    REQUIRE(receiver.wait_for(++count));
    const auto event = receiver.events().back();
    CHECK(text(event.at("resourceinstance")) == party + "/" + guid);
    CHECK(text(event.at("subject")) == "/party/" + party);
    CHECK(text(event.at("source")).ends_with("/instances/" + party + "/" + guid));
    const auto reply = sim.client.get("/storage/api/v1/instances/" + party + "/" + guid);
    CHECK(reply.status == 200);
    CHECK(text(json::parse(reply.body).at("id")) == id);
  }
}

TEST_CASE("An event can be lost after one try", "[OE-7]") {
  REQUIRE(observed("events/trace_log_failure").at("steps").as_array().size() == 2);
  LivePlatform sim;
  Receiver receiver;
  receiver.refused = 1;
  sim.emit(told(receiver.url(), R"({"kind":"create","organisation":"skd","one_try":true})",
                R"(,"retry_scale":0)"));
  REQUIRE(receiver.wait_for(1));
  CHECK(sim.becomes(is_idle));
  CHECK(sim.counts().at("given_up") == 1);
  CHECK(sim.counts().at("retried") == 0);
}

TEST_CASE("A load's events come after their rows, and texts change alone after other changes",
          "[OS-1][OS-2]") {
  LivePlatform sim;
  sim.emit(R"({"rate":200,"seconds":1,"seed":5,"mix":{"create":1,"change":1},"history":0,"bursts":0,)"
           R"("kinds":["submit"],"without_event":1,"event_after_ms":[50,1000],"text_changes":0.5})",
           202);
  CHECK(sim.becomes(is_idle));
  const auto made = sim.counts().at("made").as_object();
  CHECK(made.at("submit").to_number<int>() > 20);
  CHECK(made.at("texts").to_number<int>() > 5);
  CHECK(made.contains("save") == false);
  const auto list =
      json::parse(sim.client.get("/storage/api/v1/instances?org=skd&size=5&status.isArchived=true").body);
  CHECK_FALSE(list.at("instances").as_array().empty());
  CHECK(audit_of(sim, "a3-app-instances-live").at("expected").to_number<int>() > 20);
}

TEST_CASE("The event of a change tells the world once the instance's own events are stored", "[OS-1]") {
  LivePlatform sim;
  Receiver receiver;
  const auto id = sim.created();
  sim.emit(told(receiver.url(), R"({"kind":"submit","instance":")" + id + R"(","event_after_ms":60000})"));
  const auto events = "/storage/api/v1/instances/" + id + "/events";
  CHECK(json::parse(sim.client.get(events).body).at("instanceEvents").as_array().size() == 1);
  CHECK(receiver.events().empty());
  sim.client.post("/_sim/clock", R"({"advance":"61s"})");
  REQUIRE(receiver.wait_for(1));
  CHECK(json::parse(sim.client.get(events).body).at("instanceEvents").as_array().size() > 1);
}

TEST_CASE("Tie groups, unreadable rows and rows without a status are planted while it runs",
          "[OS-3][OS-4][OS-6]") {
  LivePlatform sim;
  const auto plant = [&](const std::string& order, int code = 200) {
    const auto reply = sim.client.post("/_sim/rows", order);
    INFO(reply.body);
    CHECK(reply.status == code);
    return json::parse(reply.body).as_object();
  };
  const auto group = plant(R"({"tie_group":{"organisation":"skd","time":"2025-01-01T12:00:00Z","count":1000,)"
                           R"("set_back_every":100}})");
  CHECK(group.at("rows").as_array().size() == 1000);
  const auto page = sim.client.get("/storage/api/v1/instances?org=skd&lastChanged=eq:2025-01-01T12:00:00Z"
                                   "&order=asc:lastChanged&size=100");
  const auto rows = json::parse(page.body).at("instances").as_array();
  REQUIRE(rows.size() == 100);
  CHECK(text(rows.back().at("lastChanged")) == "2025-01-01T15:00:00.5Z");
  CHECK(text(rows.front().at("lastChanged")) == "2025-01-01T12:00:00Z");
  const auto spoilt = plant(R"({"unreadable":{"organisation":"skd","day":"2025-01-02","count":1}})");
  const auto id = text(spoilt.at("rows").at(0));
  CHECK(sim.client.get("/storage/api/v1/instances/" + id).status == 404);
  const auto day = "/storage/api/v1/instances?org=skd&lastChanged=gte:2025-01-02T00:00:00Z";
  CHECK(sim.client.get(day).status == 500);
  const auto audit = audit_of(sim, "a3-app-instances-historic");
  CHECK(audit.at("unreadable") == 1);
  plant(R"({"readable":")" + id + "\"}");
  CHECK(sim.client.get(day).status == 200);
  plant(R"({"without_status":")" + id + "\"}");
  CHECK_FALSE(
      json::parse(sim.client.get("/storage/api/v1/instances/" + id).body).as_object().contains("status"));
  plant(R"({"unreadable":"1/00000000-0000-4000-8000-000000000000"})", 400);
  plant(R"({"tie_group":{"organisation":"none","time":"2025-01-01T12:00:00Z"}})", 400);
  plant(R"({"unknown":1})", 400);
}

TEST_CASE("A live change that makes its row unreadable is an exception to expect, not a missing dialog",
          "[OS-4]") {
  LivePlatform sim;
  sim.emit(R"({"changes":[{"kind":"create","organisation":"skd","unreadable":true}]})");
  const auto audit = audit_of(sim, "a3-app-instances-live");
  CHECK(audit.at("unreadable") == 1);
  CHECK(audit.at("missing") == 0);
  CHECK(audit.at("expected") == 0);
}

TEST_CASE("A service owner comes while the platform runs, and creations in it are told like all others",
          "[OR-5]") {
  REQUIRE(text(observed("reports/new-service-owner-while-running").at("name")) ==
          "new-service-owner-while-running");
  LivePlatform sim;
  sim.emit(R"({"changes":[{"kind":"create","organisation":"nav"}]})", 409);
  const auto came = json::parse(sim.client.post("/_sim/organisations", R"({"organisation":"nav"})").body);
  const auto apps = came.at("applications").as_array();
  REQUIRE_FALSE(apps.empty());
  const auto all = sim.client.get("/storage/api/v1/applications").body;
  CHECK(all.find("\"" + text(apps.front()) + "\"") != std::string::npos);
  sim.emit(R"({"changes":[{"kind":"create","organisation":"nav","event":false}]})");
  sim.emit(R"({"rate":50,"seconds":0.2,"organisations":["nav"],"mix":{"create":1},"without_event":1})", 202);
  CHECK(sim.becomes(is_idle));
  const auto listed = json::parse(sim.client.get("/storage/api/v1/instances?org=nav").body);
  CHECK(listed.at("count").to_number<int>() > 1);
  CHECK(sim.client.post("/_sim/organisations", R"({"organisation":"Not a code"})").status == 400);
}

TEST_CASE("Orders that make no sense are refused with what is allowed", "[OS-1][OE-6]") {
  LivePlatform sim;
  for (const auto* order : {R"({"changes":[{"kind":"create","organisation":"skd","event_after_ms":[5,1]}]})",
                            R"({"changes":[{"kind":"create","organisation":"skd","event_after_ms":"soon"}]})",
                            R"({"changes":[{"kind":"create","organisation":"skd","party":"abc"}]})",
                            R"({"changes":[{"kind":"create","organisation":"skd","texts":{"a":1}}]})",
                            R"({"rate":1,"kinds":["create"]})", R"({"rate":1,"text_changes":2})"}) {
    sim.emit(order, 400);
  }
}
