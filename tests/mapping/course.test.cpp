#include "records.hpp"

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::mapping;
using namespace records;

namespace {

/// The record with a dialog that it made earlier.
json::value with_dialog() {
  auto bundle = archived_form();
  const Mapper mapper;
  set(bundle, "/existing", stored_dialog(bundle, mapper));
  return bundle;
}

void soft_delete(json::value& bundle) {
  set(bundle, "/instance/status/isSoftDeleted", true);
}

void hard_delete(json::value& bundle) {
  soft_delete(bundle);
  set(bundle, "/instance/status/isHardDeleted", true);
}

void delete_there(json::value& bundle) {
  set(bundle, "/existing/deletedAt", "2025-06-18T10:30:00Z");
}

void switch_on(json::value& bundle, std::string_view name) {
  set(bundle, "/application/messageBoxConfig/syncAdapterSettings/" + std::string(name), true);
}

Decision decided(const json::value& bundle) {
  auto decision = decide(bundle);
  if (!decision) FAIL(decision.error().member << " " << decision.error().message);
  return std::move(*decision);
}

using Calls = std::vector<Call>;

} // namespace

TEST_CASE("a new form is created, a second look finds nothing to do", "[M-3][M-5][D-5]") {
  auto bundle = archived_form();
  const auto created = decided(bundle);
  CHECK(created.action == Action::create);
  CHECK(created.calls == Calls{Call::create});
  CHECK(created.outcome == Outcome::created);
  CHECK_FALSE(created.revision);
  CHECK(to_string(created.dialog_id) == "0197823f-91b7-7fff-83bc-131e7988a1bb");

  const auto again = decided(with_dialog());
  CHECK(again.action == Action::none);
  CHECK(again.calls.empty());
  CHECK(again.body.empty());
  CHECK(again.outcome == Outcome::unchanged);
  CHECK(again.revision == parse_uuid("ccd2be2b-f09c-4426-936f-9af8b822c4d7"));
}

TEST_CASE("a soft-deleted form never seen is created and deleted in silence", "[M-5][M-8]") {
  auto bundle = archived_form();
  soft_delete(bundle);
  auto decision = decided(bundle);
  CHECK(decision.calls == Calls{Call::create, Call::remove});
  CHECK(decision.silent);
  CHECK(decision.outcome == Outcome::deleted);
  CHECK(body_of(decision).at("systemLabel") == "Archive");

  switch_on(bundle, "disableDelete");
  decision = decided(bundle);
  CHECK(decision.calls == Calls{Call::create});
  CHECK(decision.silent);

  switch_on(bundle, "disableCreate");
  decision = decided(bundle);
  CHECK(decision.action == Action::none);
  CHECK(decision.outcome == Outcome::excluded);
}

TEST_CASE("a soft-deleted form deletes its dialog once", "[M-5][M-9]") {
  auto bundle = with_dialog();
  soft_delete(bundle);
  const auto decision = decided(bundle);
  CHECK(decision.action == Action::remove);
  CHECK_FALSE(decision.silent);
  CHECK(decision.outcome == Outcome::deleted);
  CHECK(decision.revision);

  delete_there(bundle);
  CHECK(decided(bundle).action == Action::none);
  CHECK(decided(bundle).outcome == Outcome::unchanged);
}

TEST_CASE("deletion that is switched off leaves the dialog as it is, no update either", "[M-5][M-103]") {
  auto bundle = with_dialog();
  switch_on(bundle, "disableDelete");
  soft_delete(bundle);
  CHECK(decided(bundle).action == Action::none);
  hard_delete(bundle);
  CHECK(decided(bundle).action == Action::none);
  set(bundle, "/instance", nullptr);
  CHECK(decided(bundle).action == Action::none);
}

TEST_CASE("a hard-deleted form ends in a purge from every earlier state", "[M-5][D-2]") {
  auto bundle = with_dialog();
  hard_delete(bundle);
  CHECK(decided(bundle).action == Action::purge);
  delete_there(bundle);
  const auto decision = decided(bundle);
  CHECK(decision.action == Action::purge);
  CHECK(decision.outcome == Outcome::purged);
  set(bundle, "/existing", nullptr);
  CHECK(decided(bundle).action == Action::none);
  CHECK(decided(bundle).outcome == Outcome::excluded);
}

