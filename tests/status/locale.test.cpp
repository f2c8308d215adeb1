#include "../../src/status/strings.hpp"
#include "support.hpp"

#include <algorithm>

using namespace dialogferry;
using namespace dialogferry::status;
using namespace dialogferry::status::test;

TEST_CASE("Days, times and numbers are written as the language does", "[status]") {
  const Locale en(Language::en), nb(Language::nb), plain(Language::en, true);
  CHECK(en.day(day("2006-06-17")) == "17 June 2006");
  CHECK(nb.day(day("2006-06-17")) == "17.06.2006");
  CHECK(en.day_in_words(day("2006-06-07")) == "7 June 2006");
  CHECK(nb.day_in_words(day("2006-06-07")) == "7. juni 2006");
  CHECK(plain.day(day("2006-06-17")) == "2006-06-17");
  CHECK(en.instant(at("2025-11-20T04:02:09.5Z")) == "20 November 2025 04:02:09 UTC");
  CHECK(nb.instant(at("2025-11-20T04:02:09.5Z")) == "20.11.2025 kl. 04.02.09 UTC");
  CHECK(en.number(1234567) == "1,234,567");
  CHECK(nb.number(1234567) == "1\u00a0234\u00a0567");
  CHECK(en.number(999) == "999");
  CHECK(en.rate(7.46) == "7.5");
  CHECK(nb.rate(7.46) == "7,5");
  CHECK(nb.rate(1234.4) == "1\u00a0234");
}

TEST_CASE("Lengths of time come in the units that matter", "[status]") {
  const Locale en(Language::en), nb(Language::nb);
  CHECK(en.duration(3.4) == "3 s");
  CHECK(en.duration(600) == "10 min");
  CHECK(en.duration(7500) == "2 h 5 min");
  CHECK(nb.duration(90'000) == "1 dag 1 t");
  CHECK(en.duration(20 * 86'400.0) == "20 days");
}

TEST_CASE("A hundred per cent means all of it", "[status]") {
  const Locale en(Language::en);
  CHECK(en.percent(999, 1000) == "99%");
  CHECK(en.percent(1000, 1000) == "100%");
  CHECK(en.percent(0, 0) == "0%");
}

TEST_CASE("Both languages say everything, with the same gaps", "[status]") {
  for (std::size_t i = 0; i < text_count; ++i) {
    const auto en = wording(Language::en, static_cast<Text>(i)),
               nb = wording(Language::nb, static_cast<Text>(i));
    CAPTURE(en, nb);
    CHECK_FALSE(en.empty());
    CHECK_FALSE(nb.empty());
    CHECK(std::count(en.begin(), en.end(), '{') == std::count(nb.begin(), nb.end(), '{'));
  }
  for (const auto row : row_ids) {
    CHECK(row_name(Language::en, row) != row);
    CHECK(row_name(Language::nb, row) != row);
    CHECK_FALSE(row_about(Language::en, row).empty());
    CHECK_FALSE(row_about(Language::nb, row).empty());
  }
}
