#include "await.hpp"
#include "controls.hpp"
#include "loopback.hpp"
#include "plain_carrier.hpp"
#include "platform.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>

// The archive of Altinn 2 over HTTP (docs/a2-archive.md), and what the audit says of its messages.
namespace altinn_sim::test {

namespace {

namespace json = boost::json;

struct Running {
  static Options options(std::uint64_t per_day) {
    Options options;
    options.last_day = options.first_day + 2;
    options.per_day = 0;
    options.organisations = 2;
    options.publish_time = std::chrono::microseconds(0);
    options.write_time = std::chrono::microseconds(0);
    options.job_time = std::chrono::microseconds(0);
    options.messages_per_day = per_day;
    return options;
  }

  explicit Running(const Options& options)
      : platform(options)
      , simulator({})
      , server({}, [this](const Incoming& in) { return simulator.answer(in); })
      , client(server.port())
      , carrier(client) {
    platform.attach_to(simulator);
    add_controls(simulator);
  }
  explicit Running(std::uint64_t per_day = 40)
      : Running(options(per_day)) {}

  json::object get(const std::string& target) {
    const auto reply = client.get(target);
    REQUIRE(reply.status == 200);
    return json::parse(reply.body).as_object();
  }

  json::object order(std::string_view body, int status = 200) {
    const auto reply = client.send("POST", "/_sim/archive", std::string(body));
    INFO(reply.body);
    REQUIRE(reply.status == status);
    return json::parse(reply.body).as_object();
  }

  json::object row(std::string_view id) {
    const auto audit = get("/_sim/audit");
    for (const auto& each : audit.at("rows").as_array())
      if (json::value_to<std::string>(each.at("id")) == id) return each.as_object();
    return {};
  }

  void faults(std::string_view plan) { CHECK(client.post("/_sim/faults", std::string{plan}).status == 204); }

  /// The first message of the list that has so many files, or none.
  json::object first_with(bool files) {
    for (const auto& each : carrier.list("order=desc:created&size=50"))
      if (each.as_object().contains("attachments") == files) return each.as_object();
    FAIL("no such message");
    return {};
  }

  Platform platform;
  Simulator simulator;
  RunningServer server;
  Client client;
  PlainCarrier carrier;
};

constexpr std::string_view historic = "a2-correspondence-historic";
constexpr std::string_view live = "a2-correspondence-live";

std::int64_t id_of(const json::value& message) {
  return message.at("altinn2CorrespondenceId").to_number<std::int64_t>();
}

/// Nothing in the row but what must be.
void check_clean(const json::object& row) {
  INFO(json::serialize(row));
  CHECK(row.at("present") == row.at("expected"));
  for (const auto* kind : {"missing", "doubled", "stale", "wrong", "stranded", "wrongly_labelled",
                           "orphaned_attachments", "doubled_uploads"})
    CHECK(row.at(kind) == 0);
}

} // namespace

TEST_CASE("a simulator without messages has no rows for them") {
  Running sim(0);
  CHECK(sim.row(historic).empty());
  CHECK(sim.get("/a2-archive/api/v1/messages") == json::object{{"count", 0}, {"messages", json::array{}}});
}

TEST_CASE("the whole history takes both hops, and the audit finds what must be") {
  auto options = Running::options(400);
  options.messages_unfit = 0.1;
  options.messages_attachments = 0.2;
  Running sim(options);
  CHECK(sim.row(historic).at("missing") == sim.row(historic).at("expected"));
  sim.carrier.history("order=desc:created&size=100");
  auto row = sim.row(historic);
  row["orphaned_attachments"] = 0; // of those that M2 refuses: this carrier does not look first
  check_clean(row);
  CHECK(row.at("unfit").to_number<int>() > 60);
  CHECK(row.at("refused").to_number<int>() > 20);
  CHECK(row.at("excluded").to_number<int>() > 3);
  const auto sum = row.at("expected").to_number<int>() + row.at("unfit").to_number<int>() +
                   row.at("excluded").to_number<int>();
  CHECK(sum == 1200);
  CHECK(sim.row(live).at("expected") == 0);
}

TEST_CASE("every flaw ends as an exception where it says") {
  Running sim(0);
  for (const auto* flaw :
       {"title-blank", "title-too-long", "title-with-nul", "summary-too-long", "body-too-long", "language",
        "language-absent", "content-missing", "no-publish-time", "no-sender", "no-recipient", "resource-id",
        "too-many-properties", "property-too-long", "forwards-collide", "notifications-collide",
        "mailbox-form"}) {
    const auto made = sim.order(R"({"create": 1, "attachments": 0, "flaw": ")" + std::string(flaw) + "\"}");
    const auto id = made.at("messages").at(0).to_number<std::int64_t>();
    INFO(flaw);
    CHECK(sim.carrier.migrate(sim.get("/a2-archive/api/v1/messages/" + std::to_string(id))) >= 400);
  }
  for (const auto* flaw :
       {"senders-reference-too-long", "summary-too-long-encoded", "properties-equal-but-for-case",
        "process-no-uri", "reply-text-empty", "reply-not-https", "attachment-without-name", "note-too-long",
        "recipient-not-understood", "reader-unknown"}) {
    const auto made = sim.order(R"({"create": 1, "attachments": 0, "flaw": ")" + std::string(flaw) + "\"}");
    const auto id = made.at("messages").at(0).to_number<std::int64_t>();
    INFO(flaw);
    CHECK(sim.carrier.migrate(sim.get("/a2-archive/api/v1/messages/" + std::to_string(id))) == 200);
    CHECK(sim.carrier.publish(id).empty());
  }
  const auto row = sim.row(live);
  CHECK(row.at("unfit") == 27);
  CHECK(row.at("refused") == 10);
  CHECK(row.at("wrong") == 0);
}

