#include <dialogferry/model/time.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;

TEST_CASE("An instant keeps up to seven fractional digits and trims trailing zeros", "[model][time]") {
  for (const char* text :
       {"2025-06-18T08:54:53.623376Z", "2025-06-18T08:54:53Z", "2025-06-18T08:54:53.1Z",
        "2025-06-18T08:54:53.1234567Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z"})
    CHECK(to_string(parse_instant(text).value()) == text);
  CHECK(to_string(parse_instant("2025-06-18T08:54:53.62337600Z").value()) == "2025-06-18T08:54:53.623376Z");
}

TEST_CASE("An instant reads offsets, no zone as UTC, and more than seven digits", "[model][time]") {
  const auto utc = parse_instant("2025-06-18T08:54:53Z").value();
  CHECK(parse_instant("2025-06-18T10:54:53+02:00") == utc);
  CHECK(parse_instant("2025-06-18T05:24:53-03:30") == utc);
  CHECK(parse_instant("2025-06-18T08:54:53") == utc);
  CHECK(parse_instant("2025-06-18T08:54:53.00000009Z") == utc);
}

TEST_CASE("A time is checked for its range after its zone", "[model][time]") {
  CHECK_FALSE(parse_instant("0001-01-01T00:00:00+14:00").has_value());
  CHECK_FALSE(parse_instant("0001-01-01T00:00:00+00:01").has_value());
  CHECK_FALSE(parse_instant("9999-12-31T23:59:59-12:00").has_value());
  CHECK_FALSE(parse_instant("9999-12-31T23:59:59.9999999-00:01").has_value());
  CHECK(to_string(parse_instant("0001-01-01T14:00:00+14:00").value()) == "0001-01-01T00:00:00Z");
  CHECK(to_string(parse_instant("9999-12-31T11:59:59.9999999-12:00").value()) ==
        "9999-12-31T23:59:59.9999999Z");
}

TEST_CASE("What is no instant is refused", "[model][time]") {
  for (const char* text :
       {"", "2025-06-18", "2025-02-30T00:00:00Z", "2025-06-18T24:00:00Z", "2025-06-18T08:54:53.Z",
        "2025-06-18T08:54Z", "2025-06-18T08:54:53Zx", "2025-6-18T08:54:53Z", "2025-06-18T08:54:53+2"})
    CHECK_FALSE(parse_instant(text).has_value());
}

TEST_CASE("Milliseconds and days are floored, also before 1970 (M-40)", "[model][time]") {
  CHECK(parse_instant("1969-12-31T23:59:59.9995Z")->unix_milliseconds() == -1);
  CHECK(to_string(day_of(*parse_instant("1969-12-31T23:59:59.9995Z"))) == "1969-12-31");
  CHECK(day_of(*parse_instant("2025-03-01T00:00:00Z")) == *parse_day("2025-03-01"));
}

TEST_CASE("A day is half-open and knows its neighbours", "[model][time]") {
  const auto day = parse_day("2024-02-28").value();
  CHECK(to_string(day.next()) == "2024-02-29");
  CHECK(day.end() == day.next().start());
  CHECK(day_of({day.end().ticks - 1}) == day);
  CHECK_FALSE(parse_day("2025-02-29").has_value());
  CHECK_FALSE(parse_day("2025-03-01T").has_value());
}
