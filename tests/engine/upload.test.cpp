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

  /// `POST /…`, the request to be sent now; the same each time it is asked for.
  std::string next() const {
    const auto request = steps.request();
    return std::string(http::name_of(request->method)) + " " + request->target;
  }
  std::string if_match() const { return steps.request()->if_match; }

  std::optional<Uploaded> on(http::Answer answer, std::uint32_t attempts = 1) {
    return steps.on_answer(answered(steps.operation(), std::move(answer), attempts));
  }

  UploadSteps steps;
};

const std::string post_dialog = "POST /api/v1/serviceowner/dialogs?isSilentUpdate=true";
const std::string get_dialog = "GET " + dialog_path;
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
  upload.decision = std::make_shared<const mapping::Decision>(decision);
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

TEST_CASE("A dialog that is there and ours counts as unchanged", "[engine][upload]") {
  Steps steps(creation());
  CHECK_FALSE(steps.on(id_is_taken()));
  CHECK(steps.next() == get_dialog);
  const auto done = steps.on(stored(revision_1));
  REQUIRE(done);
  CHECK(done->outcome == Outcome::unchanged);
  CHECK(done->attempts == 2);
}

TEST_CASE("A dialog that is there and ours is deleted where that was to follow", "[engine][upload]") {
  Steps steps(creation_and_removal());
  CHECK_FALSE(steps.on(id_is_taken()));
  CHECK_FALSE(steps.on(stored(revision_2)));
  CHECK(steps.next() == delete_dialog);
  CHECK(steps.if_match() == revision_2);
  CHECK(steps.on(response(204))->outcome == Outcome::deleted);
}

TEST_CASE("A dialog that is there, ours and deleted already costs no further request", "[engine][upload]") {
  Steps steps(creation_and_removal());
  CHECK_FALSE(steps.on(id_is_taken()));
  const auto done = steps.on(stored(revision_2, true));
  REQUIRE(done);
  CHECK(done->outcome == Outcome::deleted);
}

TEST_CASE("A dialog that is somebody else's is a failure, and is left alone", "[engine][upload]") {
  Steps steps(creation_and_removal());
  CHECK_FALSE(steps.on(id_is_taken()));
  const auto done = steps.on(stored(revision_1, false, "urn:altinn:integration:storage:1/other"));
  REQUIRE(done);
  CHECK(done->outcome == Outcome::failed);
  CHECK(done->problem.member == "dialog.id");
}

TEST_CASE("A dialog that cannot be read is a failure", "[engine][upload]") {
  Steps steps(creation());
  CHECK_FALSE(steps.on(id_is_taken()));
  const auto done = steps.on(response(200, "<html>"));
  REQUIRE(done);
  CHECK(done->outcome == Outcome::failed);
  CHECK_FALSE(done->problem.message.empty());
}

TEST_CASE("An id that is taken by a dialog nobody can see is a failure", "[engine][upload]") {
  Steps steps(creation());
  CHECK_FALSE(steps.on(id_is_taken()));
  const auto done = steps.on(response(404));
  REQUIRE(done);
  CHECK(done->outcome == Outcome::failed);
  CHECK(done->http_status == 404);
}

// -- races --------------------------------------------------------------------------------

TEST_CASE("After a lost race the dialog is looked at and the call sent again with its new revision",
          "[engine][upload][D-9]") {
  const auto conflict = GENERATE(http::Answer(response(412)), lost_race());
  Steps steps(creation_and_removal());
  CHECK_FALSE(steps.on(response(201, {}, revision_1)));
  CHECK_FALSE(steps.on(conflict));
  CHECK(steps.next() == get_dialog);
  CHECK_FALSE(steps.on(stored(revision_2)));
  CHECK(steps.next() == delete_dialog);
  CHECK(steps.if_match() == revision_2);
  CHECK(steps.on(response(204))->outcome == Outcome::deleted);
}

TEST_CASE("A dialog somebody else has deleted meanwhile needs no deletion", "[engine][upload][D-9]") {
  Steps steps(creation_and_removal());
  CHECK_FALSE(steps.on(response(201, {}, revision_1)));
  CHECK_FALSE(steps.on(response(412)));
  CHECK(steps.on(stored(revision_2, true))->outcome == Outcome::deleted);
}

TEST_CASE("A creation that lost a race without leaving a dialog is sent again", "[engine][upload][D-9]") {
  Steps steps(creation());
  CHECK_FALSE(steps.on(lost_race()));
  CHECK(steps.next() == get_dialog);
  CHECK_FALSE(steps.on(response(404)));
  CHECK(steps.next() == post_dialog);
  CHECK(steps.on(response(201, {}, revision_1))->outcome == Outcome::created);
}

TEST_CASE("A dialog that changes each time it is looked at is given up after five looks",
          "[engine][upload][D-9]") {
  Steps steps(creation_and_removal());
  CHECK_FALSE(steps.on(response(201, {}, revision_1)));
  for (int look = 0; look < 5; ++look) {
    CHECK_FALSE(steps.on(response(412)));
    CHECK(steps.next() == get_dialog);
    CHECK_FALSE(steps.on(stored(revision_2)));
    CHECK(steps.next() == delete_dialog);
  }
  const auto done = steps.on(response(412));
  REQUIRE(done);
  CHECK(done->outcome == Outcome::failed);
  CHECK(done->problem.member == "dialog");
  CHECK(done->attempts == 12);
}

TEST_CASE("A look that is not answered ends in its problem", "[engine][upload]") {
  Steps steps(creation());
  CHECK_FALSE(steps.on(id_is_taken()));
  const auto done = steps.on(no_answer(), 8);
  REQUIRE(done);
  CHECK(done->outcome == Outcome::failed);
  CHECK(done->problem.member == "reset");
  CHECK(done->http_status == 0);
  CHECK(done->body.empty());
  CHECK(done->attempts == 9);
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

TEST_CASE("A dialog that is gone when it is looked at needs no purge and no deletion", "[engine][upload]") {
  const auto [call, outcome] =
      GENERATE(std::make_pair(Step::purge, Outcome::purged), std::make_pair(Step::remove, Outcome::deleted));
  Steps steps(upload_of({call}, outcome));
  CHECK_FALSE(steps.on(response(412)));
  const auto done = steps.on(response(404));
  REQUIRE(done);
  CHECK(done->outcome == outcome);
}

TEST_CASE("A dialog that is gone cannot be updated or restored", "[engine][upload]") {
  const auto [call, status] = GENERATE(std::make_pair(Step::update, 404), std::make_pair(Step::update, 410),
                                       std::make_pair(Step::restore, 404));
  Steps steps(upload_of({call}, Outcome::updated));
  const auto done = steps.on(response(status));
  REQUIRE(done);
  CHECK(done->outcome == Outcome::failed);
  CHECK(done->http_status == status);
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
