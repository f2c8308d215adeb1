#include "storage/truth.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace altinn_sim;
using namespace altinn_sim::storage;

namespace {

using Titles = std::vector<std::pair<std::string, std::string>>;

constexpr Ticks day_one = 20'000 * whole_day;

/// One app, one record of it, and a small world around them.
struct Case {
  Case()
      : world(small_world(1)) {
    app.id = "ttd/app";
    app.org = "ttd";
    app.titles = {{"nb", "Tittel"}, {"en", "Title"}};
    DataType form;
    form.id = "model";
    form.task_id = "Task_1";
    form.app_logic = true;
    app.data_types = {form};
    record.guid = random_guid(1, 2);
    record.application = &app;
    record.app_id = app.id;
    record.org = app.org;
    record.party = 50'000'000;
    record.created = day_one;
    record.last_changed = day_one + hour;
    record.process.present = record.process.has_task = true;
    record.process.task.element_id = "Task_1";
    record.process.task.type = "data";
    add("Created", 0);
  }

  Event& add(std::string type, Ticks after, std::int64_t user = 20'000'001) {
    auto& event = record.events.emplace_back();
    event.id = random_guid(10, record.events.size());
    event.type = std::move(type);
    event.created = day_one + after;
    event.user.user_id = user;
    return event;
  }

  Element& file(std::string type, Ticks after, std::string by = "20000001") {
    auto& element = record.elements.emplace_back();
    element.id = random_guid(20, record.elements.size());
    element.type = std::move(type);
    element.created = element.last_changed = day_one + after;
    element.last_changed_by = std::move(by);
    return element;
  }

  Truth truth() const { return truth_of(world, record); }

  World world;
  Application app;
  Record record;
};

std::string_view status_with(std::string task) {
  Case one;
  one.record.process.task.type = std::move(task);
  return one.truth().status;
}

} // namespace

TEST_CASE("The status follows from archive, confirmations, task and events", "[M-53][M-54]") {
  CHECK(status_with("data") == "Draft");
  CHECK(status_with("REJECT") == "RequiresAttention");
  CHECK(status_with("Feedback") == "Awaiting");
  CHECK(status_with("confirmation") == "InProgress");
  CHECK(status_with("signing") == "InProgress");
  CHECK(status_with("payment") == "Draft");
  Case one;
  one.record.archived = true;
  CHECK(one.truth().status == "Awaiting");
  CHECK(one.truth().system_label == "Archive");
  one.record.confirmations.push_back({"ttd", day_one});
  CHECK(one.truth().status == "Completed");
  one.app.switches.disable_mark_completed_when_confirmed = true;
  CHECK(one.truth().status == "Awaiting");
  one.app.switches.disable_sync_status = true;
  CHECK(one.truth().status == "NotApplicable");
}

TEST_CASE("Filled in by the owner, or sent back after feedback, is in progress", "[M-53]") {
  Case one;
  one.record.events.front().user.org_id = "ttd";
  CHECK(one.truth().status == "InProgress");
  Case other;
  other.add("Saved", minute).process.has_task = true;
  other.record.events.back().process.task.type = "Feedback";
  CHECK(other.truth().status == "InProgress");
  Case unasked; // events of other types are not in the answer
  unasked.add("process_EndTask", minute).process.has_task = true;
  unasked.record.events.back().process.task.type = "feedback";
  CHECK(unasked.truth().status == "Draft");
}

