#include <dialogferry/codec/migration.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::codec;

namespace {

const Uuid one = *parse_uuid("01934c5a-7b00-7abc-8def-0123456789ab");
const Uuid dialog = *parse_uuid("01934c5a-7b00-7039-903d-e31a36a2bcdc");

template <class Read>
auto read(Read reading, std::string text) {
  Parser parser;
  const Document document(std::move(text));
  return reading(parser, document.view());
}

} // namespace

TEST_CASE("a message that M2 stored is new, and one that it had is told by its attachments' null") {
  const auto stored = read(read_migrated, R"({"altinn2CorrespondenceId":7,"correspondenceId":")" +
                                              to_string(one) + R"(","attachmentStatuses":[],"dialogId":""})");
  REQUIRE(stored);
  CHECK(stored->correspondence_id == one);
  CHECK(stored->is_new);
  const auto known = read(read_migrated, R"({"correspondenceId":")" + to_string(one) +
                                             R"(","attachmentStatuses":null,"dialogId":null})");
  REQUIRE(known);
  CHECK_FALSE(known->is_new);
  CHECK_FALSE(read(read_migrated, R"({"correspondenceId":")" + to_string(one) + R"("})")->is_new);
}

TEST_CASE("an answer of M2 that names no correspondence is a problem") {
  for (const auto* const text :
       {"", "{}", "[]", R"("x")", R"({"correspondenceId":null})", R"({"correspondenceId":"7"})"}) {
    CAPTURE(text);
    CHECK_FALSE(read(read_migrated, text));
  }
}

TEST_CASE("M3 says of each message whether it has a dialog; an empty dialog id is none", "[OC-1][OC-2]") {
  const auto id = to_string(one);
  const auto statuses =
      read(read_published, R"({"statuses":[{"correspondenceId":")" + id + R"(","dialogId":")" +
                               to_string(dialog) + R"(","error":null,"ok":true},{"correspondenceId":")" + id +
                               R"(","dialogId":"","ok":true},{"correspondenceId":")" + id +
                               R"(","dialogId":null,"error":"no 01017012345 here","ok":false}]})");
  REQUIRE(statuses);
  REQUIRE(statuses->size() == 3);
  CHECK((*statuses)[0].dialog_id == dialog);
  CHECK((*statuses)[0].ok);
  CHECK_FALSE((*statuses)[1].dialog_id);
  CHECK((*statuses)[1].ok);
  CHECK_FALSE((*statuses)[2].ok);
  CHECK((*statuses)[2].error == "no *********** here");
}

TEST_CASE("an error of M3 is kept in part, whole characters of it") {
  std::string error(max_published_error - 1, 'x');
  error += "ø and a stack";
  const auto statuses = read(read_published, R"({"statuses":[{"correspondenceId":")" + to_string(one) +
                                                 R"(","error":")" + error + R"("}]})");
  REQUIRE(statuses);
  CHECK((*statuses)[0].error == std::string(max_published_error - 1, 'x'));
}

TEST_CASE("an entry of M3 that names no correspondence is left out; without a list it is a problem") {
  CHECK(read(read_published, R"({"statuses":[{"ok":true}]})")->empty());
  CHECK(read(read_published, R"({"statuses":[]})")->empty());
  CHECK_FALSE(read(read_published, R"({"statuses":null})"));
  CHECK_FALSE(read(read_published, "{}"));
  CHECK_FALSE(read(read_published, R"({"statuses":[{"correspondenceId":"x"}]})"));
}

TEST_CASE("M1 answers the id of the attachment as a bare text") {
  CHECK(read(read_attachment_id, '"' + to_string(one) + '"') == one);
  for (const auto* const text : {"", "7", "{}", R"("x")", R"("01934c5a-7b00-7abc-8def-0123456789ab" 7)"}) {
    CAPTURE(text);
    CHECK_FALSE(read(read_attachment_id, text));
  }
}
