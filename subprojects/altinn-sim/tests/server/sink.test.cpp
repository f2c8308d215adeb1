#include "controls.hpp"
#include "loopback.hpp"
#include "received_body.hpp"
#include "sink/front.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <set>
#include <thread>

using namespace altinn_sim;
using namespace altinn_sim::test;
using altinn_sim::sink::History;
using altinn_sim::sink::Sink;
namespace json = boost::json;

namespace {

constexpr History::Extent small = {7, 20'089, 3, 250, 2}; // 2025-01-01 to 03

class RunningSink {
public:
  explicit RunningSink(History::Extent extent, std::chrono::microseconds latency = {}, unsigned places = 0)
      : sink_(extent)
      , simulator_({latency, places})
      , front_(sink_, simulator_)
      , server_({}, [this](const Incoming& in) {
        Answer answer;
        front_.answer(in, answer);
        return answer;
      }) {
    add_controls(simulator_);
  }
  std::uint16_t port() const { return server_.port(); }
  RequestLog& log() { return simulator_.log(); }

private:
  Sink sink_;
  Simulator simulator_;
  altinn_sim::sink::Front front_;
  RunningServer server_;
};

json::object page(Client& client, const std::string& query) {
  auto reply = client.get("/storage/api/v1/instances?" + query);
  REQUIRE(reply.status == 200);
  return json::parse(reply.body).as_object();
}

std::string text(const json::value& value, std::string_view member) {
  return std::string(value.at({member.data(), member.size()}).as_string());
}

/// The loss-free scan of storage.md 1.5: returns the ids in the order they came.
std::vector<std::string> scanned(Client& client, const std::string& org, std::string until,
                                 const std::string& from, std::size_t size) {
  std::vector<std::string> ids;
  const auto window =
      "org=" + org + "&size=" + std::to_string(size) + "&lastChanged=gte:" + from + "&lastChanged=";
  const auto ties = "org=" + org + "&order=asc:lastChanged&lastChanged=eq:";
  for (;;) {
    auto query = window;
    query.append("lt:").append(until).append("&order=desc:lastChanged");
    auto rows = page(client, query).at("instances").as_array();
    for (const auto& row : rows)
      ids.push_back(text(row, "id"));
    if (rows.size() < size) return ids;
    until = text(rows.back(), "lastChanged");
    auto tied = page(client, ties + until);
    REQUIRE(tied.at("count") == 1);
    CHECK(tied.at("next").is_null());
    CHECK(text(tied.at("instances").as_array()[0], "id") == ids.back());
  }
}

} // namespace

TEST_CASE("the sink's history scanned to its end gives every record once") {
  RunningSink sink(small);
  Client client(sink.port());
  for (std::size_t size : {7U, 100U, 250U, 1000U}) {
    std::set<std::string> distinct;
    std::size_t all = 0;
    auto catalogue = json::parse(client.get("/storage/api/v1/applications").body);
    for (const auto& application : catalogue.at("applications").as_array()) {
      auto ids =
          scanned(client, text(application, "org"), "2026-01-01T00:00:00Z", "2024-01-01T00:00:00Z", size);
      all += ids.size();
      distinct.insert(ids.begin(), ids.end());
    }
    CHECK(all == 3 * 250 * 2);
    CHECK(distinct.size() == all);
  }
}

TEST_CASE("a day of the sink has the records of one day") {
  RunningSink sink(small);
  Client client(sink.port());
  CHECK(scanned(client, "skd", "2025-01-03T00:00:00Z", "2025-01-02T00:00:00.0000000Z", 100).size() == 250);
  CHECK(scanned(client, "skd", "2025-01-04T00:00:00Z", "2025-01-01T00:00:00Z", 100).size() == 750);
  CHECK(scanned(client, "skd", "2025-01-01T00:00:00Z", "2024-01-01T00:00:00Z", 100).empty());
  CHECK(scanned(client, "nobody", "2026-01-01T00:00:00Z", "2024-01-01T00:00:00Z", 100).empty());
}

TEST_CASE("tokens lead through the sink in either direction") {
  RunningSink sink(small);
  Client client(sink.port());
  for (std::string order : {"asc:lastChanged", "desc:lastChanged"}) {
    std::vector<std::string> times;
    std::set<std::string> ids;
    std::string query = "org=brg&size=70&order=" + order;
    for (bool more = true; more;) {
      auto got = page(client, query);
      for (const auto& row : got.at("instances").as_array()) {
        times.push_back(text(row, "lastChanged"));
        ids.insert(text(row, "id"));
      }
      more = got.at("next").is_string();
      if (more) query = text(got, "next").substr(text(got, "next").find('?') + 1);
    }
    CHECK(ids.size() == 750);
    CHECK(times.size() == 750);
    if (order[0] == 'd') std::reverse(times.begin(), times.end());
    CHECK(std::is_sorted(times.begin(), times.end()));
  }
}

TEST_CASE("bounds are exact to the microsecond") {
  RunningSink sink(small);
  Client client(sink.port());
  auto row = page(client, "org=skd&size=1").at("instances").as_array()[0];
  auto time = text(row, "lastChanged");
  auto count = [&](const std::string& condition) {
    return page(client, "org=skd&size=5000&lastChanged=" + condition).at("count").to_number<int>();
  };
  CHECK(count("gte:" + time) == 1);
  CHECK(count("gt%3A" + time) == 0);
  CHECK(count("lt:" + time) == 749);
  CHECK(count("lte:" + time) == 750);
  CHECK(count("eq:" + time) == 1);
  auto finer = time.substr(0, time.size() - 1) + "1Z";
  CHECK(count("eq:" + finer) == 0);
  CHECK(count("lt:" + finer) == 750);
  CHECK(client.get("/storage/api/v1/instances?org=skd&lastChanged=lt:yesterday").status == 500);
}

TEST_CASE("events, instance and page tell of the same record") {
  RunningSink sink(small);
  Client client(sink.port());
  auto row = page(client, "org=brg&size=1").at("instances").as_array()[0];
  auto base = "/storage/api/v1/instances/" + text(row, "id");
  CHECK(json::parse(client.get(base).body) == row);
  auto events =
      json::parse(client.get(base + "/events?eventTypes=Created").body).at("instanceEvents").as_array();
  REQUIRE(events.size() == 4);
  CHECK(text(events.front(), "created") == text(row, "created"));
  CHECK(text(events.back(), "created") == text(row, "lastChanged"));
  CHECK(text(events.back(), "eventType") == "Submited");
  std::set<std::string> ids;
  for (const auto& event : events) {
    CHECK(text(event, "instanceId") == text(row, "id"));
    ids.insert(text(event, "id"));
  }
  CHECK(ids.size() == 4);
  CHECK(json::serialize(row).size() > 3000);
  CHECK(json::serialize(row).size() < 3800);
  auto none = client.get("/storage/api/v1/instances/1/00000000-0000-4000-8000-000000000000/events");
  CHECK(none.body == R"({"instanceEvents":[]})");
}

TEST_CASE("Register echoes in the sink whoever was asked for") {
  RunningSink sink(small);
  Client client(sink.port());
  auto row = page(client, "org=skd&size=1").at("instances").as_array()[0];
  auto party = text(row.at("instanceOwner"), "partyId");
  auto reply =
      client.post("/register/api/v1/dialogporten/parties/query",
                  R"({"data":["urn:altinn:party:id:)" + party + R"(","urn:altinn:user:id:20000031"]})");
  auto found = json::parse(reply.body).at("data").as_array();
  REQUIRE(found.size() == 2);
  CHECK(found[0].at("partyId") == std::stoll(party));
  CHECK(text(found[0], "organizationIdentifier") == text(row.at("instanceOwner"), "organisationNumber"));
  CHECK(found[1].at("user").at("userIds").as_array()[0] == 20000031);
  CHECK(text(found[1], "personIdentifier").size() == 11);
}

TEST_CASE("a dialog is created under the id it was sent with") {
  RunningSink sink(small);
  Client client(sink.port());
  std::string id = "0196f3c1-7d20-7abc-9def-0123456789ff";
  auto reply = client.post("/dialogporten/api/v1/serviceowner/dialogs?isSilentUpdate=true",
                           R"({"id":")" + id + R"(","more":")" + std::string(90'000, 'x') + "\"}");
  CHECK(reply.status == 201);
  CHECK(reply.body == "\"" + id + "\"");
  CHECK(reply.head.find("Location") == std::string::npos); // observed.md OD-10
  CHECK(client.send("DELETE", "/dialogporten/api/v1/serviceowner/dialogs/" + id, {}).status == 204);
  CHECK(client.get("/dialogporten/api/v1/serviceowner/dialogs/" + id).status == 404);
}