TEST_CASE("What opted out or is gone is excluded, what cannot be mapped fails", "[M-3][M-4][M-5][M-88]") {
  const auto verdict = [](auto change) {
    Case one;
    change(one);
    return one.truth().verdict;
  };
  CHECK(verdict([](Case&) {}) == Verdict::carried);
  CHECK(verdict([](Case& one) { one.app.switches.disable_sync = true; }) == Verdict::excluded);
  CHECK(verdict([](Case& one) { one.app.switches.disable_create = true; }) == Verdict::excluded);
  CHECK(verdict([](Case& one) { one.record.hard_deleted = one.record.soft_deleted = true; }) ==
        Verdict::excluded);
  CHECK(verdict([](Case& one) { one.record.set_data_value("dialog.disableAutomaticSync", " True "); }) ==
        Verdict::excluded);
  CHECK(verdict([](Case& one) { one.record.set_data_value("dialog.disableAutomaticSync", "ja"); }) ==
        Verdict::carried);
  CHECK(verdict([](Case& one) { one.app.switches.user_supplied_dialog_id = true; }) == Verdict::failed);
  CHECK(verdict([](Case& one) { one.record.party = 7; }) == Verdict::failed);
  CHECK(verdict([](Case& one) { one.app.titles.clear(); }) == Verdict::failed);
  CHECK(verdict([](Case& one) { one.record.application = nullptr; }) == Verdict::failed);
  CHECK(verdict([](Case& one) { one.add("Signed", minute).user.absent = true; }) == Verdict::carried);
  CHECK(verdict([](Case& one) { one.add("SubstatusUpdated", minute).user.absent = true; }) ==
        Verdict::carried);
  CHECK(verdict([](Case& one) { one.add("Signed", minute, 90'000'000); }) == Verdict::failed);
  CHECK(verdict([](Case& one) { one.add("Signed", minute, 90'000'000).user.end_user_system = 3; }) ==
        Verdict::carried);
}

TEST_CASE("An app that chooses its dialog ids gets the one it chose", "[M-4]") {
  Case one;
  one.app.switches.user_supplied_dialog_id = true;
  one.record.set_data_value("dialog.id", "01875006-aee9-7c51-a1ef-d33761ea0344");
  CHECK(guid_text(one.truth().id) == "01875006-aee9-7c51-a1ef-d33761ea0344");
  one.record.set_data_value("dialog.id", "01875006-aee9-4c51-a1ef-d33761ea0344");
  CHECK(one.truth().verdict == Verdict::excluded);
}

TEST_CASE("A soft-deleted instance becomes a deleted dialog, unless its app keeps dialogs", "[M-5][M-103]") {
  Case one;
  CHECK(!one.truth().deleted);
  one.record.soft_deleted = true;
  CHECK(one.truth().deleted);
  one.app.switches.disable_delete = true;
  CHECK(!one.truth().deleted);
}

TEST_CASE("Identity, times, party and label", "[M-40][M-50][M-57]") {
  Case one;
  const auto truth = one.truth();
  CHECK(truth.id == version_7(one.record.guid, one.record.created));
  CHECK(truth.created_at == day_one);
  CHECK(truth.updated_at == day_one + hour);
  CHECK(truth.label == "urn:altinn:integration:storage:50000000/" + guid_text(one.record.guid));
  CHECK(truth.service_resource == "urn:altinn:resource:app_ttd_app");
  CHECK(truth.party == identity_urn(*one.world.party(50'000'000)));
  one.record.last_changed = day_one - 5;
  CHECK(one.truth().updated_at == day_one);
}

TEST_CASE("Titles come from texts by the most specific key, each language alone, or else from the app",
          "[M-61][M-65]") {
  Case one;
  CHECK(one.truth().title == Titles{{"en", "Title"}, {"nb", "Tittel"}});
  one.app.texts = {{"nb", {{"dp.title", "alle"}, {"dp.title._any_.awaitinginitialuserinput", "venter"}}},
                   {"en", {{"dp.title.Task_1", " "}, {"dp.title", "all"}}}};
  CHECK(one.truth().title == Titles{{"en", "all"}, {"nb", "venter"}});
  one.app.texts[0].resources.emplace_back("dp.title.Task_1", "oppgave");
  CHECK(one.truth().title == Titles{{"en", "all"}, {"nb", "oppgave"}});
  one.app.texts[0].resources.emplace_back("dp.title.Task_1.awaitinginitialuserinput", "oppgave venter");
  one.app.texts.pop_back();
  CHECK(one.truth().title == Titles{{"nb", "oppgave venter"}});
}

