#include "storage/audit.hpp"

#include "storage/truth.hpp"
#include "support.hpp"
#include "target.hpp"

#include <catch2/catch.hpp>

using namespace altinn_sim;
using namespace altinn_sim::storage;

TEST_CASE("A target that holds everything as it must be has nothing missing, doubled, stale or wrong",
          "[audit]") {
  World world(small_world(200));
  const Target target(world);
  const auto row = audit_instances(world, target, {});
  CHECK(row.expected + row.excluded == 7'200);
  CHECK(row.excluded > 50);
  CHECK(row.failed == 0);
  CHECK(row.present == row.expected);
  CHECK(row.missing + row.doubled + row.stale + row.wrong == 0);
}

TEST_CASE("An empty target misses everything", "[audit]") {
  World world(small_world(50));
  Target target(world);
  target.dialogs.clear();
  const auto row = audit_instances(world, target, {});
  CHECK(row.missing == row.expected);
  CHECK(row.missing_ids.size() == 5);
}

TEST_CASE("Each kind of mistake is found, counted and named", "[audit]") {
  World world(small_world(50));
  Target target(world);
  const auto any = [&] { return target.dialogs.begin(); };
  const auto audited = [&] { return audit_instances(world, target, {}); };
  SECTION("missing") {
    target.dialogs.erase(any());
    CHECK(audited().missing == 1);
    CHECK(audited().present + 1 == audited().expected);
  }
  SECTION("doubled") {
    auto copy = any()->second;
    target.dialogs[random_guid(1, 1)] = copy;
    CHECK(audited().doubled == 1);
    CHECK(audited().doubled_ids.size() == 1);
    CHECK(audited().wrong == 0);
  }
  SECTION("stale") {
    any()->second.truth.updated_at -= hour;
    CHECK(audited().stale == 1);
    CHECK(audited().wrong == 0);
  }
  SECTION("of an instance that does not exist") {
    auto copy = any()->second;
    copy.labels = {"urn:altinn:integration:storage:1/" + guid_text(random_guid(5, 5))};
    target.dialogs[random_guid(1, 1)] = copy;
    CHECK(audited().wrong == 1);
  }
  SECTION("of an instance that opted out") {
    Window all;
    all.org = "skd";
    Scan scan(world, all);
    std::vector<Row> group;
    Record record;
    do {
      REQUIRE(scan.next(group));
      world.read(group.front(), record);
    } while (!record.hard_deleted);
    auto copy = any()->second;
    copy.labels = {"urn:altinn:integration:storage:" + record.id()};
    target.dialogs[dialog_id_of(record)] = copy;
    CHECK(audited().wrong == 1);
    CHECK(audited().doubled == 0);
  }
  SECTION("of another source") {
    auto copy = any()->second;
    copy.labels = {"urn:altinn:integration:correspondence:1"};
    target.dialogs[random_guid(1, 1)] = copy;
    CHECK(audited().wrong + audited().doubled == 0);
  }
}

TEST_CASE("Every compared member tells", "[audit]") {
  World world(small_world(20));
  const auto wrong_member = [&](auto spoil) {
    Target target(world);
    spoil(target.dialogs.begin()->second);
    const auto row = audit_instances(world, target, {});
    CHECK(row.wrong == 1);
    CHECK(row.wrong_ids.size() == 1);
    REQUIRE(row.wrong_members.size() == 1);
    return row.wrong_members.front().first;
  };
  using Dialog = Target::Dialog;
  CHECK(wrong_member([](Dialog& one) { one.truth.created_at += millisecond; }) == "createdAt");
  CHECK(wrong_member([](Dialog& one) { one.truth.updated_at += millisecond; }) == "updatedAt");
  CHECK(wrong_member([](Dialog& one) { one.truth.party += "x"; }) == "party");
  CHECK(wrong_member([](Dialog& one) { one.truth.service_resource += "x"; }) == "serviceResource");
  CHECK(wrong_member([](Dialog& one) { one.labels.emplace_back("more"); }) == "labels");
  CHECK(wrong_member([](Dialog& one) { one.truth.title.front().second += "x"; }) == "title");
  CHECK(wrong_member([](Dialog& one) { one.truth.title.pop_back(); }) == "title");
  CHECK(wrong_member([](Dialog& one) { one.truth.status = "Sent"; }) == "status");
  CHECK(wrong_member([](Dialog& one) { one.truth.system_label = "Bin"; }) == "systemLabel");
  CHECK(wrong_member([](Dialog& one) { one.silent = false; }) == "silent");
  CHECK(wrong_member([](Dialog& one) { ++one.truth.activities; }) == "activities");
  CHECK(wrong_member([](Dialog& one) { ++one.truth.transmissions; }) == "transmissions");
  CHECK(wrong_member([](Dialog& one) { ++one.truth.attachments; }) == "attachments");
  CHECK(wrong_member([](Dialog& one) { ++one.truth.transmission_attachments; }) == "transmissionAttachments");
  CHECK(wrong_member([](Dialog& one) { one.truth.deleted = !one.truth.deleted; }) == "deletedAt");
}

TEST_CASE("Only what was asked to be carried is audited", "[audit]") {
  World world(small_world(100));
  Target target(world);
  AuditRange range;
  CHECK(!read_audit_range(Call("/audit?from=2025-03-03&to=2025-03-04&organisation=brg").request, range));
  const auto some = audit_instances(world, target, range);
  CHECK(some.expected + some.excluded == 200);
  CHECK(some.wrong + some.doubled == 0);
  target.dialogs.clear();
  CHECK(audit_instances(world, target, range).missing == some.expected);
  AuditRange bad;
  CHECK(read_audit_range(Call("/audit?from=yesterday").request, bad));
}

TEST_CASE("A dialog that is not visible yet has the times of its visibleFrom", "[audit][dialogporten-4.4]") {
  World world(small_world(5));
  Record record;
  std::int64_t rank = 0;
  do {
    REQUIRE(world.find(world.generator().guid({0, 0, rank++}), record));
  } while (truth_of(world, record).verdict != Verdict::carried);
  record.visible_after = day_from_civil(2093, 6, 5) * whole_day;
  world.overlay().put(record);
  Target target(world);
  AuditRange range;
  CHECK(!read_audit_range(Call("/audit").request, range));
  CHECK(audit_instances(world, target, range).wrong + audit_instances(world, target, range).stale == 1);
  auto& dialog = target.dialogs.at(dialog_id_of(record));
  dialog.truth.created_at = dialog.truth.updated_at = record.visible_after;
  CHECK(audit_instances(world, target, range).wrong == 0);
}

TEST_CASE("Poisoned records are expected to fail, each for its reason", "[audit]") {
  auto options = small_world(300);
  options.poison = 0.05;
  World world(options);
  Target target(world);
  const auto row = audit_instances(world, target, {});
  CHECK(row.failed > 300);
  CHECK(row.failed < 700);
  CHECK(row.missing + row.doubled + row.stale + row.wrong == 0);
}

TEST_CASE("The audit is JSON with a row of figures", "[audit]") {
  World world(small_world(10));
  const Target target(world);
  const auto json = boost::json::parse(audit(world, target, {}));
  const auto& row = json.at("rows").as_array().front().as_object();
  CHECK(row.at("id").as_string() == "a3-app-instances-historic");
  for (const auto* member :
       {"expected", "excluded", "failed", "present", "missing", "doubled", "stale", "wrong"}) {
    CHECK(row.at(member).is_int64());
  }
}
