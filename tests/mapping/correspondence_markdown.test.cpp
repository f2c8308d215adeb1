#include "correspondence/markdown.hpp"

#include <catch2/catch.hpp>

using dialogferry::mapping::correspondence::plain_summary;

TEST_CASE("marks of Markdown go, those without a partner stay", "[3.4]") {
  CHECK(plain_summary("**fet** og *kursiv* og ***begge***") == "fet og kursiv og begge");
  CHECK(plain_summary("en_to_tre og _fire_") == "en_to_tre og fire");
  CHECK(plain_summary("2 * 3, a*, *b og **c") == "2 * 3, a*, *b og **c");
  CHECK(plain_summary("~~bort~~ ==merk== ++ny++ H~2~O x^2^ \"\"si\"\"") == "bort merk ny H2O x2 si");
  CHECK(plain_summary("1 + 1 = 2 ^ ~ \"sitat\"") == "1 + 1 = 2 ^ ~ &quot;sitat&quot;");
}

TEST_CASE("links leave their text, images nothing, bare addresses stay whole", "[3.4]") {
  CHECK(plain_summary("Se [siden **her**](https://a.no \"tittel\") nå") == "Se siden her nå");
  CHECK(plain_summary("a ![bilde](b.png) c") == "a c");
  CHECK(plain_summary("[x] og [y] (z)") == "[x] og [y] (z)");
  CHECK(plain_summary("se https://a.no/en_to_tre_, takk") == "se https://a.no/en_to_tre_, takk");
  CHECK(plain_summary("<https://a.no> <a@b.no>") == "https://a.no a@b.no");
}

TEST_CASE("tags and comments go, a lone bracket becomes an entity", "[3.4]") {
  CHECK(plain_summary("a <b>c</b> <!-- d --> e") == "a c e");
  CHECK(plain_summary("3 < 4 & 5 > 4") == "3 &lt; 4 &amp; 5 &gt; 4");
  CHECK(plain_summary("<div>\nA & B\n</div>") == "A & B");
  CHECK(plain_summary("&aring; &#8211; &ukjent; &amp;lt;") == "å – &amp;ukjent; &amp;lt;");
}

TEST_CASE("blocks leave their text", "[3.4]") {
  CHECK(plain_summary("Tittel\n===\n\n> sitat\nvidere\n\n* en\n  * to\n\n1) tre") ==
        "Tittel sitat videre en to tre");
  CHECK(plain_summary("---\na: b\n---\nTekst") == "Tekst");
  CHECK(plain_summary("```txt\n**kode**\n```\nslutt") == "**kode** slutt");
  CHECK(plain_summary("    **kode**") == "**kode**");
  CHECK(plain_summary("- [x] gjort\n- [ ] ikke gjort") == "gjort ikke gjort");
  CHECK(plain_summary("linje\n2024. neste") == "linje 2024. neste");
  CHECK(plain_summary("2024. neste") == "neste");
}

TEST_CASE("attributes in braces go, formulas stand in brackets", "[3.4]") {
  CHECK(plain_summary("tekst{#id .klasse} og {ikke} men {12}") == "tekst og men {12}");
  CHECK(plain_summary("koster $x$ kroner, $5 nå") == "koster \\(x\\) kroner, $5 nå");
}

TEST_CASE("what never ends is text", "[3.4]") {
  for (const auto* text : {"[[[[(((", "<a <a <a", "`` ` ```", "\\", "{", "$$", "![", "&", "&#", "***",
                           "- - -x", "> > > >", "|-|", "<!--", "~~~", "mailto:", "1.", "#", "a\n|-"})
    CHECK_NOTHROW(plain_summary(text));
}
