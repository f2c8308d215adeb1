#include "storage/changes.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

using namespace altinn_sim;
using namespace altinn_sim::storage;

namespace {

const Ticks now = day_from_civil(2025, 11, 21) * whole_day + 9 * hour;

/// A world in which things happen, one second after the other.
struct Happening {
  World world{small_world(20)};
  Changes changes{world};
  Storage storage{world, &changes};
  Ticks time = now;

  Changed make(ChangeKind kind, Guid instance = {}, Change change = {}) {
    change.kind = kind;
    change.instance = instance;
    change.organisation = "skd";
    change.now = time += second;
    auto made = changes.apply(change);
    if (const auto* problem = std::get_if<std::string>(&made)) FAIL(*problem);
    return std::get<Changed>(made);
  }

  Changed create() {
    Change change;
    change.application = world.generator().catalogue().organisations().at(1).apps.front().application->id;
    return make(ChangeKind::create, {}, change);
  }

  Record record(Guid instance) const {
    Record out;
    REQUIRE(world.find(instance, out));
    return out;
  }

  std::vector<std::string> events(Guid instance) const {
    std::vector<std::string> out;
    for (const auto& event : record(instance).events)
      out.push_back(event.about_data ? event.type + "*" : event.type);
    return out;
  }

  /// The dates of `lastChanged=eq:` that find the instance.
  bool listed_at(const Changed& instance, Ticks time) const {
    const auto page =
        json_of(ask(storage, "/instances?org=" + instance.org + "&lastChanged=eq:" + time_text(time)));
    const auto ids = ids_of(page);
    return std::find(ids.begin(), ids.end(), instance.id()) != ids.end();
  }
};

using Names = std::vector<std::string>;

} // namespace

TEST_CASE("An instance goes its way: each change moves lastChanged and leaves its events",
          "[changes][storage-2.9]") {
  Happening sim;
  const auto made = sim.create();
  CHECK(sim.events(made.instance) == Names{"Created"});
  CHECK(made.event_type == "app.instance.created");
  CHECK(sim.listed_at(made, made.last_changed));
  const auto saved = sim.make(ChangeKind::save, made.instance);
  CHECK(sim.events(made.instance) == Names{"Created", "Created*", "Saved*"});
  CHECK(saved.last_changed == sim.time);
  CHECK(saved.dialog == made.dialog);
  CHECK_FALSE(sim.listed_at(made, made.last_changed));
  sim.make(ChangeKind::submit, made.instance);
  CHECK(sim.events(made.instance) == Names{"Created", "Created*", "Saved*", "Submited", "Created*"});
  auto record = sim.record(made.instance);
  CHECK(record.archived);
  CHECK(record.elements.back().type == "ref-data-as-pdf");
  sim.make(ChangeKind::confirm, made.instance);
  CHECK(sim.record(made.instance).confirmations.size() == 1);
  Change named;
  named.label = "Mottatt";
  CHECK(sim.make(ChangeKind::substatus, made.instance, named).event_type == "app.instance.substatus.changed");
  CHECK(sim.record(made.instance).substatus_label == "Mottatt");
  sim.make(ChangeKind::remove, made.instance);
  CHECK(sim.record(made.instance).soft_deleted);
  sim.make(ChangeKind::bring_back, made.instance);
  CHECK_FALSE(sim.record(made.instance).soft_deleted);
  const auto erased = sim.make(ChangeKind::erase, made.instance);
  record = sim.record(made.instance);
  CHECK((record.soft_deleted && record.hard_deleted));
  CHECK(sim.listed_at(made, erased.last_changed));
  sim.make(ChangeKind::vanish, made.instance);
  CHECK_FALSE(sim.world.find(made.instance, record));
  CHECK_FALSE(sim.listed_at(made, erased.last_changed));
}

TEST_CASE("A receipt that is late comes as a change of its own", "[changes]") {
  Happening sim;
  const auto made = sim.create();
  Change without;
  without.with_receipt = false;
  sim.make(ChangeKind::submit, made.instance, without);
  CHECK(sim.record(made.instance).elements.back().type == "model");
  const auto receipt = sim.make(ChangeKind::receipt, made.instance);
  CHECK(sim.record(made.instance).elements.back().generated_from == "Task_1");
  CHECK(sim.record(made.instance).last_changed == receipt.last_changed);
}

TEST_CASE("The process moves on to another task, and not after its end", "[changes]") {
  Happening sim;
  const auto made = sim.create();
  CHECK(sim.make(ChangeKind::task, made.instance).event_type == "app.instance.process.movedTo.Task_2");
  CHECK(sim.record(made.instance).process.task.element_id == "Task_2");
  sim.make(ChangeKind::submit, made.instance);
  Change change;
  change.kind = ChangeKind::task;
  change.instance = made.instance;
  CHECK(std::get<std::string>(sim.changes.apply(change)) == "the process has ended");
}

