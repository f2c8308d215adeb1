#include "messages.hpp"

#include <catch2/catch.hpp>

#include <chrono>

using namespace messages;

namespace {

json::object forward(const std::string& at, int user) {
  return {{"forwardedOnDate", at}, {"forwardedByPartyUuid", reader}, {"forwardedToUserId", user}};
}

json::object notification(const std::string& at, std::int64_t id, bool reminder) {
  return {{"altinn2NotificationId", id},
          {"notificationChannel", "Email"},
          {"notificationAddress", "post@eksempel.no"},
          {"notificationSent", at},
          {"isReminder", reminder}};
}

std::size_t synced(const json::object& answer, const std::string& list) {
  const auto* sync = answer.if_contains("sync");
  if (sync == nullptr) return 0;
  std::size_t count = 0;
  for (const auto& call : sync->as_array())
    if (const auto* events = call.at("body").as_object().if_contains(list))
      count += events->as_array().size();
  return count;
}

/// The answer, under a limit that what grows with the square of the input breaks many times over.
json::object answer_in_time(const json::value& bundle) {
  const auto start = std::chrono::steady_clock::now();
  auto answer = answer_to(bundle);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
  return answer;
}

} // namespace

TEST_CASE("forwards of one party within a second go in one call", "[OC-16]") {
  auto changed = carried();
  const auto events = observed("forwards-in-one-second").at("input").at("syncedForwardingEvents");
  set(changed, "/correspondence/forwardingHistory", events);
  const auto answer = answer_to(changed);
  CHECK(answer.at("sync").as_array().size() == 1);
  CHECK(synced(answer, "syncedForwardingEvents") == 2);
}

TEST_CASE("a forward within a second of a stored one by the same party is not sent", "[OC-16]") {
  auto changed = carried();
  set(changed, "/previous/forwardingHistory", json::array{forward("2026-02-04T09:30:00.1Z", 5)});
  set(changed, "/correspondence/forwardingHistory",
      json::array{forward("2026-02-04T09:30:00.1Z", 5), forward("2026-02-04T09:30:00.3Z", 6)});
  CHECK(answer_to(changed).at("action") == "none");
}

TEST_CASE("forwards at exactly one instant, of which Correspondence keeps one, are a problem", "[OC-16]") {
  auto changed = carried();
  set(changed, "/correspondence/forwardingHistory",
      json::array{forward("2026-02-04T09:30:00.1Z", 5), forward("2026-02-04T09:30:00.1000001Z", 6)});
  CHECK(problem_of(changed) == "correspondence.forwardingHistory");
}

TEST_CASE("a reminder within a second of its notification is sent too", "[OC-16]") {
  auto changed = carried();
  set(changed, "/correspondence/notificationHistory",
      json::array{notification("2026-02-04T09:30:00.1Z", 1, false),
                  notification("2026-02-04T09:30:00.3Z", 1, true)});
  CHECK(synced(answer_to(changed), "syncedNotificationEvents") == 2);
}

TEST_CASE("a later purge of what is purged is nothing new", "[1.6]") {
  auto changed = carried();
  const auto first = status("PurgedByRecipient", "2026-02-04T09:30:00Z", reader);
  set(changed, "/previous/eventHistory", json::array{first});
  set(changed, "/correspondence/eventHistory",
      json::array{first, status("PurgedByAltinn", "2026-02-04T10:30:00Z", reader)});
  CHECK(answer_to(changed).at("action") == "none");
}

TEST_CASE("what was carried and is unfit by now only syncs its events", "[2.7]") {
  auto changed = carried();
  set(changed, "/correspondence/correspondenceData/correspondence/content/messageTitle", "");
  set(changed, "/correspondence/eventHistory", json::array{status("Read", "2026-02-04T09:30:00Z", reader)});
  CHECK(answer_to(changed).at("action") == "update");
  set(changed, "/correspondence_id", nullptr);
  CHECK(problem_of(changed) == "correspondence_id");
}

