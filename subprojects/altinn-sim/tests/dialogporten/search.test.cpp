#include "support.hpp"

#include <catch2/catch.hpp>

using namespace altinn_sim;
using namespace altinn_sim::dialogporten;
using namespace altinn_sim::dialogporten::testing;

namespace {

/// Four dialogs of ttd, updated on 2 to 5 January 2024, and one of nav.
class Shelf : public Client {
public:
  Shelf() {
    for (int i = 0; i < 4; ++i)
      add(i, "app_ttd_form");
    add(4, "app_nav_form");
    caller.org = "ttd";
  }

  std::string id(int number) const { return "018cbaa2-8800-7000-8000-00000000000" + std::to_string(number); }

  /// The numbers of the dialogs found, in order.
  std::string found(const std::string& query) {
    const auto response = get("/dialogs?" + query);
    if (response.status != 200) return "status " + std::to_string(response.status);
    std::string numbers;
    page = json::parse(response.body).as_object();
    for (const auto& item : page.at("items").as_array())
      numbers += item.at("id").as_string().back();
    return numbers;
  }

  json::object page;

private:
  void add(int number, const std::string& resource) {
    const auto day = "2024-01-0" + std::to_string(number + 2);
    json::object body{{"id", id(number)},
                      {"serviceResource", "urn:altinn:resource:" + resource},
                      {"party", number % 2 == 0 ? "urn:altinn:organization:identifier-no:310912409"
                                                : "urn:altinn:organization:identifier-no:310955604"},
                      {"createdAt", "2024-01-01T00:00:00Z"},
                      {"updatedAt", day + "T00:00:00Z"},
                      {"status", number == 0 ? "Draft" : "Completed"},
                      {"extendedStatus", number == 1 ? "odd" : "even"},
                      {"serviceOwnerContext",
                       {{"serviceOwnerLabels",
                         {{{"value", "urn:altinn:integration:storage:1/" + std::to_string(number)}},
                          {{"value", "wave-" + std::to_string(number / 2)}}}}}},
                      {"content", {{"title", {{"value", {{{"value", "T"}, {"languageCode", "nb"}}}}}}}}};
    if (number != 2) body["dueAt"] = day + "T12:00:00Z";
    REQUIRE(post("/dialogs?isSilentUpdate=true", body).status == 201);
  }
};

} // namespace

TEST_CASE("a search sees the caller's own dialogs, latest content first", "[2.2]") {
  Shelf shelf;
  CHECK(shelf.found("") == "3210");
  CHECK(shelf.page.at("orderBy").as_string() == "contentupdatedat_desc,id_desc");
  CHECK_FALSE(shelf.page.at("hasNextPage").as_bool());
  CHECK(shelf.page.at("continuationToken").as_string() ==
        "contentupdatedat_2024-01-02T00:00:00.0000000Z,id_" + shelf.id(0));
  shelf.caller = Caller{};
  CHECK(shelf.found("").empty());
  shelf.caller.search = false;
  CHECK(shelf.found("") == "status 403");
}

TEST_CASE("filters narrow a search", "[2.2]") {
  Shelf shelf;
  CHECK(shelf.found("party=urn:altinn:organization:identifier-no:310912409") == "20");
  CHECK(shelf.found("serviceResource=urn:altinn:resource:app_ttd_form&status=Draft&status=Awaiting") == "0");
  CHECK(shelf.found("serviceOwnerLabels=WAVE-1") == "32");
  CHECK(shelf.found("serviceOwnerLabels=wave-*&serviceOwnerLabels=urn:altinn:integration:storage:1/1") ==
        "1");
  CHECK(shelf.found("serviceOwnerLabels=urn:altinn:integration:storage:1/4").empty());
  CHECK(shelf.found("updatedAfter=2024-01-03T00:00:00Z&updatedBefore=2024-01-04T00:00:00Z") == "21");
  CHECK(shelf.found("createdAfter=2024-01-02T00:00:00Z").empty());
  CHECK(shelf.found("extendedStatus=odd") == "1");
  CHECK(shelf.found("dueBefore=2024-01-03T12:00:00Z") == "10");
  shelf.send(Method::del, "/dialogs/" + shelf.id(1));
  CHECK(shelf.found("") == "320");
  CHECK(shelf.found("deleted=only") == "1");
  CHECK(shelf.found("deleted=include") == "3210");
}

TEST_CASE("pages follow each other by token, the last one too", "[2.2]") {
  Shelf shelf;
  const std::string query = "orderBy=updatedAt_asc&limit=3";
  CHECK(shelf.found(query) == "012");
  CHECK(shelf.page.at("hasNextPage").as_bool());
  CHECK(shelf.page.at("orderBy").as_string() == "updatedat_asc,id_desc");
  std::string token{shelf.page.at("continuationToken").as_string()};
  CHECK(shelf.found(query + "&continuationToken=" + token) == "3");
  token = shelf.page.at("continuationToken").as_string();
  CHECK(shelf.found(query + "&continuationToken=" + token).empty());
  CHECK(shelf.page.at("continuationToken").as_string() == token);
  CHECK(shelf.found("orderBy=dueAt_asc") == "0132");
  CHECK(shelf.found("orderBy=createdAt&continuationToken=" + token) == "status 400");
}

TEST_CASE("parameters out of range are refused", "[2.2]") {
  Shelf shelf;
  for (const auto* query :
       {"limit=0", "limit=1001", "limit=x", "orderBy=name", "status=Unknown", "status=New", "party=310912409",
        "createdAfter=yesterday", "deleted=maybe", "serviceOwnerLabels=ab",
        "createdAfter=2024-01-02T00:00:00Z&createdBefore=2024-01-01T00:00:00Z"})
    CHECK(shelf.found(query) == "status 400");
  CHECK(shelf.found("serviceOwnerLabels=a*bc") == "status 500");
}

TEST_CASE("a search result holds the short form of a dialog", "[2.2]") {
  Shelf shelf;
  shelf.found("limit=1");
  const auto item = shelf.page.at("items").at(0).as_object();
  for (const auto* name : {"id", "revision", "org", "party", "serviceResource", "createdAt", "updatedAt",
                           "status", "serviceOwnerContext", "content", "guiAttachmentCount", "dueAt"})
    CHECK(item.contains(name));
  for (const auto* name :
       {"attachments", "transmissions", "guiActions", "activities", "searchTags", "expiresAt"})
    CHECK_FALSE(item.contains(name));
}
