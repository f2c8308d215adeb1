#include "correspondence/model/text.hpp"

#include "correspondence/model/dialog_id.hpp"
#include "correspondence/model/json_time.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

namespace altinn_sim::correspondence::testing {

TEST_CASE("The dialog's id follows from the correspondence's", "[3.2]") {
  const auto vectors = fixture("id-vectors");
  for (const auto& each : vectors.at("dialogId").as_array()) {
    const auto id =
        dialogporten::parse_uuid(json::value_to<std::string>(each.at("correspondenceId"))).value();
    const auto created = each.at("created").is_null()
                             ? Ticks{}
                             : parse_json_time(json::value_to<std::string>(each.at("created"))).value();
    const auto now = dialogporten::parse_time("2026-02-05T12:00:00Z")->ticks;
    CHECK(to_string(dialog_id(id, created, now)) == json::value_to<std::string>(each.at("dialogId")));
  }
}

TEST_CASE("Times are taken as the real server takes them", "[OC-14]") {
  const auto read = [](std::string_view text) {
    const auto ticks = parse_json_time(text);
    return ticks ? to_string(dialogporten::Time{*ticks}) : "refused";
  };
  CHECK(read("2023-11-06T08:12:44.1234567+01:00") == "2023-11-06T07:12:44.1234560Z");
  CHECK(read("2023-11-06T08:12:44") == "2023-11-06T08:12:44.0000000Z");
  CHECK(read("2023-11-06") == "2023-11-06T00:00:00.0000000Z");
  for (const auto* text : {"2023-11-06t08:12:44z", "2023-11-06 08:12:44Z", "2023-11-06T08:12:44+0100",
                           "2023-11-06T08:12:44+14:01", "0001-01-01T00:00:00+01:00", "2023-11-06T24:00:00Z",
                           "2023-11-06T08:60:00Z", "2023-02-30", ""})
    CHECK(read(text) == "refused");
}

TEST_CASE("Names are written as names", "[3.7]") {
  CHECK(title_cased("OLA NORDMANN") == "Ola Nordmann");
  CHECK(title_cased("ÅSE Ø-BERG") == "Åse Ø-Berg");
  CHECK(url_escaped("ola æ.bruker+1") == "ola%20%C3%A6.bruker%2B1");
}

TEST_CASE("A summary is what its Markdown renders to, without tags", "[3.4]") {
  CHECK(plain_summary("$x$ {.rød} ++ny++") == "\\(x\\) ny");
  CHECK(plain_summary("1. en\n2. to\n\n> sitat") == "en to sitat");
  CHECK(plain_summary("`a < b`") == "a &lt; b");
  CHECK(plain_summary("---\ntitle: x\n---\nSynlig") == "Synlig");
}

} // namespace altinn_sim::correspondence::testing
