#include <dialogferry/codec/application.hpp>
#include <dialogferry/codec/events.hpp>
#include <dialogferry/codec/instance.hpp>
#include <dialogferry/codec/parties.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::codec;

namespace {

constexpr std::string_view head =
    R"({"id":"50001/0dbc1da6-f744-4fff-83bc-131e7988a1bb","appId":"ttd/form","org":"ttd",)"
    R"("created":"2025-06-18T08:54:53.623376Z","lastChanged":"2025-06-19T10:00:00Z")";

/// An instance with these members besides the needed ones.
Document instance_with(std::string_view members) {
  return Document(std::string(head) + (members.empty() ? "" : ",") + std::string(members) + "}");
}

Problem problem_of(std::string_view members) {
  Parser parser;
  const auto document = instance_with(members);
  const auto instance = read_instance(parser, document.view());
  REQUIRE_FALSE(instance);
  return instance.error();
}

} // namespace

TEST_CASE("an instance with the least it must have") {
  Parser parser;
  const auto document = instance_with("");
  const auto instance = read_instance(parser, document.view());
  REQUIRE(instance);
  CHECK(instance->party_id == "50001");
  CHECK(to_string(instance->guid) == "0dbc1da6-f744-4fff-83bc-131e7988a1bb");
  CHECK_FALSE(instance->status.is_archived);
  CHECK_FALSE(instance->task);
  CHECK_FALSE(instance->data);
  CHECK_FALSE(instance->owner_party_id);
  CHECK_FALSE(instance->confirmed);
}

TEST_CASE("every member that mapping needs is read, whatever their order") {
  Parser parser;
  const auto document = instance_with(
      R"("data":[{"references":[{"valueType":"Task","relation":"GeneratedFrom","value":"Task_1"},{}],)"
      R"("selfLinks":{"platform":"https://x/\u00e6"},"id":"d1","dataType":"model","filename":"a\"b.pdf",)"
      R"("contentType":"application/pdf","created":"2025-06-18T09:00:00+02:00","lastChangedBy":"123456789"},{}],)"
      R"("status":{"substatus":{"label":"l","description":null},"isArchived":true,"isSoftDeleted":false},)"
      R"("process":{"currentTask":{"elementId":"","altinnTaskType":"data"}},)"
      R"("completeConfirmations":[{"stakeholderId":"ttd"}],"instanceOwner":{"partyId":"50001"},)"
      R"("presentationTexts":{"b":"two","a":"one"},"dataValues":{"A2ArchRef":"","x":null},)"
      R"("dueBefore":"2026-01-01T00:00:00Z","visibleAfter":null)");
  const auto instance = read_instance(parser, document.view());
  REQUIRE(instance);
  REQUIRE(instance->data->size() == 2);
  const auto& element = (*instance->data)[0];
  CHECK(element.id == "d1");
  CHECK(element.data_type == "model");
  CHECK(element.filename == "a\"b.pdf");
  CHECK(element.platform_link == "https://x/æ");
  CHECK(element.created == parse_instant("2025-06-18T07:00:00Z"));
  CHECK(element.last_changed_by == "123456789");
  REQUIRE(element.references.size() == 2);
  CHECK(element.references[0].value == "Task_1");
  CHECK_FALSE(element.references[1].value);
  CHECK_FALSE((*instance->data)[1].has_links);
  CHECK(instance->status.is_archived);
  CHECK(instance->status.substatus_label == "l");
  CHECK_FALSE(instance->status.substatus_description);
  CHECK(instance->task->element_id == "");
  CHECK(instance->confirmed);
  CHECK(instance->owner_party_id == "50001");
  CHECK(instance->presentation_texts[0].value == "two");
  CHECK(instance->data_value("A2ArchRef") == "");
  CHECK(instance->has_data_value("x"));
  CHECK_FALSE(instance->data_value("x"));
  CHECK_FALSE(instance->has_data_value("y"));
  CHECK(instance->due_before == parse_instant("2026-01-01T00:00:00Z"));
  CHECK_FALSE(instance->visible_after);
}

