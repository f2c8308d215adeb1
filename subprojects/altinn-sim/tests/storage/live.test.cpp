#include "storage/changes.hpp"
#include "storage/live_log.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace altinn_sim;
using namespace altinn_sim::storage;

namespace {

const Ticks start = day_from_civil(2025, 11, 21) * whole_day + 9 * hour;
using Texts = std::vector<std::pair<std::string, std::string>>;

/// A target whose dialogs are written by hand.
class Target : public StoredDialogs {
public:
  struct Dialog {
    Truth truth;
    std::vector<std::string> labels;
    Texts summary, extended_status;
    bool silent = false;
  };

  bool find(Guid id, const Visit& visit) const override {
    const auto found = dialogs.find(id);
    if (found != dialogs.end()) visit(view(found->first, found->second));
    return found != dialogs.end();
  }

  void for_each(const Visit& visit) const override {
    for (const auto& [id, dialog] : dialogs)
      visit(view(id, dialog));
  }

  std::map<Guid, Dialog> dialogs;

private:
  static StoredDialog view(Guid id, const Dialog& dialog) {
    StoredDialog out;
    out.id = id;
    out.created_at = dialog.truth.created_at;
    out.updated_at = dialog.truth.updated_at;
    out.deleted = dialog.truth.deleted;
    out.silent = dialog.silent;
    out.party = dialog.truth.party;
    out.service_resource = dialog.truth.service_resource;
    out.labels = &dialog.labels;
    out.title = &dialog.truth.title;
    out.summary = &dialog.summary;
    out.extended_status = &dialog.extended_status;
    out.status = dialog.truth.status;
    out.system_label = dialog.truth.system_label;
    out.activities = dialog.truth.activities;
    out.transmissions = dialog.truth.transmissions;
    out.attachments = dialog.truth.attachments;
    out.transmission_attachments = dialog.truth.transmission_attachments;
    return out;
  }
};

struct Live {
  World world{small_world(20)};
  Changes changes{world};
  Target target;
  LiveLog log{world, target};
  Ticks time = start;

  Live() {
    changes.observe([this](const Record* before, const Record* after, Ticks made) {
      return log.changed(before, after, made);
    });
  }

  Changed make(ChangeKind kind, Guid instance = {}, Change change = {}) {
    change.kind = kind;
    change.instance = instance;
    if (kind == ChangeKind::create)
      change.application = world.generator().catalogue().organisations().at(1).apps.front().application->id;
    change.now = time += second;
    auto made = changes.apply(change);
    if (const auto* problem = std::get_if<std::string>(&made)) FAIL(*problem);
    return std::get<Changed>(made);
  }

  /// Writes the dialog as the instance is now, by a create, or by an update that is not silent.
  Target::Dialog& carry(Guid instance, bool update = false) {
    Record record;
    REQUIRE(world.find(instance, record));
    auto truth = truth_of(world, record);
    REQUIRE(truth.verdict == Verdict::carried);
    truth.system_label = "Default";
    if (update) truth.updated_at = time + millisecond;
    auto& dialog = target.dialogs[truth.id];
    dialog = {truth, {truth.label}, {}, {}, false};
    if (record.has_substatus) {
      dialog.extended_status = {{"nb", record.substatus_label}};
      if (!record.substatus_description.empty()) dialog.summary = {{"nb", record.substatus_description}};
    }
    return dialog;
  }

  AuditRow audit() const {
    AuditRange range;
    range.now = time;
    return log.audit(range);
  }

  /// A generated record that is carried and that nothing has ended yet.
  Guid of_history() {
    Record record;
    for (std::int64_t rank = 0; rank < 20; ++rank) {
      const auto guid = world.generator().guid({1, 2, rank});
      REQUIRE(world.find(guid, record));
      const bool plain =
          record.application == world.generator().catalogue().organisations().at(1).apps.front().application;
      if (plain && !record.soft_deleted && truth_of(world, record).verdict == Verdict::carried) return guid;
    }
    FAIL("no plain record");
    return {};
  }
};

bool clean(const AuditRow& row) {
  return row.missing + row.doubled + row.stale + row.wrong == 0;
}

} // namespace

