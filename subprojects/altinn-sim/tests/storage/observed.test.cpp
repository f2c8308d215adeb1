#include "storage/changes.hpp"
#include "storage/planting.hpp"
#include "storage/truth.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

// What the real Storage was seen to do (observed.md OS-1 to OS-11), driven by tests/observed/storage.
using namespace altinn_sim;
using namespace altinn_sim::storage;
namespace json = boost::json;

namespace {

json::object observed(const std::string& name) {
  std::ifstream file(std::string(OBSERVED_DIR) + "/storage/" + name + ".json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return json::parse(text).as_object();
}

const Ticks now = day_from_civil(2025, 11, 21) * whole_day + 9 * hour;

/// A world in which things happen, asked at any time.
struct Sim {
  explicit Sim(std::int64_t per_day = 20)
      : world(small_world(per_day)) {}

  Changed make(Change change) {
    if (change.now == 0) change.now = time += second;
    const auto made = changes.apply(change);
    if (const auto* problem = std::get_if<std::string>(&made)) FAIL(*problem);
    return std::get<Changed>(made);
  }

  Changed create(Change change = {}) {
    change.kind = ChangeKind::create;
    change.application = world.organisation("skd")->apps.front().application->id;
    return make(std::move(change));
  }

  Response ask(const std::string& target, Ticks at = now + hour) const {
    Call call(target);
    call.request.now = at;
    return storage.handle(call.request);
  }

  json::object row(const Changed& of) const { return json_of(ask("/instances/" + of.id())); }

  std::vector<std::string> event_types(const Changed& of, Ticks at) const {
    std::vector<std::string> out;
    for (const auto& event : array_of(ask("/instances/" + of.id() + "/events", at), "instanceEvents"))
      out.emplace_back(event.at("eventType").as_string());
    return out;
  }

  World world;
  Changes changes{world};
  Storage storage{world, &changes};
  Ticks time = now;
};

Change change(ChangeKind kind, Guid instance) {
  Change out;
  out.kind = kind;
  out.instance = instance;
  return out;
}

std::string text_of(const Response& response) {
  return std::string(json::parse(response.body).as_string());
}

std::string path_and_query(const json::value& next) {
  const std::string all(next.as_string());
  return all.substr(all.find("/instances"));
}

std::vector<std::string> keys_of(const json::value& map) {
  std::vector<std::string> out;
  for (const auto& member : map.as_object())
    out.emplace_back(member.key());
  return out;
}

} // namespace

TEST_CASE(
    "An event is stored after its row: a poll in between reads the row without it, and lastChanged stays",
    "[OS-1]") {
  const auto steps = observed("live-event-after-row").at("input").as_array();
  const auto at = [&](std::size_t step) { return steps.at(step).at("at_ms").as_int64() * millisecond; };
  Sim sim;
  const auto made = sim.create();
  auto submit = change(ChangeKind::submit, made.instance);
  submit.now = sim.time + second;
  submit.event_after = at(2);
  const auto submitted = sim.make(submit);
  const auto between = submit.now + at(1);
  CHECK(sim.event_types(made, between) == std::vector<std::string>{"Created"});
  const auto row = json_of(sim.ask("/instances/" + made.id(), between));
  CHECK(row.at("status").at("isArchived") == true);
  const auto then = sim.event_types(made, submit.now + at(2));
  CHECK(std::count(then.begin(), then.end(), steps.at(2).at("body").at("eventType").as_string()) == 1);
  CHECK(sim.row(made).at("lastChanged").as_string() == json::string_view(time_text(submitted.last_changed)));
  CHECK(sim.row(made).at("lastChanged") == row.at("lastChanged"));
}

TEST_CASE("Presentation texts, data values and the read status change without event or lastChanged",
          "[OS-2]") {
  const auto steps = observed("live-texts-without-lastChanged").at("input").as_array();
  const std::string title(steps.at(2).at("body").at("texts").at("title").as_string());
  Sim sim;
  const auto made = sim.create();
  const auto before = sim.row(made);
  auto texts = change(ChangeKind::texts, made.instance);
  texts.texts = TextMap{{"title", title}};
  auto values = change(ChangeKind::values, made.instance);
  values.values = TextMap{{"dialog.disableAutomaticSync", "true"}};
  sim.make(texts);
  sim.make(values);
  sim.make(change(ChangeKind::read, made.instance));
  const auto after = sim.row(made);
  CHECK(after.at("lastChanged") == before.at("lastChanged"));
  CHECK(after.at("presentationTexts").at("title").as_string() == json::string_view(title));
  CHECK(after.at("dataValues").at("dialog.disableAutomaticSync") == "true");
  CHECK(after.at("status").at("readStatus") != before.at("status").at("readStatus"));
  CHECK(sim.event_types(made, sim.time) == std::vector<std::string>{"Created"});
  const auto listed = ids_of(json_of(
      sim.ask("/instances?org=skd&lastChanged=eq:" + std::string(before.at("lastChanged").as_string()))));
  CHECK(listed == std::vector<std::string>{made.id()});
}

TEST_CASE("What PUT datavalues of the engine wrote and what an app puts later are one map", "[OS-2]") {
  Sim sim;
  const auto made = sim.create();
  CHECK(sim.changes.write_data_values(made.instance, {{"dialog.id", "one"}, {"a", "1"}}));
  auto values = change(ChangeKind::values, made.instance);
  values.values = TextMap{{"dialog.id", "two"}};
  sim.make(values);
  CHECK(sim.row(made).at("dataValues").at("dialog.id") == "two");
  CHECK(sim.row(made).at("dataValues").at("a") == "1");
}

TEST_CASE("A page of a tie group that ends in a row set back has a token that leads nowhere", "[OS-3]") {
  const auto input = observed("history-tie-page-ends-in-set-back-row").at("input").as_object();
  const auto& later = input.at("rows").at(1);
  Sim sim(0);
  TieGroup group;
  group.organisation = "skd";
  group.time = *parse_time(later.at("column").as_string());
  group.count = 250;
  group.set_back_every = 100;
  group.set_back_by = *parse_time(later.at("lastChanged").as_string()) - group.time;
  const auto planted = plant(sim.world, group);
  CHECK(planted.size() == 250);
  const std::string asked(input.at("request").as_string());
  const auto all = asked.substr(0, asked.rfind('='));
  const auto page = json_of(sim.ask("/instances?org=skd&" + asked));
  CHECK(page.at("count") == 100);
  CHECK(page.at("instances").as_array().back().at("lastChanged") == later.at("lastChanged"));
  const auto lost = json_of(sim.ask(path_and_query(page.at("next"))));
  CHECK(lost.at("count") == 0);
  CHECK(lost.at("next").is_null());
  // The way round: a token of a row whose time is the tie's.
  const auto shorter = json_of(sim.ask("/instances?org=skd&" + all + "=99"));
  const auto rest = ids_of_all_pages(sim.storage, path_and_query(shorter.at("next")));
  CHECK(rest.size() == 151);
}

TEST_CASE("A row that Storage cannot read: every page that holds it is 500, its GET hides that in a 404",
          "[OS-4]") {
  const auto input = observed("unreadable-row-blocks-page").at("input").as_object();
  const std::string told(input.at("answer").at("body").as_string());
  Sim sim(300);
  const auto day = day_from_civil(2025, 3, 5);
  const auto chosen = some_rows(sim.world, "skd", day, 1);
  REQUIRE(chosen.size() == 1);
  Record record;
  REQUIRE(sim.world.find(chosen.front(), record));
  REQUIRE(sim.changes.rewrite(chosen.front(), [](Record& row) { row.unreadable = true; }));
  const auto list = [&](Ticks from, Ticks to) {
    return sim.ask("/instances?org=skd&size=300&order=asc&lastChanged=gte:" + time_text(from) +
                   "&lastChanged=lt:" + time_text(to));
  };
  const auto failed = list(day * whole_day, (day + 1) * whole_day);
  CHECK(failed.status == static_cast<int>(input.at("answer").at("status").as_int64()));
  CHECK(text_of(failed).starts_with(told.substr(0, told.find('|'))));
  const auto at = floor_to(record.last_changed, microsecond);
  CHECK(list(day * whole_day, at).status == 200);
  CHECK(list(at, at + microsecond).status == 500);
  CHECK(list(at + microsecond, (day + 1) * whole_day).status == 200);
  const auto hidden = sim.ask("/instances/" + record.id());
  CHECK(hidden.status == 404);
  CHECK(text_of(hidden) == "Unable to find instance " + record.id() + ": " + text_of(failed));
  CHECK(sim.ask("/instances/" + record.id() + "/events").status == 200);
  REQUIRE(sim.world.find(chosen.front(), record));
  CHECK(truth_of(sim.world, record).verdict == Verdict::unreadable);
  REQUIRE(sim.changes.rewrite(chosen.front(), [](Record& row) { row.unreadable = false; }));
  CHECK(list(day * whole_day, (day + 1) * whole_day).status == 200);
}

TEST_CASE("A live row becomes unreadable with a change, and readable with another one", "[OS-4]") {
  Sim sim;
  const auto made = sim.create();
  auto save = change(ChangeKind::save, made.instance);
  save.unreadable = true;
  const auto saved = sim.make(save);
  const auto stream = "/instances?org=skd&order=asc&lastChanged=gte:" + time_text(saved.last_changed);
  CHECK(sim.ask(stream).status == 500);
  save.now = 0;
  save.unreadable = false;
  sim.make(save);
  CHECK(sim.ask(stream).status == 200);
}

TEST_CASE("A row that was set back by days while it was saved is never listed by its new time", "[OS-5]") {
  const auto last = observed("live-column-set-back-old").at("input").as_array().back().as_object();
  const auto column = *parse_time(last.at("column").as_string());
  Sim sim;
  const auto made = sim.create();
  auto save = change(ChangeKind::save, made.instance);
  save.last_changed = *parse_time(last.at("lastChanged").as_string());
  save.set_back_to = column;
  sim.make(save);
  CHECK(sim.row(made).at("lastChanged") == last.at("lastChanged"));
  const auto listed = [&](Ticks from) {
    return ids_of(json_of(sim.ask("/instances?org=skd&order=asc&lastChanged=gte:" + time_text(from))));
  };
  CHECK(listed(column + microsecond).empty());
  CHECK(listed(column) == std::vector<std::string>{made.id()});
}

TEST_CASE(
    "A row without a status is listed without it and matches neither filter; one without lastChanged keeps "
    "created",
    "[OS-6]") {
  Sim sim(0);
  const auto made = sim.create();
  REQUIRE(
      sim.changes.rewrite(made.instance, [](Record& row) { row.has_status = row.has_last_changed = false; }));
  const auto page = json_of(sim.ask("/instances?org=skd"));
  REQUIRE(page.at("count") == 1);
  const auto row = page.at("instances").at(0).as_object();
  CHECK_FALSE(row.contains("status"));
  CHECK_FALSE(row.contains("lastChanged"));
  CHECK(row.contains("created"));
  for (const auto* member : {"isArchived", "isSoftDeleted", "isHardDeleted"}) {
    for (const auto* value : {"true", "false"}) {
      const auto asked = std::string("/instances?org=skd&status.") + member + "=" + value;
      CHECK(json_of(sim.ask(asked)).at("count") == 0);
    }
  }
  Record record;
  REQUIRE(sim.world.find(made.instance, record));
  CHECK(truth_of(sim.world, record).updated_at == record.created);
}

TEST_CASE("An imported element's created has the server's offset, its lastChanged a Z", "[OS-7]") {
  const auto input = observed("imported-form-times").at("input").as_object();
  const std::string created(input.at("created").as_string());
  auto options = small_world(0);
  options.forms_per_day = 30;
  World world(options);
  const Storage storage(world);
  const auto page = json_of(ask(storage, "/instances?org=skd&mainVersionExclude=3"));
  std::size_t elements = 0;
  for (const auto& row : page.at("instances").as_array()) {
    CHECK(row.at("lastChanged").as_string().ends_with("Z"));
    CHECK(row.at("created").as_string().ends_with("Z"));
    for (const auto& element : row.at("data").as_array()) {
      ++elements;
      CHECK(element.at("created").as_string().ends_with(json::string_view(created).substr(19)));
      CHECK(element.at("lastChanged").as_string().ends_with("Z"));
    }
  }
  CHECK(elements > 50);
}

TEST_CASE("Maps come in the order of jsonb: length of the key in bytes, then bytes", "[OS-8]") {
  Sim sim;
  Change texts;
  texts.texts = TextMap{{"title", "1"}, {"b", "2"}, {"\u00e6", "3"}, {"aaa", "4"}, {"B", "5"}};
  const auto made = sim.create(texts);
  CHECK(keys_of(sim.row(made).at("presentationTexts")) ==
        std::vector<std::string>{"B", "b", "\u00e6", "aaa", "title"});
  sim.changes.write_data_values(made.instance, {{"dialog.id", "x"}, {"nr", "y"}});
  CHECK(keys_of(sim.row(made).at("dataValues")) == std::vector<std::string>{"nr", "dialog.id"});
  Record record;
  REQUIRE(sim.world.find(made.instance, record));
  CHECK(truth_of(sim.world, record).title.front().second.ends_with(", 5, 2, 3, 4, 1"));
  const auto applications = array_of(sim.ask("/applications"), "applications");
  for (const auto& application : applications) {
    auto keys = keys_of(application.at("title"));
    CHECK(std::is_sorted(keys.begin(), keys.end(), [](const auto& a, const auto& b) {
      return std::pair(a.size(), a) < std::pair(b.size(), b);
    }));
  }
}

TEST_CASE("Events without created are never listed; those of one time come in no stable order", "[OS-9]") {
  Sim sim;
  const auto made = sim.create();
  sim.make(change(ChangeKind::submit, made.instance));
  const auto ids = [&] {
    std::vector<std::string> out;
    for (const auto& event : array_of(sim.ask("/instances/" + made.id() + "/events"), "instanceEvents"))
      out.emplace_back(event.at("id").as_string());
    return out;
  };
  auto once = ids();
  auto twice = ids();
  CHECK(once != twice);
  std::sort(once.begin(), once.end());
  std::sort(twice.begin(), twice.end());
  CHECK(once == twice);
  REQUIRE(sim.changes.rewrite(made.instance, [](Record& row) { row.events.front().created = no_time; }));
  CHECK(ids().size() + 1 == once.size());
}

TEST_CASE("Bodies of refusals: plain text, problem JSON, or a JSON string, each in its place", "[OS-10]") {
  Sim sim;
  const std::string nobody = "1/00000000-0000-4000-8000-000000000000";
  const auto send = [&](Method method, const std::string& target, std::string body = {}) {
    return sim.storage.handle(Call(target, method, std::move(body)).request);
  };
  const auto gone = send(Method::del, "/sbl/instances/" + nobody);
  CHECK(gone.status == 404);
  CHECK(gone.content_type.starts_with("text/plain"));
  CHECK(send(Method::put, "/sbl/instances/" + nobody + "/undelete").content_type.starts_with("text/plain"));
  const auto texts = sim.ask("/applications/skd/none/texts/nb");
  CHECK(texts.status == 404);
  CHECK(json_of(texts).at("status") == 404);
  const auto values = send(Method::put, "/instances/" + nobody + "/datavalues", R"({"values":{"a":"b"}})");
  CHECK(values.status == 500);
  CHECK(values.content_type.starts_with("application/problem+json"));
  CHECK(json_of(values).at("status") == 500);
  const auto list = sim.ask("/instances?org=skd&lastChanged=gte:soon");
  CHECK(list.status == 500);
  CHECK(json::parse(list.body).is_string());
}

TEST_CASE("What only the simulator had otherwise: empty bounds, the links' encoding, lists of a data type",
          "[OS-11]") {
  Sim sim;
  CHECK(json_of(sim.ask("/instances?org=skd&lastChanged=&size=5")).at("count") == 5);
  const auto page = json_of(sim.ask("/instances?org=skd&lastChanged=gte:2025-03-01T00:00:00Z&size=5"));
  CHECK(path_and_query(page.at("next"))
            .starts_with("/instances?org=skd&lastChanged=gte%3A2025-03-01T00%3A00%3A00Z&size=5&"
                         "continuationToken="));
  CHECK(json_of(sim.ask(path_and_query(page.at("next")))).at("count") == 5);
  for (const auto& application : array_of(sim.ask("/applications/skd"), "applications")) {
    for (const auto& type : application.at("dataTypes").as_array()) {
      CHECK(type.at("enabledFileAnalysers").as_array().empty());
      CHECK(type.at("enabledFileValidators").as_array().empty());
    }
  }
}

TEST_CASE(
    "A new service owner appears among the applications with its first ones, and instances are made there",
    "[OR-5]") {
  Sim sim;
  const auto count = array_of(sim.ask("/applications"), "applications").size();
  CHECK(sim.world.organisation("nav2") == nullptr);
  const auto& came = sim.world.add_organisation("nav2");
  CHECK(&sim.world.add_organisation("nav2") == &came);
  CHECK(array_of(sim.ask("/applications"), "applications").size() == count + came.apps.size());
  CHECK(array_of(sim.ask("/applications/nav2"), "applications").size() == came.apps.size());
  Change first;
  first.kind = ChangeKind::create;
  first.organisation = "nav2";
  const auto made = sim.make(first);
  CHECK(made.org == "nav2");
  CHECK(ids_of(json_of(sim.ask("/instances?org=nav2"))) == std::vector<std::string>{made.id()});
  const auto app = sim.ask("/applications/" + made.app_id);
  CHECK(app.status == 200);
}

TEST_CASE("Of a day that is not over, what lies ahead is not there", "[OR-1]") {
  auto options = small_world(100);
  options.born = options.last_day * whole_day + 10 * hour;
  World world(options);
  const Storage storage(world);
  const auto today =
      "/instances?org=skd&order=desc:lastChanged&lastChanged=gte:" + day_text(options.last_day);
  const auto page = json_of(ask(storage, today));
  CHECK(page.at("count").as_int64() > 20);
  CHECK(page.at("count").as_int64() < 60);
  CHECK(page.at("instances").at(0).at("lastChanged").as_string() <
        json::string_view(time_text(options.born)));
  const auto later = world.generator().guid({0, options.last_day - options.first_day, 99});
  Record record;
  CHECK_FALSE(world.find(later, record));
}
