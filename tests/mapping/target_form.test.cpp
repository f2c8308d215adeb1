#include "target_form.hpp"

#include "golden.hpp"
#include "real_target.hpp"
#include "records.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

using namespace dialogferry;
using namespace dialogferry::mapping;

namespace {

namespace json = boost::json;

json::value observed(const std::string& name) {
  std::ifstream file(std::string(SOURCE_ROOT) + "/tests/observed/dialogporten/" + name + ".json");
  std::ostringstream text;
  text << file.rdbuf();
  return json::parse(text.str());
}

std::string stored(std::string_view url) {
  codec::Arena arena;
  return std::string(stored_url(arena, url));
}

std::string sendable(std::string_view url) {
  codec::Arena arena;
  return std::string(sendable_url(arena, url));
}

/// A form whose dialog is there as the real server gives it back.
json::value with_stored(json::value bundle) {
  const Mapper mapper;
  records::set(bundle, "/existing", real_target::stored(records::stored_dialog(bundle, mapper)));
  return bundle;
}

constexpr std::string_view file_link = "/instance/data/1/selfLinks/platform";

} // namespace

TEST_CASE("an address is known in the form that the target keeps it in", "[OD-3]") {
  const auto seen = observed("url-round-trip");
  for (const auto& [sent, kept] : seen.at("sent_to_stored").as_object()) {
    CAPTURE(std::string(sent));
    CHECK(stored(sent) == kept.as_string());
    CHECK(stored(stored(sent)) == kept.as_string());
  }
  for (const auto& part : seen.at("unchanged").as_array()) {
    const auto url = "https://a.no/x" + std::string(part.as_string());
    CHECK(stored(url) == url);
  }
  CHECK(stored("https://a.no/a%zz%") == "https://a.no/a%25zz%25");
  CHECK(stored("https://a.no?q=%20%2B") == "https://a.no/?q= %2B");
  CHECK(stored("HTTP://User@A.no:80/a/./b/../../../c/..") == "http://User@a.no/");
  CHECK(stored("https://a.no/%C3") == "https://a.no/%C3");
  CHECK(stored("https://a.no/%C0%80%00%7F") == "https://a.no/%C0%80%00%7F");
  CHECK(stored("urn:altinn:x%20y%2F") == "urn:altinn:x y%2F");
  CHECK(stored("https://a.no/\x01?\\\x7F") == "https://a.no/%01?%5C%7F");
}

TEST_CASE("what came back unescaped is escaped again, and is the same address", "[OD-4]") {
  CHECK(sendable("https://a.no/a b") == "https://a.no/a%20b");
  CHECK(sendable("https://a.no/aåb|x\"") == "https://a.no/a%C3%A5b%7Cx%22");
  CHECK(sendable("https://a.no/%2F%25?a=b#c+d") == "https://a.no/%2F%25?a=b#c+d");
  CHECK(sendable("https://bjørn.no/a") == "https://bjørn.no/a");
  CHECK(sendable("https://a.no/50%") == "https://a.no/50%25");
  CHECK(stored(sendable("mailto:a b@c.no")) == "mailto:a b@c.no");
  for (const auto* sent :
       {"https://a.no/a%20b/%C3%A5%7Cx", "https://a.no/%F0%9F%98%80%25%2F", "https://a.no/%5E%3C%60"}) {
    CAPTURE(sent);
    CHECK(stored(sendable(stored(sent))) == stored(sent));
    CHECK(sendable(stored(sent)) == sent);
  }
}

TEST_CASE("a second pass over what the target gives back sends nothing", "[OD-3][OD-8]") {
  const Mapper mapper;
  std::size_t count = 0;
  for (const auto& recorded : golden::load_cases()) {
    auto bundle = json::parse(recorded.bundle);
    const auto first = decide_bundle(json::serialize(bundle), mapper);
    if (!first || first->action != Action::create || bundle.at("existing").is_object()) continue;
    bundle.at("existing") = real_target::stored(json::parse(first->body));
    if (first->calls.back() == Call::remove)
      bundle.at("existing").as_object()["deletedAt"] = "2026-01-01T00:00:00Z";
    const auto second = decide_bundle(json::serialize(bundle), mapper);
    CAPTURE(recorded.name);
    REQUIRE(second);
    CHECK(second->action == Action::none);
    CHECK(second->calls.empty());
    ++count;
  }
  CHECK(count >= 175); // without those that lie beside the checkout
}

TEST_CASE("addresses of our own that the target spells otherwise are no difference", "[OD-3]") {
  auto bundle = records::archived_form();
  bundle.at("application").at("dataTypes").as_array()[1].as_object()["appLogic"] = json::object{};
  for (const auto* url : {"https://Platform.no:443/a%20b/%C3%A5%7Cx", "https://p.no", "https://p.no/a/../b%",
                          "https://p.no/%F0%9F%98%80?x=%2F"}) {
    CAPTURE(url);
    records::set(bundle, file_link, url);
    CHECK(records::decide(with_stored(bundle))->action == Action::none);
  }
}

TEST_CASE("lists in another order, empty texts and the last instant are no difference", "[OD-8]") {
  auto bundle = records::archived_form();
  records::set(bundle, "/instance/dueBefore", "9999-12-31T23:59:59.9999999Z");
  CHECK(records::decide(with_stored(bundle))->action == Action::none);
}

TEST_CASE("addresses of others are escaped again when their dialog is updated", "[OD-4]") {
  auto bundle = with_stored(records::archived_form());
  auto& dialog = bundle.at("existing").as_object();
  dialog.at("apiActions")
      .as_array()
      .push_back(json::parse(R"({"id": "018e23f1-4c00-7b00-8000-000000000001", "action": "read",
    "endpoints": [{"url": "https://a.no/x y", "httpMethod": "GET", "documentationUrl": "https://a.no/a b",
                   "requestSchema": "https://a.no/å", "responseSchema": "https://a.no/|"}]})"));
  dialog.at("attachments").as_array().push_back(json::parse(R"({"id": "018e23f1-4c00-7b00-8000-000000000002",
    "displayName": [], "urls": [{"url": "https://a.no/b c", "consumerType": "Gui"}]})"));
  dialog.at("guiActions")
      .as_array()
      .push_back(json::parse(R"({"id": "018e23f1-4c00-7b00-8000-000000000003", "action": "read",
    "url": "https://a.no/d e", "priority": "Tertiary", "httpMethod": "GET", "title": [{"value": "x", "languageCode": "nb"}]})"));
  CHECK(records::decide(bundle)->action == Action::none);
  dialog["status"] = "Draft";
  const auto decision = records::decide(bundle);
  REQUIRE(decision->action == Action::update);
  const auto body = records::body_of(*decision);
  const auto& endpoint = body.at_pointer("/apiActions/0/endpoints/0");
  CHECK(endpoint.at("url") == "https://a.no/x%20y");
  CHECK(endpoint.at("documentationUrl") == "https://a.no/a%20b");
  CHECK(endpoint.at("requestSchema") == "https://a.no/%C3%A5");
  CHECK(endpoint.at("responseSchema") == "https://a.no/%7C");
  CHECK(body.at_pointer("/attachments/0/urls/0/url") == "https://a.no/b%20c");
  CHECK(body.at_pointer("/guiActions/0/url") == "https://a.no/d%20e");
}
