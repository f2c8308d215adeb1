#include <dialogferry/codec/cloud_event.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using codec::read_cloud_events;

namespace {

Result<codec::CloudEvents> read_all(std::string text) {
  codec::Parser parser;
  const codec::Document body(std::move(text));
  return read_cloud_events(parser, body.view());
}

Result<std::vector<codec::CloudEvent>> read(std::string text) {
  auto all = read_all(std::move(text));
  if (!all) return tl::unexpected(all.error());
  CHECK(all->broken == 0);
  return std::move(all->events);
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
      {"[" + of_instance + "", "body"},
  }));
  CAPTURE(text);
  const auto events = read(text);
  REQUIRE_FALSE(events);
  CHECK(events.error().member == member);
  CHECK_FALSE(events.error().message.empty());
}

TEST_CASE("a broken entry of a batch is named with what is allowed, and hinders no other",
          "[events][OR-11]") {
  const auto [entry, member] = GENERATE(table<std::string, std::string>({
      {R"({"specversion":"1.0","id":"1","source":"a"})", "[1].type"},
      {R"({"id":{"a":[1,{"b":2}]},"specversion":"1.0","source":"a"})", "[1].id"},
      {R"({"specversion":"1.0","id":"\x","source":"a","type":"t"})", "[1].id"},
      {"null", "[1].specversion"},
      {"17", "[1]"},
      {R"("text")", "[1]"},
      {"[[]]", "[1]"},
      {"{}", "[1].specversion"},
  }));
  CAPTURE(entry);
  const auto all = read_all("[" + of_instance + "," + entry + "," + of_instance + "]");
  REQUIRE(all);
  CHECK(all->events.size() == 2);
  CHECK(all->broken == 1);
  REQUIRE(all->problems.size() == 1);
  CHECK(all->problems[0].member == member);
  CHECK_FALSE(all->problems[0].message.empty());
}

TEST_CASE("of many broken entries the first are named, the rest counted", "[events][OR-11]") {
  std::string text = "[0";
  for (int i = 1; i < 10'000; ++i)
    text += ",0";
  const auto all = read_all(text + "]");
  REQUIRE(all);
  CHECK(all->broken == 10'000);
  CHECK(all->problems.size() == codec::CloudEvents::most_problems);
}

TEST_CASE("a party id is without leading zeros, and 0 where the number is none", "[events][OE-6]") {
  const std::string guid = "0dbc1da6-f744-4fff-83bc-131e7988a1bb";
  const auto party = [&](const std::string& given) {
    return read(event("https://x/ttd/form/instances/" + given + "/" + guid))->at(0).record_id;
  };
  CHECK(party("0050031067") == "50031067/" + guid);
  CHECK(party("2147483647") == "2147483647/" + guid);
  CHECK(party("2147483648") == "0/" + guid);
  CHECK(party("00050031067") == "50031067/" + guid);
  CHECK(party("01017012345") == "0/" + guid);
  CHECK(party("31129912345") == "0/" + guid);
  CHECK(party("000") == "0/" + guid);
  CHECK(party(std::string(40, '9')) == "0/" + guid);
}

TEST_CASE("attributes make an event without any JSON", "[events][OR-11]") {
  const auto event = codec::make_cloud_event(
      {"1.0", "e1", "https://x/ttd/form/instances/50001/0dbc1da6-f744-4fff-83bc-131e7988a1bb", "t", {}});
  REQUIRE(event);
  CHECK(event->record_id == "50001/0dbc1da6-f744-4fff-83bc-131e7988a1bb");
  CHECK(codec::make_cloud_event({"1.0", "e1", "", "t", {}}).error().member == "source");
}
