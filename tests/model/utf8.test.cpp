#include <dialogferry/model/utf8.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;

TEST_CASE("a text that is UTF-8 stays, every byte that is none becomes U+FFFD", "[doors]") {
  for (const auto* text : {"", "plain", "æøå € 🚢", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF"}) {
    CHECK(is_utf8(text));
    CHECK(mend_utf8(text) == text);
  }
  for (const auto* text : {"\x80", "\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                           "\xF4\x90\x80\x80", "\xFF", "a\xE2\x82"}) {
    CHECK_FALSE(is_utf8(text));
    CHECK(is_utf8(mend_utf8(text)));
  }
  CHECK(mend_utf8("a\xC3(b\xE2\x82") == "a\uFFFD(b\uFFFD\uFFFD");
}