TEST_CASE("the audit finds each kind of difference") {
  Running sim;
  const auto message = sim.first_with(false);
  const auto name = std::to_string(id_of(message));
  const auto kinds = [&] { return sim.row(historic); };
  const auto missing = kinds().at("missing").to_number<int>();

  SECTION("stranded: the record does not know its dialog") {
    sim.faults(R"({"rules": [{"api": "correspondence", "path": "makemigrated", "publish_stored_500": 1}]})");
    CHECK(sim.carrier.migrate(message) == 200);
    CHECK(sim.carrier.publish(id_of(message)).empty());
    CHECK(kinds().at("stranded_ids") == json::array{name});
    CHECK(kinds().at("missing") == missing);
  }
  SECTION("wrong: another title, another time") {
    auto other = message;
    other.at("created") = "2020-01-01T00:00:00Z";
    auto& content = other.at("correspondenceData").at("correspondence").at("content").as_object();
    content.at("messageTitle") = "Noe annet";
    CHECK(sim.carrier.migrate(other) == 200);
    CHECK(!sim.carrier.publish(id_of(message)).empty());
    CHECK(kinds().at("wrong_ids") == json::array{name + ": createdAt, title"});
    CHECK(kinds().at("wrong_members").at("title") == 1);
    CHECK(kinds().at("missing") == missing - 1);
  }
  SECTION("stale: the record lacks an event") {
    auto other = message;
    CHECK(sim.carrier.migrate(other) == 200);
    CHECK(!sim.carrier.publish(id_of(message)).empty());
    sim.order(R"({"events": [{"message": )" + name + R"(, "kind": "read_by_other"}]})");
    const auto row = sim.row(live);
    CHECK(row.at("stale_ids") == json::array{name + ": the record lacks events"});
    sim.carrier.sync(sim.get("/a2-archive/api/v1/messages/" + name));
    await([&] { return sim.row(live).at("stale") == 0; });
    check_clean(sim.row(live));
  }
  SECTION("wrong: it must not be there") {
    CHECK(sim.carrier.migrate(message) == 200);
    CHECK(!sim.carrier.publish(id_of(message)).empty());
    sim.order(R"({"events": [{"message": )" + name + R"(, "kind": "purge"}]})");
    CHECK(sim.row(live).at("wrong_ids") == json::array{name + ": must not be there"});
    sim.carrier.sync(sim.get("/a2-archive/api/v1/messages/" + name));
    await([&] { return sim.row(live).at("wrong") == 0; });
    CHECK(sim.row(live).at("excluded") == 1);
  }
  SECTION("wrongly labelled") {
    CHECK(sim.carrier.migrate(message) == 200);
    const auto dialog = sim.carrier.publish(id_of(message));
    REQUIRE(!dialog.empty());
    check_clean({{"present", 0},
                 {"expected", 0},
                 {"missing", 0},
                 {"doubled", 0},
                 {"stale", kinds().at("stale")},
                 {"wrong", kinds().at("wrong")},
                 {"stranded", 0},
                 {"wrongly_labelled", kinds().at("wrongly_labelled")},
                 {"orphaned_attachments", 0},
                 {"doubled_uploads", 0}});
    const auto reply = sim.client.send(
        "PUT", "/dialogporten/api/v1/serviceowner/dialogs/" + dialog + "/endusercontext/systemlabels",
        R"({"addLabels": ["Bin"], "removeLabels": [], "performedBy": )"
        R"({"actorType": "ServiceOwner"}, "enduserId": "urn:altinn:person:identifier-no:08895699684"})",
        {{"Content-Type", "application/json"}});
    INFO(reply.body);
    CHECK(reply.status / 100 == 2);
    const auto row = kinds();
    CHECK((row.at("wrongly_labelled") == 1));
  }
}