TEST_CASE("Only the newest version of a live dialog is right; an older one is stale", "[live][audit]") {
  Live sim;
  const auto made = sim.make(ChangeKind::create);
  CHECK(sim.audit().missing == 1);
  sim.carry(made.instance);
  CHECK(clean(sim.audit()));
  CHECK(sim.audit().present == 1);
  sim.make(ChangeKind::submit, made.instance);
  CHECK(sim.audit().stale == 1);
  sim.carry(made.instance, true);
  CHECK(clean(sim.audit()));
  Change substatus;
  substatus.label = "Hos sakshandsamar";
  substatus.description = "Under arbeid";
  sim.make(ChangeKind::substatus, made.instance, substatus);
  CHECK(sim.audit().stale == 1);
  sim.carry(made.instance, true);
  CHECK(clean(sim.audit()));
}

TEST_CASE("Each member of a live dialog is compared", "[live][audit]") {
  Live sim;
  const auto made = sim.make(ChangeKind::create);
  sim.make(ChangeKind::submit, made.instance);
  Change substatus;
  substatus.label = "Mottatt";
  substatus.description = "Under arbeid";
  sim.make(ChangeKind::substatus, made.instance, substatus);
  const auto wrong_member = [&](auto spoil) -> std::string {
    spoil(sim.carry(made.instance));
    const auto row = sim.audit();
    CHECK(row.wrong == 1);
    return row.wrong_members.size() == 1 ? row.wrong_members.front().first : "several";
  };
  using Dialog = Target::Dialog;
  CHECK(wrong_member([](Dialog& one) { one.truth.created_at += second; }) == "createdAt");
  CHECK(wrong_member([](Dialog& one) { one.truth.party += "x"; }) == "party");
  CHECK(wrong_member([](Dialog& one) { one.labels.clear(); }) == "labels");
  CHECK(wrong_member([](Dialog& one) { one.truth.title.pop_back(); }) == "title");
  CHECK(wrong_member([](Dialog& one) { one.truth.status = "Draft"; }) == "status");
  CHECK(wrong_member([](Dialog& one) { one.truth.system_label = "Archive"; }) == "systemLabel");
  CHECK(wrong_member([](Dialog& one) { one.silent = true; }) == "silent");
  CHECK(wrong_member([](Dialog& one) { ++one.truth.activities; }) == "activities");
  CHECK(wrong_member([](Dialog& one) { ++one.truth.transmissions; }) == "transmissions");
  CHECK(wrong_member([](Dialog& one) { ++one.truth.attachments; }) == "attachments");
  CHECK(wrong_member([](Dialog& one) { one.summary.front().second += "x"; }) == "summary");
  CHECK(wrong_member([](Dialog& one) { one.extended_status.front().second += "x"; }) == "extendedStatus");
  CHECK(wrong_member([](Dialog& one) { one.truth.deleted = true; }) == "deletedAt");
}

TEST_CASE("A dialog that was updated before its newest state was there is not right", "[live][audit]") {
  Live sim;
  const auto made = sim.make(ChangeKind::create);
  sim.make(ChangeKind::save, made.instance);
  auto& dialog = sim.carry(made.instance);
  CHECK(clean(sim.audit()));
  dialog.truth.updated_at = made.last_changed;
  CHECK(sim.audit().stale + sim.audit().wrong == 1);
}

