#include "storage/audit.hpp"
#include "storage/forms_control.hpp"
#include "storage/truth.hpp"
#include "support.hpp"
#include "target.hpp"

#include <catch2/catch.hpp>

using namespace altinn_sim;
using namespace altinn_sim::storage;

namespace {

WorldOptions form_world(double poison = 0) {
  auto options = small_world(10);
  options.forms_per_day = 50;
  options.forms_days = {{day_from_civil(2012, 3, 1), day_from_civil(2012, 3, 4)}};
  options.poison = poison;
  return options;
}

std::string storage_id(const Truth& truth) {
  return truth.label.substr(truth.label.rfind(':') + 1);
}

void name_dialog(World& world, const std::string& form, const std::string& dialog) {
  const Call put("/instances/" + form + "/datavalues", Method::put,
                 R"({"values":{"dialog.id":")" + dialog + R"("}})");
  REQUIRE(Storage(world).handle(put.request).status == 200);
}

/// A target that holds every form as it must be, the dialogs' ids written back.
struct Carried {
  explicit Carried(double poison = 0)
      : world(form_world(poison))
      , target(world, only_forms) {
    write_back();
  }

  void write_back() {
    for (const auto& [id, dialog] : target.dialogs)
      write_back(dialog.truth);
  }
  void write_back(const Truth& truth) { name_dialog(world, storage_id(truth), guid_text(truth.id)); }

  std::vector<std::string> control(const std::string& body) {
    const auto response = control_forms(world, Call("/forms", Method::post, body).request);
    std::vector<std::string> out;
    for (const auto& id : array_of(response, "forms"))
      out.emplace_back(id.as_string());
    return out;
  }

  Record record(const std::string& id) const {
    Record out;
    REQUIRE(world.find(*parse_guid(id.substr(id.find('/') + 1)), out));
    return out;
  }

  /// Carries what was imported; the id of its dialog.
  Guid carry(const std::string& id) {
    const auto truth = truth_of(world, record(id));
    target.add(truth);
    write_back(truth);
    return truth.id;
  }

  AuditRow historic() const { return audit_row(world, target, {}, historic_forms); }
  AuditRow live() const { return audit_row(world, target, {}, live_forms); }

  World world;
  Target target;
};

std::size_t mistakes(const AuditRow& row) {
  return row.missing + row.doubled + row.stale + row.wrong + row.leftover;
}

} // namespace

TEST_CASE("Forms that are all as they must be have nothing missing or wrong, in their row alone", "[audit]") {
  const Carried all;
  const auto row = all.historic();
  CHECK(row.expected + row.excluded == 3 * 4 * 50);
  CHECK(row.excluded > 3);
  CHECK(row.present == row.expected);
  CHECK(mistakes(row) == 0);
  CHECK(all.live().expected == 0);
  CHECK(mistakes(all.live()) == 0);
  const auto instances = audit_instances(all.world, all.target, {});
  CHECK(instances.missing == instances.expected);
  CHECK(instances.wrong + instances.doubled == 0);
}

TEST_CASE("A carried form whose dialog.id was not written back is wrong", "[audit]") {
  World world(form_world());
  Target target(world, only_forms);
  auto row = audit_row(world, target, {}, historic_forms);
  CHECK(row.wrong == row.expected);
  REQUIRE(row.wrong_members.size() == 1);
  CHECK(row.wrong_members.front().first == "dialog.id");
  for (const auto& [id, dialog] : target.dialogs)
    name_dialog(world, storage_id(dialog.truth), "another");
  CHECK(audit_row(world, target, {}, historic_forms).wrong == row.expected);
}

TEST_CASE("A form that was never completed must be left alone", "[audit][storage-3.2]") {
  Carried all;
  const auto id = all.control(R"({"organisation":"ttd","archived":false})")[0];
  CHECK(all.live().excluded == 1);
  CHECK(mistakes(all.live()) == 0);
  SECTION("carried") {
    auto truth = truth_of(all.world, all.record(id));
    CHECK(truth.verdict == Verdict::excluded);
    truth.verdict = Verdict::carried;
    all.target.add(truth);
    CHECK(all.live().wrong == 1);
  }
  SECTION("written to") {
    name_dialog(all.world, id, "x");
    CHECK(all.live().wrong == 1);
  }
}

