#include "golden.hpp"
#include "records.hpp"
#include "shown.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>

using namespace dialogferry;
using namespace dialogferry::mapping;
using namespace records;

namespace {

json::value report(const std::string& name) {
  std::ifstream file(std::string(SOURCE_ROOT) + "/tests/observed/reports/" + name + ".json",
                     std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return json::parse(text.str());
}

json::value answer_to(const json::value& bundle) {
  const auto answer = map_bundle(json::serialize(bundle), Mapper());
  REQUIRE(answer);
  return json::parse(answer->json);
}

/// The languages and texts of a content value.
std::vector<std::pair<std::string, std::string>> texts_of(const json::value& content) {
  std::vector<std::pair<std::string, std::string>> texts;
  for (const auto& entry : content.at("value").as_array())
    texts.emplace_back(entry.at("languageCode").as_string(), entry.at("value").as_string());
  return texts;
}

std::size_t count_of(const json::value& dialog, std::string_view type) {
  const auto text = json::serialize(dialog);
  const auto name = "\"name\":\"" + std::string(type) + '"';
  std::size_t count = 0;
  for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + 1))
    ++count;
  return count;
}

} // namespace

TEST_CASE("a receipt, and what a system user sent, belong to the submission", "[OR-2][OR-10][D-7]") {
  const auto name = GENERATE("receipt-lost-first-type-optional", "receipt-lost-system-user",
                             "deleted-element-still-linked");
  const auto seen = report(name);
  const auto answer = answer_to(seen.at("bundle"));
  for (const auto& difference : golden::differences(json::serialize(seen.at("expected").at("dialog")),
                                                    json::serialize(answer.at("dialog"))))
    FAIL_CHECK(difference);
}

TEST_CASE("a receipt without a source or a submission is shown once", "[OR-2][D-7]") {
  const auto seen = report("receipt-lost-more-shapes");
  for (const auto& shape : seen.at("cases").as_array()) {
    INFO(shape.at("title").as_string());
    const auto dialog = answer_to(shape.at("bundle")).at("dialog");
    CHECK(count_of(dialog, "ref-data-as-pdf") == 1);
  }
}

TEST_CASE("where only the time of a save moved, nothing else is sent", "[OR-7][M-10]") {
  const auto answer = answer_to(report("form-saved-time-only").at("bundle"));
  CHECK(answer.at("calls") == json::parse(R"(["formSavedTime"])"));
  CHECK(answer.at("action") == "formSavedTime");
  CHECK_FALSE(answer.as_object().contains("dialog"));
}

TEST_CASE("languages are those of Dialogporten before they are chosen, each once", "[OR-8][D-14]") {
  const auto seen = report("title-language-with-region");
  for (const auto& one : seen.at("cases").as_array()) {
    auto bundle = seen.at("bundle");
    if (const auto* title = one.as_object().if_contains("title")) {
      set(bundle, "/application/title", *title);
    } else {
      set(bundle, "/texts", json::parse(R"([{"language":"nb-NO",
            "resources":[{"id":"dp.title","value":"Fra tekst"}]}])"));
    }
    std::vector<std::pair<std::string, std::string>> expected;
    for (const auto& pair : one.at("expected").as_array())
      expected.emplace_back(pair.at(0).as_string(), pair.at(1).as_string());
    CHECK(texts_of(answer_to(bundle).at("dialog").at("content").at("title")) == expected);
  }
}

TEST_CASE("an event whose user tells nothing leaves its activity out, counted, and the record is carried",
          "[OR-12]") {
  const auto user =
      GENERATE(as<std::string>{}, "null", "{}", R"({"authenticationLevel":3})",
               R"({"userId":null,"orgId":null,"endUserSystemId":null,"systemUserOwnerOrgNo":null})",
               R"({"orgId":"","systemUserOwnerOrgNo":" "})");
  auto bundle = archived_form();
  set(bundle, "/events/0/user", json::parse(user));
  const auto decision = decide(bundle);
  REQUIRE(decision);
  CHECK(decision->activities_left_out == 1);
  CHECK(body_of(*decision).at("activities").as_array().size() == 1);
  drop(bundle, "/events/0/user");
  CHECK(decide(bundle)->activities_left_out == 1);
  set(bundle, "/events/1/user", nullptr);
  const auto without = decide(bundle);
  REQUIRE(without);
  CHECK(without->activities_left_out == 2);
  CHECK(shown::wrong_files(bundle, *without).empty());
  set(bundle, "/instance/status/isArchived", false);
  CHECK(body_of(*decide(bundle)).at("status") == "Draft");
}

