#include "records.hpp"

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::mapping;
using namespace records;

namespace {

Problem problem_of(const json::value& bundle) {
  const auto decision = decide(bundle);
  REQUIRE_FALSE(decision);
  CHECK_FALSE(decision.error().message.empty());
  return decision.error();
}

json::value built(const json::value& bundle, const Settings& settings = {}) {
  const auto decision = decide(bundle, settings);
  if (!decision) FAIL(decision.error().member << " " << decision.error().message);
  return body_of(*decision);
}

/// A form type whose PDF is due.
void expect_pdf(json::value& bundle) {
  set(bundle, "/application/dataTypes/0/enablePdfCreation", true);
}

void add_submission(json::value& bundle, std::string_view id, std::string_view created) {
  bundle.at("events").as_array().push_back(json::object{
      {"id", id}, {"eventType", "Submited"}, {"created", created}, {"user", {{"userId", 20001234}}}});
}

constexpr std::string_view second_event = "4ef9d179-2d4b-403f-9fcc-6f7cd619f12f";

} // namespace

TEST_CASE("what the original breaks on is a problem that names the member", "[M-88]") {
  auto bundle = archived_form();
  const auto without = [&](std::string_view path) {
    auto copy = bundle;
    set(copy, path, nullptr);
    return problem_of(copy).member;
  };
  CHECK(without("/instance/data") == "instance.data");
  CHECK(without("/instance/instanceOwner") == "instance.instanceOwner.partyId");
  CHECK(without("/application/title") == "application.title");
  CHECK(without("/instance/data/0/lastChangedBy") == "instance.data[0].lastChangedBy");
  CHECK(without("/instance/data/1/selfLinks") == "instance.data[1].selfLinks");
  CHECK(without("/instance/data/1/created") == "instance.data[1].created");
  CHECK(without("/instance/data/1/id") == "instance.data[1].id");
  CHECK(without("/events/1/id") == "events[1].id");
  CHECK(without("/events/1/created") == "events[1].created");
  CHECK(without("/application") == "application");
  CHECK(without("/events") == "events");
}

TEST_CASE("an element in a submission may have any id, and no time of its own", "[M-87][M-88][D-7]") {
  auto bundle = archived_form();
  set(bundle, "/instance/data/0/id", "not a UUID");
  set(bundle, "/instance/data/0/created", nullptr);
  const auto dialog = built(bundle);
  CHECK(dialog.at_pointer("/transmissions/0/attachments").as_array().size() == 1);
  CHECK(dialog.at("attachments").as_array().size() == 1);
}

TEST_CASE("a service owner's element stays on the dialog whenever it came", "[M-87]") {
  auto bundle = archived_form();
  set(bundle, "/instance/data/1/lastChangedBy", "99182582");
  CHECK(built(bundle).at_pointer("/transmissions/0/attachments").as_array().size() == 2);
  set(bundle, "/instance/data/1/lastChangedBy", "991825827");
  const auto dialog = built(bundle);
  CHECK(dialog.at_pointer("/attachments/0/name") == "reply");
  CHECK(dialog.at_pointer("/transmissions/0/attachments/0/name") == "model");
}

TEST_CASE("an unknown owner is a problem that names the party", "[M-52]") {
  auto bundle = archived_form();
  set(bundle, "/parties", json::object{});
  CHECK(problem_of(bundle).message.find("50001234") != std::string::npos);
}

TEST_CASE("an actor that nobody knows is a problem that names the event and no identity number", "[M-113]") {
  auto bundle = archived_form();
  set(bundle, "/users", json::object{});
  set(bundle, "/events/0/user/nationalIdentityNumber", "02886430348");
  const auto problem = problem_of(bundle);
  CHECK(problem.member == "events[0].user");
  CHECK(problem.message.find("02886430348") == std::string::npos);
}

TEST_CASE("whoever Register knows without any name is a problem of the record", "[M-50]") {
  auto bundle = archived_form();
  set(bundle, "/users/20001234", "");
  CHECK(problem_of(bundle) == Problem{"events[0].user", "is nameless in Register", ""});
  set(bundle, "/parties/50001234", "");
  CHECK(problem_of(bundle).message == "is nameless in Register: 50001234");
}

TEST_CASE("a live submission waits for its PDF no longer than it should, and says until when",
          "[D-3][M-13]") {
  auto bundle = archived_form();
  expect_pdf(bundle);
  set(bundle, "/now", "2025-06-18T10:09:59.9999999Z");
  const auto waiting = decide(bundle);
  REQUIRE(waiting);
  CHECK(waiting->retry_at == parse_instant("2025-06-18T10:10:00Z"));
  CHECK_FALSE(body_of(*waiting).as_object().contains("transmissions"));
  CHECK(body_of(*waiting).at("attachments").as_array().size() == 2);
  CHECK(body_of(*waiting).at("activities").as_array().size() == 2);

  set(bundle, "/now", "2025-06-18T10:10:00Z");
  const auto over = decide(bundle);
  CHECK_FALSE(over->retry_at);
  CHECK(body_of(*over).at("transmissions").as_array().size() == 1);

  Settings patient;
  patient.receipt_wait = std::chrono::minutes(20);
  CHECK(decide(bundle, patient)->retry_at == parse_instant("2025-06-18T10:20:00Z"));
}

TEST_CASE("history and deleted forms never wait", "[D-3]") {
  auto bundle = archived_form();
  expect_pdf(bundle);
  set(bundle, "/now", "2025-06-18T10:01:00Z");
  auto history = bundle;
  set(history, "/is_migration", true);
  CHECK(built(history).at("transmissions").as_array().size() == 1);
  set(bundle, "/instance/status/isSoftDeleted", true);
  CHECK(built(bundle).at("transmissions").as_array().size() == 1);
}