TEST_CASE("An import is deferred while it is half done and expected once it is complete", "[audit]") {
  Carried all;
  const auto id = all.control(R"({"organisation":"ttd","complete":false})")[0];
  CHECK(all.live().deferred == 1);
  CHECK(all.live().expected == 0);
  all.control(R"({"complete":[")" + id + R"("]})");
  CHECK(all.live().deferred == 0);
  CHECK(all.live().missing == 1);
  all.carry(id);
  CHECK(mistakes(all.live()) == 0);
  CHECK(mistakes(all.historic()) == 0);
}

TEST_CASE("Generated imports that are half done are expected all the same: they complete themselves",
          "[audit]") {
  auto options = form_world();
  options.forms_late = 1;
  options.forms_unfinished = 0;
  World world(options);
  Target target(world, only_forms);
  CHECK(audit_row(world, target, {}, historic_forms).expected > 500);
  target.dialogs.clear();
  CHECK(audit_row(world, target, {}, historic_forms).missing > 500);
}

TEST_CASE("After a re-import the old dialog is left over, and doubled once its row was asked for in vain",
          "[audit][storage-3.2]") {
  Carried all;
  const auto of_history = storage_id(all.target.dialogs.begin()->second.truth);
  const auto imported = all.control(R"({"organisation":"ttd"})")[0];
  all.carry(imported);
  for (const auto& old : {of_history, imported}) {
    const auto old_dialog = dialog_id_of(all.record(old));
    const auto before = all.historic().expected;
    const auto made = all.control(R"({"reimport":")" + old + R"("})")[0];
    CHECK(all.historic().expected == before - (old == of_history ? 1 : 0));
    CHECK(all.live().missing == 1);
    all.carry(made);
    CHECK(all.live().leftover == 1);
    CHECK(all.live().missing + all.live().doubled + all.live().wrong == 0);
    CHECK(mistakes(all.historic()) == 0);
    CHECK(ask(Storage(all.world), "/instances/" + old).status == 404);
    CHECK(all.live().doubled == 1);
    CHECK(all.live().leftover == 0);
    all.target.dialogs.erase(old_dialog);
    CHECK(mistakes(all.live()) == 0);
  }
  CHECK(audit_instances(all.world, all.target, {}).wrong == 0);
}

TEST_CASE("Missing, doubled, stale and wrong forms are told apart", "[audit]") {
  Carried all;
  const auto any = all.target.dialogs.begin();
  SECTION("missing") {
    all.target.dialogs.erase(any);
    CHECK(all.historic().missing == 1);
  }
  SECTION("doubled") {
    const auto copy = any->second;
    all.target.dialogs[random_guid(1, 1)] = copy;
    CHECK(all.historic().doubled == 1);
    CHECK(all.live().doubled == 0);
  }
  SECTION("stale") {
    any->second.truth.updated_at -= hour;
    CHECK(all.historic().stale == 1);
  }
  SECTION("not silent") {
    any->second.silent = false;
    CHECK(all.historic().wrong == 1);
  }
}

TEST_CASE("Days and organisation narrow the rows of forms too", "[audit]") {
  Carried all;
  AuditRange range;
  CHECK(!read_audit_range(Call("/audit?from=2012-03-02&to=2012-03-03&organisation=brg").request, range));
  const auto row = audit_row(all.world, all.target, range, historic_forms);
  CHECK(row.expected + row.excluded == 100);
  all.control(R"({"organisation":"brg","last_changed":"2012-03-02T10:00:00Z"})");
  all.control(R"({"organisation":"brg","last_changed":"2012-03-04T10:00:00Z"})");
  const auto live = audit_row(all.world, all.target, range, live_forms);
  CHECK(live.expected == 1);
}

TEST_CASE("Poisoned forms are expected to fail", "[audit]") {
  const Carried all(0.1);
  CHECK(all.historic().failed > 20);
  CHECK(all.historic().failed < 120);
  CHECK(mistakes(all.historic()) == 0);
}
