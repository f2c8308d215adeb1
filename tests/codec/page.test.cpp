#include <dialogferry/codec/instance.hpp>
#include <dialogferry/codec/page.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using codec::Document;
using codec::Page;
using codec::Parser;

namespace {

constexpr std::string_view row_one =
    R"({"id":"50001/0dbc1da6-f744-4fff-83bc-131e7988a1bb","appId":"ttd/form","org":"ttd",)"
    R"("created":"2025-06-18T08:54:53.623376Z","lastChanged":"2025-06-19T10:00:00Z","data":[]})";
constexpr std::string_view row_two =
    R"({"lastChanged":"2025-06-18T10:00:00.5Z","created":"2025-06-17T08:00:00Z","org":"ttd",)"
    R"("data":[{"id":"x","tags":["}","]"]}],"appId":"ttd\/form","id":"50002/4ef9d179-2d4b-403f-9fcc-6f7cd619f12e"})";

std::shared_ptr<const Document> page_of(std::initializer_list<std::string_view> rows,
                                        std::string_view rest = R"("count":2,"next":null)") {
  std::string text = R"({"self":"x","instances":[)";
  for (const auto row : rows) {
    if (!text.ends_with('[')) text += " ,\n ";
    text += row;
  }
  text += "], ";
  text += rest;
  text += "}";
  return std::make_shared<const Document>(std::move(text));
}

Result<Page> split(std::shared_ptr<const Document> body) {
  Parser parser;
  return split_page(parser, std::move(body));
}

} // namespace

TEST_CASE("a page falls into rows that can each be read by itself") {
  const auto page = split(page_of({row_one, row_two}));
  REQUIRE(page);
  REQUIRE(page->rows.size() == 2);
  CHECK(page->count == 2);
  CHECK_FALSE(page->next_query);

  const auto& first = page->rows[0];
  CHECK_FALSE(first.problem);
  CHECK(first.json.text == row_one);
  CHECK(first.id == "50001/0dbc1da6-f744-4fff-83bc-131e7988a1bb");
  CHECK(first.party_id == "50001");
  CHECK(first.guid == parse_uuid("0dbc1da6-f744-4fff-83bc-131e7988a1bb"));
  CHECK(first.app_id == "ttd/form");
  CHECK(first.org == "ttd");
  CHECK(first.created == parse_instant("2025-06-18T08:54:53.623376Z"));
  CHECK(first.last_changed == parse_instant("2025-06-19T10:00:00Z"));

  const auto& second = page->rows[1];
  CHECK_FALSE(second.problem);
  CHECK(second.json.text == row_two);
  CHECK(second.app_id == "ttd/form");

  Parser parser;
  for (const auto& row : page->rows) {
    CHECK(row.json.padding >= codec::json_padding);
    const auto instance = codec::read_instance(parser, row.json);
    REQUIRE(instance);
    CHECK(instance->id == row.id);
    CHECK(instance->last_changed == *row.last_changed);
  }
}

TEST_CASE("of the next address only the query is kept, whatever its host") {
  const auto page = split(page_of(
      {},
      R"("next":"https:\/\/platform.altinn.no\/storage\/api\/v1\/instances?org=ttd&continuationToken=6%253b1")"));
  REQUIRE(page);
  CHECK(page->rows.empty());
  CHECK(page->next_query == "org=ttd&continuationToken=6%253b1");
}

TEST_CASE("an empty page at the end is a page") {
  const auto page = split(page_of({}));
  REQUIRE(page);
  CHECK(page->rows.empty());
  CHECK(page->count == 2);
}