TEST_CASE("The read status turns without lastChanged or an event", "[changes][storage-2.9]") {
  Happening sim;
  const auto made = sim.create();
  const auto read = sim.make(ChangeKind::unrelated, made.instance);
  CHECK(read.last_changed == made.last_changed);
  CHECK(sim.events(made.instance) == Names{"Created"});
}

TEST_CASE("A record of the history leaves its old day when it changes", "[changes]") {
  Happening sim;
  const auto guid = sim.world.generator().guid({1, 3, 7});
  const auto before = sim.record(guid);
  Changed changed;
  changed.party = before.party;
  changed.org = before.org;
  changed.instance = guid;
  CHECK(sim.listed_at(changed, before.last_changed));
  changed = sim.make(ChangeKind::save, guid);
  CHECK_FALSE(sim.listed_at(changed, before.last_changed));
  CHECK(sim.listed_at(changed, changed.last_changed));
  CHECK(sim.record(guid).events.size() >= before.events.size() + 1);
}

TEST_CASE("An application server may say another time than now", "[changes]") {
  Happening sim;
  const auto made = sim.create();
  Change earlier;
  earlier.last_changed = made.last_changed - hour;
  CHECK(sim.make(ChangeKind::save, made.instance, earlier).last_changed == made.last_changed - hour);
  CHECK(sim.listed_at(made, made.last_changed - hour));
}

TEST_CASE(
    "A change in the midst of a PUT datavalues: the row sorts by the time from before, JSON has the new one",
    "[changes][storage-2.8]") {
  Happening sim;
  const auto made = sim.create();
  Changed saved;
  sim.changes.during_next_write(made.instance, [&] { saved = sim.make(ChangeKind::save, made.instance); });
  const auto path = "/instances/" + made.id();
  const Call put(path + "/datavalues", Method::put, R"({"values":{"dialog.id":"x"}})");
  CHECK(sim.storage.handle(put.request).status == 200);
  CHECK(json_of(ask(sim.storage, path)).at("lastChanged").as_string() == time_text(saved.last_changed));
  CHECK(sim.listed_at(made, made.last_changed));
  CHECK_FALSE(sim.listed_at(made, saved.last_changed));
  // The next write, or change, puts it right.
  CHECK(sim.storage.handle(put.request).status == 200);
  CHECK(sim.listed_at(made, saved.last_changed));
  CHECK_FALSE(sim.listed_at(made, made.last_changed));
}

TEST_CASE(
    "PUT datavalues writes the whole map that was read: what came in between under another key is undone",
    "[changes][storage-2.8]") {
  Happening sim;
  const auto made = sim.create();
  CHECK(sim.changes.write_data_values(made.instance, {{"a", "1"}}));
  sim.changes.during_next_write(made.instance, [&] {
    CHECK(sim.changes.write_data_values(made.instance, {{"a", "2"}, {"b", "2"}}));
  });
  CHECK(sim.changes.write_data_values(made.instance, {{"c", "3"}}));
  const auto record = sim.record(made.instance);
  CHECK(*record.data_value("a") == "1");
  CHECK(*record.data_value("b") == "2");
  CHECK(*record.data_value("c") == "3");
  CHECK_FALSE(sim.changes.write_data_values(random_guid(1, 2), {}));
}

TEST_CASE("Deleting through Storage is a change like any other, seen by who observes", "[changes]") {
  Happening sim;
  const auto made = sim.create();
  std::vector<bool> deleted;
  sim.changes.observe([&](const Record*, const Record* after, Ticks) {
    deleted.push_back(after->soft_deleted);
    return std::uint64_t{1};
  });
  const auto path = "/sbl/instances/" + made.id();
  CHECK(sim.storage.handle(Call(path, Method::del).request).status == 200);
  CHECK(sim.storage.handle(Call(path + "/undelete", Method::put).request).status == 200);
  CHECK(deleted == std::vector<bool>{true, false});
  CHECK(sim.events(made.instance) == Names{"Created", "Deleted", "Undeleted"});
}

TEST_CASE("Who observes is told when a change was made, of its row and of events that come behind it alike",
          "[changes]") {
  Happening sim;
  std::vector<Ticks> told;
  sim.changes.observe([&](const Record*, const Record*, Ticks made) {
    told.push_back(made);
    return std::uint64_t{1};
  });
  const auto made = sim.create();
  CHECK(told == std::vector<Ticks>{sim.time});
  Change late;
  late.event_after = second;
  sim.make(ChangeKind::save, made.instance, late);
  CHECK(told == std::vector<Ticks>{sim.time - second, sim.time, sim.time});
}
