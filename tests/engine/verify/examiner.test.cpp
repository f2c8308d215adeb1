#include "verify_fixture.hpp"

#include <dialogferry/engine/verify/examiner.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;
using namespace dialogferry::engine::verify;
using ledger::DifferenceKind;

namespace {

/// An examiner for one record and its dialog. Whoever carries does what the test says.
struct ExaminerWorld : SidesWorld {
  ExaminerWorld() {
    source.add(60'000'000);
    target.add_all(source);
    storage->at_once = [this](const Call& call) {
      return std::optional(
          answered(call.operation,
                   is_listed ? response(200, Listing::json(source.rows[0]))
                             : response(404, "\"Unable to find instance " + source.rows[0].guid + "\"")));
    };
    maps->at_once = [this](const MapAnew& question) { return std::optional(map(question)); };
    setup.storage = stand_in_of<gate_actor>(storage);
    setup.dialogporten = stand_in_of<gate_actor>(dialogporten);
    setup.metadata = stand_in_of<metadata_actor>(metadata);
    setup.registry = stand_in_of<register_actor>(registry);
    setup.carriers = {stand_in_of<carrier_actor>(maps)};
    setup.uploaders = {stand_in_of<uploader_actor>(uploads)};
    setup.mapper = mapper;
    setup.now = instants();
    setup.clock = clock();
    uploads->at_once = [this](const Upload& upload) {
      if (on_upload) on_upload(upload);
      Uploaded done;
      done.outcome = upload.decision ? upload.decision->outcome : Outcome::created;
      return std::optional(done);
    };
  }

  MappedAnew map(const MapAnew&) const {
    MappedAnew mapped;
    if (cannot_map) {
      mapped.problem = Problem{"instance.data", "cannot be mapped", {}};
      return mapped;
    }
    if (!is_listed) mapped.again.emplace().why = SecondLook::Why::absence;
    mapped.decision = std::make_shared<mapping::Decision>();
    mapped.decision->dialog_id = own();
    if (is_listed) mapped.last_changed = source.rows[0].at;
    return mapped;
  }

  /// The dialog that the record has or must have.
  Uuid own() const { return version7(*parse_uuid(source.rows[0].guid), form_created); }

  Examine question(Suspect::Side side, bool repair = false, const Uuid& dialog = {}) const {
    Examine question;
    question.suspect.side = side;
    question.suspect.record.party = 50001234;
    question.suspect.record.guid = *parse_uuid(source.rows[0].guid);
    question.suspect.dialog = dialog == Uuid{} ? own() : dialog;
    question.day = shard_day;
    question.repair = repair;
    return question;
  }
  std::shared_ptr<Reply<Examined>> ask_for(const Examine& question) {
    examiner = spawn<Examiner>(setup);
    return ask<Examined>(examiner, question);
  }
  Examined look(const Examine& question) {
    const auto reply = ask_for(question);
    auto examined = reply->value();
    CHECK_FALSE(examined.problem);
    return examined;
  }
  static std::string told(const Examined& examined) {
    std::string text;
    for (const auto& difference : examined.differences)
      text += (text.empty() ? "" : ", ") + std::string(name_of(difference.kind)) +
              (difference.member.empty() ? "" : " " + difference.member) +
              (difference.repaired ? " repaired" : "");
    return text;
  }

  /// What the lane of the record was given: "purge ID" or "carry".
  std::vector<std::string> lane() const {
    std::vector<std::string> work;
    for (const auto& upload : uploads->asked)
      work.push_back(upload.decision ? "purge " + to_string(upload.decision->dialog_id)
                                     : (upload.absence_confirmed ? "carry, confirmed" : "carry"));
    return work;
  }

  ExaminerSetup setup;
  examiner_actor examiner;
  bool is_listed = true;
  bool cannot_map = false;
  std::function<void(const Upload&)> on_upload;
  std::shared_ptr<Desk<MapAnew, MappedAnew>> maps = std::make_shared<Desk<MapAnew, MappedAnew>>();
  std::shared_ptr<Desk<Upload, Uploaded>> uploads = std::make_shared<Desk<Upload, Uploaded>>();
};

const Uuid other_dialog = *parse_uuid("01934c5a-7b00-7039-903d-e31a36a2bcdc");

} // namespace

TEST_CASE("A record and its dialog that agree by now are no difference", "[engine][verify]") {
  ExaminerWorld world;
  const auto examined = world.look(world.question(Suspect::Side::source));
  CHECK(ExaminerWorld::told(examined).empty());
  CHECK(examined.is_there);
}

TEST_CASE("What differs is told, and left as it is", "[engine][verify]") {
  ExaminerWorld world;
  SECTION("missing") {
    world.target.list.clear();
    CHECK(ExaminerWorld::told(world.look(world.question(Suspect::Side::source))) == "missing");
  }
  SECTION("another owner") {
    world.target.list[0].party = "urn:altinn:organization:identifier-no:310000999";
    CHECK(ExaminerWorld::told(world.look(world.question(Suspect::Side::both))) == "wrong party");
  }
  SECTION("older than its record") {
    world.target.list[0].updated = form_created;
    CHECK(ExaminerWorld::told(world.look(world.question(Suspect::Side::source))) == "stale updatedAt");
  }
  CHECK(world.uploads->asked.empty());
}