TEST_CASE("several submissions wait each by itself and keep their numbers", "[D-3]") {
  auto bundle = archived_form();
  expect_pdf(bundle);
  add_submission(bundle, second_event, "2025-06-18T10:05:00Z");
  set(bundle, "/now", "2025-06-18T10:11:00Z");
  auto decision = decide(bundle);
  REQUIRE(decision);
  CHECK(decision->retry_at == parse_instant("2025-06-18T10:15:00Z"));
  auto dialog = body_of(*decision);
  REQUIRE(dialog.at("transmissions").as_array().size() == 1);
  CHECK(dialog.at_pointer("/transmissions/0/content/title/value/0/value") == "Innsending #1");

  set(bundle, "/existing", dialog);
  set(bundle, "/existing/revision", "ccd2be2b-f09c-4426-936f-9af8b822c4d7");
  set(bundle, "/now", "2025-06-18T10:15:00Z");
  decision = decide(bundle);
  dialog = body_of(*decision);
  REQUIRE(dialog.at("transmissions").as_array().size() == 1);
  CHECK(dialog.at_pointer("/transmissions/0/content/title/value/2/value") == "Submission #2");
}

TEST_CASE("a PDF that comes late ends the wait", "[M-11][D-3]") {
  auto bundle = archived_form();
  expect_pdf(bundle);
  set(bundle, "/now", "2025-06-18T10:01:00Z");
  auto pdf = bundle.at_pointer("/instance/data/0");
  pdf.as_object()["dataType"] = "ref-data-as-pdf";
  pdf.as_object()["id"] = "019bd5eb-4239-4a40-a823-7735059ef137";
  bundle.at_pointer("/instance/data").as_array().push_back(pdf);
  CHECK(decide(bundle)->retry_at);
  set(bundle, "/instance/data/2/references",
      json::array{{{"relation", "GeneratedFrom"}, {"value", "Task_1"}, {"valueType", "Task"}}});
  CHECK_FALSE(decide(bundle)->retry_at);
}

TEST_CASE("submissions can be switched off by settings, their files stay on the dialog", "[M-86]") {
  auto bundle = archived_form();
  Settings settings;
  settings.submission_transmissions = false;
  const auto dialog = built(bundle, settings);
  CHECK_FALSE(dialog.as_object().contains("transmissions"));
  CHECK(dialog.at("attachments").as_array().size() == 2);
  set(bundle, "/instance/data/0/lastChangedBy", nullptr);
  CHECK(decide(bundle, settings));
}

TEST_CASE("ports of the addresses that are configured are kept", "[D-14][M-70]") {
  Settings settings;
  settings.platform_base_url = "http://localhost:5101";
  settings.apps_host = "local.altinn.cloud:8000";
  auto bundle = archived_form();
  set(bundle, "/instance/status/isArchived", false);
  const auto dialog = built(bundle, settings);
  CHECK(
      dialog.at_pointer("/apiActions/0/endpoints/0/url") ==
      "http://ttd.local.altinn.cloud:8000/ttd/form/instances/50001234/0dbc1da6-f744-4fff-83bc-131e7988a1bb");
}

TEST_CASE("no counts as nb where there is no nb, and only once", "[D-14][M-63]") {
  auto bundle = archived_form();
  const auto title_of = [&](const char* titles) {
    set(bundle, "/application/title", json::parse(titles));
    return json::serialize(built(bundle).at_pointer("/content/title/value"));
  };
  CHECK(title_of(R"({"no":"A","en":"B"})") ==
        R"([{"value":"A","languageCode":"nb"},{"value":"B","languageCode":"en"}])");
  CHECK(title_of(R"({"NO":"A","nb":"B"})") == R"([{"value":"B","languageCode":"nb"}])");
  CHECK(title_of(R"({"No":"A","no":"B","nn":"C"})") ==
        R"([{"value":"A","languageCode":"nb"},{"value":"C","languageCode":"nn"}])");
  CHECK(title_of(R"({"no":" ","nO":"B"})") == R"([{"value":"B","languageCode":"nb"}])");
}

TEST_CASE("dates count only while they are to come, but all of them in history", "[M-57]") {
  auto bundle = archived_form();
  set(bundle, "/instance/dueBefore", "2025-06-18T11:00:00Z");
  set(bundle, "/instance/visibleAfter", "2025-06-18T11:00:00.0000001Z");
  auto dialog = built(bundle);
  CHECK_FALSE(dialog.as_object().contains("dueAt"));
  CHECK(dialog.at("visibleFrom") == "2025-06-18T11:00:00.0000001Z");
  set(bundle, "/is_migration", true);
  CHECK(built(bundle).at("dueAt") == "2025-06-18T11:00:00Z");
}

TEST_CASE("a task id that looks like a key with a state is still only a task", "[M-61]") {
  auto bundle = archived_form();
  set(bundle, "/instance/status/isArchived", false);
  set(bundle, "/instance/process", json::parse(R"({"currentTask":{"elementId":"a.rejected"}})"));
  set(bundle, "/texts",
      json::parse(R"([{"language":"nb","resources":[{"id":"dp.summary.a.rejected","value":"task"},
        {"id":"dp.summary","value":"base"},{"id":"dp.summaryx","value":"other"},
        {"id":"dp.summary._any_.awaitinginitialuserinput","value":"state"}]}])"));
  CHECK(built(bundle).at_pointer("/content/summary/value/0/value") == "task");
  set(bundle, "/instance/process/currentTask/elementId", "b");
  CHECK(built(bundle).at_pointer("/content/summary/value/0/value") == "state");
  set(bundle, "/instance/status/isArchived", true);
  CHECK(built(bundle).at_pointer("/content/summary/value/0/value") == "base");
}
