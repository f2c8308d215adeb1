#include "upload_fixture.hpp"

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;
using Step = mapping::Call;

namespace {

/// The steps of one upload, driven by answers.
struct Steps {
  explicit Steps(Upload upload)
      : steps(std::move(upload)) {}

  /// `POST /…`, the request to be sent now, or `map`; the same each time it is asked for.
  std::string next() {
    if (steps.next() == UploadSteps::Next::map) return "map";
    const auto request = steps.request();
    return std::string(http::name_of(request->method)) + " " + request->target;
  }
  std::chrono::milliseconds pause(double random) const { return steps.pause(random); }
  std::string if_match() { return steps.request()->if_match; }

  std::optional<Uploaded> on(http::Answer answer, std::uint32_t attempts = 1) {
    return steps.on_answer(answered(steps.operation(), std::move(answer), attempts));
  }

  std::optional<Uploaded> on(const MappedAnew& mapped) { return steps.on_mapped(mapped); }

  UploadSteps steps;
};

const std::string post_dialog = "POST /api/v1/serviceowner/dialogs?isSilentUpdate=true";
const std::string delete_dialog = "DELETE " + dialog_path + "?isSilentUpdate=true";

} // namespace

// -- as planned -------------------------------------------------------------------------

TEST_CASE("A creation is one request with the decision's body", "[engine][upload]") {
  Steps steps(creation());
  CHECK(steps.next() == post_dialog);
  CHECK(steps.steps.request()->body == R"({"id":")" + to_string(dialog_id) + R"("})");
  CHECK(steps.if_match().empty());
  const auto done = steps.on(response(201, {}, revision_1), 3);
  REQUIRE(done);
  CHECK(done->outcome == Outcome::created);
  CHECK(done->attempts == 3);
}

TEST_CASE("A deletion that follows a creation names the revision the creation gave", "[engine][upload]") {
  Steps steps(creation_and_removal());
  CHECK_FALSE(steps.on(response(201, {}, revision_1), 2));
  CHECK(steps.next() == delete_dialog);
  CHECK(steps.if_match() == revision_1);
  const auto done = steps.on(response(204, {}, revision_2), 3);
  REQUIRE(done);
  CHECK(done->outcome == Outcome::deleted);
  CHECK(done->attempts == 5);
}

TEST_CASE("The first call names the decision's revision, the next ones what the answers gave",
          "[engine][upload]") {
  auto upload = upload_of({Step::restore, Step::update, Step::form_saved_time, Step::form_saved_time},
                          Outcome::restored);
  auto decision = *upload.decision;
  decision.revision = *parse_uuid(revision_1);
  decision.form_saved_times = {{*parse_uuid(revision_1), *parse_instant("2025-01-01T10:00:00Z")},
                               {*parse_uuid(revision_2), *parse_instant("2025-01-01T11:00:00Z")}};
  upload.decision = std::make_shared<mapping::Decision>(decision);
  Steps steps(upload);
  CHECK(steps.next() == "POST " + dialog_path + "/actions/restore?isSilentUpdate=true");
  CHECK(steps.if_match() == revision_1);
  CHECK_FALSE(steps.on(response(204, {}, revision_2)));
  CHECK(steps.next() == "PUT " + dialog_path + "?isSilentUpdate=true");
  CHECK(steps.if_match() == revision_2);
  CHECK_FALSE(steps.on(response(204, {}, revision_1)));
  CHECK(steps.next() ==
        "POST " + dialog_path + "/activities/" + revision_1 + "/actions/updateFormSavedActivityTime");
  CHECK(steps.if_match() == revision_1);
  CHECK_FALSE(steps.on(response(204, {}, revision_2)));
  CHECK(steps.next() ==
        "POST " + dialog_path + "/activities/" + revision_2 + "/actions/updateFormSavedActivityTime");
  CHECK(steps.steps.request()->body == R"("2025-01-01T11:00:00Z")");
  CHECK(steps.on(response(204))->outcome == Outcome::restored);
}

// -- what is there already --------------------------------------------------------------

TEST_CASE("A record is read and mapped anew where its upload brings no decision", "[engine][upload]") {
  auto upload = reading();
  upload.is_migration = false;
  upload.priority = Priority::live;
  upload.absence_confirmed = true;
  Steps steps(upload);
  CHECK(steps.next() == "map");
  const auto question = steps.steps.question();
  CHECK(question.record_id == record_id);
  CHECK_FALSE(question.is_migration);
  CHECK(question.absence_confirmed);
  CHECK(question.priority == Priority::live);
  CHECK_FALSE(steps.on(mapped({Step::remove}, Outcome::deleted, revision_2)));
  CHECK(steps.next() == delete_dialog);
  CHECK(steps.if_match() == revision_2);
  const auto done = steps.on(response(204));
  REQUIRE(done);
  CHECK(done->outcome == Outcome::deleted);
  CHECK(done->last_changed == *parse_instant("2025-06-18T10:00:00Z"));
  CHECK(done->organisation == "ttd");
}