TEST_CASE("attachments come first: without their ids there is neither body nor dialog", "[2.7]") {
  auto changed = bundle();
  const auto file = [](const char* id) {
    return json::object{{"altinn2AttachmentId", id},
                        {"created", "2021-09-19T08:10:03Z"},
                        {"senderPartyUuid", reader},
                        {"size", 7}};
  };
  set(changed, "/correspondence/attachments", json::array{file("B"), file("A")});
  set(changed, "/attachment_ids", json::object{{"A", json::string(numbered(1))}});
  const auto before = answer_to(changed);
  CHECK(before.at("attachments").as_array().size() == 2);
  CHECK_FALSE(before.contains("migrate"));
  CHECK_FALSE(before.contains("dialog"));
  set(changed, "/attachment_ids/B", numbered(2));
  const auto ids = answer_to(changed).at("migrate").at_pointer("/correspondenceData/existingAttachments");
  CHECK(ids == json::value_from(std::vector<std::string>{numbered(2), numbered(1)}));
  set(changed, "/correspondence_id", nullptr);
  CHECK(answer_to(changed).contains("migrate"));
  CHECK_FALSE(answer_to(changed).contains("dialog"));
}

TEST_CASE("a text of 0.6 MB costs no more than reading it", "[2.7][doors]") {
  auto changed = bundle();
  for (const auto* member : {"/content/messageBody", "/content/messageSummary", "/content/messageTitle"}) {
    set(changed, std::string("/correspondence/correspondenceData/correspondence") + member,
        std::string(600'000, '['));
    CHECK_FALSE(answer_in_time(changed).contains("migrate"));
  }
  auto marked = bundle();
  set(marked, "/correspondence/correspondenceData/correspondence/content/messageTitle",
      std::string(200, '*'));
  json::array events;
  for (int i = 0; i < 20; ++i)
    events.push_back(json::object{{"forwardedOnDate", "2022-01-01T00:00:" + std::to_string(10 + i) + "Z"},
                                  {"forwardedByPartyUuid", reader},
                                  {"forwardedToEmail", "a@eksempel.no"},
                                  {"forwardingText", std::string(4000, '{')}});
  set(marked, "/correspondence/forwardingHistory", events);
  CHECK(answer_in_time(marked).at("refused").as_array().size() == 20);
}

TEST_CASE("20 000 events of each kind by 20 000 parties are carried and synced in time", "[2.7][doors]") {
  auto changed = carried();
  json::array events;
  json::array notifications;
  json::array forwards;
  for (std::size_t i = 0; i < 20'000; ++i) {
    const auto minute = std::to_string(10 + i / 60 % 50);
    const auto at = "2025-12-" + std::to_string(10 + i / 3000) + "T10:" + minute + ":" +
                    std::to_string(10 + i % 50) + "Z";
    const auto party = numbered(i);
    events.push_back(status(i % 2 == 0 ? "Read" : "Archived", at, party));
    notifications.push_back(notification(at, static_cast<std::int64_t>(i), false));
    forwards.push_back(json::object{
        {"forwardedOnDate", at}, {"forwardedByPartyUuid", party}, {"forwardedToEmail", "a@eksempel.no"}});
    changed.at("parties").as_object()[party] = "urn:altinn:person:identifier-no:14915734775";
  }
  set(changed, "/correspondence/eventHistory", events);
  set(changed, "/correspondence/notificationHistory", notifications);
  set(changed, "/correspondence/forwardingHistory", forwards);
  const auto answer = answer_in_time(changed);
  CHECK(synced(answer, "syncedStatusEvents") == 20'000);
  CHECK(answer.at("calls").as_array().size() == 60'000);
  set(changed, "/previous", nullptr);
  CHECK(answer_in_time(changed).at("dialog").at("activities").as_array().size() == 40'001);
}

TEST_CASE("20 000 attachments find their ids in time", "[2.7][doors]") {
  auto changed = bundle();
  json::array files;
  for (std::size_t i = 0; i < 20'000; ++i) {
    files.push_back(json::object{{"altinn2AttachmentId", std::to_string(i)},
                                 {"created", "2021-09-19T08:10:03Z"},
                                 {"senderPartyUuid", reader},
                                 {"fileName", "a.pdf"},
                                 {"size", 7}});
    changed.at("attachment_ids").as_object()[std::to_string(i)] = numbered(i);
  }
  set(changed, "/correspondence/attachments", files);
  CHECK(answer_in_time(changed).at("dialog").at("attachments").as_array().size() == 20'001);
}
