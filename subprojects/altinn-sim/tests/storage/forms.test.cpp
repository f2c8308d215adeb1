#include "storage/truth.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>

using namespace altinn_sim;
using namespace altinn_sim::storage;

namespace {

/// Three days of forms in 2009, two organisations, app instances in 2025.
WorldOptions form_world(std::int64_t forms_per_day) {
  auto options = small_world(20);
  options.organisations = 2;
  options.forms_per_day = forms_per_day;
  options.forms_days = {{day_from_civil(2009, 6, 1), day_from_civil(2009, 6, 3)}};
  return options;
}

template <class Use>
void each_form(const World& world, Use use) {
  for (const auto& org : world.organisations()) {
    Window all;
    all.org = org;
    all.versions = only_forms;
    Scan scan(world, all);
    std::vector<Row> group;
    Record record;
    while (scan.next(group)) {
      for (const auto& row : group) {
        world.read(row, record);
        use(row, record);
      }
    }
  }
}

std::size_t count_of(const Storage& storage, const std::string& query) {
  return ids_of_all_pages(storage, "/instances?order=asc:lastChanged&org=skd&" + query).size();
}

std::size_t number_of_events(const Storage& storage, const Record& form, Ticks now) {
  Call call("/instances/" + form.id() + "/events");
  call.request.now = now;
  return array_of(storage.handle(call.request), "instanceEvents").size();
}

} // namespace

TEST_CASE("A form is the same wherever it is read, and its id and its reference lead back to it") {
  World world(form_world(400));
  std::size_t count = 0;
  each_form(world, [&](const Row& row, const Record& form) {
    ++count;
    Record again;
    REQUIRE(world.find(form.guid, again));
    CHECK(again.events.size() == form.events.size());
    CHECK(row.row_id == form.row_id);
    CHECK(row.time == form.last_changed);
    CHECK(world.derived_dialog_id(form.guid) == version_7(form.guid, form.created));
    const auto* reference = form.data_value(form.main_version == 1 ? "A1ArchRef" : "A2ArchRef");
    REQUIRE(reference != nullptr);
    const auto place = world.forms().place_of_reference(*reference);
    REQUIRE(place);
    CHECK(world.forms().guid(*place) == form.guid);
  });
  CHECK(count == 2'400);
  CHECK(!world.forms().place_of_reference("0"));
  CHECK(!world.forms().place_of_reference("01"));
  CHECK(!world.forms().place_of_reference("2401"));
  CHECK(!world.forms().place_of_reference("x"));
}

TEST_CASE("Forms have days of their own, and those of the instances where none are given") {
  World world(form_world(100));
  std::map<Day, std::size_t> days;
  each_form(world, [&](const Row& row, const Record&) { ++days[day_of(row.time)]; });
  CHECK(days.size() == 3);
  for (const auto& [day, count] : days)
    CHECK(count == 200);
  auto options = form_world(5);
  options.forms_days.reset();
  World same(options);
  std::size_t count = 0;
  each_form(same, [&](const Row&, const Record&) { ++count; });
  CHECK(count == 12 * 2 * 5);
}

TEST_CASE("A list has the main versions it is asked for, app instances alone where it says nothing",
          "[storage-1.2]") {
  World world(form_world(100));
  const Storage storage(world);
  CHECK(count_of(storage, "") == 240);
  CHECK(count_of(storage, "mainVersionInclude=3") == 240);
  CHECK(count_of(storage, "mainVersionExclude=3") == 300);
  CHECK(count_of(storage, "MainVersionExclude=0") == 540);
  const auto ones = count_of(storage, "mainVersionInclude=1");
  const auto twos = count_of(storage, "mainVersionInclude=2");
  CHECK(ones > 20);
  CHECK(ones + twos == 300);
  CHECK(count_of(storage, "mainVersionExclude=1") == 240 + twos);
  CHECK(count_of(storage, "mainVersionInclude=2&mainVersionExclude=2") == 0);
  CHECK(count_of(storage, "mainVersionInclude=4") == 0);
  const std::string day = "lastChanged=gte:2009-06-02T00:00:00Z&lastChanged=lt:2009-06-03T00:00:00Z";
  CHECK(count_of(storage, "mainVersionExclude=3&size=7&" + day) == 100);
  CHECK(count_of(storage, day) == 0);
}

TEST_CASE("Pages give every form once among the instances, in order", "[storage-1.5]") {
  auto options = form_world(600);
  options.forms_days.reset();
  World world(options);
  const Storage storage(world);
  const auto ids =
      ids_of_all_pages(storage, "/instances?org=brg&order=asc:lastChanged&mainVersionExclude=0&size=50");
  CHECK(ids.size() == 12 * 620);
  CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == ids.size());
  const auto page = json_of(ask(storage, "/instances?org=brg&mainVersionExclude=0&size=200"));
  std::optional<Ticks> before;
  for (const auto& row : page.at("instances").as_array()) {
    const auto time = parse_time(std::string(row.at("lastChanged").as_string()));
    REQUIRE(time);
    CHECK((!before || *time <= *before));
    before = time;
  }
}

