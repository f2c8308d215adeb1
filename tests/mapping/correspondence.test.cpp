#include "correspondence/forms.hpp"
#include "messages.hpp"

#include <dialogferry/mapping/correspondence.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::mapping::correspondence;
using namespace messages;

namespace {

std::string derived(const char* id, const char* created, const char* now) {
  return to_string(dialog_id_of(*parse_uuid(id), *parse_instant(created), *parse_instant(now)));
}

/// A message of Altinn 3 with these statuses, each a minute after the one before.
json::value altinn3(std::initializer_list<const char*> statuses) {
  auto value = bundle();
  json::array history;
  for (const auto* name : statuses)
    history.push_back(
        json::object{{"status", name},
                     {"statusText", name},
                     {"statusChanged", "2026-02-05T11:5" + std::to_string(history.size()) + ":00Z"}});
  set(value, "/correspondence",
      json::object{{"correspondenceId", "019c2da3-4240-741e-8381-9a5d0efff23b"},
                   {"recipient", "urn:altinn:organization:identifier-no:310555002"},
                   {"resourceId", "skd-brev-77"},
                   {"sendersReference", "A3"},
                   {"content", json::object{{"language", "nb"}, {"messageTitle", "Vedtak"}}},
                   {"created", "2026-02-05T11:50:00Z"},
                   {"requestedPublishTime", "2026-02-05T11:50:00Z"},
                   {"isConfirmationNeeded", true},
                   {"statusHistory", history}});
  return value;
}

/// The same once its dialog is there as it was created.
json::value with_dialog(json::value before, const json::value& now) {
  const auto dialog = answer_to(before).at("dialog");
  set(before, "/previous", before.at("correspondence"));
  set(before, "/correspondence", now.at("correspondence"));
  set(before, "/existing", dialog);
  return before;
}

std::vector<std::string> calls_of(const json::object& answer) {
  std::vector<std::string> calls;
  const auto* list = answer.if_contains("calls");
  if (list == nullptr) return calls;
  for (const auto& call : list->as_array()) {
    const auto* body = call.as_object().if_contains("body");
    const auto* type = body != nullptr && body->is_object() ? body->as_object().if_contains("type") : nullptr;
    calls.emplace_back(type != nullptr ? type->as_string() : call.at("method").as_string());
  }
  return calls;
}

using Calls = std::vector<std::string>;

} // namespace

TEST_CASE("dialog ids are derived as Correspondence derives them", "[3.2]") {
  const char* now = "2026-02-05T12:00:00Z";
  CHECK(derived("01934c5a-7b00-7abc-8def-0123456789ab", "0001-01-01T00:00:00Z", now) ==
        "01934c5a-7b00-7039-903d-e31a36a2bcdc");
  CHECK(derived("3f2b6c1e-9d47-4a55-8c10-5e7d9a1b2c3d", "2019-03-04T08:15:30Z", now) ==
        "016947c5-a8d0-7089-b6a4-058d9ab00dd9");
}

TEST_CASE("names are written with capitals where words begin", "[3.7]") {
  CHECK(title_case("KARI NORDMANN-ØST") == "Kari Nordmann-Øst");
  CHECK(title_case("åse o'DONNELL jr.") == "Åse O'donnell Jr.");
  CHECK(title_case("ŠIME ŽIVKOVIĆ") == "Šime Živković");
  CHECK(title_case("ИВАН иванов") == "Иван Иванов");
  CHECK(lower_case("Ola Æ.Bruker+1") == "ola æ.bruker+1");
}

TEST_CASE("parties are those that Dialogporten takes", "[3.8]") {
  CHECK(is_party("urn:altinn:organization:identifier-no:310955604"));
  CHECK_FALSE(is_party("urn:altinn:organization:identifier-no:310955605"));
  CHECK(is_party("urn:altinn:person:identifier-no:02886430348"));
  CHECK_FALSE(is_party("urn:altinn:person:identifier-no:02886430349"));
  CHECK(is_party("urn:altinn:person:legacy-selfidentified:ola%20nordmann"));
  CHECK_FALSE(is_party("urn:altinn:person:legacy-selfidentified:ola%20%C3%A6"));
  CHECK_FALSE(is_party("urn:altinn:person:legacy-selfidentified:ola%"));
  CHECK(is_party("urn:altinn:person:idporten-email:ola@eksempel.no"));
  CHECK_FALSE(is_party("urn:altinn:person:idporten-email:ola"));
}

