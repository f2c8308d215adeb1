#include <dialogferry/codec/cloud_event.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using codec::read_cloud_events;

namespace {

Result<std::vector<codec::CloudEvent>> read(std::string text) {
  codec::Parser parser;
  const codec::Document body(std::move(text));
  return read_cloud_events(parser, body.view());
}

std::string event(std::string_view source, std::string_view rest = {}) {
  return R"({"specversion":"1.0","id":"e1","type":"app.instance.created","source":")" + std::string(source) +
         '"' + std::string(rest) + '}';
}

const std::string of_instance =
    event("https://ttd.apps.altinn.no/ttd/form/instances/50001/0DBC1DA6-f744-4fff-83bc-131e7988a1bb");

} // namespace

TEST_CASE("an app's event names its instance by its source, whatever the case of the guid", "[events]") {
  const auto events = read(of_instance);
  REQUIRE(events);
  REQUIRE(events->size() == 1);
  const auto& event = events->front();
  CHECK(event.id == "e1");
  CHECK(event.type == "app.instance.created");
  CHECK(event.record_id == "50001/0dbc1da6-f744-4fff-83bc-131e7988a1bb");
  CHECK_FALSE(event.validates_subscription());
}

TEST_CASE("resourceinstance goes before the source, unless it names no instance", "[events]") {
  const auto by = [](std::string_view instance) {
    const auto events = read(event("https://x/ttd/form/instances/50001/0dbc1da6-f744-4fff-83bc-131e7988a1bb",
                                   R"(,"resourceinstance":)" + std::string(instance)));
    REQUIRE(events);
    return events->at(0).record_id;
  };
  CHECK(by(R"("50002/4EF9D179-2d4b-403f-9fcc-6f7cd619f12e")") ==
        "50002/4ef9d179-2d4b-403f-9fcc-6f7cd619f12e");
  CHECK(by(R"("50002\/4ef9d179-2d4b-403f-9fcc-6f7cd619f12e")") ==
        "50002/4ef9d179-2d4b-403f-9fcc-6f7cd619f12e");
  CHECK(by(R"("something else")") == "50001/0dbc1da6-f744-4fff-83bc-131e7988a1bb");
  CHECK(by("null") == "50001/0dbc1da6-f744-4fff-83bc-131e7988a1bb");
}

TEST_CASE("a source names an instance or does not", "[events]") {
  const auto named = [](std::string_view source) {
    const auto events = read(event(source));
    REQUIRE(events);
    return events->at(0).record_id;
  };
  const std::string guid = "0dbc1da6-f744-4fff-83bc-131e7988a1bb";
  CHECK(named("https://x/ttd/instances/instances/50001/" + guid) == "50001/" + guid);
  CHECK(named("https://x/ttd/form/instances/50001/" + guid + "/data/7") == "50001/" + guid);
  CHECK(named("https://x/ttd/form/instances/50001/" + guid + "?x=/instances/5/6") == "50001/" + guid);
  CHECK_FALSE(named("https://x/ttd/form/instances/50001"));
  CHECK_FALSE(named("https://x/ttd/form/instances/"));
  CHECK_FALSE(named("https://x/ttd/form/instances/org/" + guid));
  CHECK_FALSE(named("https://x/ttd/form/instances//" + guid));
  CHECK_FALSE(named("https://x/ttd/form/instances/50001/" + guid + "0"));
  CHECK_FALSE(named("urn:altinn:resource:app_ttd_form"));
}

TEST_CASE("a batch is read in its order, unknown members and data are passed by", "[events]") {
  const auto events =
      read(" [" + event("urn:a", R"(,"data":{"id":[1,{"type":2}]},"time":"2025-01-01T00:00:00Z")") + ", " +
           of_instance + "]");
  REQUIRE(events);
  REQUIRE(events->size() == 2);
  CHECK(events->at(0).source == "urn:a");
  CHECK_FALSE(events->at(0).record_id);
  CHECK(events->at(1).record_id);
  REQUIRE(read("[]"));
  CHECK(read("[]")->empty());
}

TEST_CASE("the check of a subscription is known by its type, without subject and time", "[events]") {
  const auto events = read(R"({"id":"1","source":"https://p/events/api/v1/subscriptions/7",)"
                           R"("type":"platform.events.validatesubscription","specversion":"1.0"})");
  REQUIRE(events);
  CHECK(events->at(0).validates_subscription());
  CHECK_FALSE(events->at(0).record_id);
}

TEST_CASE("what is no CloudEvent is refused with the member that breaks it", "[events]") {
  const auto [text, member] = GENERATE_COPY(table<std::string, std::string>({
      {"", "body"},
      {"nonsense", "body"},
      {"17", "body"},
      {"null", "body"},
      {of_instance + "x", "body"},
      {R"({"id":"1","source":"a","type":"t"})", "specversion"},
      {R"({"specversion":"0.3","id":"1","source":"a","type":"t"})", "specversion"},
      {R"({"specversion":1.0,"id":"1","source":"a","type":"t"})", "specversion"},
      {R"({"specversion":"1.0","source":"a","type":"t"})", "id"},
      {R"({"specversion":"1.0","id":"","source":"a","type":"t"})", "id"},
      {R"({"specversion":"1.0","id":"1","source":null,"type":"t"})", "source"},
      {R"({"specversion":"1.0","id":"1","source":"a"})", "type"},
      {R"({"specversion":"1.0","id":"1","source":"a","type":["t"]})", "type"},
      {"[" + of_instance + "," + of_instance + "," + of_instance +
           R"(,{"specversion":"1.0","id":"1","source":"a"}])",
       "[3].type"},
      {"[" + of_instance + ",null]", "[1].specversion"},
      {"[17]", "[0]"},
      {"[" + of_instance + "", "body"},
  }));
  CAPTURE(text);
  const auto events = read(text);
  REQUIRE_FALSE(events);
  CHECK(events.error().member == member);
  CHECK_FALSE(events.error().message.empty());
}
