#include "storage/forms_control.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace altinn_sim;
using namespace altinn_sim::storage;

namespace {

const Ticks start = day_from_civil(2025, 11, 21) * whole_day;

/// A platform whose clock stands until it is moved.
struct Imported {
  Imported()
      : world(options())
      , storage(world) {}

  static WorldOptions options() {
    auto options = small_world(3);
    options.forms_per_day = 4;
    return options;
  }

  Response control(const std::string& body) {
    Call call("/forms", Method::post, body);
    call.request.now = now;
    return control_forms(world, call.request);
  }

  std::vector<std::string> forms(const std::string& body) {
    const auto response = control(body);
    REQUIRE(response.status == 200);
    std::vector<std::string> out;
    for (const auto& id : array_of(response, "forms"))
      out.emplace_back(id.as_string());
    return out;
  }

  Response get(const std::string& target) {
    Call call(target);
    call.request.now = now;
    return storage.handle(call.request);
  }

  boost::json::object instance(const std::string& id) { return json_of(get("/instances/" + id)); }
  std::size_t events(const std::string& id) {
    return array_of(get("/instances/" + id + "/events"), "instanceEvents").size();
  }
  Ticks last_changed(const std::string& id) {
    return *parse_time(std::string(instance(id).at("lastChanged").as_string()));
  }
  std::vector<std::string> listed(const std::string& more) {
    return ids_of(json_of(get("/instances?org=ttd&order=asc:lastChanged&size=1000&" + more)));
  }

  Ticks now = start;
  World world;
  Storage storage;
};

std::string reference_of(const boost::json::object& instance, const char* key = "A2ArchRef") {
  return std::string(instance.at("dataValues").at(key).as_string());
}

} // namespace

TEST_CASE("A whole import is there at once, with its app, under the time of the clock", "[storage-3.3]") {
  Imported sim;
  const auto ids = sim.forms(R"({"organisation":"ttd","count":5})");
  REQUIRE(ids.size() == 5);
  CHECK(sim.listed("mainVersionInclude=2") == ids);
  CHECK(sim.listed("").empty());
  std::set<std::string> references;
  for (const auto& id : ids) {
    const auto form = sim.instance(id);
    CHECK(sim.last_changed(id) == start);
    CHECK(form.at("status").at("isArchived").as_bool());
    CHECK(sim.events(id) > 0);
    references.insert(reference_of(form));
    const std::string app(form.at("appId").as_string());
    CHECK(sim.get("/applications/" + app).status == 200);
    CHECK(sim.get("/applications/" + app + "/texts/nn").status == 200);
    CHECK(sim.listed("dataValues.A2ArchRef=" + reference_of(form)) == std::vector{id});
  }
  CHECK(references.size() == 5);
  CHECK(!array_of(sim.get("/applications/ttd"), "applications").empty());
}

TEST_CASE("Version, archive and time of an import are as ordered") {
  Imported sim;
  const auto id = sim.forms(
      R"({"organisation":"skd","version":1,"archived":false,"last_changed":"2013-02-03T04:05:06.123456Z"})")
                      [0];
  const auto form = sim.instance(id);
  CHECK(form.at("dataValues").as_object().contains("A1ArchRef"));
  CHECK(!form.at("status").at("isArchived").as_bool());
  CHECK(sim.last_changed(id) == *parse_time("2013-02-03T04:05:06.123456Z"));
}

TEST_CASE("A half done import has no events until it is completed; its time may go back", "[storage-3.2]") {
  Imported sim;
  const auto ids = sim.forms(R"({"organisation":"ttd","count":40,"complete":false})");
  std::vector<std::size_t> elements;
  for (const auto& id : ids) {
    CHECK(sim.events(id) == 0);
    CHECK(sim.last_changed(id) == start);
    elements.push_back(sim.instance(id).at("data").as_array().size());
  }
  sim.now += hour;
  CHECK(sim.events(ids[0]) == 0);
  const auto done = sim.forms(boost::json::serialize(
      boost::json::value_from(std::map<std::string, std::vector<std::string>>{{"complete", ids}})));
  CHECK(done == ids);
  std::size_t back = 0, grown = 0;
  for (std::size_t at = 0; at < ids.size(); ++at) {
    CHECK(sim.events(ids[at]) > 0);
    CHECK(sim.last_changed(ids[at]) <= start);
    back += sim.last_changed(ids[at]) < start ? 1 : 0;
    grown += sim.instance(ids[at]).at("data").as_array().size() > elements[at] ? 1 : 0;
  }
  CHECK(back > 5);
  CHECK(back < 40);
  CHECK(grown > 20);
  CHECK(sim.control(R"({"complete":[")" + ids[0] + R"("]})").status == 404);
}