TEST_CASE("a decoded instance outlives its parser and survives a move") {
  const auto document = instance_with(R"("presentationTexts":{"a":"esc\taped"})");
  auto moved = [&] {
    Parser parser;
    return std::move(*read_instance(parser, document.view()));
  }();
  CHECK(moved.presentation_texts[0].value == "esc\taped");
}

TEST_CASE("what is missing or wrong is named by its path") {
  CHECK(problem_of(R"("status":17)").member == "instance.status");
  CHECK(problem_of(R"("status":{"isArchived":"yes"})").member == "instance.status.isArchived");
  CHECK(problem_of(R"("status":{"substatus":{"label":1}})").member == "instance.status.substatus.label");
  CHECK(problem_of(R"("data":[{},{"created":"x"}])").member == "instance.data[1].created");
  CHECK(problem_of(R"("data":[{"references":[{},{"relation":1}]}])").member ==
        "instance.data[0].references[1].relation");
  CHECK(problem_of(R"("data":[{"selfLinks":{"platform":[]}}])").member ==
        "instance.data[0].selfLinks.platform");
  CHECK(problem_of(R"("data":[17])").member == "instance.data[0]");
  CHECK(problem_of(R"("presentationTexts":{"a":{}})").member == "instance.presentationTexts.a");
  CHECK(problem_of(R"("dueBefore":"soon")").message == "must be a date and time");
  CHECK(problem_of(R"("org":"\uD83D")").message == "holds a broken escape");
  CHECK(problem_of(R"("dueBefore":nope)").member == "instance.dueBefore");
  CHECK(problem_of(R"("data":nope)").message == "is broken JSON");
}

TEST_CASE("an instance needs its id, its app and the time it was made") {
  const auto member = GENERATE(as<std::string>{}, "id", "appId", "created");
  std::string text(head);
  const auto at = text.find('"' + member + '"');
  text.replace(at + 1, member.size(), std::string(member.size(), 'x'));
  Parser parser;
  const Document document(text + "}");
  const auto instance = read_instance(parser, document.view());
  REQUIRE_FALSE(instance);
  CHECK(instance.error() == Problem{"instance." + member, "is missing", ""});
}

TEST_CASE("broken JSON is refused") {
  const auto text =
      GENERATE(as<std::string>{}, "", "{", "[]", "17", R"({"id":)", R"({"id":"x")", "{\"id\":\"\x01\"}");
  Parser parser;
  const Document document(text);
  CHECK_FALSE(read_instance(parser, document.view()));
}

TEST_CASE("events are read from the answer and from a bare list") {
  const std::string list =
      R"([{"id":"e1","created":"2025-06-18T09:00:00Z","eventType":"Saved","dataId":"d","user":{"userId":17,)"
      R"("nationalIdentityNumber":"x"},"processInfo":{"currentTask":{"altinnTaskType":"feedback"}}},)"
      R"({"eventType":"13","user":null,"dataId":null},)"
      R"({"user":{"endUserSystemId":5,"orgId":"ttd","systemUserOwnerOrgNo":"310"}}])";
  const bool bare = GENERATE(true, false);
  const Document document(bare ? list : R"({"instanceEvents":)" + list + "}");
  Parser parser;
  const auto events = read_events(parser, document.view());
  REQUIRE(events);
  REQUIRE(events->list.size() == 3);
  CHECK(events->list[0].about_element);
  CHECK(events->list[0].user->user_id == 17);
  CHECK(events->list[0].task_type == "feedback");
  CHECK(events->list[1].type == "13");
  CHECK_FALSE(events->list[1].user);
  CHECK_FALSE(events->list[1].about_element);
  CHECK(events->list[2].user->end_user_system_id == 5);
  CHECK(events->list[2].user->org_id == "ttd");
  CHECK(events->list[2].user->system_user_owner_org_no == "310");
}

TEST_CASE("a number given as text fails the read, and so do events that are not there") {
  Parser parser;
  const Document text(R"({"instanceEvents":[{},{"user":{"userId":"17"}}]})");
  CHECK(read_events(parser, text.view()).error() ==
        Problem{"events[1].user.userId", "must be a whole number", ""});
  const Document empty("{}");
  CHECK(read_events(parser, empty.view()).error().member == "events.instanceEvents");
}

