#include "messages.hpp"

#include <dialogferry/codec/correspondence_json.hpp>
#include <dialogferry/codec/document.hpp>
#include <dialogferry/mapping/correspondence.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <rapidcheck.h>

using namespace messages;
using namespace dialogferry;
using namespace dialogferry::mapping::correspondence;

namespace {

const Uuid id = *parse_uuid("01935059-cb6d-7b27-89d2-017795f6aa0b");

/// A record that is read anew each time it is asked for, as its document is kept.
class Record {
public:
  explicit Record(json::array statuses, json::array forwards = {}, json::array notifications = {}) {
    auto value = bundle().at("correspondence").as_object();
    value["eventHistory"] = std::move(statuses);
    value["forwardingHistory"] = std::move(forwards);
    value["notificationHistory"] = std::move(notifications);
    body_ = codec::Document(json::serialize(value));
  }

  codec::Correspondence read() {
    auto record = codec::read_correspondence(parser_, body_.view());
    REQUIRE(record);
    return std::move(*record);
  }
  codec::Correspondence first(std::optional<Instant> carried_before = std::nullopt) {
    return first_sent(read(), carried_before);
  }
  std::vector<SyncStep> steps(std::optional<Instant> carried_before = std::nullopt) {
    auto steps = sync_steps(read(), first(carried_before), id);
    REQUIRE(steps);
    return std::move(*steps);
  }

private:
  codec::Parser parser_;
  codec::Document body_;
};

json::object at(const std::string& name, int minute, const std::string& registered = {}) {
  const auto time = "2026-02-04T09:" + std::string(minute < 10 ? "0" : "") + std::to_string(minute) + ":00Z";
  auto event = status(name, time, reader);
  if (!registered.empty()) event["registered"] = registered;
  return event;
}

json::object forward(const std::string& time, int user) {
  return {{"forwardedOnDate", time}, {"forwardedByPartyUuid", reader}, {"forwardedToUserId", user}};
}

std::vector<std::string> names(std::span<const codec::StatusEvent> events) {
  std::vector<std::string> found;
  for (const auto& event : events)
    found.emplace_back(name_of(event.status));
  return found;
}

std::size_t events_in(const SyncStep& step) {
  return json::parse(step.call.body).at("syncedStatusEvents").as_array().size();
}

using Strings = std::vector<std::string>;

} // namespace

// -- first_sent ---------------------------------------------------------------------

TEST_CASE("a message that was never carried is first sent without what moves its dialog or deletes it",
          "[OC-5][OC-7]") {
  Record record({at("Published", 0), at("Read", 1), at("Confirmed", 2), at("Archived", 3),
                 at("SoftDeletedByRecipient", 4), at("RestoredByRecipient", 5), at("PurgedByRecipient", 6)},
                {forward("2026-02-04T09:30:00Z", 5)});
  const auto first = record.first();
  CHECK(names(first.statuses) == Strings{"Published", "Read", "Confirmed"});
  CHECK(first.forwards.size() == 1);
}

TEST_CASE(
    "a message that was carried is sent again with what was known then, and nothing else that can follow",
    "[OC-7]") {
  const std::string later = "2026-02-05T00:00:00Z";
  Record record(
      {at("Published", 0), at("Archived", 3), at("Read", 4, later), at("SoftDeletedByRecipient", 5, later)},
      {forward("2026-02-05T09:30:00Z", 5)});
  const auto first = record.first(parse_instant("2026-02-04T12:00:00Z"));
  CHECK(names(first.statuses) == Strings{"Published", "Archived"});
  CHECK(first.forwards.empty());
}

TEST_CASE("a Published event goes with the message however late its source learned of it", "[OC-15]") {
  Record record({at("Published", 0, "2026-02-05T00:00:00Z")});
  CHECK(names(record.first(parse_instant("2026-02-04T12:00:00Z")).statuses) == Strings{"Published"});
}

// -- sync_steps -------------------------------------------------------------------------

TEST_CASE("each event that changes a label is a call of its own, with the label that follows", "[OC-5]") {
  Record record({at("Published", 0), at("SoftDeletedByRecipient", 1), at("RestoredByRecipient", 2),
                 at("Archived", 3), at("SoftDeletedByRecipient", 4), at("RestoredByRecipient", 5)});
  const auto steps = record.steps();
  std::vector<DialogLabel> labels;
  for (const auto& step : steps) {
    CHECK(events_in(step) == 1);
    REQUIRE(step.label);
    labels.push_back(*step.label);
  }
  using L = DialogLabel;
  CHECK(labels == std::vector{L::bin, L::none, L::archive, L::bin, L::archive});
}