TEST_CASE("Deleted, brought back, and gone for good", "[live][audit]") {
  Live sim;
  const auto made = sim.make(ChangeKind::create);
  sim.carry(made.instance);
  sim.make(ChangeKind::remove, made.instance);
  CHECK(sim.audit().stale == 1);
  // The dialog there is gets deleted and keeps what it showed.
  sim.target.dialogs.at(made.dialog).truth.deleted = true;
  CHECK(clean(sim.audit()));
  sim.make(ChangeKind::bring_back, made.instance);
  CHECK(sim.audit().stale == 1);
  sim.carry(made.instance, true);
  CHECK(clean(sim.audit()));
  SECTION("hard-deleted") {
    sim.make(ChangeKind::erase, made.instance);
  }
  SECTION("vanished") {
    sim.make(ChangeKind::vanish, made.instance);
  }
  CHECK(sim.audit().wrong == 1);
  sim.target.dialogs.clear();
  CHECK(clean(sim.audit()));
  CHECK(sim.audit().excluded == 1);
}

TEST_CASE("A submission waits for its receipt as long as the engine does", "[live][audit][D-3]") {
  Live sim;
  sim.log.set_receipt_wait(minute);
  const auto made = sim.make(ChangeKind::create);
  Change late;
  late.with_receipt = false;
  sim.make(ChangeKind::submit, made.instance, late);
  sim.carry(made.instance); // as it is once nothing waits
  CHECK(sim.audit().wrong == 1);
  auto& dialog = sim.target.dialogs.at(made.dialog).truth;
  const auto all = dialog;
  dialog.attachments += dialog.transmission_attachments;
  dialog.transmissions = dialog.transmission_attachments = 0;
  CHECK(clean(sim.audit()));
  SECTION("the time is over") {
    sim.time += 2 * minute;
    CHECK(sim.audit().wrong == 1);
    dialog = all;
    CHECK(clean(sim.audit()));
    // Then it comes after all: a file of the dialog (D-6).
    sim.make(ChangeKind::receipt, made.instance);
    dialog.updated_at = sim.time;
    ++dialog.attachments;
    CHECK(clean(sim.audit()));
  }
  SECTION("the receipt comes") {
    sim.make(ChangeKind::receipt, made.instance);
    CHECK(sim.audit().stale + sim.audit().wrong == 1);
    sim.carry(made.instance, true);
    CHECK(clean(sim.audit()));
  }
}

TEST_CASE("What changed live leaves the row of the history and may have been carried by either",
          "[live][audit]") {
  Live sim;
  const auto guid = sim.of_history();
  AuditRange range;
  const auto before = audit_instances(sim.world, sim.target, range);
  sim.carry(guid).silent = true;
  sim.make(ChangeKind::confirm, guid);
  range.live = &sim.log;
  range.now = sim.time;
  CHECK(audit_instances(sim.world, sim.target, range).expected + 1 == before.expected);
  CHECK(sim.audit().expected == 1);
  auto& dialog = sim.carry(guid, true);
  dialog.silent = true;
  CHECK(clean(sim.audit()));
  dialog.silent = false;
  CHECK(clean(sim.audit()));
  const auto json = boost::json::parse(audit(sim.world, sim.target, range));
  CHECK(json.at("rows").as_array().back().at("id") == "a3-app-instances-live");
}

TEST_CASE("A second dialog of a live instance is a double", "[live][audit]") {
  Live sim;
  const auto made = sim.make(ChangeKind::create);
  sim.target.dialogs[random_guid(7, 7)] = sim.carry(made.instance);
  CHECK(sim.audit().doubled == 1);
}

TEST_CASE("Latency lasts from the first sending of an event until the dialog is as the instance is",
          "[live]") {
  Live sim;
  const auto made = sim.make(ChangeKind::create);
  REQUIRE(made.sequence != 0);
  sim.log.event_sent(made.instance, made.sequence, 1'000'000, sim.time);
  sim.log.event_sent(made.instance, made.sequence, 1'400'000, sim.time); // a copy
  sim.log.dialog_written(made.dialog, 1'500'000, sim.time);              // not yet
  CHECK(sim.log.latency().at("count") == 0);
  const auto submitted = sim.make(ChangeKind::submit, made.instance);
  sim.log.event_sent(made.instance, submitted.sequence, 2'000'000, sim.time);
  sim.carry(made.instance);
  sim.log.dialog_written(made.dialog, 2'010'000, sim.time);
  const auto latency = sim.log.latency();
  CHECK(latency.at("count") == 2);
  CHECK(latency.at("p50_ms").as_double() == Approx(10));
  CHECK(latency.at("max_ms").as_double() == Approx(1010));
}