TEST_CASE("an application's switches and data types are read") {
  Parser parser;
  const Document document(
      R"({"id":"ttd/form","title":{"nb":"T","en":null},"copyInstanceSettings":{"enabled":true},)"
      R"("messageBoxConfig":{"hideSettings":{"hideAlways":false,"hideOnTask":["Task_1"]},)"
      R"("syncAdapterSettings":{"disableSync":true,"disableAddActivities":true,"unheardOf":1}},)"
      R"("dataTypes":[{"id":"a","appLogic":{},"taskId":"Task_1","grouping":"g"},)"
      R"({"id":"b","allowedContributors":["endUser","app:owned"],"enablePdfCreation":false},)"
      R"({"id":"c","allowedContributers":["app:owned"],"appLogic":null}]})");
  const auto application = read_application(parser, document.view());
  REQUIRE(application);
  CHECK(application->title->size() == 2);
  CHECK(application->copy_enabled);
  CHECK(application->hide_on_task[0] == "Task_1");
  CHECK(application->switches.disable_sync);
  CHECK(application->switches.disable_add_activities);
  CHECK_FALSE(application->switches.disable_create);
  REQUIRE(application->data_types.size() == 3);
  CHECK(application->data_types[0].has_app_logic);
  CHECK(application->data_types[0].enable_pdf_creation);
  CHECK(application->data_types[1].app_owned);
  CHECK_FALSE(application->data_types[1].enable_pdf_creation);
  CHECK(application->data_types[2].app_owned);
  CHECK_FALSE(application->data_types[2].has_app_logic);
}

TEST_CASE("texts carry their own language, and entries without an id are left out") {
  Parser parser;
  const Document document(
      R"({"language":"nb","resources":[{"id":"a","value":"A"},{"id":null,"value":"B"},{"value":"C","id":"c"}]})");
  const auto texts = read_texts(parser, document.view());
  REQUIRE(texts);
  CHECK(texts->language == "nb");
  REQUIRE(texts->resources.size() == 2);
  CHECK(texts->resources[1].value == "C");
}

TEST_CASE("Register's rows become URNs, the first rule that applies counts", "[M-50]") {
  Parser parser;
  const Document document(
      R"({"data":[{"partyId":1,"externalUrn":"urn:x","personIdentifier":"9","displayName":"n"},)"
      R"({"partyId":2,"personIdentifier":"9","organizationIdentifier":"8"},)"
      R"({"partyId":3,"organizationIdentifier":"8","displayName":"n"},)"
      R"({"user":{"userId":17,"userIds":[17,18]},"partyType":"self-identified-user","displayName":"n"},)"
      R"({"externalUrn":"","displayName":"n"}]})");
  const auto parties = read_parties(parser, document.view());
  REQUIRE(parties);
  REQUIRE(parties->size() == 5);
  CHECK((*parties)[0].urn == "urn:x");
  CHECK((*parties)[0].party_id == 1);
  CHECK((*parties)[1].urn == "urn:altinn:person:identifier-no:9");
  CHECK((*parties)[2].urn == "urn:altinn:organization:identifier-no:8");
  CHECK((*parties)[3].urn == "urn:altinn:person:legacy-selfidentified:n");
  CHECK((*parties)[3].user_ids == std::vector<std::int64_t>{17, 17, 18});
  CHECK((*parties)[4].urn == "urn:altinn:displayName:n");
}

TEST_CASE("Register answering with null is a failure, an empty list and a row that names nobody are not",
          "[M-51]") {
  Parser parser;
  const Document null(R"({"data":null})");
  CHECK(read_parties(parser, null.view()).error() == Problem{"parties.data", "is missing", ""});
  const Document nobody(R"({"data":[{"partyId":1}]})");
  CHECK(read_parties(parser, nobody.view())->front().urn.empty());
  const Document empty(R"({"data":[]})");
  CHECK(read_parties(parser, empty.view())->empty());
}