TEST_CASE("what is already told of an Altinn 3 message is not told again", "[3.8]") {
  const auto published = altinn3({"Published"});
  auto read = with_dialog(published, altinn3({"Published", "Read", "Read"}));
  const auto first = answer_to(read);
  CHECK(calls_of(first) == Calls{"CorrespondenceOpened"});
  set(read, "/existing/activities", json::array{first.at("calls").at(0).at("body")});
  CHECK(answer_to(read).at("action") == "none");
}

TEST_CASE("a confirmation of an Altinn 3 message finishes what was begun", "[3.8]") {
  auto confirmed = with_dialog(altinn3({"Published"}), altinn3({"Published", "Confirmed"}));
  const auto whole = answer_to(confirmed);
  CHECK(calls_of(whole) == Calls{"PATCH", "CorrespondenceConfirmed"});
  // The patch went through, the activity did not.
  set(confirmed, "/existing/guiActions", json::array{});
  set(confirmed, "/existing/apiActions", json::array{});
  set(confirmed, "/existing/status", "NotApplicable");
  CHECK(calls_of(answer_to(confirmed)) == Calls{"CorrespondenceConfirmed"});
  set(confirmed, "/existing/activities", json::array{whole.at("calls").at(1).at("body")});
  CHECK(answer_to(confirmed).at("action") == "none");
}

TEST_CASE("an Altinn 3 message that ended gets no dialog, and loses the one it has once", "[3.8]") {
  CHECK(answer_to(altinn3({"Published", "PurgedByRecipient"})).at("action") == "none");
  CHECK(answer_to(altinn3({"Failed"})).at("action") == "none");
  auto purged = with_dialog(altinn3({"Published"}), altinn3({"Published", "PurgedByAltinn"}));
  CHECK(calls_of(answer_to(purged)) == Calls{"DELETE", "DialogDeleted"});
  set(purged, "/previous", nullptr); // first heard of when it ended
  CHECK(answer_to(purged).at("action") == "delete");
  set(purged, "/existing/deletedAt", "2026-02-05T11:55:00Z");
  CHECK(answer_to(purged).at("action") == "none");
}

TEST_CASE("an Altinn 3 message confirmed before its dialog was there is created as confirmed", "[3.8]") {
  const auto answer = answer_to(altinn3({"Published", "Read", "Confirmed", "Forwarded"}));
  CHECK(answer.at("action") == "create");
  CHECK(answer.at("dialog").at("status") == "NotApplicable");
  CHECK(calls_of(answer) == Calls{"CorrespondenceOpened", "PATCH", "CorrespondenceConfirmed"});
}

TEST_CASE("Register is asked for those whom the dialog names", "[3.7]") {
  const auto lookups = [](json::value value) {
    codec::Parser parser;
    const codec::Document record(json::serialize(value.at("correspondence")));
    const auto read = codec::read_correspondence(parser, record.view());
    REQUIRE(read);
    return parties_needed(*read, nullptr).size();
  };
  auto value = bundle();
  CHECK(lookups(value) == 0);
  set(value, "/correspondence/correspondenceData/recipients",
      json::array{"urn:altinn:party:uuid:7F1348E2-BA76-433A-9ADA-A222D470AE1C"});
  set(value, "/correspondence/eventHistory",
      json::array{status("Read", "2022-01-02T00:00:00Z", reader),
                  status("Read", "2022-01-01T00:00:00Z", numbered(1)),
                  status("Archived", "2022-01-01T00:00:00Z", numbered(2))});
  CHECK(lookups(value) == 2);
}

TEST_CASE("20 000 statuses and properties of an Altinn 3 message are followed in time", "[3.8][doors]") {
  auto followed = with_dialog(altinn3({"Published"}), altinn3({"Published"}));
  auto& history = followed.at("correspondence").at("statusHistory").as_array();
  json::object properties;
  for (std::size_t i = 0; i < 20'000; ++i) {
    history.push_back(
        json::object{{"status", i % 2 == 0 ? "Read" : "Fetched"},
                     {"statusChanged", "2026-02-05T11:55:00." + std::to_string(100'000 + i) + "Z"}});
    properties["k" + std::to_string(i)] = "verdi " + std::to_string(i);
  }
  set(followed, "/previous/statusHistory", history);
  history.push_back(json::object{{"status", "Read"}, {"statusChanged", "2026-02-05T11:57:00Z"}});
  set(followed, "/correspondence/propertyList", properties);
  CHECK(calls_of(answer_to(followed)) == Calls{"CorrespondenceOpened"});
  set(followed, "/existing", nullptr);
  CHECK(answer_to(followed).at("dialog").at("searchTags").as_array().size() == 20'000);
}