TEST_CASE(
    "Presentation texts follow the title; regions and unknown languages are dropped, `no` stands for nb",
    "[M-63][M-67][D-14][OR-8]") {
  Case one;
  one.app.titles = {{"no", "Norsk"}, {"nb-NO", "Bokmål"}, {"xx", "?"}, {"EN", "English"}, {"nn", " "}};
  one.record.presentation_texts = {{"a", "first"}, {"b", " "}, {"c", "third"}};
  CHECK(one.truth().title == Titles{{"en", "English, first, third"}, {"nb", "Bokmål, first, third"}});
  one.app.titles.erase(one.app.titles.begin() + 1);
  CHECK(one.truth().title == Titles{{"en", "English, first, third"}, {"nb", "Norsk, first, third"}});
  one.app.titles = {{"nb", std::string(250, 'x')}};
  CHECK(one.truth().title.front().second == std::string(250, 'x') + ", ...");
}

TEST_CASE("Events become activities; runs of saves of one actor are one", "[M-110][M-111][M-113]") {
  Case one;
  one.add("Created", 1 * minute).about_data = true;
  one.add("Created", 2 * minute);
  one.add("Saved", 3 * minute);
  one.add("SubstatusUpdated", 4 * minute);
  one.add("Saved", 5 * minute);
  one.add("Saved", 6 * minute).user.org_id = "ttd";
  one.add("Saved", 7 * minute, 20'000'002);
  one.add("Deleted", 8 * minute).about_data = true;
  one.add("Saved", 9 * minute, 20'000'002);
  one.add("Submited", 10 * minute);
  one.add("Saved", 11 * minute, 20'000'002);
  one.add("Deleted", 12 * minute);
  one.add("Undeleted", 13 * minute);
  CHECK(one.truth().activities == 7);
  one.app.switches.disable_add_activities = true;
  CHECK(one.truth().activities == 0);
  CHECK(one.truth().transmissions == 1);
}

TEST_CASE("An event without anybody who acted becomes no activity, and the record is carried", "[OR-12]") {
  Case one;
  const auto before = one.truth().activities;
  one.add("Signed", minute).user.absent = true;
  one.add("Signed", 2 * minute, 0);
  CHECK(one.truth().verdict == Verdict::carried);
  CHECK(one.truth().activities == before);
}

TEST_CASE("Files go with the submission they were there for, the owner's and late ones stay on the dialog",
          "[M-85][M-87][D-7]") {
  Case one;
  one.file("model", 1 * minute);
  one.file("vedlegg", 10 * minute);
  one.file("vedlegg", 10 * minute + 1);
  one.file("vedlegg", 2 * minute, "312345678");
  one.file("ref-data-as-pdf", 11 * minute).generated_from = "Task_1";
  one.file("ref-data-as-pdf", 12 * minute);
  one.add("Submited", 10 * minute);
  const auto truth = one.truth();
  CHECK(truth.transmissions == 1);
  CHECK(truth.transmission_attachments == 4); // form, attachment, both receipts, whatever their time
  CHECK(truth.attachments == 2);              // the late one, the owner's
  one.app.switches.disable_sync_attachments = true;
  CHECK(one.truth().attachments == 0);
  CHECK(one.truth().transmission_attachments == 4);
  one.app.switches = {};
  one.app.switches.disable_add_transmissions = true;
  CHECK(one.truth().transmissions == 0);
  CHECK(one.truth().attachments == 4);
  one.record.archived = true; // then the receipts have no other place
  CHECK(one.truth().attachments == 6);
  one.record.elements.front().hard_deleted = true;
  CHECK(one.truth().attachments == 5);
}

TEST_CASE("What a system user changed in its owner's number is a user's file", "[D-7]") {
  Case one;
  one.file("vedlegg", 2 * minute, "312345678");
  one.add("Submited", 10 * minute);
  CHECK(one.truth().transmission_attachments == 0);
  one.add("Saved", minute).user.system_user_owner = "312345678";
  CHECK(one.truth().transmission_attachments == 1);
}

TEST_CASE("A receipt whose source is gone counts by its own time and blocks nothing", "[M-81][D-7]") {
  Case one;
  one.file("ref-data-as-pdf", 1 * minute).generated_from = "Task_1";
  one.file("vedlegg", 2 * minute);
  one.add("Submited", 3 * minute);
  CHECK(one.truth().transmission_attachments == 2);
  one.add("Submited", 2 * hour);
  CHECK(one.truth().transmission_attachments == 2);
}
