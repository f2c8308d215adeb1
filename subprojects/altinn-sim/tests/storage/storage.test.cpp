#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace altinn_sim;
using namespace altinn_sim::storage;

namespace {

/// The first listed instance of the organisation that `fits`.
template <class Fits>
boost::json::object some_instance(const Storage& storage, const std::string& org, Fits fits) {
  const auto page = json_of(ask(storage, "/instances?order=asc:lastChanged&size=2000&org=" + org));
  for (const auto& instance : page.at("instances").as_array()) {
    if (fits(instance.as_object())) return instance.as_object();
  }
  throw std::runtime_error("no such instance");
}

std::string id_of(const boost::json::object& instance) {
  return std::string(instance.at("id").as_string());
}

std::string guid_of(const boost::json::object& instance) {
  return id_of(instance).substr(id_of(instance).find('/') + 1);
}

std::size_t nulls_outside_substatus(const boost::json::value& value) {
  std::size_t count = value.is_null() ? 1 : 0;
  if (value.is_array()) {
    for (const auto& element : value.get_array())
      count += nulls_outside_substatus(element);
  }
  if (value.is_object()) {
    for (const auto& [name, member] : value.get_object()) {
      if (name != "substatus") count += nulls_outside_substatus(member);
    }
  }
  return count;
}

bool has_many_elements(const boost::json::object& instance) {
  return instance.at("data").as_array().size() > 3;
}

bool is_archived(const boost::json::object& instance) {
  return instance.at("status").as_object().at("isArchived").as_bool();
}

} // namespace

TEST_CASE("A single instance is the row of the list, its elements in order of creation", "[storage-1.7]") {
  World world(small_world(500));
  const Storage storage(world);
  auto row = some_instance(storage, "skd", has_many_elements);
  auto single = json_of(ask(storage, "/instances/" + id_of(row)));
  CHECK(ask(storage, "/instances/" + guid_of(row)).body == ask(storage, "/instances/1/" + guid_of(row)).body);
  auto& listed = row.at("data").as_array();
  auto& sorted = single.at("data").as_array();
  const auto created = [](const boost::json::value& element) {
    return *parse_time(std::string(element.as_object().at("created").as_string()));
  };
  CHECK(std::is_sorted(sorted.begin(), sorted.end(),
                       [&](const auto& a, const auto& b) { return created(a) < created(b); }));
  std::stable_sort(listed.begin(), listed.end(),
                   [&](const auto& a, const auto& b) { return created(a) < created(b); });
  CHECK(listed == sorted);
  row.erase("data");
  single.erase("data");
  CHECK(row == single);
}

TEST_CASE("A missing instance is a 404 whose text ends with the guid", "[storage-2.10]") {
  World world(small_world(10));
  const Storage storage(world);
  const auto answer = ask(storage, "/instances/1/00000000-0000-4000-8000-000000000000");
  CHECK(answer.status == 404);
  CHECK(answer.body == "\"Unable to find instance 00000000-0000-4000-8000-000000000000\"");
}

TEST_CASE("Events are those asked for, exactly, in the text order of their times", "[storage-2.1]") {
  World world(small_world(500));
  const Storage storage(world);
  const auto path = "/instances/" + id_of(some_instance(storage, "skd", is_archived)) + "/events";
  const auto events = [&](const std::string& query) {
    return array_of(ask(storage, path + query), "instanceEvents");
  };
  const auto all = events("");
  CHECK(all.size() > 2);
  CHECK(events("?eventTypes=Created,Saved").empty());
  CHECK(events("?eventTypes=created").empty());
  const auto submitted = events("?eventTypes=Submited&eventTypes=Deleted&eventTypes=Undeleted");
  CHECK(!submitted.empty());
  CHECK(std::any_of(submitted.begin(), submitted.end(),
                    [](const auto& event) { return event.as_object().at("eventType") == "Submited"; }));
  const auto text = [](const boost::json::value& event) {
    return std::string(event.as_object().at("created").as_string());
  };
  CHECK(std::is_sorted(all.begin(), all.end(),
                       [&](const auto& a, const auto& b) { return text(a) < text(b); }));
  CHECK(ask(storage, path + "?from=x&to=y").status == 400);
  CHECK(events("?from=2000-01-01T00:00:00Z&to=2000-01-02T00:00:00Z").empty());
  CHECK(events("?from=2000-01-01T00:00:00Z").size() == 0 + all.size());
}

TEST_CASE("A value without a fraction comes after those with one of the same second", "[storage-2.1]") {
  Record record;
  for (const auto fraction : {0, 1'200'000, 1'000'000}) {
    Event event;
    event.created = second + fraction;
    event.type = "Saved";
    record.events.push_back(event);
  }
  std::string body;
  append_events(body, record, {});
  std::vector<std::string> times;
  const auto events = boost::json::parse(body);
  for (const auto& event : events.at("instanceEvents").as_array())
    times.emplace_back(event.at("created").as_string());
  CHECK(times == std::vector<std::string>{"1970-01-01T00:00:01.12Z", "1970-01-01T00:00:01.1Z",
                                          "1970-01-01T00:00:01Z"});
}

