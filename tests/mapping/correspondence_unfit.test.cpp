#include "messages.hpp"

#include <catch2/catch.hpp>

using namespace messages;

namespace {

const std::string data = "/correspondence/correspondenceData";
const std::string base = data + "/correspondence";

/// The record with one member changed: which member its problem names.
template <class T>
std::string with(const std::string& pointer, const T& value) {
  auto changed = bundle();
  set(changed, pointer, value);
  return problem_of(changed);
}

std::string repeated(const std::string& text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i)
    out += text;
  return out;
}

bool names(const std::string& problem, const std::string& member) {
  return problem.find(member) != std::string::npos;
}

/// The body of M2 that was seen, as a record.
json::value seen(const std::string& name) {
  auto changed = bundle();
  auto record = observed(name).at("input");
  for (const auto* member : {"IsMigrating", "makeAvailable"})
    record.as_object().erase(member);
  set(changed, "/correspondence", record);
  return changed;
}

} // namespace

TEST_CASE("lengths are counted in UTF-16 units", "[OC-10]") {
  CHECK(names(problem_of(seen("m2-lengths-are-utf16")), "content.messageTitle"));
  CHECK(with(base + "/content/messageTitle", repeated("å", 255)).empty());
  CHECK(with(base + "/content/messageTitle", repeated("😀", 127)).empty());
  CHECK(names(with(base + "/content/messageBody", repeated("😀", 15'001)), "messageBody"));
  CHECK(with(base + "/content/messageBody", repeated("😀", 15'000)).empty());
  CHECK(names(with(base + "/content/messageSummary", repeated("😀", 128)), "messageSummary"));
  CHECK(names(with(base + "/messageSender", repeated("😀", 128)), "messageSender"));
  CHECK(names(with(base + "/propertyList", json::object{{"k", repeated("😀", 151)}}), "propertyList"));
  CHECK(names(with(base + "/propertyList", json::object{{repeated("k", 51), "v"}}), "propertyList"));
  CHECK(names(with(base + "/sendersReference", repeated("r", 4097)), "sendersReference"));
}

TEST_CASE("texts of white space are none", "[OC-11]") {
  CHECK(names(problem_of(seen("m2-blank-texts")), "content.messageBody"));
  for (const auto* member :
       {"/sendersReference", "/resourceId", "/content/messageTitle", "/content/messageBody"})
    CHECK(names(with(base + member, " \u00A0\t"), std::string(member).substr(1, 7)));
  CHECK(with(base + "/content/messageTitle", "\u200B").empty());
}

TEST_CASE("references to transmissions are those that Correspondence knows", "[OC-11]") {
  CHECK(names(problem_of(seen("m2-transmission-type")), "externalReferences[0].referenceValue"));
  const auto type = [](const char* value) {
    return json::array{
        json::object{{"referenceType", "DialogportenTransmissionType"}, {"referenceValue", value}}};
  };
  CHECK(with(base + "/externalReferences", type("Decision")).empty());
  CHECK(names(with(base + "/externalReferences",
                   json::array{json::object{{"referenceType", 5}, {"referenceValue", "x"}}}),
              "referenceType"));
  CHECK(names(with(base + "/externalReferences", json::array{json::object{{"referenceType", "Other"}}}),
              "referenceType"));
}

TEST_CASE("times have the forms that Correspondence binds", "[OC-11][OC-14]") {
  for (const auto* time : {"2023-11-06t08:12:44Z", "2023-11-06T08:12:44z", "2023-11-06 08:12:44Z",
                           "2023-11-06T08:12:44+0100", "2023-11-06T08:12:44+14:01", "2023-11-06T24:00:00Z",
                           "2023-11-06T08:12:60Z", "0001-01-01T00:00:00+01:00", "06.11.2023", ""}) {
    CAPTURE(time);
    CHECK(with("/correspondence/created", time) == "correspondence.created");
  }
  for (const auto* time :
       {"2021-09-01T08:12:44", "2021-09-01T08:12:44+14:00", "2021-09-01T08:12:44.1234567890Z"})
    CHECK(with("/correspondence/created", time).empty());
  auto dated = bundle();
  set(dated, "/correspondence/created", "2021-09-01");
  CHECK(answer_to(dated).at("dialog").at("createdAt") == "2021-09-01T00:00:00Z");
  set(dated, "/correspondence/created", "2021-09-01T08:00:00");
  CHECK(answer_to(dated).at("dialog").at("createdAt") == "2021-09-01T08:00:00Z");
}

TEST_CASE("null counts as absent: what must be there is missing, the rest is left out", "[OC-11]") {
  for (const auto* member : {"/correspondence/created", "/correspondence/partyId",
                             "/correspondence/altinn2CorrespondenceId", "/correspondence/correspondenceData"})
    CHECK(with(member, nullptr) == "correspondence." + std::string(member).substr(16));
  for (const auto* member : {"/isConfirmationNeeded", "/isConfidential", "/replyOptions", "/dueDateTime"}) {
    auto changed = bundle();
    set(changed, base + member, nullptr);
    CHECK_FALSE(json::serialize(answer_to(changed).at("migrate")).find("null") != std::string::npos);
  }
  const json::object event{{"forwardedOnDate", "2022-01-01T00:00:00Z"}, {"forwardedByPartyUuid", nullptr}};
  CHECK(names(with("/correspondence/forwardingHistory", json::array{event}), "[0].forwardedByPartyUuid"));
}

TEST_CASE("a mailbox is an organisation's URN or 0192: and its number", "[OC-11]") {
  const auto mailbox = [](const char* supplier) {
    return json::array{json::object{{"forwardedOnDate", "2022-01-01T00:00:00Z"},
                                    {"forwardedByPartyUuid", reader},
                                    {"mailboxSupplier", supplier}}};
  };
  for (const auto* supplier : {"", "984661185", "0192:98466118", "Digipost"})
    CHECK(names(with("/correspondence/forwardingHistory", mailbox(supplier)), "[0].mailboxSupplier"));
  CHECK(with("/correspondence/forwardingHistory", mailbox("0192:984661185")).empty());
}

TEST_CASE("the character U+0000 is found in every text", "[OC-12]") {
  CHECK(names(problem_of(seen("m2-nul-character")), "content.messageTitle"));
  const std::string nul("a\0b", 3);
  for (const auto* member : {"/content/messageTitle", "/content/messageSummary", "/content/messageBody",
                             "/messageSender", "/sendersReference"})
    CHECK_FALSE(with(base + member, nul).empty());
  CHECK_FALSE(with(base + "/propertyList", json::object{{"k", nul}}).empty());
  CHECK_FALSE(with(base + "/replyOptions", json::array{json::object{{"linkURL", nul}}}).empty());
  CHECK_FALSE(with(data + "/recipients", json::array{"310555002", nul}).empty());
  auto event = status("Read", "2022-01-01T00:00:00Z", reader);
  event["statusText"] = nul;
  CHECK(with("/correspondence/eventHistory", json::array{event}) ==
        "correspondence.eventHistory[0].statusText");
  CHECK_FALSE(
      with("/correspondence/attachments", json::array{json::object{{"altinn2AttachmentId", "1"},
                                                                   {"created", "2022-01-01T00:00:00Z"},
                                                                   {"senderPartyUuid", reader},
                                                                   {"size", 1},
                                                                   {"fileName", nul}}})
          .empty());
}

TEST_CASE("a null inside a list, or as a property's value, is found", "[OC-12]") {
  CHECK(names(problem_of(seen("m2-null-inside-lists")), "propertyList"));
  CHECK(names(with(data + "/recipients", json::array{nullptr}), "recipients"));
  CHECK(names(with("/correspondence/eventHistory", json::array{nullptr}), "eventHistory[0]"));
  CHECK(names(with("/correspondence/notificationHistory", json::array{nullptr}), "notificationHistory[0]"));
  CHECK(names(with(base + "/replyOptions", json::array{nullptr}), "replyOptions[0]"));
  CHECK(names(with("/correspondence/attachments", json::array{nullptr}), "attachments[0]"));
}

TEST_CASE("what Correspondence takes though it is odd is taken", "[2.1]") {
  CHECK(with("/correspondence/altinn2CorrespondenceId", "123").empty());
  CHECK(with(base + "/replyOptions", json::array{json::object{{"linkURL", ""}}}).empty());
  auto event = status("4", "2022-01-01T00:00:00Z", reader);
  CHECK(with("/correspondence/eventHistory", json::array{event}).empty());
  event.erase("status");
  CHECK(with("/correspondence/eventHistory", json::array{event}).empty());
  CHECK(with("/correspondence/somethingElse", json::array{nullptr}).empty());
}

TEST_CASE("no problem holds a person's number, name or address", "[OR-13]") {
  const std::string person = "urn:altinn:person:identifier-no:14915734775";
  auto changed = bundle();
  set(changed, data + "/recipients", json::array{"urn:altinn:partyid:14915734775"});
  CHECK(json::serialize(answer_to(changed).at("problem")).find("14915734775") == std::string::npos);
  set(changed, base + "/propertyList", json::object{{"14915734775", nullptr}});
  CHECK(json::serialize(answer_to(changed).at("problem")).find("14915734775") == std::string::npos);
  set(changed, base + "/propertyList", json::object{{"14915734775", 5}});
  CHECK(json::serialize(answer_to(changed).at("problem")).find("14915734775") == std::string::npos);
}