TEST_CASE("Changes that nobody can see do not count as latency", "[live]") {
  Live sim;
  const auto made = sim.make(ChangeKind::create);
  sim.carry(made.instance);
  CHECK(sim.make(ChangeKind::unrelated, made.instance).sequence == 0);
  // Shown before its event was sent: not waited for.
  sim.log.event_sent(made.instance, made.sequence, 5, sim.time);
  sim.log.dialog_written(made.dialog, 6, sim.time);
  CHECK(sim.log.latency().at("count") == 0);
}

TEST_CASE("A dialog of a row whose events came later is stale until it shows them", "[live][audit][OS-1]") {
  Live sim;
  const auto made = sim.make(ChangeKind::create);
  sim.make(ChangeKind::save, made.instance);
  Record before;
  REQUIRE(sim.world.find(made.instance, before));
  Change late;
  late.event_after = 300 * millisecond;
  sim.make(ChangeKind::submit, made.instance, late);
  // As an engine has it that read the row and not its events.
  Record row;
  REQUIRE(sim.world.find(made.instance, row));
  row.events.resize(before.events.size());
  auto truth = truth_of(sim.world, row);
  truth.system_label = "Default";
  sim.target.dialogs[made.dialog] = {truth, {truth.label}, {}, {}, false};
  CHECK(sim.audit().stale == 1);
  CHECK(sim.audit().wrong == 0);
  sim.carry(made.instance, true);
  CHECK(clean(sim.audit()));
}

TEST_CASE("A dialog with the old title is stale though lastChanged is the same", "[live][audit][OS-2]") {
  Live sim;
  const auto made = sim.make(ChangeKind::create);
  sim.carry(made.instance);
  Change texts;
  texts.texts = TextMap{{"title", "Ola Nordmann"}};
  const auto changed = sim.make(ChangeKind::texts, made.instance, texts);
  CHECK(changed.last_changed == made.last_changed);
  CHECK(changed.sequence != 0);
  CHECK(sim.audit().stale == 1);
  sim.carry(made.instance, true);
  CHECK(clean(sim.audit()));
  sim.make(ChangeKind::read, made.instance);
  CHECK(clean(sim.audit()));
}

TEST_CASE("An instance that opts out by its data values alone keeps the dialog it has, or gets none",
          "[live][audit][OS-2]") {
  Live sim;
  const auto made = sim.make(ChangeKind::create);
  const auto opt_out = [&] {
    Change values;
    values.values = TextMap{{"dialog.disableAutomaticSync", "true"}};
    sim.make(ChangeKind::values, made.instance, values);
    CHECK(clean(sim.audit()));
    CHECK(sim.audit().excluded == 1);
  };
  SECTION("after it was carried") {
    sim.carry(made.instance);
    opt_out();
  }
  SECTION("before") {
    opt_out();
  }
}

TEST_CASE("A live row that cannot be read counts as such, whatever its dialog shows", "[live][audit][OS-4]") {
  Live sim;
  const auto made = sim.make(ChangeKind::create);
  sim.carry(made.instance);
  Change spoilt;
  spoilt.unreadable = true;
  sim.make(ChangeKind::submit, made.instance, spoilt);
  CHECK(clean(sim.audit()));
  CHECK(sim.audit().unreadable == 1);
  spoilt.unreadable = false;
  sim.make(ChangeKind::save, made.instance, spoilt);
  CHECK(sim.audit().stale + sim.audit().wrong == 1);
}