TEST_CASE("A dialog that is there already is not overwritten from a list row: the record is mapped anew",
          "[engine][upload]") {
  Steps steps(creation());
  CHECK_FALSE(steps.on(id_is_taken()));
  CHECK(steps.next() == "map");
  const auto done = steps.on(mapped({}, Outcome::unchanged));
  REQUIRE(done);
  CHECK(done->outcome == Outcome::unchanged);
  CHECK(done->attempts == 1);
}

TEST_CASE("What is to be sent after a record was mapped anew is sent", "[engine][upload]") {
  Steps steps(creation());
  CHECK_FALSE(steps.on(id_is_taken()));
  CHECK_FALSE(steps.on(mapped({Step::update}, Outcome::updated, revision_1)));
  CHECK(steps.next() == "PUT " + dialog_path + "?isSilentUpdate=true");
  CHECK(steps.if_match() == revision_1);
  CHECK(steps.on(response(204))->outcome == Outcome::updated);
}

TEST_CASE("A record that cannot be mapped anew fails with what its reading said", "[engine][upload]") {
  Steps steps(creation());
  CHECK_FALSE(steps.on(id_is_taken(), 2));
  MappedAnew none;
  none.problem = {"events", "cannot be had", {}};
  none.http_status = 500;
  none.attempts = 8;
  const auto done = steps.on(none);
  REQUIRE(done);
  CHECK(done->outcome == Outcome::failed);
  CHECK(done->problem == none.problem);
  CHECK(done->http_status == 500);
  CHECK(done->attempts == 10);
}

TEST_CASE("When a record must be looked at again is passed on with its outcome", "[engine][upload][D-3]") {
  Steps steps(reading());
  auto waits = mapped({Step::create}, Outcome::created);
  waits.again = SecondLook{SecondLook::Why::receipts, *parse_instant("2025-06-18T10:10:00Z"), {}};
  CHECK_FALSE(steps.on(waits));
  CHECK(steps.on(response(201, {}, revision_1))->again == waits.again);
}

// -- the id in the instance ---------------------------------------------------------------

TEST_CASE("The dialog's id is written back just before the dialog is made", "[engine][upload][M-6]") {
  auto decision = decision_of({Step::create}, Outcome::created);
  decision.write_back = true;
  Steps steps(upload_of(decision));
  CHECK(steps.steps.next() == UploadSteps::Next::store_id);
  CHECK(steps.next() == "PUT /storage/api/v1/instances/" + record_id + "/datavalues");
  CHECK(steps.steps.request()->body == R"({"values":{"dialog.id":")" + to_string(dialog_id) + R"("}})");
  CHECK_FALSE(steps.on(response(200)));
  CHECK(steps.steps.next() == UploadSteps::Next::call);
  CHECK(steps.next() == post_dialog);
  CHECK(steps.on(response(201))->outcome == Outcome::created);
}

TEST_CASE("Where the id cannot be written back the record is read again: it may be gone",
          "[engine][upload][M-6][storage 2.1]") {
  auto decision = decision_of({Step::create}, Outcome::created);
  decision.write_back = true;
  Steps steps(upload_of(decision));
  CHECK_FALSE(steps.on(response(500), 8));
  CHECK(steps.next() == "map");
  const auto gone = steps.on(mapped({}, Outcome::excluded));
  REQUIRE(gone);
  CHECK(gone->outcome == Outcome::excluded);
}

TEST_CASE("Where the id cannot be written back twice nothing is sent to Dialogporten",
          "[engine][upload][M-6]") {
  auto decision = decision_of({Step::create}, Outcome::created);
  decision.write_back = true;
  Steps steps(upload_of(decision));
  CHECK_FALSE(steps.on(response(500), 8));
  CHECK_FALSE(steps.on(mapped(decision)));
  CHECK(steps.steps.next() == UploadSteps::Next::store_id);
  const auto done = steps.on(response(500), 8);
  REQUIRE(done);
  CHECK(done->outcome == Outcome::failed);
  CHECK(done->http_status == 500);
}

// -- races --------------------------------------------------------------------------------

TEST_CASE("After a lost race the record is mapped anew and what it then needs is sent",
          "[engine][upload][D-9]") {
  const auto conflict = GENERATE(http::Answer(response(412)), lost_race());
  Steps steps(creation_and_removal());
  CHECK_FALSE(steps.on(response(201, {}, revision_1)));
  CHECK_FALSE(steps.on(conflict));
  CHECK(steps.next() == "map");
  CHECK_FALSE(steps.on(mapped({Step::remove}, Outcome::deleted, revision_2)));
  CHECK(steps.next() == delete_dialog);
  CHECK(steps.if_match() == revision_2);
  CHECK(steps.on(response(204))->outcome == Outcome::deleted);
}

