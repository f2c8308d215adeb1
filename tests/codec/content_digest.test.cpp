#include <dialogferry/codec/content_digest.hpp>

#include <catch2/catch.hpp>

#include <string>

using namespace dialogferry::codec;

namespace {

std::uint64_t digest(const std::string& json, std::string_view own = {}) {
  Parser parser;
  const Document document{json};
  return content_digest(parser, document.view(), own);
}

const std::string own = "0197823f-91b7-7fff-83bc-131e7988a1bb";

} // namespace

TEST_CASE("Two readings of one record differ where anything in it does", "[codec][digest][OS-2]") {
  const auto row = digest(R"({"id":"1/2","presentationTexts":{"title":"A"},"data":[{"id":"x"}]})");
  CHECK(row != 0);
  CHECK(row == digest(R"({"id":"1/2","presentationTexts":{"title":"A"},"data":[{"id":"x"}]})"));
  CHECK(row != digest(R"({"id":"1/2","presentationTexts":{"title":"B"},"data":[{"id":"x"}]})"));
  CHECK(row != digest(R"({"id":"1/2","presentationTexts":{"title":"A"},"data":[{"id":"y"}]})"));
  CHECK(row != digest(R"({"id":"1/2","presentationTexts":{"title":"A"},"data":[]})"));
  CHECK(row != digest(R"({"id":"1/2","presentationTexts":{"title":"A"}})"));
}

TEST_CASE("The order of lists does not count, nor that of members", "[codec][digest][OS-2]") {
  CHECK(digest(R"({"data":[{"id":"x"},{"id":"y"}],"id":"1"})") ==
        digest(R"({"id":"1","data":[{"id":"y"}, {"id":"x"}]})"));
  CHECK(digest(R"({"a":["x","y"]})") != digest(R"({"b":["x","y"]})"));
}

TEST_CASE("What we write back ourselves does not count; another dialog id does", "[codec][digest][OS-2]") {
  const auto before = digest(R"({"id":"1/2"})", own);
  CHECK(before == digest(R"({"id":"1/2","dataValues":{"dialog.id":")" + own + R"("}})", own));
  CHECK(before !=
        digest(R"({"id":"1/2","dataValues":{"dialog.id":"0197823f-0000-7fff-83bc-131e7988a1bb"}})", own));
  CHECK(before != digest(R"({"id":"1/2","dataValues":{"dialog.disableAutomaticSync":"true"}})", own));
  CHECK(digest(R"({"dataValues":{"a":"1","b":"2"}})", own) !=
        digest(R"({"dataValues":{"a":"2","b":"1"}})", own));
}

TEST_CASE("What is no object has no digest", "[codec][digest]") {
  CHECK(digest("[]") == 0);
  CHECK(digest("") == 0);
  CHECK(digest(R"({"a":)") == 0);
}
