#include <dialogferry/codec/correspondence.hpp>
#include <dialogferry/codec/messages.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::codec;

namespace {

constexpr std::string_view first =
    R"({"altinn2CorrespondenceId":48120077,"created":"2023-11-06T07:12:44.12Z","partyId":50891234,)"
    R"("correspondenceData":{"recipients":["urn:altinn:organization:identifier-no:312345676"]},)"
    R"("changed":"2023-11-07T10:00:00Z","attachments":[{"size":3},"}"]})";
constexpr std::string_view second =
    R"({ "correspondenceData":{}, "created":"2014-05-19T06:00:00Z", "altinn2CorrespondenceId": 11873402 })";

std::shared_ptr<const Document> page_of(std::initializer_list<std::string_view> rows,
                                        std::string_view rest = R"("count":2,"next":null)") {
  std::string text = R"({"messages":[)";
  for (const auto row : rows) {
    if (!text.ends_with('[')) text += " ,\n ";
    text += row;
  }
  text.append("], ").append(rest).append("}");
  return std::make_shared<const Document>(std::move(text));
}

Page split(std::shared_ptr<const Document> body) {
  Parser parser;
  auto page = split_messages(parser, std::move(body));
  REQUIRE(page);
  return std::move(*page);
}

} // namespace

TEST_CASE("a page of messages falls into rows known by their numbers") {
  const auto page = split(page_of(
      {first, second},
      R"("count":2,"next":"/a2-archive/api/v1/messages?order=desc:created&continuationToken=a%2Cb")"));
  REQUIRE(page.rows.size() == 2);
  CHECK(page.count == 2);
  CHECK(page.next_query == "order=desc:created&continuationToken=a%2Cb");

  const auto& row = page.rows[0];
  CHECK_FALSE(row.problem);
  CHECK(row.json.text == first);
  CHECK(row.id == "48120077");
  CHECK(row.guid == message_uuid(48120077));
  CHECK(row.org.empty());
  CHECK(row.created == parse_instant("2023-11-06T07:12:44.12Z"));
  CHECK(row.last_changed == row.created);
  CHECK(page.rows[1].id == "11873402");

  Parser parser;
  const auto message = read_correspondence(parser, page.rows[1].json);
  REQUIRE(message);
  CHECK(message->altinn2_id == 11873402);
}

TEST_CASE("in the order of changes a message is as new as what was learned of it last") {
  Parser parser;
  const auto page = split_changed_messages(parser, page_of({first, second}));
  REQUIRE(page);
  CHECK(page->rows[0].last_changed == parse_instant("2023-11-07T10:00:00Z"));
  CHECK(page->rows[0].created == parse_instant("2023-11-06T07:12:44.12Z"));
  CHECK(page->rows[1].last_changed == parse_instant("2014-05-19T06:00:00Z"));
}

TEST_CASE("a message without a usable number or time stays listed with a problem, its neighbours are well") {
  const auto wrong = GENERATE(
      as<std::pair<std::string, std::string>>{},
      std::pair(R"("altinn2CorrespondenceId":0)", "message.altinn2CorrespondenceId"),
      std::pair(R"("altinn2CorrespondenceId":2147483648)", "message.altinn2CorrespondenceId"),
      std::pair(R"("altinn2CorrespondenceId":-7)", "message.altinn2CorrespondenceId"),
      std::pair(R"("altinn2CorrespondenceId":"7")", "message.altinn2CorrespondenceId"),
      std::pair(R"("altinn2CorrespondenceId":null)", "message.altinn2CorrespondenceId"),
      std::pair(R"("created":"yesterday")", "message.created"),
      std::pair(R"("created":null)", "message.created"), std::pair(R"("changed":7)", "message.changed"));
  std::string text = "{" + wrong.first;
  if (wrong.first.find("Id") == std::string::npos) text += R"(,"altinn2CorrespondenceId":7)";
  if (wrong.first.find("created") == std::string::npos) text += R"(,"created":"2020-01-01T00:00:00Z")";
  text += "}";
  CAPTURE(text);
  const auto page = split(page_of({first, text, second}));
  REQUIRE(page.rows.size() == 3);
  CHECK_FALSE(page.rows[0].problem);
  CHECK_FALSE(page.rows[2].problem);
  REQUIRE(page.rows[1].problem);
  CHECK(page.rows[1].problem->member == wrong.second);
}