TEST_CASE("history deletes and purges in silence", "[M-8]") {
  auto bundle = with_dialog();
  set(bundle, "/is_migration", true);
  soft_delete(bundle);
  CHECK(decided(bundle).silent);
  hard_delete(bundle);
  CHECK(decided(bundle).silent);
}

TEST_CASE("a form that is gone takes its dialog along, under the dialog's own id", "[M-5][D-4]") {
  auto bundle = with_dialog();
  set(bundle, "/instance", nullptr);
  set(bundle, "/events", nullptr);
  set(bundle, "/application", nullptr);
  set(bundle, "/existing/id", "0197823f-91b7-7000-83bc-131e7988a1bb");
  const auto decision = decided(bundle);
  CHECK(decision.action == Action::purge);
  CHECK(to_string(decision.dialog_id) == "0197823f-91b7-7000-83bc-131e7988a1bb");
  set(bundle, "/existing", nullptr);
  CHECK(decided(bundle).action == Action::none);
}

TEST_CASE("a form that is back restores its dialog, and updates it only where it differs",
          "[M-5][D-1][D-5]") {
  auto bundle = with_dialog();
  delete_there(bundle);
  auto decision = decided(bundle);
  CHECK(decision.action == Action::restore);
  CHECK(decision.calls == Calls{Call::restore});
  CHECK(decision.outcome == Outcome::restored);
  set(bundle, "/existing/status", "Draft");
  decision = decided(bundle);
  CHECK(decision.calls == Calls{Call::restore, Call::update});
  CHECK_FALSE(decision.body.empty());
}

TEST_CASE("what opted out is left alone, deletions included", "[M-3][M-104]") {
  auto bundle = with_dialog();
  set(bundle, "/existing/status", "Draft");
  const auto value = GENERATE(as<std::string>{}, "true", " TRUE\t", "True");
  set(bundle, "/instance/dataValues/dialog.disableAutomaticSync", json::value(value));
  CHECK(decided(bundle).action == Action::none);
  CHECK(decided(bundle).outcome == Outcome::excluded);
  hard_delete(bundle);
  CHECK(decided(bundle).action == Action::none);
}

TEST_CASE("an application that is switched off stops everything before anything is looked at",
          "[M-3][M-103]") {
  auto bundle = with_dialog();
  switch_on(bundle, "disableSync");
  switch_on(bundle, "enableUserSuppliedDialogId");
  drop(bundle, "/instance/status");
  CHECK(decided(bundle).action == Action::none);
  CHECK(decided(bundle).outcome == Outcome::excluded);
}

TEST_CASE("an app that chooses its dialog ids is taken at its word, if the word is usable", "[M-4]") {
  auto bundle = archived_form();
  switch_on(bundle, "enableUserSuppliedDialogId");
  const auto missing = decide(bundle);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().member == "instance.dataValues.dialog.id");

  const auto chosen = [&](std::string_view id) {
    set(bundle, "/instance/dataValues/dialog.id", json::value(id));
    return decided(bundle);
  };
  const auto good = chosen("01978000-0000-7123-8456-131e7988a1bb");
  CHECK(good.action == Action::create);
  CHECK(body_of(good).at("id") == "01978000-0000-7123-8456-131e7988a1bb");
  CHECK(chosen("not an id").action == Action::none);
  CHECK(chosen("01978000-0000-4123-8456-131e7988a1bb").outcome == Outcome::excluded);
  CHECK(chosen("01978000-0000-7123-c456-131e7988a1bb").action == Action::none);
  CHECK(chosen("0f978000-0000-7123-8456-131e7988a1bb").action == Action::none);
}

TEST_CASE("a dialog that is marked as another form's is not touched", "[M-4]") {
  auto bundle = with_dialog();
  set(bundle, "/existing/status", "Draft");
  const auto labelled = [&](std::string_view label) {
    set(bundle, "/existing/serviceOwnerContext/serviceOwnerLabels",
        json::array{json::object{{"value", "mine"}}, json::object{{"value", label}}});
    return decided(bundle).action;
  };
  CHECK(labelled("urn:altinn:integration:storage:1/0dbc1da6-f744-4fff-83bc-131e7988a1bb") == Action::none);
  CHECK(labelled("urn:altinn:integration:storage:50001234/0DBC1DA6-f744-4fff-83bc-131e7988a1bb") ==
        Action::update);
  CHECK(labelled("urn:something-else:1") == Action::update);
}