TEST_CASE("a row that lacks a member carries a problem and what is known of it; its neighbours are well") {
  const auto page =
      split(page_of({row_one,
                     R"({"id":"50003/0dbc1da6-f744-4fff-83bc-131e7988a1bb","org":"ttd",)"
                     R"("created":"2025-06-18T08:54:53Z","lastChanged":"2025-06-19T10:00:00Z"})",
                     row_two}));
  REQUIRE(page);
  REQUIRE(page->rows.size() == 3);
  CHECK_FALSE(page->rows[0].problem);
  CHECK_FALSE(page->rows[2].problem);
  const auto& row = page->rows[1];
  REQUIRE(row.problem);
  CHECK(row.problem->member == "instance.appId");
  CHECK(row.problem->message == "is missing");
  CHECK(row.party_id == "50003");
  CHECK(row.last_changed == parse_instant("2025-06-19T10:00:00Z"));
}

TEST_CASE("a row that lacks lastChanged or status counts as changed when it was created", "[OS-6]") {
  const auto page = split(page_of({R"({"id":"50003/0dbc1da6-f744-4fff-83bc-131e7988a1bb","org":"ttd",)"
                                   R"("appId":"ttd/form","created":"2025-06-18T08:54:53Z"})",
                                   row_one}));
  REQUIRE(page);
  CHECK_FALSE(page->rows[0].problem);
  CHECK_FALSE(page->rows[0].last_changed); // its place in the list is another matter
  CHECK(page->rows[0].version() == parse_instant("2025-06-18T08:54:53Z"));
  CHECK(page->rows[1].version() == *page->rows[1].last_changed);
}

TEST_CASE("a member of a wrong type spoils its row only and the rest of the identity is still known") {
  const auto wrong = GENERATE(
      as<std::pair<std::string, std::string>>{}, std::pair(R"("created":17)", "instance.created"),
      std::pair(R"("created":"yesterday")", "instance.created"), std::pair(R"("appId":{})", "instance.appId"),
      std::pair(R"("org":null)", "instance.org"), std::pair(R"("id":"50001")", "instance.id"),
      std::pair(R"("id":"50001/not-a-guid")", "instance.id"));
  std::string row = R"({"lastChanged":"2025-06-19T10:00:00Z",)" + wrong.first;
  const auto add = [&](std::string_view name, std::string_view value) {
    if (wrong.first.find(name) == std::string::npos)
      (row += ',') += std::string(name) + ":" + std::string(value);
  };
  add(R"("id")", R"("50001/0dbc1da6-f744-4fff-83bc-131e7988a1bb")");
  add(R"("appId")", R"("ttd/form")");
  add(R"("org")", R"("ttd")");
  add(R"("created")", R"("2025-06-18T08:54:53Z")");
  row += '}';
  const auto page = split(page_of({row, row_one}));
  REQUIRE(page);
  REQUIRE(page->rows[0].problem);
  CHECK(page->rows[0].problem->member == wrong.second);
  CHECK(page->rows[0].last_changed == parse_instant("2025-06-19T10:00:00Z"));
  CHECK_FALSE(page->rows[1].problem);
}

TEST_CASE("a row that is no object is a problem of its own") {
  const auto page = split(page_of({"17", row_one, "null", "[1,{}]", R"("x")"}));
  REQUIRE(page);
  REQUIRE(page->rows.size() == 5);
  for (const std::size_t i : {0U, 2U, 3U, 4U})
    CHECK(page->rows[i].problem);
  CHECK_FALSE(page->rows[1].problem);
}

TEST_CASE("a row with broken JSON inside is a problem of its own") {
  const auto page = split(page_of({R"({"org":"ttd","id" "50001/x"})", row_one}));
  REQUIRE(page);
  REQUIRE(page->rows.size() == 2);
  REQUIRE(page->rows[0].problem);
  CHECK(page->rows[0].problem->message == "is broken JSON");
  CHECK_FALSE(page->rows[1].problem);
}

TEST_CASE("a page that cannot be read as a whole fails") {
  const auto text = GENERATE(as<std::string>{}, "", "  ", "nonsense", "[]", "{}", R"({"instances":17})",
                             R"({"instances":[{})", R"({"instances":[{}]} {})", "{\"instances\":[\"\xFF\"]}",
                             R"({"count":"many","instances":[]})");
  CAPTURE(text);
  CHECK_FALSE(split(std::make_shared<const Document>(text)));
}
