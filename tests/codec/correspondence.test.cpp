#include <dialogferry/codec/correspondence.hpp>
#include <dialogferry/codec/correspondence_bundle.hpp>
#include <dialogferry/codec/correspondence_json.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::codec;

namespace {

/// A record, and the text that it points into.
struct Read {
  explicit Read(std::string text)
      : document(std::move(text))
      , record(read_correspondence(parser, document.view())) {}

  Parser parser;
  Document document;
  Result<Correspondence> record;
};

std::string problem_of(std::string text) {
  const Read read(std::move(text));
  return read.record ? "" : read.record.error().member;
}

} // namespace

TEST_CASE("a record of Altinn 2 is read in any order and any case of its names", "[2.6]") {
  const Read read(R"({"ATTACHMENTS":[{"altinn2AttachmentId":"7","size":12,"isEncrypted":true}],
    "correspondenceData":{"Recipients":["a",null],"correspondence":{"sender":"s","content":{"language":"nb"}}},
    "altinn2CorrespondenceId":"81","sender":"not this one","unknown":[null]})");
  REQUIRE(read.record);
  CHECK_FALSE(read.record->is_altinn3());
  CHECK(read.record->altinn2_id == 81);
  CHECK(read.record->base.sender == "s");
  CHECK(read.record->base.content->language == "nb");
  CHECK(read.record->recipients.size() == 2);
  CHECK_FALSE(read.record->recipients[1]);
  CHECK(read.record->attachments[0].is_encrypted);
}

TEST_CASE("the details of an Altinn 3 message are read from their top", "[6.3]") {
  const Read read(R"({"correspondenceId":"019c2da3-4240-741e-8381-9a5d0efff23b","recipient":"r","sender":"s",
    "content":{"messageTitle":"t","attachments":[{"id":"cc86b52e-9a6d-42d4-9212-a59b686d6aed"}]},
    "statusHistory":[{"status":"Read","statusChanged":"2026-02-05T11:55:00Z"},
                     {"status":"Forwarded","statusChanged":"2026-02-05T11:56:00Z"}],"altinn2CorrespondenceId":null})");
  REQUIRE(read.record);
  CHECK(read.record->is_altinn3());
  CHECK(read.record->recipients[0] == "r");
  CHECK(read.record->base.content->title == "t");
  CHECK(read.record->attachments.size() == 1);
  REQUIRE(read.record->statuses.size() == 1);
  CHECK(read.record->statuses[0].status == CorrespondenceStatus::read);
}

TEST_CASE("statuses and channels are names in any case, or numbers", "[2.3][2.4]") {
  const auto status = [](const std::string& value) {
    return R"({"eventHistory":[{"statusChanged":"2026-02-05T11:55:00Z","eventUserPartyUuid":)"
           R"("019c2da3-4240-741e-8381-9a5d0efff23b","status":)" +
           value + "}]}";
  };
  for (const auto* value : {"4", R"("4")", R"("READ")", R"("Read")"}) {
    const Read read(status(value));
    REQUIRE(read.record);
    CHECK(read.record->statuses[0].status == CorrespondenceStatus::read);
  }
  for (const auto* value : {"15", "-1", R"("Lest")", R"("Published, Read")", "true", "4.5"})
    CHECK(problem_of(status(value)) == "correspondence.eventHistory[0].status");
}

TEST_CASE("an event that lacks what it must have is named", "[2.3][2.4][2.5]") {
  CHECK(problem_of(R"({"eventHistory":[{"status":"Read"}]})") ==
        "correspondence.eventHistory[0].statusChanged");
  CHECK(problem_of(R"({"notificationHistory":[{"notificationChannel":"Sms"}]})") ==
        "correspondence.notificationHistory[0].notificationSent");
  CHECK(problem_of(R"({"forwardingHistory":[{"forwardedOnDate":"2026-02-05T11:55:00Z"}]})") ==
        "correspondence.forwardingHistory[0].forwardedByPartyUuid");
  CHECK(problem_of(R"({"partyId":3000000000})") == "correspondence.partyId");
  CHECK(problem_of(R"({"eventHistory":{}})") == "correspondence.eventHistory");
}

TEST_CASE("bodies of the migration API hold what is there, as it was written", "[2.7]") {
  const Read read(R"({"created":"2018-07-02T09:15:00.0000004+01:00","correspondenceData":{"recipients":["r"],
    "correspondence":{"content":{"language":"NO","messageTitle":"\"t\""},"propertyList":{"a\"":"b"}}},
    "eventHistory":[{"status":2,"statusText":null,"statusChanged":"2026-02-05T11:55:00",
                     "eventUserPartyUuid":"019C2DA3-4240-741E-8381-9A5D0EFFF23B"}]})");
  REQUIRE(read.record);
  CHECK(
      write_migrate(*read.record, {}, true) ==
      R"({"created":"2018-07-02T09:15:00.0000004+01:00","IsMigrating":true,"makeAvailable":true,)"
      R"("correspondenceData":{"recipients":["r"],"correspondence":{"content":{"language":"nb",)"
      R"("messageTitle":"\"t\"","messageSummary":""},"propertyList":{"a\"":"b"}},"existingAttachments":[]},)"
      R"("eventHistory":[{"status":"Published","statusChanged":"2026-02-05T11:55:00",)"
      R"("eventUserPartyUuid":"019c2da3-4240-741e-8381-9a5d0efff23b"}],)"
      R"("notificationHistory":[],"forwardingHistory":[]})");
  CHECK(
      write_status_sync(Uuid{}, read.record->statuses) ==
      R"({"correspondenceId":"00000000-0000-0000-0000-000000000000","syncedStatusEvents":[{"status":"Published",)"
      R"("statusChanged":"2026-02-05T11:55:00","eventUserPartyUuid":"019c2da3-4240-741e-8381-9a5d0efff23b"}]})");
}

TEST_CASE("a bundle's parties know their URN, names and user names", "[2.7]") {
  Parser parser;
  const Document text(R"({"kind":"correspondence","correspondence":{},"now":"2026-02-05T12:00:00Z",
    "parties":{"019c2da3-4240-741e-8381-9a5d0efff23b":null,"00000000-4240-741e-8381-9a5d0efff23b":"urn:a"},
    "names":{"019c2da3-4240-741e-8381-9a5d0efff23b":"Kari"},"attachment_ids":{"7":"019c2da3-4240-741e-8381-9a5d0efff23b"}})");
  const auto bundle = read_correspondence_bundle(parser, text.view());
  REQUIRE(bundle);
  REQUIRE(bundle->parties.size() == 2);
  CHECK(bundle->parties[0].urn == "urn:a");
  CHECK_FALSE(bundle->parties[1].urn);
  CHECK(bundle->parties[1].name == "Kari");
  CHECK(bundle->attachment_ids[0].first == "7");
  CHECK(read_bundle_kind(parser, text.view()) == std::string("correspondence"));
  const Document bad(R"({"correspondence":{},"now":"2026-02-05T12:00:00Z","parties":{"14915734775":null}})");
  const auto problem = read_correspondence_bundle(parser, bad.view());
  REQUIRE_FALSE(problem);
  CHECK(problem.error().member == "bundle.parties");
}
