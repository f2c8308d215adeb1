#include "golden.hpp"
#include "records.hpp"
#include "shown.hpp"

#include <catch2/catch.hpp>

#include <rapidcheck.h>

using namespace dialogferry;
using namespace dialogferry::mapping;
using namespace records;

namespace {

constexpr std::string_view address = "https://platform.tt02.altinn.no/storage/api/v1/instances/50001234/"
                                     "0dbc1da6-f744-4fff-83bc-131e7988a1bb/data/";

std::string minute(int number) {
  return "2025-06-18T09:" + std::string(number < 10 ? "0" : "") + std::to_string(number) + ":00Z";
}

std::string numbered_id(char kind, std::size_t number) {
  return std::string("00000000-0000-4000-8000-00000000") + kind + "00" + std::to_string(number);
}

struct File {
  std::string type;
  int minute = 0;
  std::string changed_by;
  std::string task; ///< it was generated from; empty for none
  bool is_hard_deleted = false;
  bool has_address = true;
  bool is_new = false; ///< not there yet when the dialog was made
};

struct Submission {
  int minute = 0;
  std::string user; ///< a member of the event's user; empty where it tells nothing
  bool is_new = false;
};

template <class T>
auto one_of(std::initializer_list<T> values) {
  return rc::gen::elementOf(std::vector<T>(values));
}

rc::Gen<bool> seldom() {
  return rc::gen::map(rc::gen::inRange(0, 8), [](int number) { return number == 0; });
}

rc::Gen<File> some_file() {
  return rc::gen::build<File>(
      rc::gen::set(&File::type, one_of<std::string>({"model", "attachment", "second", "ref-data-as-pdf"})),
      rc::gen::set(&File::minute, rc::gen::inRange(0, 60)),
      rc::gen::set(&File::changed_by, one_of<std::string>({"20001234", "991825827", "310912409"})),
      rc::gen::set(&File::task, one_of<std::string>({"", "Task_1", "Task_2", "Task_9"})),
      rc::gen::set(&File::is_hard_deleted, seldom()),
      rc::gen::set(&File::has_address, rc::gen::map(seldom(), [](bool no) { return !no; })),
      rc::gen::set(&File::is_new, rc::gen::arbitrary<bool>()));
}

rc::Gen<Submission> some_submission() {
  return rc::gen::build<Submission>(
      rc::gen::set(&Submission::minute, rc::gen::inRange(0, 60)),
      rc::gen::set(&Submission::user, one_of<std::string>({R"({"userId":20001234})",
                                                           R"({"systemUserOwnerOrgNo":"310912409"})", "{}"})),
      rc::gen::set(&Submission::is_new, rc::gen::arbitrary<bool>()));
}

json::value element_of(const File& file, std::size_t number) {
  const auto id = numbered_id('e', number);
  json::object element{{"id", id},
                       {"dataType", file.type},
                       {"contentType", "application/pdf"},
                       {"created", minute(file.minute)},
                       {"lastChangedBy", file.changed_by}};
  element["selfLinks"] =
      json::object{{"platform", file.has_address ? std::string(address) + id : std::string()}};
  if (!file.task.empty())
    element["references"] =
        json::array{json::object{{"value", file.task}, {"relation", "GeneratedFrom"}, {"valueType", "Task"}}};
  if (file.is_hard_deleted) element["deleteStatus"] = json::object{{"isHardDeleted", true}};
  return element;
}

json::value event_of(const Submission& submission, std::size_t number) {
  return json::object{{"id", numbered_id('a', number)},
                      {"eventType", "Submited"},
                      {"created", minute(submission.minute)},
                      {"user", json::parse(submission.user)}};
}

/// The record; as it was when the dialog was made, without what is new since.
json::value record_of(const std::vector<File>& files, const std::vector<Submission>& submissions,
                      bool earlier) {
  auto bundle = archived_form();
  set(bundle, "/application/dataTypes", json::parse(R"([
        {"id":"attachment","taskId":"Task_1"},
        {"id":"model","appLogic":{},"taskId":"Task_1","enablePdfCreation":true},
        {"id":"second","taskId":"Task_2"}, {"id":"ref-data-as-pdf"}])"));
  json::array data;
  for (std::size_t i = 0; i < files.size(); ++i) {
    auto file = files[i];
    if (earlier && file.is_new) continue;
    file.is_hard_deleted = file.is_hard_deleted && !earlier;
    data.push_back(element_of(file, i));
  }
  json::array events{bundle.at_pointer("/events/0")};
  for (std::size_t i = 0; i < submissions.size(); ++i)
    if (!earlier || !submissions[i].is_new) events.push_back(event_of(submissions[i], i));
  set(bundle, "/instance/data", data);
  set(bundle, "/events", events);
  return bundle;
}

template <class T>
std::vector<T> at_most(std::size_t most, const rc::Gen<T>& each) {
  const auto count = *rc::gen::inRange<std::size_t>(0, most + 1);
  return *rc::gen::container<std::vector<T>>(count, each);
}

void switch_transmissions(json::value& bundle) {
  set(bundle, "/application/messageBoxConfig/syncAdapterSettings/disableAddTransmissions",
      *rc::gen::map(rc::gen::inRange(0, 4), [](int number) { return number == 0; }));
}

void check_files() {
  const auto files = at_most(6, some_file());
  const auto submissions = at_most(3, some_submission());
  auto bundle = record_of(files, submissions, false);
  const auto now = *one_of<std::string>({minute(59), "2025-06-18T10:05:00Z", "2025-06-19T00:00:00Z"});
  set(bundle, "/now", json::value(now));
  if (*rc::gen::arbitrary<bool>()) {
    auto earlier = record_of(files, submissions, true);
    set(earlier, "/instance/status/isArchived", *rc::gen::arbitrary<bool>());
    switch_transmissions(earlier);
    set(bundle, "/existing", stored_dialog(earlier, Mapper()));
  }
  set(bundle, "/is_migration", *rc::gen::arbitrary<bool>());
  set(bundle, "/instance/status/isArchived", *rc::gen::arbitrary<bool>());
  switch_transmissions(bundle);
  RC_LOG() << json::serialize(bundle) << '\n';
  const auto decision = decide(bundle);
  RC_ASSERT(decision);
  for (const auto& wrong : shown::wrong_files(bundle, *decision))
    RC_FAIL(wrong);
}

} // namespace

TEST_CASE("every file is shown once, on the dialog or in one submission", "[OR-2][OR-10][D-3][D-6][D-7]") {
  CHECK(rc::check(check_files));
}

TEST_CASE("every file of every golden case is shown once", "[OR-2][D-7]") {
  const Mapper mapper;
  for (const auto& recorded : golden::load_cases()) {
    const auto decision = decide_bundle(recorded.bundle, mapper);
    if (!decision || decision->body.empty()) continue;
    INFO(recorded.name);
    for (const auto& wrong : shown::wrong_files(json::parse(recorded.bundle), *decision))
      FAIL_CHECK(wrong);
  }
}