TEST_CASE("dialog.id is written back before a create or an update that needs it, and for nothing else",
          "[M-6]") {
  auto bundle = archived_form();
  CHECK(decided(bundle).write_back);
  set(bundle, "/instance/dataValues/dialog.id", "0197823F-91B7-7FFF-83BC-131E7988A1BB");
  CHECK_FALSE(decided(bundle).write_back);
  set(bundle, "/instance/dataValues/dialog.id", "0197823f-91b7-7000-83bc-131e7988a1bb");
  CHECK(decided(bundle).write_back);

  set(bundle, "/is_migration", true);
  CHECK_FALSE(decided(bundle).write_back);
  Settings settings;
  settings.write_back = WriteBack::all;
  CHECK(decide(bundle, settings)->write_back);
  settings.write_back = WriteBack::off;
  CHECK_FALSE(decide(bundle, settings)->write_back);
  set(bundle, "/instance/dataValues/A2ArchRef", "1");
  CHECK(decide(bundle, settings)->write_back);

  auto there = with_dialog();
  CHECK_FALSE(decided(there).write_back);
  soft_delete(there);
  CHECK_FALSE(decided(there).write_back);
}

TEST_CASE("an archived form needs to be completed and wholly imported", "[M-54]") {
  const auto key = GENERATE(as<std::string>{}, "A1ArchRef", "A2ArchRef");
  auto bundle = archived_form();
  set(bundle, "/is_migration", true);
  set(bundle, "/instance/dataValues/" + key, nullptr);
  CHECK(decided(bundle).action == Action::create);
  CHECK(body_of(decided(bundle)).at("status") == "Completed");

  set(bundle, "/events", json::array{});
  CHECK(decided(bundle).action == Action::later);
  CHECK(decided(bundle).outcome == Outcome::deferred);
  set(bundle, "/instance/status/isArchived", false);
  CHECK(decided(bundle).action == Action::exclude);
  CHECK(decided(bundle).outcome == Outcome::excluded);
  hard_delete(bundle);
  CHECK(decided(bundle).action == Action::none);
}

TEST_CASE("lookups name the owner and everybody who acted, once each", "[M-50]") {
  codec::Parser parser;
  auto bundle = archived_form();
  auto& events = bundle.at("events").as_array();
  for (const auto* event : {R"({"user":{"userId":7}})", R"({"user":null})", R"({"user":{"orgId":"ttd"}})"})
    events.push_back(json::parse(event));
  const codec::Document instance_json(json::serialize(bundle.at("instance")));
  const codec::Document events_json(json::serialize(bundle.at("events")));
  const auto instance = codec::read_instance(parser, instance_json.view());
  const auto read = codec::read_events(parser, events_json.view());
  const auto lookups = lookups_needed(*instance, *read);
  CHECK(lookups.party_id == "50001234");
  CHECK(lookups.user_ids == std::vector<std::int64_t>{20001234, 7});
}

TEST_CASE("what is sent waits while the record's times are ahead of the clock, until the target takes them",
          "[OR-6]") {
  codec::Instance instance;
  instance.created = *parse_instant("2025-11-17T12:00:00Z");
  instance.last_changed = *parse_instant("2025-11-17T12:05:00Z");
  const codec::Events events;
  const auto at = [&](const char* now, std::vector<Call> calls = {Call::create}) {
    Input input;
    input.instance = &instance;
    input.events = &events;
    input.now = *parse_instant(now);
    Decision decision;
    decision.action = Action::create;
    decision.outcome = Outcome::created;
    decision.calls = std::move(calls);
    await_clock(decision, input);
    return decision;
  };
  const auto waits = at("2025-11-17T12:00:00Z");
  CHECK(waits.action == Action::later);
  CHECK(waits.outcome == Outcome::deferred);
  CHECK(waits.calls.empty());
  CHECK(waits.retry_at == parse_instant("2025-11-17T12:04:45Z"));
  CHECK(at("2025-11-17T12:04:44Z").action == Action::later);
  CHECK(at("2025-11-17T12:04:45Z").action == Action::create);
  CHECK(at("2025-11-15T12:00:00Z").action == Action::create); // the target's refusal tells of so much
  CHECK(at("2025-11-17T12:00:00Z", {Call::purge}).action == Action::create);
}