TEST_CASE("a message that is archived while it is in the bin may be in either folder") {
  Running sim(0);
  const auto made = sim.order(R"({"create": 2, "unfit": 0, "attachments": 0})").at("messages").as_array();
  const auto happen = [&](const json::value& id, const std::string& kind) {
    sim.order(R"({"events": [{"message": )" + json::serialize(id) + R"(, "kind": ")" + kind + "\"}]}");
  };
  const auto message = [&](const json::value& id) {
    return sim.get("/a2-archive/api/v1/messages/" + json::serialize(id));
  };
  for (const auto& id : made) {
    happen(id, "bin");
    CHECK(sim.carrier.migrate(message(id)) == 200);
  }
  CHECK(!sim.carrier.publish(made[0].to_number<std::int64_t>()).empty());
  for (const auto& id : made) {
    happen(id, "archive");
    sim.carrier.sync(message(id));
  }
  CHECK(!sim.carrier.publish(made[1].to_number<std::int64_t>()).empty());
  await([&] { return sim.get("/_sim/correspondence").at("jobs").at("open") == 0; });
  check_clean(sim.row(live));
  CHECK(sim.get("/_sim/audit").at("correspondence").at("wrongly_labelled") == 0);
}

TEST_CASE("files that no record names, and those sent twice, are counted") {
  auto options = Running::options(40);
  options.messages_attachments = 1;
  Running sim(options);
  auto message = sim.first_with(true);
  const auto files = message.at("attachments").as_array().size();
  auto broken = message;
  broken.at("correspondenceData").at("correspondence").as_object().erase("content");
  CHECK(sim.carrier.migrate(broken) == 400);
  CHECK(sim.row(historic).at("orphaned_attachments") == files);
  CHECK(sim.carrier.migrate(message) == 200);
  CHECK(sim.row(historic).at("orphaned_attachments") == 0);
  CHECK(sim.row(historic).at("doubled_uploads") == files);
}

TEST_CASE("messages that come live are published at once or later, and take both hops") {
  Running sim(0);
  const auto now = sim.order(R"({"create": 3, "unfit": 0})").at("messages").as_array();
  CHECK(now.size() == 3);
  const auto later =
      sim.order(R"({"create": 2, "unfit": 0, "publish_after_ms": -1})").at("messages").as_array();
  CHECK(sim.row(live).at("waiting") == 2);
  for (const auto& each : sim.carrier.list("order=asc:changed")) {
    const bool is_published = each.as_object().contains("eventHistory");
    if (!is_published) continue;
    CHECK(sim.carrier.migrate(each.as_object(), true) == 200);
  }
  await([&] { return sim.row(live).at("present") == 3; });
  check_clean(sim.row(live));
  sim.order(R"({"events": [{"message": )" + json::serialize(later.at(0)) + R"(, "kind": "publish"}]})");
  CHECK(sim.row(live).at("waiting") == 1);
  CHECK(sim.row(live).at("missing") == 1);
}

