#include "records.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <string>

using namespace dialogferry;
using namespace dialogferry::mapping;
using namespace records;

namespace {

/// A UUID with this number in it.
std::string numbered(std::size_t number) {
  auto digits = std::to_string(number);
  return "018f6c2b-f029-7a75-9666-" + std::string(12 - digits.size(), '0') + digits;
}

/// Decides under a limit that what grows with the square of the input breaks many times over.
Result<Decision> decide_in_time(const json::value& bundle) {
  const auto text = json::serialize(bundle);
  const Mapper mapper;
  const auto start = std::chrono::steady_clock::now();
  auto decision = decide_bundle(text, mapper);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(3));
  return decision;
}

json::value with_dialog() {
  auto bundle = archived_form();
  const Mapper mapper;
  set(bundle, "/existing", stored_dialog(bundle, mapper));
  return bundle;
}

} // namespace

TEST_CASE("40 000 presentation texts cost no more than reading them", "[M-67][doors]") {
  auto bundle = archived_form();
  json::object texts;
  for (std::size_t i = 0; i < 40'000; ++i)
    texts["t" + std::to_string(i)] = "text";
  set(bundle, "/instance/presentationTexts", texts);
  const auto decision = decide_in_time(bundle);
  const auto title = body_of(*decision).at_pointer("/content/title/value/0/value").as_string();
  CHECK(title.starts_with("Skjema, text, text"));
  CHECK(title.ends_with("..."));
  CHECK(title.size() == 255);
}

TEST_CASE("20 000 attachments of others in another order are compared in time", "[D-8][doors]") {
  auto bundle = with_dialog();
  auto& stored = bundle.at("existing").at("attachments").as_array();
  for (std::size_t i = 20'000; i > 0; --i)
    stored.push_back(json::object{
        {"id", numbered(i)},
        {"displayName", json::array{}},
        {"urls",
         json::array{json::object{{"url", "https://a.no/" + std::to_string(i)}, {"consumerType", "Gui"}}}}});
  CHECK(decide_in_time(bundle)->action == Action::none);
}

TEST_CASE("20 000 addresses of one attachment and 20 000 languages are compared in time", "[D-8][doors]") {
  auto bundle = with_dialog();
  json::array urls;
  json::array names;
  for (std::size_t i = 20'000; i > 0; --i) {
    urls.push_back(json::object{{"url", "https://a.no/" + std::to_string(i)}, {"consumerType", "Gui"}});
    names.push_back(json::object{{"value", "x"}, {"languageCode", std::to_string(i)}});
  }
  bundle.at("existing")
      .at("attachments")
      .as_array()
      .push_back(json::object{{"id", numbered(1)}, {"displayName", names}, {"urls", urls}});
  CHECK(decide_in_time(bundle)->action == Action::none);
}

TEST_CASE("20 000 API actions and activities of others are met in time", "[M-101][doors]") {
  auto bundle = with_dialog();
  auto& actions = bundle.at("existing").at("apiActions").as_array();
  auto& activities = bundle.at("existing").at("activities").as_array();
  for (std::size_t i = 20'000; i > 0; --i) {
    actions.push_back(json::object{{"id", numbered(i)}, {"action", "read"}, {"endpoints", json::array{}}});
    activities.push_back(
        json::object{{"id", numbered(i)}, {"type", "FormSaved"}, {"createdAt", "2024-03-10T10:00:00Z"}});
  }
  CHECK(decide_in_time(bundle)->action == Action::none);
}

TEST_CASE("20 000 users, each in an event of their own, are told in time", "[M-113][doors]") {
  auto bundle = archived_form();
  auto& events = bundle.at("events").as_array();
  for (std::size_t i = 0; i < 20'000; ++i) {
    const auto user = static_cast<std::int64_t>(30'000'000 + i);
    events.push_back(json::object{{"id", numbered(i)},
                                  {"eventType", "Signed"},
                                  {"created", "2025-06-18T10:00:00Z"},
                                  {"user", json::object{{"userId", user}}}});
    bundle.at("users").as_object()[std::to_string(user)] = "urn:altinn:displayName:" + std::to_string(i);
  }
  const auto decision = decide_in_time(bundle);
  REQUIRE(decision);
  CHECK(decision->action == Action::create);
}

TEST_CASE("20 000 files, data types and submissions find each other in time", "[M-87][doors]") {
  auto bundle = archived_form();
  auto& data = bundle.at("instance").at("data").as_array();
  auto& types = bundle.at("application").at("dataTypes").as_array();
  auto& events = bundle.at("events").as_array();
  for (std::size_t i = 0; i < 20'000; ++i) {
    const auto task = "Task_" + std::to_string(i);
    types.push_back(
        json::object{{"id", "type" + std::to_string(i)}, {"taskId", task}, {"appLogic", json::object{}}});
    auto element = data[0].as_object();
    element["id"] = numbered(i);
    element["dataType"] = i % 2 == 0 ? std::string("ref-data-as-pdf") : "type" + std::to_string(i);
    element["references"] = json::array{json::object{{"value", task}, {"relation", "GeneratedFrom"}}};
    data.push_back(element);
    if (i < 5'000)
      events.push_back(json::object{{"id", numbered(i)},
                                    {"eventType", "Submited"},
                                    {"created", "2025-06-18T10:00:01Z"},
                                    {"user", json::object{{"userId", 20001234}}}});
  }
  const auto decision = decide_in_time(bundle);
  REQUIRE(decision);
  CHECK(decision->action == Action::create);
}
