#include "records.hpp"

#include <dialogferry/codec/dialog_json.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::mapping;
using namespace records;

namespace {

json::value with_dialog() {
  auto bundle = archived_form();
  const Mapper mapper;
  set(bundle, "/existing", stored_dialog(bundle, mapper));
  return bundle;
}

json::value updated(const json::value& bundle) {
  const auto decision = decide(bundle);
  if (!decision) FAIL(decision.error().member << " " << decision.error().message);
  CHECK(decision->action == Action::update);
  return body_of(*decision);
}

} // namespace

TEST_CASE("what the API makes itself and any order of lists and languages change nothing", "[D-5]") {
  auto bundle = with_dialog();
  auto& dialog = bundle.at("existing").as_object();
  for (const auto* list : {"guiActions", "apiActions", "activities"})
    std::reverse(dialog.at(list).as_array().begin(), dialog.at(list).as_array().end());
  for (const auto* member : {"title", "summary"}) {
    auto& value = dialog.at("content").at(member).at("value").as_array();
    std::reverse(value.begin(), value.end());
    dialog.at("content").at(member).as_object()["isAuthorized"] = true;
  }
  set(bundle, "/existing/attachments/0/urls/0/id", "018f6c2b-f029-7a75-9666-495bc54047fa");
  set(bundle, "/existing/apiActions/0/endpoints/0/id", "018f6c2b-f029-7a75-9666-495bc54047fb");
  set(bundle, "/existing/guiActions/0/prompt", nullptr);
  set(bundle, "/existing/hasUnopenedContent", true);
  set(bundle, "/existing/content/additionalInfo", nullptr);
  CHECK(decide(bundle)->action == Action::none);
}

TEST_CASE("stored times have microseconds, a finer difference is none", "[D-5]") {
  auto bundle = archived_form();
  set(bundle, "/instance/dueBefore", "2026-01-01T00:00:00.1234567Z");
  const Mapper mapper;
  set(bundle, "/existing", stored_dialog(bundle, mapper));
  set(bundle, "/existing/dueAt", "2026-01-01T00:00:00.1234560Z");
  CHECK(decide(bundle)->action == Action::none);
  set(bundle, "/existing/dueAt", "2026-01-01T00:00:00.1234550Z");
  CHECK(decide(bundle)->action == Action::update);
}

TEST_CASE("any difference that the API would see is sent", "[D-5]") {
  const auto bundle = with_dialog();
  const auto differs = [&](std::string_view path, json::value value) {
    auto copy = bundle;
    set(copy, "/existing" + std::string(path), std::move(value));
    CAPTURE(path);
    CHECK(decide(copy)->action == Action::update);
  };
  differs("/status", "Draft");
  differs("/isApiOnly", true);
  differs("/dueAt", "2026-01-01T00:00:00Z");
  differs("/content/title/value/0/value", "x");
  differs("/content/title/value/0/languageCode", "se");
  differs("/content/summary", nullptr);
  differs("/content/summary/mediaType", "text/markdown");
  differs("/content/additionalInfo", json::parse(R"({"value":[{"value":"x","languageCode":"nb"}]})"));
  differs("/content/extendedStatus", json::parse(R"({"value":[{"value":"x","languageCode":"nb"}]})"));
  differs("/attachments", json::array{});
  differs("/attachments/0/name", "x");
  differs("/attachments/0/displayName/0/value", "x");
  differs("/attachments/0/urls/0/mediaType", "x");
  differs("/attachments/0/urls/0/consumerType", "Api");
  differs("/guiActions/0/url", "https://x");
  differs("/guiActions/0/authorizationAttribute", "x");
  differs("/guiActions/0/title/0/value", "x");
  differs("/guiActions/1/priority", "Tertiary");
  differs("/guiActions/1/httpMethod", "POST");
  differs("/apiActions", json::array{});
  differs("/apiActions/0/endpoints/0/version", "2.0");
  differs("/apiActions/0/endpoints/0/deprecated", true);
  differs("/activities", json::array{});
  differs("/transmissions", json::array{});
}

TEST_CASE("only what the update can say matters: labels and times of the dialog do not", "[D-5][M-57]") {
  auto bundle = with_dialog();
  set(bundle, "/existing/systemLabel", "Bin");
  set(bundle, "/existing/createdAt", "2020-01-01T00:00:00Z");
  set(bundle, "/existing/party", "urn:other");
  CHECK(decide(bundle)->action == Action::none);
}