TEST_CASE("of a number that is there twice the last one counts, whatever it is") {
  const auto page = split(page_of(
      {R"({"altinn2CorrespondenceId":7,"created":"2020-01-01T00:00:00Z","altinn2CorrespondenceId":8})",
       R"({"altinn2CorrespondenceId":7,"created":"2020-01-01T00:00:00Z","altinn2CorrespondenceId":"8"})",
       R"({"altinn2CorrespondenceId":7,"created":"2020-01-01T00:00:00Z","altinn2CorrespondenceId":null})"}));
  CHECK(page.rows[0].id == "8");
  CHECK(page.rows[0].guid == message_uuid(8));
  for (const std::size_t i : {1U, 2U}) {
    CHECK(page.rows[i].problem);
    CHECK(page.rows[i].id.empty());
    CHECK_FALSE(page.rows[i].guid);
  }
}

TEST_CASE("an entry that is no message is a row with a problem") {
  for (const auto* const text : {"7", "[]", "null", R"({"changed":null,"created" 7})"}) {
    CAPTURE(text);
    const auto page = split(page_of({text, first}));
    REQUIRE(page.rows.size() == 2);
    CHECK(page.rows[0].problem);
    CHECK(page.rows[0].id.empty());
    CHECK_FALSE(page.rows[1].problem);
  }
}

TEST_CASE("a line of an export that is no message is known by its file and its place") {
  const auto page = split(page_of({R"({"exportLine":"2025-01-22.ndjson:17","exportProblem":"is no JSON",)"
                                   R"("created":"2025-01-22T00:00:00Z"})"}));
  REQUIRE(page.rows.size() == 1);
  const auto& row = page.rows[0];
  CHECK(row.id == "2025-01-22.ndjson:17");
  CHECK_FALSE(row.guid);
  CHECK(row.last_changed == parse_instant("2025-01-22T00:00:00Z"));
  REQUIRE(row.problem);
  CHECK(row.problem->message == "is no JSON");
}

TEST_CASE("a page without its list of messages cannot be read") {
  Parser parser;
  CHECK_FALSE(split_messages(parser, std::make_shared<const Document>("{}")));
  CHECK_FALSE(split_messages(parser, std::make_shared<const Document>("[]")));
  CHECK_FALSE(split_messages(parser, std::make_shared<const Document>(R"({"instances":[]})")));
}

TEST_CASE("the number of a message has one place among the UUIDs and comes back from it") {
  for (const std::int32_t id : {1, 255, 48120077, 2147483647})
    CHECK(message_id(message_uuid(id)) == id);
  CHECK(to_string(message_uuid(48120077)) == "00000000-0000-0000-0000-000002de410d");
  CHECK_FALSE(message_id(Uuid{}));
  CHECK_FALSE(message_id(*parse_uuid("0dbc1da6-f744-4fff-83bc-131e7988a1bb")));
  CHECK_FALSE(message_id(*parse_uuid("00000000-0000-0000-0000-0000ffffffff")));
}

TEST_CASE("a record id of a message is a plain decimal number") {
  CHECK(parse_message_id("48120077") == 48120077);
  CHECK(parse_message_id("2147483647") == 2147483647);
  for (const auto* const text :
       {"", "0", "007", "-1", "+1", " 1", "1 ", "1x", "2147483648", "99999999999", "2025-01-22.ndjson:17"})
    CHECK_FALSE(parse_message_id(text));
}
