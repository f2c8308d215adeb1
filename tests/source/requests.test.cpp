#include <dialogferry/source/register.hpp>
#include <dialogferry/source/storage.hpp>

#include <catch2/catch.hpp>

#include <array>

using namespace dialogferry;
using namespace dialogferry::source;

TEST_CASE("A page is asked for newest first in a half-open window, main version 3 (storage.md 1.2)",
          "[source]") {
  ListRequest request;
  request.organisation = "ttd";
  request.from = parse_instant("2025-03-01T00:00:00Z");
  request.before = parse_instant("2025-03-01T12:30:00.123456Z");
  CHECK(storage::list(storage::Versions::altinn3, request).target ==
        "/storage/api/v1/instances?org=ttd&mainVersionInclude=3&lastChanged=gte:2025-03-01T00:00:00Z"
        "&lastChanged=lt:2025-03-01T12:30:00.123456Z&order=desc:lastChanged&size=100");
}

TEST_CASE("A tie group is asked for ascending, following its token as it stood in next", "[source]") {
  ListRequest request;
  request.organisation = "ttd";
  request.at = parse_instant("2025-03-01T12:30:00Z");
  request.ascending = true;
  request.token = storage::token_of("org=ttd&size=100&ContinuationToken=63876%253b17");
  CHECK(storage::list(storage::Versions::archived, request).target ==
        "/storage/api/v1/instances?org=ttd&mainVersionExclude=3&lastChanged=eq:2025-03-01T12:30:00Z"
        "&order=asc:lastChanged&size=100&continuationToken=63876%253b17");
}

TEST_CASE("A next without a token has none", "[source]") {
  CHECK(storage::token_of("org=ttd&size=100").empty());
  CHECK(storage::token_of("").empty());
  CHECK(storage::token_of("continuationToken=a%253b1&size=1") == "a%253b1");
}

TEST_CASE("Events are asked for by the sixteen types that matter, each a parameter (M-34)",
          "[source][M-34]") {
  const auto target = storage::events("50001234/0dbc1da6-f744-4fff-83bc-131e7988a1bb").target;
  CHECK(target.starts_with(
      "/storage/api/v1/instances/50001234/0dbc1da6-f744-4fff-83bc-131e7988a1bb/events?eventTypes="));
  std::size_t count = 0;
  for (auto at = target.find("eventTypes="); at != std::string::npos; at = target.find("eventTypes=", at + 1))
    ++count;
  CHECK(count == 16);
  CHECK(target.find("process") == std::string::npos);
}

TEST_CASE("Register is asked in lists (storage.md 5)", "[source]") {
  const std::array<std::int64_t, 2> parties = {50001234, 50001235};
  const std::array<std::int64_t, 1> users = {2001};
  const auto request = registry::query(parties, users);
  CHECK(
      request.body ==
      R"({"data":["urn:altinn:party:id:50001234","urn:altinn:party:id:50001235","urn:altinn:user:id:2001"]})");
  CHECK(registry::probe().body == R"({"data":[]})");
}