TEST_CASE("A record of another day by now is that day's", "[engine][verify]") {
  ExaminerWorld world;
  world.target.list.clear();
  auto question = world.question(Suspect::Side::source);
  question.day = shard_day.previous();
  CHECK(ExaminerWorld::told(world.look(question)).empty());
}

TEST_CASE("A missing dialog is repaired by carrying its record in its lane", "[engine][verify]") {
  ExaminerWorld world;
  const auto whole = world.target.list;
  world.target.list.clear();
  world.on_upload = [&](const Upload&) { world.target.list = whole; };
  CHECK(ExaminerWorld::told(world.look(world.question(Suspect::Side::source, true))) == "missing repaired");
  CHECK(world.lane() == std::vector<std::string>{"carry"});
}

TEST_CASE("A dialog that no update can put right is purged and made anew", "[engine][verify]") {
  ExaminerWorld world;
  const auto whole = world.target.list;
  world.target.list[0].party = "urn:altinn:organization:identifier-no:310000999";
  world.on_upload = [&](const Upload& upload) {
    if (upload.decision)
      world.target.list.clear();
    else
      world.target.list = whole;
  };
  CHECK(ExaminerWorld::told(world.look(world.question(Suspect::Side::both, true))) == "wrong party repaired");
  CHECK(world.lane() == std::vector<std::string>{"purge " + to_string(world.own()), "carry"});
}

TEST_CASE("What a repair does not mend is not called repaired", "[engine][verify]") {
  ExaminerWorld world;
  world.target.list.clear();
  CHECK(ExaminerWorld::told(world.look(world.question(Suspect::Side::source, true))) == "missing");
}

TEST_CASE("A second dialog of a record is one too many, and is purged alone", "[engine][verify]") {
  ExaminerWorld world;
  auto& second = world.target.list.emplace_back(world.target.list[0]);
  second.id = other_dialog;
  world.on_upload = [&](const Upload&) { world.target.list.pop_back(); };
  CHECK(ExaminerWorld::told(world.look(world.question(Suspect::Side::target, true, other_dialog))) ==
        "unexpected repaired");
  CHECK(world.lane() == std::vector<std::string>{"purge " + to_string(other_dialog)});
}

/// One look repairs a dialog of a wrong owner by a purge and a create; the other, of the same record, finds
/// it gone in between and there again a moment later.
TEST_CASE("A dialog that another look is making anew is never one too many", "[engine][verify]") {
  ExaminerWorld world;
  std::size_t reads = 0;
  world.dialogporten->at_once = [&](const Call& call) {
    return std::optional(
        answered(call.operation, reads++ == 0 ? response(404) : world.target.answer(call.request->target)));
  };
  CHECK(ExaminerWorld::told(world.look(world.question(Suspect::Side::target, true))).empty());
  CHECK(world.uploads->asked.empty());
}

TEST_CASE("A dialog of a record that nobody can map, and whose own is not known, is let alone",
          "[engine][verify]") {
  ExaminerWorld world;
  world.cannot_map = true;
  world.source.rows[0].broken = R"({"id":"50001234/)" + world.source.rows[0].guid + R"("})";
  CHECK(ExaminerWorld::told(world.look(world.question(Suspect::Side::target, true))).empty());
  CHECK(world.uploads->asked.empty());
}

TEST_CASE("That a record is gone is confirmed twice before its dialog is purged", "[engine][verify]") {
  ExaminerWorld world;
  world.is_listed = false;
  world.on_upload = [&](const Upload&) { world.target.list.clear(); };
  const auto reply = world.ask_for(world.question(Suspect::Side::target, true));
  CHECK(world.uploads->asked.empty());
  world.advance(59s);
  CHECK(world.uploads->asked.empty());
  CHECK_FALSE(reply->there());
  world.advance(1s);
  CHECK(world.lane() == std::vector<std::string>{"carry, confirmed"});
  CHECK(ExaminerWorld::told(reply->value()) == "unexpected repaired");
}

TEST_CASE("A record that changes while it is looked at is read again, four times at the most",
          "[engine][verify]") {
  ExaminerWorld world;
  world.maps->at_once = [&](const MapAnew& question) {
    auto mapped = world.map(question);
    mapped.last_changed = Instant{world.source.rows[0].at.ticks - 1};
    return std::optional(mapped);
  };
  world.look(world.question(Suspect::Side::both));
  CHECK(world.maps->asked.size() == 4);
}

TEST_CASE("A record that cannot be looked at says why", "[engine][verify]") {
  ExaminerWorld world;
  world.registry->at_once = [](const FindParties&) {
    FoundParties found;
    found.problem = Problem{"register", "is down", {}};
    return std::optional(found);
  };
  const auto reply = world.ask_for(world.question(Suspect::Side::source));
  REQUIRE(reply->value().problem);
  CHECK(reply->value().problem->message == "is down");
}
