#include <dialogferry/codec/messages.hpp>
#include <dialogferry/source/a2_archive.hpp>
#include <dialogferry/source/storage.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::source;

TEST_CASE("Messages are asked for newest first by when they were created, whatever organisation",
          "[source][a2-archive]") {
  ListRequest request;
  request.organisation = "ttd";
  request.from = parse_instant("2025-01-22T00:00:00Z");
  request.before = parse_instant("2025-01-22T12:30:00.123456Z");
  request.size = 500;
  CHECK(a2_archive::by_creation.request(request).target ==
        "/a2-archive/api/v1/messages?order=desc:created&created=gte:2025-01-22T00:00:00Z"
        "&created=lt:2025-01-22T12:30:00.123456Z&size=500");
  CHECK(a2_archive::by_creation.api == "a2_archive");
}

TEST_CASE("Messages of one moment are asked for ascending, following the token of next",
          "[source][a2-archive]") {
  ListRequest request;
  request.at = parse_instant("2025-01-22T12:30:00Z");
  request.ascending = true;
  request.token = a2_archive::by_creation.token_of("order=asc:created&continuationToken=a%2Cb");
  CHECK(a2_archive::by_creation.request(request).target ==
        "/a2-archive/api/v1/messages?order=asc:created&created=eq:2025-01-22T12:30:00Z&size=100"
        "&continuationToken=a%2Cb");
}

TEST_CASE("Changes are asked for in their own order, always ascending", "[source][a2-archive]") {
  ListRequest request;
  request.from = parse_instant("2025-01-22T00:00:00Z");
  CHECK(a2_archive::by_change.request(request).target ==
        "/a2-archive/api/v1/messages?order=asc:changed&changed=gte:2025-01-22T00:00:00Z&size=100");
}

TEST_CASE("A page is read by what it was asked for: creation or change", "[source][a2-archive]") {
  codec::Parser parser;
  const auto body = std::make_shared<const codec::Document>(
      R"({"messages":[{"altinn2CorrespondenceId":7,"created":"2020-01-01T00:00:00Z","changed":"2020-01-02T00:00:00Z"}]})");
  CHECK(a2_archive::by_creation.read(parser, body)->rows[0].last_changed ==
        parse_instant("2020-01-01T00:00:00Z"));
  CHECK(a2_archive::by_change.read(parser, body)->rows[0].last_changed ==
        parse_instant("2020-01-02T00:00:00Z"));
}

TEST_CASE("A message and an attachment are asked for by their ids, which are no part of the path's form",
          "[source][a2-archive]") {
  CHECK(a2_archive::message("48120077").target == "/a2-archive/api/v1/messages/48120077");
  CHECK(a2_archive::attachment("900/1 2").target == "/a2-archive/api/v1/attachments/900%2F1%202");
  CHECK(a2_archive::probe().target == "/a2-archive/api/v1/messages?order=desc:created&size=1");
}

TEST_CASE("Records that must follow one another share a lane", "[source]") {
  const auto guid = parse_uuid("0dbc1da6-f744-4fff-83bc-131e7988a1bb");
  for (const auto* const listing : {&storage::app_instances, &storage::archived_forms}) {
    CHECK(listing->lane_of("50001234/0dbc1da6-f744-4fff-83bc-131e7988a1bb") == guid);
    CHECK_FALSE(listing->lane_of("50001234"));
    CHECK_FALSE(listing->lane_of("unreadable at 2026-02-11T12:00:00Z, ttd"));
  }
  for (const auto* const listing : {&a2_archive::by_creation, &a2_archive::by_change}) {
    CHECK(listing->lane_of("48120077") == codec::message_uuid(48120077));
    CHECK_FALSE(listing->lane_of("2025-01-22.ndjson:17"));
    CHECK_FALSE(listing->lane_of(""));
  }
}