TEST_CASE("the first Created that tells who acted is the one", "[OR-12][M-110]") {
  auto bundle = archived_form();
  auto again = bundle.at_pointer("/events/0");
  again.as_object()["id"] = "4ef9d179-2d4b-403f-9fcc-6f7cd619f12f";
  again.as_object()["created"] = "2025-06-18T08:55:00Z";
  bundle.at("events").as_array().push_back(again);
  set(bundle, "/events/0/user", nullptr);
  const auto dialog = body_of(*decide(bundle));
  CHECK(dialog.at_pointer("/activities/0/type") == "DialogCreated");
  CHECK(dialog.at("activities").as_array().size() == 2);
}

TEST_CASE("what is missing of times and status counts as storage means it", "[OS-6]") {
  auto bundle = archived_form();
  drop(bundle, "/instance/lastChanged");
  drop(bundle, "/instance/status");
  const auto decision = decide(bundle);
  REQUIRE(decision);
  CHECK(body_of(*decision).at("updatedAt") == body_of(*decision).at("createdAt"));
  CHECK(body_of(*decision).at("status") == "Draft");
}

TEST_CASE("maps keep the order in which they come (held already)", "[OS-8]") {
  auto bundle = archived_form();
  set(bundle, "/application/title", json::parse(R"({"nn":"N","en":"E","nb":"B"})"));
  set(bundle, "/instance/presentationTexts", json::parse(R"({"b":"2","a":"1","aa":"3"})"));
  using Texts = std::vector<std::pair<std::string, std::string>>;
  CHECK(texts_of(body_of(*decide(bundle)).at("content").at("title")) ==
        Texts{{"nn", "N, 2, 1, 3"}, {"en", "E, 2, 1, 3"}, {"nb", "B, 2, 1, 3"}});
}

TEST_CASE("the order of events of one time changes nothing, and one listed twice counts once", "[OS-9]") {
  auto bundle = archived_form();
  set(bundle, "/instance/status/isArchived", GENERATE(true, false));
  set(bundle, "/users/20001235", "urn:altinn:person:identifier-no:02886430349");
  auto& events = bundle.at("events").as_array();
  events = json::parse(R"([
    {"id":"00000000-0000-4000-8000-000000000004","eventType":"Created","user":{"userId":20001234}},
    {"id":"00000000-0000-4000-8000-000000000003","eventType":"Created","user":{"orgId":"ttd"}},
    {"id":"00000000-0000-4000-8000-000000000001","eventType":"Saved","user":{"userId":20001235}},
    {"id":"00000000-0000-4000-8000-000000000002","eventType":"Saved","user":{"userId":20001234}},
    {"id":"00000000-0000-4000-8000-000000000005","eventType":"Submited","user":{"userId":20001234}},
    {"id":"00000000-0000-4000-8000-000000000005","eventType":"Submited","user":{"userId":20001234}},
    {"id":"00000000-0000-4000-8000-000000000006","eventType":"Submited","user":{"userId":20001235}}])")
               .as_array();
  for (auto& event : events)
    event.as_object()["created"] = "2025-06-18T10:00:00Z";
  const auto sorted_body = [&] {
    auto dialog = body_of(*decide(bundle));
    auto& activities = dialog.at("activities").as_array();
    std::sort(activities.begin(), activities.end(),
              [](const auto& a, const auto& b) { return a.at("id").as_string() < b.at("id").as_string(); });
    return dialog;
  };
  const auto expected = sorted_body();
  CHECK(expected.at("transmissions").as_array().size() == 2);
  for (std::size_t turn = 0; turn < events.size(); ++turn) {
    std::rotate(events.begin(), events.begin() + 1, events.end());
    CHECK(sorted_body() == expected);
    std::reverse(events.begin(), events.end());
    CHECK(sorted_body() == expected);
    std::swap(events[turn], events[(turn * 3 + 1) % events.size()]);
    CHECK(sorted_body() == expected);
  }
}
