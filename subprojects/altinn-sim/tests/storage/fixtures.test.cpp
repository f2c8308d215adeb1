#include "storage/fixtures.hpp"

#include "storage/truth.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <set>
#include <unistd.h>

using namespace altinn_sim;
using namespace altinn_sim::storage;

namespace {

namespace fs = std::filesystem;

/// A folder of stored rows, gone at the end.
class Folder {
public:
  Folder()
      : path_(fs::temp_directory_path() / ("altinn-sim-fixtures-" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
    write("instances/11111111-2222-4333-8444-000000000001.json", instance("first", ""));
    write("instances/11111111-2222-4333-8444-000000000002.json",
          instance("second", R"(,"substatus":{"label":"x"})"));
    write("instances/21111111-2222-4333-8444-000000000001.json", instance("same dialog id as the first", ""));
    write(
        "dataelements/aaaaaaaa-0000-4000-8000-000000000001.json",
        R"({"id":"aaaaaaaa-0000-4000-8000-000000000001","instanceGuid":"11111111-2222-4333-8444-000000000002",
              "dataType":"default","size":19,"created":"2020-04-29T13:53:04Z","lastChanged":"2020-04-29T13:53:04Z"})");
    write(
        "events/bbbbbbbb-0000-4000-8000-000000000001.json",
        R"({"id":"bbbbbbbb-0000-4000-8000-000000000001","instanceId":"1337/11111111-2222-4333-8444-000000000001",
              "created":"2020-04-29T13:53:03.5Z","eventType":"Saved","user":{"userId":3,"authenticationLevel":3}})");
    write("applications/tdd__app.json",
          "\xef\xbb\xbf"
          R"({"id":"tdd/app","org":"tdd","title":{"nb":"Navn"},"_rid":"x","process":{},
              "dataTypes":[{"id":"default","taskId":"Task_1","appLogic":{"ClassRef":"A.B"}}]})");
    write(
        "texts/tdd-app-nb.json",
        R"({"id":"tdd-app-nb","org":"tdd","language":"nb","resources":[{"id":"k","value":"v","variables":null}]})");
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
  }

  const fs::path& path() const { return path_; }

private:
  static std::string instance(const std::string& id, const std::string& more_status) {
    return R"({"id":")" + id +
           R"(","instanceOwner":{"partyId":"1337","organisationNumber":"725736800"},"appId":"tdd/app",
      "org":"tdd","title":{"nb":"gone"},"_rid":"x","appOwner":{},
      "process":{"currentTask":{"elementId":"Task_1","altinnTaskType":"data","ended":null},"ended":null},
      "status":{"isSoftDeleted":false,"readStatus":"read")" +
           more_status + R"(},
      "data":[{"id":"99dc0012-89fa-4968-b928-d6cc16d18d26","dataType":"default","size":1,"refs":[],"filename":null,
               "created":"2020-04-29T13:53:03Z","lastChanged":"2020-04-29T13:53:05Z"}],
      "created":"2020-04-29T13:53:02.2836971Z","lastChanged":"2020-04-29T13:53:09.1122622Z","lastChangedBy":"1337"})";
  }

  fs::path path_;
};

} // namespace

TEST_CASE("Stored rows are served as answers on their own day, together with the generated ones",
          "[fixtures]") {
  const Folder folder;
  World world(small_world(100));
  world.add_fixtures(folder.path());
  const Storage storage(world);
  const auto page = json_of(
      ask(storage,
          "/instances?org=tdd&lastChanged=gte:2020-04-29&lastChanged=lt:2020-04-30&order=asc:lastChanged"));
  REQUIRE(page.at("count").as_int64() == 3);
  const auto& first = page.at("instances").as_array()[0].as_object();
  CHECK(first.at("id").as_string() == "1337/11111111-2222-4333-8444-000000000001");
  CHECK(first.at("selfLinks")
            .at("platform")
            .as_string()
            .ends_with("/instances/1337/11111111-2222-4333-8444-000000000001"));
  CHECK(first.at("lastChanged").as_string() == "2020-04-29T13:53:09.1122622Z");
  CHECK(first.at("status").at("isHardDeleted").as_bool() == false);
  CHECK(first.at("status").at("readStatus").as_string() == "Read");
  for (const auto* gone : {"title", "appOwner", "_rid"})
    CHECK(!first.contains(gone));
  const auto& element = first.at("data").as_array()[0].as_object();
  CHECK(element.at("lastChangedBy").as_string() == "1337");
  CHECK(element.at("tags").as_array().empty());
  CHECK(element.at("fileScanResult").as_string() == "NotApplicable");
  CHECK(!element.contains("filename"));
  CHECK(page.at("instances").as_array()[1].at("data").as_array().size() == 2);
  CHECK(json_of(ask(storage, "/instances?org=skd")).at("count").as_int64() == 100);
}

TEST_CASE("A tie of stored rows is found by its seven digits", "[fixtures][storage-1.5]") {
  const Folder folder;
  World world(small_world(1));
  world.add_fixtures(folder.path());
  const Storage storage(world);
  const auto all = ids_of_all_pages(
      storage, "/instances?org=tdd&size=1&order=asc:lastChanged&lastChanged=eq:2020-04-29T13:53:09.1122622Z");
  CHECK(all.size() == 3);
}

TEST_CASE("Apps, texts, events, parties and users of the files are known", "[fixtures]") {
  const Folder folder;
  World world(small_world(1));
  world.add_fixtures(folder.path());
  const Storage storage(world);
  const auto app = json_of(ask(storage, "/applications/tdd/app"));
  CHECK(app.at("dataTypes").as_array()[0].at("appLogic").at("classRef").as_string() == "A.B");
  CHECK(ask(storage, "/applications/tdd/app/texts/nb").status == 200);
  const auto events = json_of(ask(storage, "/instances/1337/11111111-2222-4333-8444-000000000001/events"));
  CHECK(events.at("instanceEvents").as_array().size() == 1);
  const auto party = world.party(1337);
  REQUIRE(party);
  CHECK(organisation_index(party->number));
  REQUIRE(world.user(3));
  CHECK(person_index(world.user(3)->number));
  CHECK(world.actor_name(identity_urn(*world.user(3))));
}

TEST_CASE("No two fixtures share a dialog or an element", "[fixtures][M-40]") {
  const Folder folder;
  const auto fixtures = read_fixtures(folder.path());
  std::set<Guid> dialogs;
  std::set<Guid> elements;
  for (const auto& record : fixtures.records) {
    CHECK(dialogs.insert(dialog_id_of(record)).second);
    for (const auto& element : record.elements)
      CHECK(elements.insert(element.id).second);
  }
}

TEST_CASE("A file that cannot be read is named", "[fixtures]") {
  const Folder folder;
  folder.write("instances/not-an-id.json", "{}");
  CHECK_THROWS_WITH(read_fixtures(folder.path()), Catch::Contains("not-an-id.json"));
  folder.write("instances/not-an-id.json", "{");
  CHECK_THROWS_WITH(read_fixtures(folder.path()), Catch::Contains("no JSON object"));
  CHECK_THROWS_WITH(read_fixtures("/nowhere/at/all"), Catch::Contains("instances"));
}