TEST_CASE("What the upload did before a lost race stays its outcome where nothing more is to be done",
          "[engine][upload][D-9]") {
  const auto [call, before, after] =
      GENERATE(std::make_tuple(Step::restore, Outcome::restored, Outcome::updated),
               std::make_tuple(Step::create, Outcome::created, Outcome::unchanged));
  Steps steps(upload_of({call, Step::update}, before));
  CHECK_FALSE(steps.on(response(204, {}, revision_1)));
  CHECK_FALSE(steps.on(response(412)));
  const auto done = steps.on(mapped({}, after));
  REQUIRE(done);
  CHECK(done->outcome == before);
}

TEST_CASE("A dialog that changes each time it is read is given up after five more readings",
          "[engine][upload][D-9]") {
  Steps steps(reading());
  for (int reading = 0; reading < 6; ++reading) {
    REQUIRE(steps.next() == "map");
    CHECK_FALSE(steps.on(mapped({Step::update}, Outcome::updated, revision_1)));
    const auto done = steps.on(response(412));
    CHECK(done.has_value() == (reading == 5));
    if (!done) continue;
    CHECK(done->outcome == Outcome::failed);
    CHECK(done->http_status == 412);
    CHECK(done->attempts == 6);
  }
}

TEST_CASE("A create whose outcome is unknown is looked for before it is sent again",
          "[engine][upload][OR-3]") {
  const http::Answer lost = tl::unexpected(http::TransportError{http::TransportFault::timeout, "late", true});
  Steps steps(creation());
  CHECK(steps.pause(1).count() == 0);
  CHECK_FALSE(steps.on(lost));
  REQUIRE(steps.next() == "map");
  SECTION("and is there: it counts as created, and nothing more is sent") {
    const auto done = steps.on(mapped({}, Outcome::unchanged, revision_1));
    REQUIRE(done);
    CHECK(done->outcome == Outcome::created);
  }
  SECTION("and is not there: it is sent again") {
    CHECK_FALSE(steps.on(mapped({Step::create}, Outcome::created)));
    CHECK(steps.pause(1) > 0ms);
    CHECK(steps.on(response(201, {}, revision_1))->outcome == Outcome::created);
  }
}

TEST_CASE("An upload that somebody could not take says for whom it waits", "[engine][upload][OD-2]") {
  Steps steps(creation());
  const auto done = steps.on(response(502));
  REQUIRE(done);
  CHECK(done->outcome == Outcome::failed);
  REQUIRE(done->held);
  CHECK(done->held->why == "behind");
}

// -- what is gone ---------------------------------------------------------------------------

TEST_CASE("A dialog that is gone needs no purge and no deletion", "[engine][upload][D-2]") {
  const auto [call, outcome, status] = GENERATE(std::make_tuple(Step::purge, Outcome::purged, 404),
                                                std::make_tuple(Step::remove, Outcome::deleted, 410),
                                                std::make_tuple(Step::remove, Outcome::deleted, 404));
  Steps steps(upload_of({call}, outcome));
  const auto done = steps.on(response(status));
  REQUIRE(done);
  CHECK(done->outcome == outcome);
}

TEST_CASE("A dialog that is gone where one was to be updated or restored is mapped anew",
          "[engine][upload]") {
  const auto [call, status] = GENERATE(std::make_pair(Step::update, 404), std::make_pair(Step::update, 410),
                                       std::make_pair(Step::restore, 404));
  Steps steps(upload_of({call}, Outcome::updated));
  CHECK_FALSE(steps.on(response(status)));
  CHECK(steps.next() == "map");
  CHECK_FALSE(steps.on(mapped({Step::create}, Outcome::created)));
  CHECK(steps.on(response(201))->outcome == Outcome::created);
}

// -- refusals ---------------------------------------------------------------------------------

TEST_CASE("A refusal fails with its problem and the start of its body, identity numbers masked",
          "[engine][upload][D-10]") {
  Steps steps(creation_and_removal());
  const auto done =
      steps.on(refusal(400, "Party", "urn:altinn:person:identifier-no:02886430348 is not known"));
  REQUIRE(done);
  CHECK(done->outcome == Outcome::failed);
  CHECK(done->problem.member == "Party");
  CHECK(done->http_status == 400);
  CHECK(done->body.find("Refused.") != std::string::npos);
  CHECK(done->body.find("is not known") != std::string::npos);
  CHECK(done->body.find("02886430348") == std::string::npos);
  CHECK(done->problem.message.find("02886430348") == std::string::npos);
  CHECK(done->attempts == 1);
}

TEST_CASE("Of a long refusal only the start is kept", "[engine][upload]") {
  Steps steps(creation());
  const auto done = steps.on(response(400, std::string(10'000, 'x')));
  REQUIRE(done);
  CHECK(done->body.size() == 2048);
}

TEST_CASE("An identity number that the end of the excerpt cuts is masked as well", "[engine][upload][D-10]") {
  const auto cut = GENERATE(1U, 5U, 10U);
  Steps steps(creation());
  const auto done = steps.on(response(400, std::string(2048 - cut, ' ') + "02886430348 and more"));
  REQUIRE(done);
  CHECK(done->body.find_first_of("0123456789") == std::string::npos);
}