TEST_CASE("a save that goes on moves the stored activity, by more than a microsecond, and nothing else",
          "[M-10][OR-7]") {
  auto bundle = archived_form();
  bundle.at("events").as_array().push_back(json::object{{"id", "4ef9d179-2d4b-403f-9fcc-6f7cd619f12f"},
                                                        {"eventType", "Saved"},
                                                        {"created", "2025-06-18T10:05:00Z"},
                                                        {"user", {{"userId", 20001234}}}});
  const Mapper mapper;
  set(bundle, "/existing", stored_dialog(bundle, mapper));
  CHECK(decide(bundle)->action == Action::none);
  set(bundle, "/existing/activities/2/createdAt", "2025-06-18T10:04:59.999999Z");
  CHECK(decide(bundle)->action == Action::none);
  set(bundle, "/existing/activities/2/createdAt", "2025-06-18T10:04:59.9999989Z");
  const auto moved = decide(bundle);
  CHECK(moved->calls == std::vector<Call>{Call::form_saved_time});
  CHECK(moved->body.empty());
  CHECK(moved->action == Action::form_saved_time);
  REQUIRE(moved->form_saved_times.size() == 1);
  CHECK(moved->form_saved_times[0].created_at == parse_instant("2025-06-18T10:05:00Z"));
  set(bundle, "/existing/activities/2/createdAt", "2025-06-18T10:06:00Z");
  CHECK(decide(bundle)->action == Action::none);
}

TEST_CASE("attachments of others stay ahead of ours, those of elements that are gone go", "[D-8]") {
  auto bundle = with_dialog();
  set(bundle, "/existing/attachments", json::parse(R"([
        {"id":"018f6c2b-f029-7a75-9666-495bc54047f1","displayName":[],"expiresAt":"2030-01-01T00:00:00Z",
         "urls":[{"id":"018f6c2b-f029-7a75-9666-495bc54047f2","url":"https://example.com/a","consumerType":"Gui"}]},
        {"id":"018f6c2b-f029-7a75-9666-495bc54047f3","displayName":[],
         "urls":[{"url":"https://p/storage/api/v1/instances/50001234/0dbc1da6-f744-4fff-83bc-131e7988a1bb/data/1","consumerType":"Api"}]},
        {"id":"018f6c2b-f029-7a75-9666-495bc54047f4","displayName":[],
         "urls":[{"url":"https://p/a?goto=https%3A%2F%2Fp%2Finstances%2F50001234%2F0dbc1da6-f744-4fff-83bc-131e7988a1bb%2Fdata%2F1","consumerType":"Gui"}]}
      ])"));
  const auto dialog = updated(bundle);
  const auto& attachments = dialog.at("attachments").as_array();
  REQUIRE(attachments.size() == 2);
  CHECK(attachments[0].at("id") == "018f6c2b-f029-7a75-9666-495bc54047f1");
  CHECK(attachments[0].at("expiresAt") == "2030-01-01T00:00:00Z");
  CHECK(attachments[1].at("name") == "reply");
}

TEST_CASE("a file that comes after its submission was stored shows on the dialog, receipts too", "[D-6]") {
  auto bundle = with_dialog();
  auto late = bundle.at_pointer("/instance/data/0");
  late.as_object()["id"] = "019bd5eb-4239-4a40-a823-7735059ef137";
  late.as_object()["dataType"] = "ref-data-as-pdf";
  bundle.at_pointer("/instance/data").as_array().push_back(late);
  const auto dialog = updated(bundle);
  const auto& attachments = dialog.at("attachments").as_array();
  REQUIRE(attachments.size() == 2);
  CHECK(attachments[0].at("name") == "reply");
  CHECK(attachments[1].at("name") == "ref-data-as-pdf");
  CHECK_FALSE(dialog.as_object().contains("transmissions"));
  set(bundle, "/existing/attachments", attachments);
  CHECK(decide(bundle)->action == Action::none);
}

TEST_CASE("the name that others gave an api action of ours stays", "[D-8]") {
  auto bundle = with_dialog();
  set(bundle, "/existing/apiActions/0/name", "theirs");
  CHECK(decide(bundle)->action == Action::none);
  set(bundle, "/existing/status", "Draft");
  CHECK(updated(bundle).at_pointer("/apiActions/0/name") == "theirs");
}

TEST_CASE("kept members go back as they were fetched", "[M-100]") {
  auto bundle = with_dialog();
  set(bundle, "/existing/status", "Draft");
  set(bundle, "/existing/progress", 40);
  set(bundle, "/existing/extendedStatus", "x");
  set(bundle, "/existing/externalReference", "ref");
  set(bundle, "/existing/process", "urn:p");
  set(bundle, "/existing/precedingProcess", "urn:q");
  set(bundle, "/existing/expiresAt", "2031-01-01T00:00:00Z");
  set(bundle, "/existing/searchTags", json::parse(R"([{"value":"tag"}])"));
  const auto dialog = updated(bundle);
  CHECK(dialog.at("progress") == 40);
  CHECK(dialog.at("extendedStatus") == "x");
  CHECK(dialog.at("externalReference") == "ref");
  CHECK(dialog.at("process") == "urn:p");
  CHECK(dialog.at("precedingProcess") == "urn:q");
  CHECK(dialog.at("expiresAt") == "2031-01-01T00:00:00Z");
  CHECK(dialog.at_pointer("/searchTags/0/value") == "tag");
  CHECK_FALSE(dialog.as_object().contains("id"));
  CHECK_FALSE(dialog.as_object().contains("revision"));
}
