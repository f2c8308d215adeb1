#include "text.hpp"

#include "frame.hpp"

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::mapping;

namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i)
    out += text;
  return out;
}

} // namespace

TEST_CASE("blank is empty or white space of any script, and nothing else", "[M-61]") {
  for (const auto* text : {"", " ", "\t\n\r\f\v", "\u00A0", "\u2003\u3000 ", "\u0085\u2028\u205F"})
    CHECK(is_blank(text));
  for (const auto* text : {"x", " x ", "\u200B", "\u00E6", "\xF0\x9F\x9A\xA2"})
    CHECK_FALSE(is_blank(text));
}

TEST_CASE("lengths are UTF-16 code units", "[M-64]") {
  CHECK(units("") == 0);
  CHECK(units("abc") == 3);
  CHECK(units("æøå") == 3);
  CHECK(units("€") == 1);
  CHECK(units("🚢") == 2);
}

TEST_CASE("a text is cut to three units less than the limit and three dots", "[M-64]") {
  codec::Arena arena;
  CHECK(cut(arena, repeated("x", 255), 255) == repeated("x", 255));
  CHECK(cut(arena, repeated("x", 256), 255) == repeated("x", 252) + "...");
  CHECK(cut(arena, repeated("æ", 255), 255) == repeated("æ", 255));
  CHECK(cut(arena, repeated("æ", 256), 255) == repeated("æ", 252) + "...");
  CHECK(cut(arena, repeated("🚢", 13), 25) == repeated("🚢", 11) + "...");
  CHECK(cut(arena, "x" + repeated("🚢", 13), 25) == "x" + repeated("🚢", 10) + "\uFFFD...");
}

TEST_CASE("taking no more units than there are gives the whole text and the tail", "[M-84]") {
  codec::Arena arena;
  CHECK(take_units(arena, "abc", 3) == "abc");
  CHECK(take_units(arena, "abc", 99, ".pdf") == "abc.pdf");
  CHECK(take_units(arena, "🚢", 1, ".pdf") == "\uFFFD.pdf");
  CHECK(take_units(arena, "abc", 0).empty());
}

TEST_CASE("183 languages are known, in any case; no is not among them", "[M-63]") {
  std::size_t count = 0;
  for (char first = 'a'; first <= 'z'; ++first)
    for (char second = 'a'; second <= 'z'; ++second)
      count += is_language(std::string{first, second});
  CHECK(count == 183);
  for (const auto* code : {"nb", "NN", "En", "se", "bh"})
    CHECK(is_language(code));
  for (const auto* code : {"no", "xx", "", "n", "nob", "nb-NO"})
    CHECK_FALSE(is_language(code));
}

TEST_CASE("an address is wrapped with the reportee kept where the query ends", "[M-71]") {
  const Mapper::Impl mapper{Settings{}, Wording{}};
  codec::Arena arena;
  const auto goto_of = [&](std::initializer_list<std::string_view> parts) {
    const std::string whole(portal(mapper, arena, parts));
    const std::string prefix = "https://platform.tt02.altinn.no/authentication/api/v1/authentication?goto=";
    REQUIRE(whole.substr(0, prefix.size()) == prefix);
    return whole.substr(prefix.size());
  };
  CHECK(goto_of({"https://x/", "#/instance/1"}) ==
        "https%3A%2F%2Fx%2F%3FdontChooseReportee%3Dtrue%23%2Finstance%2F1");
  CHECK(goto_of({"https://x?a=b"}) == "https%3A%2F%2Fx%3Fa%3Db%26dontChooseReportee%3Dtrue");
  CHECK(goto_of({"https://x#y?z#"}) == "https%3A%2F%2Fx%3FdontChooseReportee%3Dtrue%23y%3Fz%23");
  CHECK(goto_of({"aZ09-._~ æ"}) == "aZ09-._~%20%C3%A6%3FdontChooseReportee%3Dtrue");
  CHECK(goto_of({""}) == "%3FdontChooseReportee%3Dtrue");
}

TEST_CASE("addresses of the settings keep their ports and lose their trailing slash", "[M-70][D-14]") {
  Settings settings;
  settings.platform_base_url = "http://localhost:8080/";
  settings.adapter_base_url = "http://localhost:8081/x/";
  const Mapper::Impl mapper{settings, Wording{}};
  CHECK(mapper.platform == "http://localhost:8080");
  CHECK(mapper.scheme == "http://");
  CHECK(mapper.adapter == "http://localhost:8081/x");
}

TEST_CASE("every slot has a name of its own and a text in three languages that fits its field",
          "[M-120][M-121]") {
  const Wording wording;
  for (std::size_t i = 0; i < slot_count; ++i) {
    const auto slot = static_cast<Slot>(i);
    CHECK(slot_named(name_of(slot)) == slot);
    for (const auto language : {Language::nb, Language::nn, Language::en}) {
      const auto text = wording.text(slot, language);
      CHECK_FALSE(is_blank(text));
      // The receipt's paragraph is no field of the dialog.
      if (slot != Slot::receipt_summary) CHECK(units(text) <= 255);
    }
  }
  CHECK_FALSE(slot_named("summary/Unheard"));
}

TEST_CASE("a text can be worded anew", "[M-121]") {
  Wording wording;
  wording.set(Slot::delete_label, Language::nn, "Fjern");
  CHECK(wording.text(Slot::delete_label, Language::nn) == "Fjern");
  CHECK(wording.text(Slot::delete_label, Language::nb) == "Slett");
}
