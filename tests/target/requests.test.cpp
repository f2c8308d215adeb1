#include <dialogferry/target/dialogporten.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::target;

namespace {
const Uuid dialog = *parse_uuid("0197823f-91b7-7fff-83bc-131e7988a1bb");
} // namespace

TEST_CASE("The silent flag is always sent, false included (M-8)", "[target][M-8]") {
  CHECK(dialogporten::create("{}", true).target == "/api/v1/serviceowner/dialogs?isSilentUpdate=true");
  CHECK(dialogporten::create("{}", false).target == "/api/v1/serviceowner/dialogs?isSilentUpdate=false");
}

TEST_CASE("A change carries the bare revision as If-Match, a create none (M-9)", "[target][M-9]") {
  CHECK(dialogporten::create("{}", true).if_match.empty());
  const auto removal = dialogporten::remove(dialog, true, "018e23f1-4c00-70e9-b63b-dd015197f43d");
  CHECK(removal.method == http::Method::remove);
  CHECK(removal.target ==
        "/api/v1/serviceowner/dialogs/0197823f-91b7-7fff-83bc-131e7988a1bb?isSilentUpdate=true");
  CHECK(removal.if_match == "018e23f1-4c00-70e9-b63b-dd015197f43d");
  CHECK(
      dialogporten::purge(dialog, false, "").target ==
      "/api/v1/serviceowner/dialogs/0197823f-91b7-7fff-83bc-131e7988a1bb/actions/purge?isSilentUpdate=false");
}

TEST_CASE("A saved time goes out as a bare JSON string (dialogporten.md 2.7)", "[target]") {
  const auto request =
      dialogporten::update_form_saved_time(dialog, dialog, *parse_instant("2025-03-01T12:00:00Z"), "r");
  CHECK(request.body == "\"2025-03-01T12:00:00Z\"");
  CHECK(request.target.ends_with("/actions/updateFormSavedActivityTime"));
}

TEST_CASE("A search goes newest first, ties by the id, and counts both ends of its window in",
          "[target][OD-9]") {
  dialogporten::Search search;
  search.from = *parse_instant("2025-03-01T00:00:00Z");
  search.before = *parse_instant("2025-03-02T00:00:00Z");
  search.label = "urn:altinn:x:";
  search.limit = 7;
  CHECK(dialogporten::search(search).target ==
        "/api/v1/serviceowner/dialogs?updatedAfter=2025-03-01T00:00:00Z"
        "&updatedBefore=2025-03-01T23:59:59.999999Z&serviceOwnerLabels=urn%3Aaltinn%3Ax%3A*"
        "&deleted=include&orderBy=updatedAt_desc,id_desc&limit=7");
  search.label = {};
  search.token = "updatedat_2025-03-01T10:00:00.0000000Z,id_x";
  CHECK(dialogporten::search(search).target.ends_with(
      "&limit=7&continuationToken=updatedat_2025-03-01T10%3A00%3A00.0000000Z%2Cid_x"));
}