TEST_CASE("the sink creates as many dialogs at once as there are places", "[OD-13]") {
  using namespace std::chrono_literals;
  RunningSink sink(small, 20ms, 2);
  auto begun = std::chrono::steady_clock::now();
  std::vector<std::thread> clients;
  for (int at = 0; at < 8; ++at)
    clients.emplace_back(
        [&] { Client(sink.port()).post("/dialogporten/api/v1/serviceowner/dialogs", "{}"); });
  for (auto& each : clients)
    each.join();
  CHECK(std::chrono::steady_clock::now() - begun >= 80ms);
}

TEST_CASE("the sink counts, delays, and leaves control to the simulator") {
  using namespace std::chrono_literals;
  RunningSink sink(small, 30ms);
  Client client(sink.port());
  CHECK(client.get("/_sim/health").status == 200);
  auto begun = std::chrono::steady_clock::now();
  CHECK(client.get("/storage/api/v1/applications/skd").status == 200);
  CHECK(client.post("/register/api/v1/dialogporten/parties/query", "{}").status == 200);
  CHECK(std::chrono::steady_clock::now() - begun >= 60ms);
  CHECK(sink.log().as_json().at("total") == 1);
  CHECK(sink.log().as_json().at("register") == 1);
}

TEST_CASE("requests that come together are answered in order, nonsense ends the connection") {
  RunningSink sink(small);
  std::string two = "GET /storage/api/v1/applications/skd/x HTTP/1.1\r\nHost: a\r\n\r\n"
                    "POST /dialogporten/api/v1/serviceowner/dialogs HTTP/1.1\r\nconnection: close\r\n"
                    "content-length: 2\r\n\r\n{}";
  auto answers = Client(sink.port()).raw(two);
  CHECK(answers.substr(0, 12) == "HTTP/1.1 404");
  CHECK(answers.find("HTTP/1.1 201") != std::string::npos);
  CHECK(Client(sink.port()).raw("nonsense\r\n\r\n").substr(0, 12) == "HTTP/1.1 400");
}