TEST_CASE("An archive reference finds its Altinn 2 form, A3Ref none at all", "[storage-1.2]") {
  World world(form_world(50));
  const Storage storage(world);
  each_form(world, [&](const Row&, const Record& form) {
    const auto* reference = form.data_value(form.main_version == 1 ? "A1ArchRef" : "A2ArchRef");
    const auto query =
        "/instances?org=" + form.org + "&mainVersionInclude=3&dataValues.A2ArchRef=" + *reference;
    const auto found = ids_of(json_of(ask(storage, query)));
    CHECK(found == (form.main_version == 1 ? std::vector<std::string>{} : std::vector{form.id()}));
    const auto tail = guid_text(form.guid).substr(24);
    CHECK(ids_of(json_of(ask(storage, "/instances?org=" + form.org + "&A3Ref=" + tail))).empty());
    const auto of_party =
        ids_of_all_pages(storage, "/instances?org=" + form.org + "&mainVersionExclude=3" +
                                      "&instanceOwner.partyId=" + std::to_string(form.party));
    CHECK(std::count(of_party.begin(), of_party.end(), form.id()) == 1);
  });
  CHECK(count_of(storage, "dataValues.A2ArchRef=999999") == 0);
}

TEST_CASE("A hundred million forms need no memory") {
  auto options = form_world(10'000);
  options.organisations = 4;
  options.forms_days = {{day_from_civil(2008, 1, 1), day_from_civil(2014, 12, 31)}};
  World world(options);
  CHECK(world.forms().references() == 102'280'000);
  const Storage storage(world);
  const auto page =
      json_of(ask(storage, "/instances?org=nav&mainVersionExclude=3&size=50&order=asc:lastChanged"
                           "&lastChanged=gte:2013-04-05T10:00:00Z"));
  CHECK(page.at("count").as_int64() == 50);
  for (const auto& id : ids_of(page))
    CHECK(ask(storage, "/instances/" + id).status == 200);
}

TEST_CASE("Forms show everything that distinguishes them", "[storage-3.1]") {
  auto options = form_world(1'000);
  options.forms_late = 0.01;
  World world(options);
  std::map<std::string, std::size_t> events, elements, paths;
  std::map<std::size_t, std::size_t> submissions;
  std::size_t count = 0, ones = 0, unfinished = 0, late = 0, no_process = 0, no_user = 0, systems = 0,
              null_entries = 0, stamped = 0, related = 0, bare = 0, zoned = 0, removed = 0, owners_file = 0;
  each_form(world, [&](const Row&, const Record& form) {
    ++count;
    ones += form.main_version == 1 ? 1 : 0;
    unfinished += form.archived ? 0 : 1;
    late += form.events_late ? 1 : 0;
    no_process += form.process.present ? 0 : 1;
    stamped += form.data_value("A2ArchRefTs") != nullptr ? 1 : 0;
    removed += form.soft_deleted ? 1 : 0;
    CHECK(form.is_altinn_1() == (form.main_version == 1));
    CHECK(form.is_altinn_2() == (form.main_version == 2));
    CHECK(form.app_id.starts_with(form.org + (form.main_version == 1 ? "/a1-" : "/a2-")));
    CHECK(form.confirmations.empty());
    CHECK(!form.process.has_task);
    CHECK(form.created < form.last_changed);
    std::size_t sent = 0;
    Ticks before = 0;
    for (const auto& event : form.events) {
      ++events[event.type];
      sent += event.type == "Submited" ? 1 : 0;
      no_user += event.user.absent ? 1 : 0;
      systems += event.user.end_user_system > 0 ? 1 : 0;
      related += event.related_user ? 1 : 0;
      bare += event.bare_instance_id ? 1 : 0;
      zoned += event.zone == Zone::utc ? 0 : 1;
      CHECK(!event.has_process);
      CHECK(event.created > before);
      CHECK(event.created <= form.last_changed);
      before = event.created;
    }
    for (const auto& element : form.elements) {
      ++elements[element.type];
      if (element.blob_path.starts_with("ondemand/")) ++paths[element.blob_path];
      CHECK(element.blob_path.starts_with("ondemand/") == (element.size == 0));
      CHECK(element.last_changed <= form.last_changed);
      owners_file += element.last_changed_by.size() == 9 ? 1 : 0;
      for (const auto& entry : element.metadata)
        null_entries += entry ? 0 : 1;
    }
    if (form.archived) ++submissions[sent];
    CHECK((form.archived || sent == 0));
  });
  CHECK(count == 6'000);
  CHECK(ones > 700);
  CHECK(ones < 1'200);
  CHECK(unfinished > 60);
  CHECK(unfinished < 200);
  CHECK(late > 20);
  for (const auto number : {no_process, no_user, systems, null_entries, stamped, related, bare, zoned,
                            removed, owners_file, submissions[0], submissions[1], submissions[2]})
    CHECK(number > 50);
  for (const auto* type : {"Created", "Saved", "Submited", "Deleted", "Undeleted", "Signed", "SentToSign",
                           "SentToPayment", "SentToSendIn", "SentToFormFill", "InstanceForwarded",
                           "InstanceRightRevoked", "NotificationSentSms", "MessageArchived", "MessageRead"})
    CHECK(events[type] > 0);
  for (const auto* type : {"binary-data", "signature-presentation", "payment-presentation", "ref-data-as-pdf",
                           "ref-data-as-html", "ref-summary-data-as-html", "signature-data", "payment-data"})
    CHECK(elements[type] > 0);
  CHECK(paths.size() == 5);
}

TEST_CASE("Forms and instances share no id") {
  auto options = form_world(300);
  options.forms_days.reset();
  World world(options);
  std::set<Guid> dialogs, parts;
  std::size_t records = 0, all_parts = 0;
  for (const auto versions : {MainVersions{}, only_forms}) {
    for (const auto& org : world.organisations()) {
      Window all;
      all.org = org;
      all.versions = versions;
      Scan scan(world, all);
      std::vector<Row> group;
      Record record;
      while (scan.next(group)) {
        for (const auto& row : group) {
          world.read(row, record);
          ++records;
          dialogs.insert(dialog_id_of(record));
          for (const auto& event : record.events)
            parts.insert(version_7(event.id, event.created));
          all_parts += record.events.size();
        }
      }
    }
  }
  CHECK(records == 2 * 12 * 320);
  CHECK(dialogs.size() == records);
  CHECK(parts.size() == all_parts);
}

TEST_CASE("A form's JSON has null metadata, missing users, other zones, and reads as the same instants",
          "[storage-3.1]") {
  World world(form_world(300));
  const Storage storage(world);
  std::size_t nulls = 0, offsets = 0;
  each_form(world, [&](const Row&, const Record& form) {
    const auto events = array_of(ask(storage, "/instances/" + form.id() + "/events"), "instanceEvents");
    if (form.events_late) return;
    REQUIRE(events.size() == form.events.size());
    for (const auto& value : events) {
      const auto& event = value.as_object();
      const std::string created(event.at("created").as_string());
      offsets += created.ends_with("+00:00") ? 1 : 0;
      const auto held = std::find_if(form.events.begin(), form.events.end(), [&](const Event& one) {
        return guid_text(one.id) == event.at("id").as_string();
      });
      REQUIRE(held != form.events.end());
      CHECK(parse_time(created) == held->created);
      CHECK(event.contains("user") != held->user.absent);
    }
    for (const auto& value : array_of(ask(storage, "/instances/" + form.id()), "data")) {
      const auto* metadata = value.as_object().if_contains("metadata");
      if (metadata == nullptr) continue;
      for (const auto& entry : metadata->as_array())
        nulls += entry.is_null() ? 1 : 0;
    }
  });
  CHECK(nulls > 50);
  CHECK(offsets > 50);
}

TEST_CASE("A half done import has no events until some time after they were first asked for",
          "[storage-3.2]") {
  auto options = form_world(200);
  options.forms_late = 0.1;
  World world(options);
  const Storage storage(world);
  const Ticks start = day_from_civil(2025, 11, 21) * whole_day;
  std::size_t late = 0;
  each_form(world, [&](const Row&, const Record& form) {
    CHECK(number_of_events(storage, form, start) == (form.events_late ? 0 : form.events.size()));
    if (!form.events_late) return;
    ++late;
    CHECK(number_of_events(storage, form, start + 2 * second) == 0);
    CHECK(number_of_events(storage, form, start + 3 * second) == form.events.size());
  });
  CHECK(late > 80);
}

TEST_CASE("The apps of forms are served, with their name as ServiceName", "[storage-2.6][storage-2.7]") {
  World world(form_world(100));
  const Storage storage(world);
  std::set<std::string> listed;
  for (const auto& app : array_of(ask(storage, "/applications/skd"), "applications"))
    listed.emplace(app.at("id").as_string());
  std::set<std::string> used;
  each_form(world, [&](const Row&, const Record& form) {
    if (form.org == "skd") used.insert(form.app_id);
  });
  CHECK(used.size() == 5);
  for (const auto& id : used) {
    CHECK(listed.contains(id));
    const auto app = json_of(ask(storage, "/applications/" + id));
    const auto texts = array_of(ask(storage, "/applications/" + id + "/texts/nb"), "resources");
    REQUIRE(texts.size() == 1);
    CHECK(texts.front().at("id").as_string() == "ServiceName");
    CHECK(texts.front().at("value").as_string() == app.at("title").at("nb").as_string());
    CHECK(ask(storage, "/applications/" + id + "/texts/en").status == 200);
  }
  World without(small_world(1));
  for (const auto* app : without.applications())
    CHECK(app->id.find("/a2-") == std::string::npos);
}

TEST_CASE("Forms that cannot be generated are refused by name") {
  const auto refused = [](auto change) {
    auto options = form_world(10);
    change(options);
    CHECK_THROWS_AS(World(options), std::invalid_argument);
  };
  refused([](WorldOptions& options) { options.forms_days->second = options.forms_days->first - 1; });
  refused([](WorldOptions& options) { options.forms_per_day = -1; });
  refused([](WorldOptions& options) { options.forms_unfinished = 1.5; });
  refused([](WorldOptions& options) { options.forms_late = -0.1; });
  refused([](WorldOptions& options) {
    options.forms_per_day = 10'000'000;
    options.forms_days = {{0, 365}};
  });
}
