#include <dialogferry/model/uuid.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;

namespace {
Uuid uuid(const char* text) {
  return parse_uuid(text).value();
}
Instant at(const char* text) {
  return parse_instant(text).value();
}
} // namespace

TEST_CASE("V7 puts the floored milliseconds over the first six bytes (M-40, M-43)",
          "[model][uuid][M-40][M-43]") {
  CHECK(to_string(version7(uuid("0dbc1da6-f744-4fff-83bc-131e7988a1bb"),
                           at("2025-06-18T08:54:53.623376Z"))) == "0197823f-91b7-7fff-83bc-131e7988a1bb");
  CHECK(to_string(version7(uuid("6f3da581-76f9-412c-ba01-44e375b5bc79"),
                           at("2025-06-18T09:14:59.999999Z"))) == "01978251-fa1f-712c-ba01-44e375b5bc79");
  CHECK(to_string(version7(uuid("00000000-0000-0000-0000-000000000000"), at("1970-01-01T00:00:00Z"))) ==
        "00000000-0000-7000-8000-000000000000");
  CHECK(to_string(version7(uuid("ffffffff-ffff-ffff-ffff-ffffffffffff"), at("2001-02-01T01:01:01Z"))) ==
        "00e46784-34c8-7fff-bfff-ffffffffffff");
  CHECK(to_string(version7(uuid("902de1ba-6919-4355-99ad-7ad279266a2f"), at("1969-12-31T23:59:59.9995Z"))) ==
        "ffffffff-ffff-7355-99ad-7ad279266a2f");
}

TEST_CASE("A child id keeps its parent's time and version (M-41, M-43)", "[model][uuid][M-41][M-43]") {
  const auto dialog = uuid("0197823f-91b7-7fff-83bc-131e7988a1bb");
  CHECK(to_string(sub_id(dialog, "DialogGuiActionGoTo")) == "0197823f-91b7-7688-979a-ebb3cdec0b3e");
  CHECK(to_string(sub_id(dialog, "DialogGuiActionDelete")) == "0197823f-91b7-7d57-955a-c3c4cebf17c7");
  CHECK(to_string(sub_id(dialog, "DialogGuiActionCopy")) == "0197823f-91b7-71b8-ba48-440f5ee594f9");
  const auto read = sub_id(dialog, "DialogApiActionRead");
  CHECK(to_string(read) == "0197823f-91b7-7ecf-8d30-60af691c4d49");
  CHECK(to_string(sub_id(read, "0")) == "0197823f-91b7-7767-8208-dff8ca710601");
  CHECK(to_string(sub_id(uuid("01978251-fa20-7875-8547-e747144f5952"),
                         "6f3da581-76f9-412c-ba01-44e375b5bc79")) == "01978251-fa20-75e5-baef-6988abb65127");
}

TEST_CASE("A UUID is read in either case and written in lower case", "[model][uuid]") {
  CHECK(to_string(uuid("0DBC1DA6-F744-4FFF-83BC-131E7988A1BB")) == "0dbc1da6-f744-4fff-83bc-131e7988a1bb");
  for (const char* text : {"", "0dbc1da6f7444fff83bc131e7988a1bb", "0dbc1da6-f744-4fff-83bc-131e7988a1bg",
                           "0dbc1da6-f744-4fff-83bc_131e7988a1bb", "{dbc1da6-f744-4fff-83bc-131e7988a1bb"})
    CHECK_FALSE(parse_uuid(text).has_value());
}
