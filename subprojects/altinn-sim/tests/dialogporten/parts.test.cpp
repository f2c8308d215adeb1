#include "dialogporten/model/language.hpp"
#include "dialogporten/model/text.hpp"
#include "dialogporten/store/uuid_set.hpp"
#include "dialogporten/validation/html.hpp"
#include "dialogporten/validation/party.hpp"
#include "dialogporten/validation/uri.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <thread>

using namespace altinn_sim;
using namespace altinn_sim::dialogporten;
using namespace altinn_sim::dialogporten::testing;

TEST_CASE("times carry an offset and come out in UTC with seven decimals", "[1]") {
  CHECK(to_string(*parse_time("2031-05-01T12:00:00+02:00")) == "2031-05-01T10:00:00.0000000Z");
  CHECK(to_string(*parse_time("1969-12-31T23:59:59.1234567Z")) == "1969-12-31T23:59:59.1234567Z");
  CHECK(to_string(stored(*parse_time("1969-12-31T23:59:59.1234567Z"))) == "1969-12-31T23:59:59.1234560Z");
  CHECK(to_string(*parse_time("2024-02-29T00:00Z")) == "2024-02-29T00:00:00.0000000Z");
  CHECK_FALSE(parse_time("0001-01-01T00:00:00Z")->supplied());
  for (const auto* text :
       {"2024-03-09", "2024-03-09T10:00:00", "2023-02-29T00:00:00Z", "2024-03-09T24:00:00Z",
        "2024-03-09T10:00:00+15:00", "2024-03-09T10:00:00.Z", "2024-03-09 10:00:00Z", ""})
    CHECK_FALSE(parse_time(text));
}

TEST_CASE("version 7 is told by version and variant, its time by the first 48 bits", "[3.9]") {
  const auto id = *parse_uuid("018E23F1-4C00-70E9-B63B-DD015197F43D");
  CHECK(to_string(id) == "018e23f1-4c00-70e9-b63b-dd015197f43d");
  CHECK(is_version_7(id));
  CHECK_FALSE(is_version_7(*parse_uuid("018e23f1-4c00-40e9-b63b-dd015197f43d")));
  CHECK_FALSE(is_version_7(*parse_uuid("018e23f1-4c00-70e9-f63b-dd015197f43d")));
  CHECK(to_string(*embedded_time(id)) == "2024-03-09T16:00:00.0000000Z");
  CHECK_FALSE(embedded_time(*parse_uuid("ffffffff-ffff-70e9-b63b-dd015197f43d")));
  for (const auto* text : {"018e23f14c0070e9b63bdd015197f43d", "018e23f1-4c00-70e9-b63b-dd015197f43g", ""})
    CHECK_FALSE(parse_uuid(text));
  UuidSource source{1};
  const auto made = source.version_7(ticks("2026-09-01T10:00:00Z"));
  CHECK(is_version_7(made));
  CHECK(to_string(*embedded_time(made)) == "2026-09-01T10:00:00.0000000Z");
}

TEST_CASE("lengths count UTF-16 units, blanks are any white space", "[1]") {
  CHECK(utf16_length("æ😀a") == 4);
  CHECK(is_blank("\t\xc2\xa0\xe2\x80\x83"));
  CHECK_FALSE(is_blank("\xe2\x80\x9d"));
  CHECK(trimmed("\xc2\xa0 å \n") == "å");
  CHECK(lower("ÆØÅ Ŋ Ж") == "æøå ŋ ж");
}

TEST_CASE("languages are normalized and known by two letters", "[3.8]") {
  CHECK(normalized_language(" en_GB ") == "en");
  CHECK(is_known_language("se"));
  CHECK_FALSE(is_known_language("no"));
  CHECK_FALSE(is_known_language("b "));
}

TEST_CASE("parties are known by form and check digits", "[3.8]") {
  CHECK(is_party("urn:altinn:organization:identifier-no:310912409"));
  CHECK(is_party("urn:altinn:person:identifier-no:02886430348"));
  CHECK(is_party("urn:altinn:person:legacy-selfidentified:ola"));
  CHECK(is_party("urn:altinn:person:idporten-email:ola%40example.no"));
  CHECK(is_party("urn:altinn:person:legacy-selfidentified:%C3%A6"));
  for (const auto* text :
       {"urn:altinn:person:legacy-selfidentified:ola%20%C3%A6", "urn:altinn:person:legacy-selfidentified:%20",
        "urn:altinn:person:legacy-selfidentified:a b", "urn:altinn:person:idporten-email:ola@example",
        "URN:altinn:organization:identifier-no:310912409", "urn:altinn:person:identifier-no:02886430349", ""})
    CHECK_FALSE(is_party(text));
}

TEST_CASE("https addresses need scheme and host", "[3.7]") {
  CHECK(is_https_url("HTTPS://example.no:8080/a b?c"));
  for (const auto* text : {"https://", "https:/example.no", "//example.no", "https://:80/", "https://a..b/"})
    CHECK_FALSE(is_https_url(text));
  CHECK(is_well_formed_uri("example.no/%20"));
  CHECK_FALSE(is_well_formed_uri("100%"));
}

TEST_CASE("legacy HTML has few tags and fewer attributes", "[3.2]") {
  CHECK(is_allowed_html(R"(<p>Se <a href="https://x.no/?a>b">her</a><br/>1 < 2</p>)"));
  for (const auto* text : {"<b>x</b>", "<p class='x'>", "<a>x</a>", R"(<a href="http://x.no">x</a>)",
                           R"(<a href="https://x.no" target="_blank">x</a>)", "<script>"})
    CHECK_FALSE(is_allowed_html(text));
}

TEST_CASE("a set of ids behaves like a set", "[store]") {
  UuidSource source{7};
  UuidSet set;
  std::set<Uuid> model;
  std::vector<Uuid> ids;
  for (int i = 0; i < 3'000; ++i)
    ids.push_back(source.version_7(0));
  for (int round = 0; round < 20'000; ++round) {
    const Uuid& id =
        ids[(static_cast<std::size_t>(source.version_4().bytes[0]) * 256 + round % 255) % ids.size()];
    if (round % 3 == 2) {
      set.erase(id);
      model.erase(id);
    } else {
      CHECK(set.insert(id) == model.insert(id).second);
    }
  }
  CHECK(set.size() == model.size());
  for (const auto& id : ids)
    CHECK(set.contains(id) == model.contains(id));
}

TEST_CASE("writers on several threads get one winner each", "[store][4.2]") {
  Client client;
  const auto body = json::serialize(live());
  std::atomic<int> created = 0;
  std::atomic<int> refused = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 50; ++n) {
        const auto status = client.send(Method::post, "/dialogs", body).status;
        ++(status == 201 ? created : refused);
      }
    });
  for (auto& thread : threads)
    thread.join();
  CHECK(created == 1);
  CHECK(refused == 199);
}