TEST_CASE("An unknown instance has no events, and that is a 200", "[storage-2.1]") {
  World world(small_world(10));
  const Storage storage(world);
  const auto answer = ask(storage, "/instances/1/00000000-0000-4000-8000-000000000000/events");
  CHECK(answer.status == 200);
  CHECK(answer.body == R"({"instanceEvents":[]})");
}

TEST_CASE("Members that are null are left out, bools and numbers never", "[storage-json]") {
  World world(small_world(300));
  const Storage storage(world);
  for (const auto& instance : array_of(ask(storage, "/instances?org=skd&size=500"), "instances")) {
    CHECK(nulls_outside_substatus(instance) == 0);
  }
  const auto instance = array_of(ask(storage, "/instances?org=skd&size=1"), "instances").front().as_object();
  const auto& status = instance.at("status").as_object();
  for (const auto* member : {"isArchived", "isSoftDeleted", "isHardDeleted", "readStatus"})
    CHECK(status.contains(member));
}

TEST_CASE("Applications come all, by organisation, and one by one", "[storage-2.6]") {
  World world(small_world(1));
  const Storage storage(world);
  const auto all = array_of(ask(storage, "/applications"), "applications");
  CHECK(all.size() == 17);
  CHECK(array_of(ask(storage, "/applications/skd"), "applications").size() == 5);
  CHECK(array_of(ask(storage, "/applications/nobody"), "applications").empty());
  CHECK(ask(storage, "/applications/s-kd").status == 400);
  CHECK(ask(storage, "/applications/skd/unknown").status == 404);
  const auto internal = json_of(ask(storage, "/applications/brg/aarsregnskap-intern"));
  CHECK(internal.at("messageBoxConfig").at("syncAdapterSettings").at("disableSync").as_bool());
}

TEST_CASE("Texts come by language of two letters", "[storage-2.7]") {
  World world(small_world(1));
  const Storage storage(world);
  const auto texts = json_of(ask(storage, "/applications/skd/aarsregnskap/texts/nb"));
  CHECK(texts.at("id").as_string() == "skd-aarsregnskap-nb");
  CHECK(texts.at("language").as_string() == "nb");
  CHECK(texts.at("resources").as_array().size() > 20);
  CHECK(ask(storage, "/applications/skd/aarsregnskap/texts/se").status == 404);
  CHECK(ask(storage, "/applications/skd/aarsregnskap/texts/nob").status == 400);
  CHECK(ask(storage, "/applications/skd/none/texts/nb").status == 404);
}

TEST_CASE("Data values are merged by key, without a new lastChanged and never removed", "[storage-2.8]") {
  World world(small_world(100));
  const Storage storage(world);
  const auto instance = some_instance(storage, "skd", [](const auto&) { return true; });
  const auto put = [&](const std::string& id, std::string body) {
    return storage.handle(Call("/instances/" + id + "/datavalues", Method::put, std::move(body)).request);
  };
  const auto answer = put(id_of(instance), R"({"values":{"dialog.id":"abc","other":"1"}})");
  CHECK(answer.status == 200);
  const auto after = json_of(ask(storage, "/instances/" + id_of(instance)));
  CHECK(after.at("dataValues").at("dialog.id").as_string() == "abc");
  CHECK(after.at("lastChanged") == instance.at("lastChanged"));
  CHECK(put(id_of(instance), R"({"values":{"dialog.id":"","other":null}})").status == 200);
  CHECK(json_of(ask(storage, "/instances/" + id_of(instance))).at("dataValues").at("dialog.id").as_string() ==
        "abc");
  CHECK(put(id_of(instance), "{}").status == 400);
  CHECK(put("1/00000000-0000-4000-8000-000000000000", R"({"values":{}})").status == 500);
  CHECK(ids_of_all_pages(storage, "/instances?org=skd&order=asc:lastChanged").size() == 1'200);
}

TEST_CASE("A deletion moves an instance to now; it can be taken back", "[storage-2.1][storage-2.9]") {
  World world(small_world(100));
  const Storage storage(world);
  const auto instance = some_instance(storage, "skd", [](const auto& one) {
    return !one.at("status").as_object().at("isSoftDeleted").as_bool() && !is_archived(one);
  });
  const auto call = [&](const std::string& target, Method method) {
    return storage.handle(Call(target, method).request);
  };
  const auto path = "/sbl/instances/" + id_of(instance);
  CHECK(call(path + "?hard=false", Method::del).body == "true");
  const auto newest = array_of(ask(storage, "/instances?org=skd&size=1"), "instances").front().as_object();
  CHECK(id_of(newest) == id_of(instance));
  CHECK(newest.at("status").at("isSoftDeleted").as_bool());
  CHECK(newest.at("lastChanged").as_string() == "2025-11-21T00:00:00Z");
  CHECK(call(path + "/undelete", Method::put).body == "true");
  const auto restored = json_of(ask(storage, "/instances/" + id_of(instance)));
  CHECK(!restored.at("status").at("isSoftDeleted").as_bool());
  const auto events = array_of(ask(storage, "/instances/" + id_of(instance) + "/events"), "instanceEvents");
  CHECK(events.back().as_object().at("eventType") == "Undeleted");
  CHECK(ids_of_all_pages(storage, "/instances?org=skd&order=asc:lastChanged").size() == 1'200);
  CHECK(call("/sbl/instances/1/00000000-0000-4000-8000-000000000000", Method::del).status == 404);
}