TEST_CASE("an archived message that was carried goes back to the archive when it is restored", "[OC-5]") {
  const std::string later = "2026-02-05T00:00:00Z";
  Record record({at("Published", 0), at("Archived", 1), at("SoftDeletedByRecipient", 2),
                 at("RestoredByRecipient", 5, later)});
  const auto steps = record.steps(parse_instant("2026-02-04T12:00:00Z"));
  REQUIRE(steps.size() == 1);
  CHECK(steps[0].label == DialogLabel::archive);
  CHECK(steps[0].known_at == *parse_instant(later));
  CHECK(steps[0].at == *parse_instant("2026-02-04T09:05:00Z"));
}

TEST_CASE("what lies between two changes of a label goes together, in order", "[OC-5]") {
  const std::string later = "2026-02-05T00:00:00Z";
  const auto known = [&](const std::string& name, int minute) { return at(name, minute, later); };
  Record record({at("Published", 0), known("Read", 1), known("Confirmed", 2), known("Archived", 3),
                 known("Read", 4), known("PurgedByRecipient", 5)});
  const auto steps = record.steps(parse_instant("2026-02-04T12:00:00Z"));
  REQUIRE(steps.size() == 3);
  CHECK(events_in(steps[0]) == 2);
  CHECK_FALSE(steps[0].label);
  CHECK(steps[1].label == DialogLabel::archive);
  CHECK(events_in(steps[2]) == 2);
}

TEST_CASE("the steps of a message are in the order of its events, whatever the order of its history",
          "[OC-5]") {
  const bool holds = rc::check("label events in any order", [] {
    static const std::array<std::string, 3> kinds{"Archived", "SoftDeletedByRecipient",
                                                  "RestoredByRecipient"};
    const auto chosen = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 3));
    json::array history{at("Published", 0)};
    for (std::size_t i = 0; i < chosen.size() && i < 50; ++i)
      history.push_back(at(kinds[static_cast<std::size_t>(chosen[i])], static_cast<int>(i) + 1));
    auto shuffled = history;
    std::reverse(shuffled.begin(), shuffled.end());
    const auto steps = Record(history).steps();
    const auto other = Record(shuffled).steps();
    RC_ASSERT(steps.size() == history.size() - 1);
    RC_ASSERT(other.size() == steps.size());
    for (std::size_t i = 0; i < steps.size(); ++i) {
      RC_ASSERT(steps[i].call.body == other[i].call.body);
      RC_ASSERT(steps[i].label == other[i].label);
      RC_ASSERT(i == 0 || steps[i - 1].at < steps[i].at);
    }
  });
  CHECK(holds);
}

TEST_CASE("forwards that are new go in one call, notifications in another", "[OC-16]") {
  Record record({at("Published", 0)},
                {forward("2026-02-05T09:30:00.1Z", 5), forward("2026-02-05T09:30:00.4Z", 6)});
  const auto steps = record.steps(parse_instant("2026-02-04T12:00:00Z"));
  REQUIRE(steps.size() == 1);
  CHECK(steps[0].call.path.ends_with("/syncForwardingEvent"));
  CHECK(json::parse(steps[0].call.body).at("syncedForwardingEvents").as_array().size() == 2);
}

TEST_CASE("a message without anything new has no steps", "[1.6]") {
  Record record({at("Published", 0), at("Read", 1)}, {forward("2026-02-04T09:30:00Z", 5)});
  CHECK(record.steps().empty());
}

TEST_CASE("what goes along and what follows are all events together, whatever was known when", "[OC-7]") {
  const bool holds = rc::check("no event is lost between first_sent and sync_steps", [] {
    static const std::array<std::string, 5> kinds{"Read", "Confirmed", "Archived", "SoftDeletedByRecipient",
                                                  "RestoredByRecipient"};
    const auto chosen = *rc::gen::container<std::vector<std::pair<int, bool>>>(
        rc::gen::pair(rc::gen::inRange(0, 5), rc::gen::arbitrary<bool>()));
    json::array history{at("Published", 0)};
    for (std::size_t i = 0; i < chosen.size() && i < 50; ++i)
      history.push_back(at(kinds[static_cast<std::size_t>(chosen[i].first)], static_cast<int>(i) + 1,
                           chosen[i].second ? "2026-02-05T00:00:00Z" : ""));
    Record record(history);
    const auto cut = *rc::gen::element(std::optional<Instant>{}, parse_instant("2026-02-04T12:00:00Z"));
    std::size_t count = record.first(cut).statuses.size();
    for (const auto& step : record.steps(cut))
      count += events_in(step);
    RC_ASSERT(count == history.size());
  });
  CHECK(holds);
}

// -- known_before --------------------------------------------------------------------------

TEST_CASE("what the archive learned from a time on is left out, whenever it happened", "[OC-7]") {
  Record record({at("Published", 0), at("Read", 1, "2026-02-05T00:00:00Z"), at("Archived", 2)},
                {forward("2026-02-04T09:30:00Z", 5), forward("2026-02-05T09:30:00Z", 6)});
  const auto known = known_before(record.read(), *parse_instant("2026-02-05T00:00:00Z"));
  CHECK(names(known.statuses) == Strings{"Published", "Archived"});
  CHECK(known.forwards.size() == 1);
}
