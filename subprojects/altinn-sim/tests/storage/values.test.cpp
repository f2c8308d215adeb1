#include "storage/guid.hpp"
#include "storage/json_text.hpp"
#include "storage/place.hpp"
#include "storage/text16.hpp"
#include "storage/time.hpp"

#include <catch2/catch.hpp>

using namespace altinn_sim::storage;

TEST_CASE("Times are written with at most seven digits, trailing zeros left out", "[storage-json]") {
  const auto noon = day_from_civil(2025, 6, 18) * whole_day + 12 * hour;
  CHECK(time_text(noon) == "2025-06-18T12:00:00Z");
  CHECK(time_text(noon + 1) == "2025-06-18T12:00:00.0000001Z");
  CHECK(time_text(noon + 6'233'760) == "2025-06-18T12:00:00.623376Z");
  CHECK(time_text(-1) == "1969-12-31T23:59:59.9999999Z");
  CHECK(day_text(day_from_civil(2024, 2, 29)) == "2024-02-29");
}

TEST_CASE("Times are read with a zone, an offset or none", "[storage-json]") {
  const auto noon = day_from_civil(2025, 6, 18) * whole_day + 12 * hour;
  CHECK(parse_time("2025-06-18T12:00:00Z") == noon);
  CHECK(parse_time("2025-06-18T12:00:00") == noon);
  CHECK(parse_time("2025-06-18T14:00:00.0000000+02:00") == noon);
  CHECK(parse_time("2025-06-18T12:00") == noon);
  CHECK(parse_time("2025-06-18T12:00:00.1234567Z") == noon + 1'234'567);
  CHECK(parse_time("2025-06-18") == noon - 12 * hour);
  for (const auto* bad : {"", "x", "2025-02-29", "2025-13-01", "2025-06-18T24:00:00Z", "2025-06-18T12:00:00X",
                          "2025-06-18T12:00:00.Z"}) {
    CHECK(!parse_time(bad));
  }
}

TEST_CASE("A dialog's id is the instance's with the milliseconds of its creation", "[M-40][M-43]") {
  const auto derived = [](const char* id, const char* time) {
    return guid_text(version_7(*parse_guid(id), *parse_time(time)));
  };
  CHECK(derived("0dbc1da6-f744-4fff-83bc-131e7988a1bb", "2025-06-18T08:54:53.623376Z") ==
        "0197823f-91b7-7fff-83bc-131e7988a1bb");
  CHECK(derived("6f3da581-76f9-412c-ba01-44e375b5bc79", "2025-06-18T09:14:59.999999Z") ==
        "01978251-fa1f-712c-ba01-44e375b5bc79");
  CHECK(derived("902de1ba-6919-4355-99ad-7ad279266a2f", "1969-12-31T23:59:59.9995Z") ==
        "ffffffff-ffff-7355-99ad-7ad279266a2f");
  CHECK(derived("ffffffff-ffff-ffff-ffff-ffffffffffff", "2001-02-01T01:01:01Z") ==
        "00e46784-34c8-7fff-bfff-ffffffffffff");
}

TEST_CASE("Only 36 characters in their places are an id") {
  CHECK(parse_guid("0DBC1DA6-F744-4FFF-83BC-131E7988A1BB") ==
        parse_guid("0dbc1da6-f744-4fff-83bc-131e7988a1bb"));
  CHECK(!parse_guid("0dbc1da6f7444fff83bc131e7988a1bb"));
  CHECK(!parse_guid("0dbc1da6-f744-4fff-83bc-131e7988a1bg"));
}

TEST_CASE("Places and ids turn into each other, foreign ids into nothing") {
  const PlaceCodec codec(7);
  for (const auto& place : {Place{0, 0, 0}, Place{31, 65'535, (1 << 25) - 1}, Place{3, 323, 999}}) {
    const auto id = codec.guid(place);
    const auto back = codec.place(id);
    REQUIRE(back);
    CHECK(back->organisation == place.organisation);
    CHECK(back->day == place.day);
    CHECK(back->rank == place.rank);
    CHECK(!codec.place({id.high ^ 1U, id.low}));
    CHECK(!PlaceCodec(8).place(id));
  }
}

TEST_CASE("Texts are escaped where JSON wants it, and only there") {
  std::string out;
  append_quoted(out, "A long plain text, then \"quotes\", a \\, a tab\t and a \x01 – ærlig 😀");
  CHECK(out == "\"A long plain text, then \\\"quotes\\\", a \\\\, a tab\\t and a \\u0001 – ærlig 😀\"");
}

TEST_CASE("Lengths and cuts count UTF-16 units", "[M-64][M-67]") {
  CHECK(length_16("abc") == 3);
  CHECK(length_16("æøå") == 3);
  CHECK(length_16("😀") == 2);
  CHECK(cut_16(std::string(255, 'x'), 255) == std::string(255, 'x'));
  CHECK(cut_16(std::string(256, 'x'), 255) == std::string(252, 'x') + "...");
  CHECK(cut_16(std::string(251, 'x') + "😀😀😀", 255) == std::string(251, 'x') + "\xef\xbf\xbd...");
  CHECK(cut_16(std::string(250, 'x') + "😀😀😀", 255) == std::string(250, 'x') + "😀...");
}