TEST_CASE("an id tells its record, and no other text does") {
  History history(small);
  for (std::uint64_t organisation = 0; organisation < 2; ++organisation) {
    for (std::uint64_t rank = 0; rank < history.size(); ++rank) {
      std::string id(36, ' ');
      history.write_id({organisation, rank}, id.data());
      REQUIRE(history.number_of(id) == History::Number{organisation, rank});
      id[0] = id[0] == '0' ? '1' : '0';
      REQUIRE_FALSE(history.number_of(id));
    }
  }
  CHECK_FALSE(history.number_of("x"));
  CHECK(History({7, 20'089, 3, 0, 2}).size() == 0);
  CHECK(History({7, 20'089, 3, 0, 2}).first_at_or_after(0, 1'800'000'000'000'000) == 0);
}

namespace {

constexpr History::Extent some_messages = {7, 20'089, 3, 200, 1};

/// A sink with messages, a fifth of which have a file of 100 kB.
class RunningMessages {
public:
  RunningMessages()
      : messages_(some_messages, {0.2, 100'000})
      , sink_(small, &messages_)
      , simulator_({})
      , front_(sink_, simulator_)
      , server_({0, 1, false, false}, [this](const Incoming& in) {
        Answer answer;
        front_.answer(in, answer);
        return answer;
      }) {
    add_controls(simulator_);
  }
  std::uint16_t port() const { return server_.port(); }

private:
  altinn_sim::sink::Messages messages_;
  Sink sink_;
  Simulator simulator_;
  altinn_sim::sink::Front front_;
  RunningServer server_;
};

std::vector<json::object> all_messages(Client& client, std::string query) {
  std::vector<json::object> out;
  for (std::string target = "/a2-archive/api/v1/messages?" + query; !target.empty();) {
    const auto reply = client.get(target);
    REQUIRE(reply.status == 200);
    auto page = json::parse(reply.body).as_object();
    for (auto& each : page.at("messages").as_array())
      out.push_back(std::move(each.as_object()));
    target = page.contains("next") ? text(page, "next") : "";
  }
  return out;
}

constexpr std::string_view migration = "/correspondence/api/v1/migration/";

} // namespace

TEST_CASE("the sink's archive lists every message once, in both directions, with files that have their MD5") {
  RunningMessages sink;
  Client client(sink.port());
  const auto newest = all_messages(client, "order=desc:created&size=90");
  auto oldest = all_messages(client, "order=asc:changed&size=90&changed=gte:2025-01-01T00:00:00Z");
  REQUIRE(newest.size() == 600);
  std::reverse(oldest.begin(), oldest.end());
  CHECK(newest == oldest);
  std::size_t files = 0;
  for (const auto& each : newest) {
    const auto id = json::serialize(each.at("altinn2CorrespondenceId"));
    const auto* file = each.if_contains("attachments");
    const auto target = "/a2-archive/api/v1/attachments/" + id;
    if (file == nullptr) continue;
    ++files;
    if (files > 1) continue;
    CHECK(json::parse(client.get("/a2-archive/api/v1/messages/" + id).body) == each);
    const auto reply = client.get(target);
    CHECK(reply.status == 200);
    CHECK(reply.body.size() == 100'000);
    Md5 sum;
    sum.add(reply.body.data(), reply.body.size());
    CHECK(text(file->at(0), "checksum") == sum.finish());
  }
  CHECK(files > 80);
  CHECK(files < 160);
  CHECK(client.get("/a2-archive/api/v1/messages?created=lt:x").status == 400);
  CHECK(client.get("/a2-archive/api/v1/attachments/1").status == 404);
}

TEST_CASE("the sink's Correspondence takes messages and files, and names the dialogs as the real one does") {
  RunningMessages sink;
  Client client(sink.port());
  const auto post = [&](std::string_view path, const std::string& body) {
    const auto reply = client.send("POST", std::string(migration).append(path), body,
                                   {{"Content-Type", "application/json"}});
    CHECK(reply.status == 200);
    return json::parse(reply.body);
  };
  const auto taken =
      post("correspondence", R"({"altinn2CorrespondenceId": 48120077, "created": "2025-01-01T00:00:00Z"})");
  CHECK(taken.at("altinn2CorrespondenceId") == 48'120'077);
  const auto id = text(taken, "correspondenceId");
  CHECK(id == "01934c5a-7b00-7abc-8def-000048120077");
  const auto statuses =
      post("makemigratedcorrespondenceavailable",
           R"({"correspondenceIds":["01934c5a-7b00-7abc-8def-0123456789ab",")" + id + "\"]}")
          .at("statuses")
          .as_array();
  REQUIRE(statuses.size() == 2);
  CHECK(text(statuses[0], "dialogId") == "01934c5a-7b00-7039-903d-e31a36a2bcdc"); // correspondence.md 3.2
  CHECK(text(statuses[1], "correspondenceId") == id);
  CHECK(statuses[1].at("ok") == true);
  CHECK(post("correspondence/syncStatusEvent",
             R"({"correspondenceId":")" + id + R"(","syncedStatusEvents":[]})") == id.c_str());
  const auto file =
      client.send("POST", std::string(migration) + "attachment?altinn2AttachmentId=17&created=x",
                  std::string(3'000'000, 'x'), {{"Content-Type", "application/octet-stream"}});
  CHECK(file.body == "\"0193a1b2-77aa-7c10-9e55-000000000017\"");
  const auto people =
      client.send("POST", "/register/api/v1/dialogporten/parties/query",
                  R"({"data":["urn:altinn:party:uuid:6c9a3b21-0000-4000-8000-000020000017"]})");
  CHECK(json::parse(people.body).at("data").as_array().size() == 1);
}

TEST_CASE("a search lists the dialogs of the first organisation's instances, newest first, page by page") {
  RunningSink running(small);
  Client client(running.port());
  const std::string base = "/dialogporten/api/v1/serviceowner/dialogs?updatedAfter=2025-01-02T00:00:00Z"
                           "&updatedBefore=2025-01-02T23:59:59.999999Z&deleted=include"
                           "&orderBy=updatedAt_desc,id_desc&limit=100";
  std::set<std::string> ids;
  std::string last = "~";
  std::string token;
  for (int pages = 1;; ++pages) {
    const auto reply = client.get(base + (token.empty() ? "" : "&continuationToken=" + token));
    REQUIRE(reply.status == 200);
    const auto page = json::parse(reply.body).as_object();
    CHECK(text(page, "orderBy") == "updatedat_desc,id_desc");
    for (const auto& item : page.at("items").as_array()) {
      CHECK(text(item, "updatedAt") < last);
      last = text(item, "updatedAt");
      ids.insert(text(item, "id"));
      CHECK(text(item, "org") == "skd");
    }
    if (!page.at("hasNextPage").as_bool()) {
      CHECK(pages == 3);
      break;
    }
    token = text(page, "continuationToken");
  }
  CHECK(ids.size() == 250);

  const auto item = json::parse(client.get(base).body).at("items").as_array()[0];
  const auto row =
      page(client, "org=skd&size=1&lastChanged=lt:2025-01-03T00:00:00Z").at("instances").as_array()[0];
  CHECK(text(item.at("serviceOwnerContext").at("serviceOwnerLabels").as_array()[0], "value") ==
        "urn:altinn:integration:storage:" + text(row, "id"));
  CHECK(text(item, "id").substr(15) == text(row, "id").substr(text(row, "id").size() - 21));
  CHECK(client.get("/dialogporten/api/v1/serviceowner/dialogs?limit=1001").status == 400);
}