TEST_CASE("a file of any size is streamed with its length, and its MD5 is told") {
  Running sim(0);
  const auto planted = sim.order(R"({"attachment": {"size": 30000001, "created": "2025-01-02T10:00:00Z"}})")
                           .at("attachment")
                           .as_object();
  CHECK(planted.at("size") == 30'000'001);
  const auto name = json::value_to<std::string>(planted.at("attachment"));
  const auto reply = sim.client.get("/a2-archive/api/v1/attachments/" + name);
  CHECK(reply.status == 200);
  CHECK(reply.body.size() == 30'000'001);
  CHECK(reply.head.find("application/octet-stream") != std::string::npos);
  CHECK(reply.head.find("Content-Length: 30000001") != std::string::npos);
  const auto message = sim.get("/a2-archive/api/v1/messages/" + json::serialize(planted.at("message")));
  CHECK(message.at("attachments").at(0).at("checksum") == planted.at("md5"));
  CHECK(sim.carrier.migrate(message) == 200); // Correspondence compares the MD5
  CHECK(sim.row(historic).at("missing") == 1);
  CHECK(sim.client.get("/a2-archive/api/v1/attachments/8000").status == 404);
  CHECK(sim.client.get("/a2-archive/api/v1/attachments/x").status == 404);
}

TEST_CASE("the archive goes wrong as it is told to") {
  Running sim;
  const auto planted = sim.order(R"({"attachment": {"size": 1000000}})").at("attachment").as_object();
  const auto target =
      "/a2-archive/api/v1/attachments/" + json::value_to<std::string>(planted.at("attachment"));
  sim.faults(
      R"({"rules": [{"api": "a2_archive", "path": "attachments", "cut_bodies": 1, "cut_at": 300000}]})");
  const auto bytes = sim.client.raw("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(bytes.find("Content-Length: 1000000") != std::string::npos);
  CHECK(bytes.size() < 301'000);
  sim.faults(
      R"({"rules": [{"api": "a2_archive", "path": "attachments", "slow_bodies": 1, "slow_for": "100ms"}]})");
  int statuses = 0;
  for (int at = 0; at < 20; ++at)
    statuses |= sim.client.get(target).status == 200 ? 1 : 2;
  CHECK(statuses == 3);
  sim.faults(R"({"rules": [{"api": "a2_archive", "429": 1, "retry_after": "on"}]})");
  const auto refused = sim.client.get("/a2-archive/api/v1/messages");
  CHECK(refused.status == 429);
  CHECK(refused.head.find("Retry-After: 1") != std::string::npos);
}

TEST_CASE("a load of messages and events leaves rows that are clean once all of it is carried") {
  Running sim(60);
  sim.carrier.history("order=desc:created&size=100");
  sim.order(R"({"rate": 300, "seconds": 1, "seed": 3, "unfit": 0, "bursts": 0.3})", 202);
  await([&] {
    return sim.get("/_sim/archive").at("running") == false && sim.get("/_sim/archive").at("waiting") == 0;
  });
  const auto counts = sim.get("/_sim/archive");
  CHECK(counts.at("created").to_number<int>() > 50);
  CHECK(counts.at("events").to_number<int>() > 50);
  for (const auto& each : sim.carrier.list("order=asc:changed&changed=gte:2026-01-01T00:00:00Z&size=500")) {
    bool is_purged = false;
    for (const auto& event : each.at("eventHistory").as_array())
      is_purged = is_purged || json::serialize(event.at("status")).starts_with("\"PurgedBy");
    const bool is_new = each.at("created").as_string() > "2026";
    if (is_new && !is_purged) {
      CHECK(sim.carrier.migrate(each.as_object()) == 200);
      sim.carrier.publish(id_of(each));
    } else if (!is_new && sim.get("/_sim/archive/" + std::to_string(id_of(each))).at("flaw").is_null() &&
               sim.client.get("/_sim/correspondence/" + std::to_string(id_of(each))).status == 200) {
      sim.carrier.sync(each.as_object());
    }
  }
  await([&] { return sim.get("/_sim/correspondence").at("jobs").at("open") == 0; });
  check_clean(sim.row(live));
  check_clean(sim.row(historic));
  CHECK(sim.row(live).at("expected").to_number<int>() > 50);
}

} // namespace altinn_sim::test
