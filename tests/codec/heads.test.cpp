#include <dialogferry/codec/dialog_head.hpp>
#include <dialogferry/codec/instance_head.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::codec;

namespace {

std::string item(const std::string& more = {}) {
  return R"({"id":"01934c5a-7b00-7039-903d-e31a36a2bcdc","org":"skd","createdAt":"2025-03-01T10:00:00.1234560Z",)"
         R"("updatedAt":"2025-03-02T10:00:00.0000000Z","party":"urn:altinn:organization:identifier-no:310000123",)"
         R"("serviceResource":"urn:altinn:resource:app_skd_skjema","content":{"title":{"value":[{"value":"a \"b\""}]}},)"
         R"("serviceOwnerContext":{"revision":"x","serviceOwnerLabels":[{"value":"other"},)"
         R"({"value":"urn:altinn:integration:storage:50001234/0dbc1da6-0000-4000-8000-000000000001"}]})" +
         more + "}";
}

constexpr const char* row =
    R"({"id":"50001234/0dbc1da6-0000-4000-8000-000000000001","instanceOwner":{"partyId":"50001234"},"appId":"skd/skjema",)"
    R"("org":"skd","visibleAfter":"2025-04-01T00:00:00Z","status":{"isArchived":true,"isSoftDeleted":false,"isHardDeleted":false},)"
    R"("data":[{"id":"x","created":"2025-03-01T10:00:00Z"}],"dataValues":{"dialog.id":"a","periode":"2024"},)"
    R"("created":"2025-03-01T10:00:00Z","lastChanged":"2025-03-02T10:00:00.1234567Z"})";

} // namespace

TEST_CASE("A page of a search is read head by head, with what leads to the next page", "[codec][OD-9]") {
  Parser parser;
  Arena texts;
  std::vector<DialogHead> dialogs;
  const Document body(
      R"({"items":[)" + item() + "," + item(R"(,"deletedAt":"2025-03-03T00:00:00Z")") +
      R"(],"hasNextPage":true,"continuationToken":"updatedat_2025,id_0193","orderBy":"updatedat_desc,id_desc"})");
  const auto page = read_search_page(parser, body.view(), texts, dialogs);
  REQUIRE(page);
  CHECK(page->has_next);
  CHECK(page->token == "updatedat_2025,id_0193");
  CHECK(page->order == "updatedat_desc,id_desc");
  REQUIRE(dialogs.size() == 2);
  const auto& head = dialogs[0];
  CHECK(to_string(head.id) == "01934c5a-7b00-7039-903d-e31a36a2bcdc");
  CHECK(to_string(head.created_at) == "2025-03-01T10:00:00.123456Z");
  CHECK(head.org == "skd");
  CHECK(head.service_resource == "urn:altinn:resource:app_skd_skjema");
  CHECK(head.party == "urn:altinn:organization:identifier-no:310000123");
  CHECK(head.label == "urn:altinn:integration:storage:50001234/0dbc1da6-0000-4000-8000-000000000001");
  CHECK_FALSE(head.is_deleted);
  CHECK(dialogs[1].is_deleted);
}

TEST_CASE("A page of a search that cannot be read says why", "[codec]") {
  Parser parser;
  Arena texts;
  std::vector<DialogHead> dialogs;
  const auto problem = [&](std::string json) {
    const Document body(std::move(json));
    const auto page = read_search_page(parser, body.view(), texts, dialogs);
    return page ? std::string() : page.error().member;
  };
  CHECK(problem(R"({"hasNextPage":false})") == "dialogs.items");
  CHECK(problem(R"({"items":[{"createdAt":"2025-03-01T10:00:00Z"}]})") == "dialogs.items[0].id");
  CHECK_FALSE(problem(R"({"items":[)").empty());
}

TEST_CASE("A dialog that was asked for is read likewise", "[codec]") {
  Parser parser;
  Arena texts;
  const Document body(item());
  const auto head = read_dialog_head(parser, body.view(), texts);
  REQUIRE(head);
  CHECK(head->label.ends_with("000000000001"));
  const Document none("{}");
  CHECK_FALSE(read_dialog_head(parser, none.view(), texts));
}

TEST_CASE("Rows of a list are read without what does not tell of their dialogs", "[codec]") {
  Parser parser;
  const auto read = [&](const std::string& rows, const std::string& next = "null") {
    auto body =
        std::make_shared<const Document>(R"({"count":1,"next":)" + next + R"(,"instances":[)" + rows + "]}");
    auto page = read_instance_heads(parser, body);
    REQUIRE(page);
    return std::move(*page);
  };
  const auto page = read(row, R"("https://x/storage/api/v1/instances?org=skd&continuationToken=5")");
  REQUIRE(page.rows.size() == 1);
  const auto& head = page.rows[0];
  CHECK(head.id == "50001234/0dbc1da6-0000-4000-8000-000000000001");
  CHECK(head.party_id == "50001234");
  CHECK(to_string(head.guid) == "0dbc1da6-0000-4000-8000-000000000001");
  CHECK(head.app_id == "skd/skjema");
  CHECK(head.is_archived);
  CHECK(head.data_values.size() == 2);
  CHECK(head.visible_after == parse_instant("2025-04-01T00:00:00Z"));
  CHECK(head.last_changed == parse_instant("2025-03-02T10:00:00.1234567Z"));
  CHECK_FALSE(head.problem);
  CHECK(page.next_query == "org=skd&continuationToken=5");
  CHECK_FALSE(read(row).next_query);
}

TEST_CASE("A row that cannot be read stands alone", "[codec]") {
  Parser parser;
  auto body = std::make_shared<const Document>(
      std::string(R"({"instances":[)") + row + R"(,{"id":"50001234/nonsense","appId":"a/b"},)" + row +
      R"(,{"id":"5/0dbc1da6-0000-4000-8000-000000000001","appId":7}]})");
  const auto page = read_instance_heads(parser, body);
  REQUIRE(page);
  REQUIRE(page->rows.size() == 4);
  CHECK_FALSE(page->rows[0].problem);
  REQUIRE(page->rows[1].problem);
  CHECK(page->rows[1].problem->member == "instance.id");
  CHECK(page->rows[1].json.starts_with(R"({"id":"50001234/nonsense")"));
  CHECK_FALSE(page->rows[2].problem);
  CHECK(page->rows[3].problem->member == "instance.appId");
  CHECK_FALSE(read_instance_heads(parser, std::make_shared<const Document>("[]")));

  Arena texts;
  const Document one{std::string(row)};
  CHECK(read_instance_head(parser, one.view(), texts));
}
