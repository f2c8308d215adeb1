#include <dialogferry/codec/application.hpp>
#include <dialogferry/codec/cloud_event.hpp>
#include <dialogferry/codec/events.hpp>
#include <dialogferry/codec/instance.hpp>
#include <dialogferry/codec/parties.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using codec::Document;
using codec::Parser;

TEST_CASE("members may be spelled in any case: of events") {
  Parser parser;
  const Document body(R"({"InstanceEvents":[{"ID":"x","EventType":"Saved","Created":"2025-06-18T08:54:53Z",
      "User":{"enduserSystemId":7,"USERID":8,"systemuserownerorgno":"310912409"}}]})");
  const auto events = codec::read_events(parser, body.view());
  REQUIRE(events);
  const auto& event = events->list[0];
  CHECK(event.type == "Saved");
  CHECK(event.user->end_user_system_id == 7);
  CHECK(event.user->user_id == 8);
  CHECK(event.user->system_user_owner_org_no == "310912409");
}

TEST_CASE("members may be spelled in any case: of instances, but not the keys of maps") {
  Parser parser;
  const Document body(R"({"Id":"50001/0dbc1da6-f744-4fff-83bc-131e7988a1bb","AppId":"ttd/form","Org":"ttd",
      "Created":"2025-06-18T08:54:53Z","LASTCHANGED":"2025-06-19T10:00:00+00:00",
      "Status":{"ISARCHIVED":true},"DataValues":{"a2ArchRef":"x"},
      "Data":[{"Id":"e","DeleteStatus":{"IsHardDeleted":true}}]})");
  const auto instance = codec::read_instance(parser, body.view());
  REQUIRE(instance);
  CHECK(instance->status.is_archived);
  CHECK(instance->last_changed == parse_instant("2025-06-19T10:00:00Z"));
  CHECK(instance->data->front().is_hard_deleted);
  CHECK(instance->has_data_value("a2ArchRef"));
  CHECK_FALSE(instance->has_data_value("A2ArchRef"));
}

TEST_CASE("members may be spelled in any case: of applications, parties and cloud events") {
  Parser parser;
  const Document application(
      R"({"ID":"ttd/form","MessageBoxConfig":{"SyncAdapterSettings":{"DISABLESYNC":true}}})");
  CHECK(codec::read_application(parser, application.view())->switches.disable_sync);
  const Document parties(R"({"Data":[{"PartyID":5,"ExternalURN":"urn:x"}]})");
  CHECK(codec::read_parties(parser, parties.view())->front().urn == "urn:x");
  const Document event(R"({"SpecVersion":"1.0","Id":"1","Source":"s","Type":"t"})");
  CHECK(codec::read_cloud_events(parser, event.view()));
}

TEST_CASE("a name that only looks alike is another member") {
  Parser parser;
  const Document body(
      R"({"instanceEvents":[{"eventType":"Saved","event_ype":"x","eventTypes":"y","eventTyp":"z"}]})");
  CHECK(codec::read_events(parser, body.view())->list[0].type == "Saved");
}

TEST_CASE("times of imports are read as UTC, with an offset, Z or no zone (held already)", "[OS-7]") {
  Parser parser;
  const Document body(R"({"id":"50001/0dbc1da6-f744-4fff-83bc-131e7988a1bb","appId":"ttd/form",
      "created":"2015-06-04T08:55:00","lastChanged":"2015-06-04T09:00:00.123457Z",
      "data":[{"created":"2015-06-04T08:55:00+00:00"},{"created":"2015-06-04T10:55:00+02:00"}]})");
  const auto instance = codec::read_instance(parser, body.view());
  REQUIRE(instance);
  const auto time = parse_instant("2015-06-04T08:55:00Z");
  CHECK(instance->created == time);
  CHECK((*instance->data)[0].created == time);
  CHECK((*instance->data)[1].created == time);
}