TEST_CASE("A half done import can complete itself") {
  Imported sim;
  const auto id = sim.forms(R"({"organisation":"ttd","complete_after":2.5})")[0];
  sim.now += 2 * second;
  CHECK(sim.events(id) == 0);
  sim.now += second;
  CHECK(sim.events(id) > 0);
}

TEST_CASE("A re-import removes the old row and makes a new one for the same reference", "[storage-3.2]") {
  Imported sim;
  const auto generated = ids_of(json_of(sim.get("/instances?org=skd&mainVersionInclude=2&size=1")))[0];
  const auto imported = sim.forms(R"({"organisation":"ttd"})")[0];
  const auto half = sim.forms(R"({"organisation":"ttd","complete":false})")[0];
  for (const auto& old : {generated, imported, half}) {
    const auto reference = reference_of(sim.instance(old));
    Call put("/instances/" + old + "/datavalues", Method::put, R"({"values":{"dialog.id":"x"}})");
    CHECK(sim.storage.handle(put.request).status == 200);
    const auto made = sim.forms(R"({"reimport":")" + old + R"("})")[0];
    CHECK(made != old);
    CHECK(made.substr(0, made.find('/')) == old.substr(0, old.find('/')));
    CHECK(sim.get("/instances/" + old).status == 404);
    CHECK(sim.events(old) == 0);
    const auto form = sim.instance(made);
    CHECK(reference_of(form) == reference);
    CHECK(!form.at("dataValues").as_object().contains("dialog.id"));
    CHECK(sim.events(made) > 0);
    CHECK(sim.last_changed(made) == start);
    const auto org = made == sim.listed("mainVersionInclude=2").back() ? "ttd" : "skd";
    CHECK(ids_of(json_of(sim.get("/instances?org=" + std::string(org) +
                                 "&dataValues.A2ArchRef=" + reference))) == std::vector{made});
  }
}

TEST_CASE("Imports at a pace happen as the clock goes, and end") {
  Imported sim;
  const auto response = sim.control(R"({"organisation":"ttd","rate":2,"seconds":30,"version":1})");
  CHECK(json_of(response).at("planned").as_int64() == 60);
  const auto imported = [&] { return sim.listed("mainVersionInclude=1").size(); };
  CHECK(imported() == 1);
  sim.now += 10 * second;
  CHECK(imported() == 21);
  sim.now += hour;
  CHECK(imported() == 60);
  const auto last = sim.listed("mainVersionInclude=1").back();
  CHECK(sim.last_changed(last) == start + 29 * second + second / 2);
}

TEST_CASE("What cannot be imported is refused") {
  Imported sim;
  for (const auto* body :
       {"", "[]", "{}", R"({"organisation":"T T"})", R"({"organisation":"ttd","count":-1})",
        R"({"organisation":"ttd","count":10001})", R"({"organisation":"ttd","version":3})",
        R"({"organisation":"ttd","archived":"yes"})", R"({"organisation":"ttd","last_changed":"today"})",
        R"({"organisation":"ttd","rate":1000,"seconds":3600})", R"({"organisation":"ttd","rate":0})",
        R"({"complete":[1]})", R"({"reimport":1})"}) {
    CHECK(sim.control(body).status == 400);
  }
  CHECK(sim.control(R"({"reimport":"1/11111111-2222-4333-8444-555555555555"})").status == 404);
  const auto instance = ids_of(json_of(sim.get("/instances?org=skd&size=1")))[0];
  CHECK(sim.control(R"({"reimport":")" + instance + R"("})").status == 404);
  CHECK(!sim.world.imports().any());
}
