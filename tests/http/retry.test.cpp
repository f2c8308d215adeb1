#include <dialogferry/http/masking.hpp>
#include <dialogferry/http/retry.hpp>

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace dialogferry;
using namespace dialogferry::http;
using namespace std::chrono_literals;
using Kind = Verdict::Kind;
using Reason = Verdict::Reason;

namespace {

Response answered(int status, std::string body = {}) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

std::string problem(const std::string& title, const std::string& errors) {
  return R"({"type":"t","title":")" + title + R"(","status":0,"instance":"/x","traceId":"00-1","errors":)" +
         errors + "}";
}

const std::string lost_race =
    problem("Conflict.", R"({"":["The request conflicted with a concurrent operation. Please try again."]})");
const std::string id_taken =
    problem("Unprocessable request.",
            R"({"Dialog":["Key ('Id')=(01a018d1-d580-7451-a617-49c611ba0fa0) already exists."]})");
const std::string key_taken_by_deleted = problem(
    "Unprocessable request.", R"({"Dialog":["Key ('Org', 'IdempotentKey')=(ttd, k) already exists."]})");
const std::string key_taken = problem(
    "Conflict.",
    R"({"IdempotentKey":["'k' already exists with DialogId '01a018d1-d580-7451-a617-49c611ba0fa0'"]})");
const std::string keys_doubled = problem(
    "Conflict.",
    R"({"IdempotentKey":["Duplicate IdempotentKey detected in dialog transmissions. Conflicting keys: 'k'."]})");
const std::string activity_taken =
    problem("Unprocessable request.",
            R"({"DialogActivity":["Key ('Id')=(01a018d1-d580-7451-a617-49c611ba0fa0) already exists."]})");
const std::string transmission_stored = problem(
    "Unprocessable request.",
    R"({"DialogTransmission":["Entity 'DialogTransmission' with the following key(s) already exists: (1)."]})");
const std::string attachment_taken =
    problem("Unprocessable request.", R"({"Attachment":["Key ('Id')=(1) already exists."]})");
const std::string unknown_actor =
    problem("Unprocessable request.", R"({"ActorId":["Unable to look up name"]})");
const std::string actor_name_taken =
    problem("Unprocessable request.",
            R"({"ActorName":["Key ('ActorId', 'Name')=(null, EUS #4711) already exists."]})");
const std::string forbidden = problem("Forbidden.", R"({"ServiceResource":["is not yours"]})");
const std::string early = problem("Invalid.", R"({"dto.UpdatedAt":["'UpdatedAt' must be in the past."]})");
const std::string early_id =
    problem("Invalid.", R"({"dto.Id":["Expected the unix timestamp portion of the UUIDv7 to be in the past. )"
                        R"(Extrapolated '2025-11-17T12:05:00.0000000+00:00' from 'x'."]})");
const std::string not_found = problem("Resource not found.", R"({"DialogEntity":["Entity was not found"]})");
const std::string deleted = problem("Resource no longer available.", R"({"DialogEntity":["is removed"]})");
const std::string invalid =
    problem("One or more validation errors occurred.", R"({"dto.party":["'Party' must not be empty."]})");

struct Case {
  const char* name;
  Operation operation;
  Response response;
  Kind kind;
  Reason reason = Reason::none;
};

} // namespace

TEST_CASE("Every status is read as the contracts say", "[http][retry]") {
  const std::string guid = "0dbc1da6-f744-4fff-83bc-131e7988a1bb";
  const std::vector<Case> cases = {
      {"created", Operation::create, answered(201), Kind::success},
      {"updated without a body", Operation::update, answered(204), Kind::success},
      {"Register knows some of the parties", Operation::list, answered(206, "{}"), Kind::success},
      {"invalid body", Operation::create, answered(400, invalid), Kind::exception},
      {"no token", Operation::read, answered(401), Kind::again, Reason::token},
      {"scope missing, no body", Operation::update, answered(403), Kind::again, Reason::token},
      {"not the owner of that resource", Operation::create, answered(403, forbidden), Kind::exception},
      {"a list's gateway that knows nothing", Operation::list, answered(404), Kind::again, Reason::server},
      {"a create's gateway that knows nothing", Operation::create, answered(404, "default backend - 404"),
       Kind::again, Reason::server},
      {"saved time of an activity that is not there", Operation::write, answered(404, not_found),
       Kind::exception},
      {"dialog not there", Operation::read, answered(404, not_found), Kind::gone},
      {"purged already", Operation::purge, answered(404, not_found), Kind::gone},
      {"updated after a purge", Operation::update, answered(404, not_found), Kind::gone},
      {"instance really missing", Operation::instance,
       answered(404, "\"Unable to find instance " + guid + "\""), Kind::gone},
      {"instance hidden by an internal error, guid route", Operation::instance,
       answered(404, "\"Unable to find instance " + guid + ": Npgsql timeout\""), Kind::again,
       Reason::server},
      {"instance hidden by an internal error, party route", Operation::instance,
       answered(404, "\"Unable to find instance 50001234/" + guid + ": \""), Kind::again, Reason::server},
      {"instance behind a gateway that knows nothing", Operation::instance, answered(404), Kind::again,
       Reason::server},
      {"slow client, says the server", Operation::read, answered(408), Kind::again, Reason::timeout},
      {"slow client, says the server, to a write", Operation::create, answered(408), Kind::unknown,
       Reason::timeout},
      {"lost race", Operation::update, answered(409, lost_race), Kind::conflict, Reason::race},
      {"lost race on create", Operation::create, answered(409, lost_race), Kind::conflict, Reason::race},
      {"lost race, no body", Operation::purge, answered(409), Kind::conflict, Reason::race},
      {"idempotent key taken", Operation::create, answered(409, key_taken), Kind::exists},
      {"idempotent keys doubled in one body", Operation::create, answered(409, keys_doubled),
       Kind::exception},
      {"transmission's idempotent key stored", Operation::append, answered(409, keys_doubled), Kind::exists},
      {"deleted already", Operation::remove, answered(410, deleted), Kind::gone},
      {"updated after a delete", Operation::update, answered(410, deleted), Kind::gone},
      {"revision moved on", Operation::update, answered(412), Kind::conflict, Reason::race},
      {"body too large", Operation::create, answered(413), Kind::exception},
      {"wrong content type", Operation::create, answered(415), Kind::exception},
      {"id taken", Operation::create, answered(422, id_taken), Kind::exists},
      {"idempotent key of a deleted dialog", Operation::create, answered(422, key_taken_by_deleted),
       Kind::exists},
      {"id taken, on an update", Operation::update, answered(422, id_taken), Kind::exception},
      {"activity stored", Operation::append, answered(422, activity_taken), Kind::exists},
      {"activity of another dialog, on create", Operation::create, answered(422, activity_taken),
       Kind::exception},
      {"transmission stored, on an update", Operation::update, answered(422, transmission_stored),
       Kind::exists},
      {"attachment id taken", Operation::create, answered(422, attachment_taken), Kind::exception},
      {"actor unknown", Operation::create, answered(422, unknown_actor), Kind::again, Reason::actor},
      {"actor's name being added by another write", Operation::create, answered(422, actor_name_taken),
       Kind::again, Reason::race},
      {"the same, on an update", Operation::update, answered(422, actor_name_taken), Kind::again,
       Reason::race},
      {"an updatedAt that is ahead of the target's clock", Operation::create, answered(400, early),
       Kind::again, Reason::early},
      {"an id that is ahead of the target's clock", Operation::create, answered(400, early_id), Kind::again,
       Reason::early},
      {"throttled", Operation::list, answered(429), Kind::again, Reason::throttled},
      {"a page that fails", Operation::list, answered(500, "text"), Kind::again, Reason::server},
      {"data values of a missing row", Operation::write, answered(500), Kind::again, Reason::server},
      {"bad gateway", Operation::create, answered(502), Kind::again, Reason::behind},
      {"unavailable", Operation::create, answered(503, "Service Unavailable"), Kind::again, Reason::behind},
      {"gateway timeout", Operation::read, answered(504), Kind::again, Reason::behind},
      {"gateway timeout, to a write", Operation::create, answered(504), Kind::unknown, Reason::behind},
      {"redirected", Operation::read, answered(302), Kind::again, Reason::server},
      {"a status nobody knows", Operation::read, answered(799), Kind::exception},
  };
  for (const auto& row : cases) {
    CAPTURE(row.name);
    const auto verdict = classify(row.operation, row.response);
    CHECK(name_of(verdict.kind) == name_of(row.kind));
    CHECK(name_of(verdict.reason) == name_of(row.reason));
    CHECK(verdict.status == row.response.status);
    CHECK(verdict.problem.message.empty() == (row.kind == Kind::success));
  }
}

TEST_CASE("Only what no time can cure is the record's fault", "[http][retry][OD-1][OD-2][OD-6][OD-7][OR-6]") {
  using Fault = Verdict::Fault;
  const std::vector<std::pair<Response, Fault>> rows = {
      {answered(201), Fault::nobody},
      {answered(400, invalid), Fault::record},
      {answered(400, early), Fault::moment},
      {answered(401), Fault::moment},
      {answered(403), Fault::moment},
      {answered(403, forbidden), Fault::record},
      {answered(408), Fault::moment},
      {answered(409, lost_race), Fault::moment},
      {answered(412), Fault::moment},
      {answered(413), Fault::record},
      {answered(422, actor_name_taken), Fault::moment},
      {answered(422, unknown_actor), Fault::moment},
      {answered(422, attachment_taken), Fault::record},
      {answered(422, key_taken_by_deleted), Fault::moment},
      {answered(429), Fault::moment},
      {answered(500), Fault::moment},
      {answered(502), Fault::moment},
      {answered(503), Fault::moment},
      {answered(504), Fault::moment},
  };
  for (const auto& [response, fault] : rows) {
    CAPTURE(response.status, response.body);
    CHECK(classify(Operation::create, response).fault() == fault);
  }
}

TEST_CASE("The outcome of a write that may have arrived is unknown, and a read is just asked again",
          "[http][retry][OR-3]") {
  for (const auto fault : {TransportFault::timeout, TransportFault::reset, TransportFault::protocol,
                           TransportFault::cancelled, TransportFault::too_large}) {
    CAPTURE(name_of(fault));
    const Answer lost = tl::unexpected(TransportError{fault, "why", true});
    for (const auto operation : {Operation::create, Operation::update, Operation::append, Operation::remove,
                                 Operation::restore, Operation::purge, Operation::write}) {
      CHECK(classify(operation, lost).kind == Kind::unknown);
      CHECK(classify(operation, lost).fault() == Verdict::Fault::moment);
      CHECK(is_write(operation));
    }
    if (fault != TransportFault::too_large) CHECK(classify(Operation::read, lost).kind == Kind::again);
  }
}

TEST_CASE("A fault of the transport is tried again unless it would come again", "[http][retry]") {
  struct Row {
    TransportFault fault;
    Kind kind;
    Reason reason;
  };
  const std::vector<Row> rows = {
      {TransportFault::resolve, Kind::again, Reason::transport},
      {TransportFault::connect, Kind::again, Reason::transport},
      {TransportFault::tls, Kind::again, Reason::transport},
      {TransportFault::reset, Kind::again, Reason::transport},
      {TransportFault::timeout, Kind::again, Reason::timeout},
      {TransportFault::protocol, Kind::again, Reason::transport},
      {TransportFault::too_large, Kind::exception, Reason::none},
      {TransportFault::overload, Kind::again, Reason::local},
      {TransportFault::refused, Kind::exception, Reason::none},
      {TransportFault::token, Kind::again, Reason::token},
      {TransportFault::cancelled, Kind::again, Reason::cancelled},
  };
  for (const auto& row : rows) {
    CAPTURE(name_of(row.fault));
    const auto verdict = classify(Operation::create, tl::unexpected(TransportError{row.fault, "why"}));
    CHECK(verdict.kind == row.kind);
    CHECK(verdict.reason == row.reason);
    CHECK(verdict.status == 0);
    CHECK(verdict.problem.message == "why");
  }
}

TEST_CASE("A 503 with Retry-After asks for less, and says for how long", "[http][retry]") {
  auto response = answered(503);
  response.retry_after = 7s;
  const auto verdict = classify(Operation::create, response);
  CHECK(verdict.reason == Reason::throttled);
  CHECK(verdict.retry_after == 7s);
}

TEST_CASE("An id that is taken is named where the answer names it", "[http][retry]") {
  const auto id = parse_uuid("01a018d1-d580-7451-a617-49c611ba0fa0");
  CHECK(classify(Operation::create, answered(422, id_taken)).existing == id);
  CHECK(classify(Operation::create, answered(409, key_taken)).existing == id);
  CHECK_FALSE(classify(Operation::create, answered(422, key_taken_by_deleted)).existing);
}

TEST_CASE("A problem holds the target's words, masked and bounded", "[http][retry]") {
  SECTION("title and every error") {
    const auto verdict = classify(
        Operation::create,
        answered(400,
                 problem("Invalid.", R"({"dto.party":["'Party' 01017012345 is bad.","Again."],"b":["c"]})")));
    CHECK(verdict.problem.member == "dto.party");
    CHECK(verdict.problem.message ==
          "status 400, Invalid.; dto.party: 'Party' *********** is bad.; dto.party: Again.; b: c");
  }
  SECTION("a bare map") {
    const auto verdict = classify(Operation::update, answered(400, R"({"/status":["no such path"]})"));
    CHECK(verdict.problem.message == "status 400; /status: no such path");
  }
  SECTION("plain text") {
    CHECK(classify(Operation::list, answered(500, "Query failed for 01017012345")).problem.message ==
          "status 500, Query failed for ***********");
  }
  SECTION("a very long one") {
    std::string errors = R"({"k":[")";
    for (int i = 0; i < 9'000; ++i)
      errors += "ø";
    const auto text =
        classify(Operation::create, answered(400, problem("T", errors + R"("]})"))).problem.message;
    CHECK(text.size() <= max_problem_text);
    CHECK(text.substr(text.size() - 6) == "ø …");
  }
}

TEST_CASE("Identity numbers, names and addresses of persons are masked, other numbers stay",
          "[http][masking][OR-13]") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"", ""},
      {"01017012345", "***********"},
      {"x01017012345y", "x***********y"},
      {"0101701234", "0101701234"},
      {"010170123456", "010170123456"},
      {"a 01017012345, b 02027012345.", "a ***********, b ***********."},
      {"id 0dbc1da6-f744-4fff-83bc-a13179881234 ok", "id 0dbc1da6-f744-4fff-83bc-a13179881234 ok"},
      {"id 0dbc1da6-f744-4fff-83bc-13179881234a ok", "id 0dbc1da6-f744-4fff-83bc-13179881234a ok"},
      {"urn:altinn:organization:identifier-no:910955605", "urn:altinn:organization:identifier-no:*********"},
      {"\"urn:altinn:person:identifier-no:01017012345\"", "\"urn:altinn:person:identifier-no:***********\""},
      {"urn:altinn:person:idporten-email:a@b.no, x", "urn:altinn:person:idporten-email:******, x"},
      {"party 910955605 at 2025-01-01T00:00:00.1234567Z", "party 910955605 at 2025-01-01T00:00:00.1234567Z"},
      {"urn:altinn:party:id:50001234", "urn:altinn:party:id:50001234"},
      {"nr 010101 01234.", "nr ****** *****."},
      {"010101-01234, 01 01 01 012 34", "******-*****, ** ** ** *** **"},
      {"010101\u00A001234 010101%2001234", "******\u00A0***** ******%20*****"},
      {"010101 012345 and 1234 5678 901", "010101 012345 and 1234 5678 901"},
      {"at 2025-01-01 10:00:00.12345", "at 2025-01-01 10:00:00.12345"},
      {"id 12345612-1234-1234-1234-123456789012", "id 12345612-1234-1234-1234-123456789012"},
      {"urn:altinn:displayName:Kari O'Nordmann, is", "urn:altinn:displayName:***************, is"},
      {R"({"displayName":"Kari Nordmann","x":1})", R"({"displayName":"*************","x":1})"},
      {R"({"actorName": "Kari"})", R"({"actorName": "****"})"},
      {"mail to Kari.N+1@a-b.no.", "mail to ***************."},
      {"kari%40b.no", "***********"},
      {"a @ b, @c, d@", "a @ b, @c, d@"},
      {"a@b@c", "*****"},
      {"{a@b.no}", "{******}"},
  };
  for (const auto& [text, masked] : rows)
    CHECK(mask_identities(text) == masked);
}

TEST_CASE("The wait doubles, has an end, and Retry-After is its floor", "[http][retry]") {
  struct Row {
    const char* name;
    std::uint32_t attempt;
    std::optional<std::chrono::milliseconds> retry_after;
    double random;
    std::chrono::milliseconds wait;
  };
  const std::vector<Row> rows = {
      {"first, least", 1, {}, 0.0, 250ms},
      {"first, most", 1, {}, 1.0, 500ms},
      {"second, least", 2, {}, 0.0, 500ms},
      {"second, most", 2, {}, 1.0, 1s},
      {"fourth, middle", 4, {}, 0.5, 3s},
      {"far beyond the end", 4'000'000'000, {}, 1.0, 5min},
      {"told to wait, least", 1, 7s, 0.0, 7s},
      {"told to wait, most", 1, 7s, 1.0, 7'500ms},
      {"told to wait, later", 3, 7s, 0.5, 8s},
      {"told to wait beyond the end", 20, 10min, 1.0, 15min},
      {"told to wait for nothing", 1, 0ms, 0.5, 250ms},
      {"a random number out of range", 1, {}, 7.0, 500ms},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK(next_delay(row.attempt, 500ms, 5min, row.retry_after, row.random) == row.wait);
  }
  CHECK(next_delay(3, 0ms, 5min, {}, 1.0) == 0ms);
}

TEST_CASE("Correspondence's answers are read by what it knows: its writes are sent again without a look",
          "[http][retry][correspondence]") {
  const std::string unknown =
      R"({"type":"t","title":"Not Found","status":404,"detail":"<not found>","code":"CORR-01001","errorCode":1001})";
  const std::string no_content =
      R"({"title":"Bad Request","status":400,"detail":"<content required>","code":"CORR-01019","errorCode":1019})";
  const std::string internal = R"({"title":"Internal Server Error","status":500,"detail":""})";
  const std::vector<Case> cases = {
      {"stored", Operation::migrate, answered(200, "{}"), Kind::success},
      {"unfit", Operation::migrate, answered(400, no_content), Kind::exception},
      {"500 at every send, or at this one", Operation::migrate, answered(500, internal), Kind::again,
       Reason::server},
      {"gateway timeout", Operation::migrate, answered(504), Kind::again, Reason::behind},
      {"slow client", Operation::migrate, answered(408), Kind::again, Reason::timeout},
      {"gone away", Operation::publish, answered(499), Kind::again, Reason::server},
      {"unavailable", Operation::publish, answered(503), Kind::again, Reason::behind},
      {"throttled", Operation::publish, answered(429), Kind::again, Reason::throttled},
      {"no such list", Operation::publish, answered(400, no_content), Kind::exception},
      {"correspondence is not there", Operation::sync, answered(404, unknown), Kind::gone},
      {"gateway that knows nothing of events", Operation::sync, answered(404, "default backend - 404"),
       Kind::again, Reason::server},
      {"gateway that knows nothing of messages", Operation::migrate, answered(404), Kind::again,
       Reason::server},
      {"no events", Operation::sync, answered(400, no_content), Kind::exception},
      {"part of the events", Operation::sync, answered(500, internal), Kind::again, Reason::server},
      {"empty attachment", Operation::upload, answered(400, no_content), Kind::exception},
      {"storage of attachments failed", Operation::upload, answered(502), Kind::again, Reason::behind},
      {"scope is missing", Operation::upload, answered(403), Kind::again, Reason::token},
  };
  for (const auto& row : cases) {
    CAPTURE(row.name);
    const auto verdict = classify(row.operation, row.response);
    CHECK(name_of(verdict.kind) == name_of(row.kind));
    CHECK(name_of(verdict.reason) == name_of(row.reason));
  }
  for (const auto operation : {Operation::upload, Operation::migrate, Operation::publish, Operation::sync}) {
    CHECK(is_write(operation));
    CHECK(classify(operation, tl::unexpected(TransportError{TransportFault::reset, "why", true})).kind ==
          Kind::again);
    CHECK(classify(operation, answered(500, internal)).fault() == Verdict::Fault::moment);
  }
}

TEST_CASE(
    "A problem of Correspondence holds its code, and where the body is wrong the right one of its lists",
    "[http][retry][OC-17]") {
  const auto refused = classify(
      Operation::migrate,
      answered(400, R"({"title":"Bad Request","status":400,"code":"CORR-01019","detail":"no content"})"));
  CHECK(refused.problem.message == "status 400, Bad Request, CORR-01019: no content");
  const auto invalid_body = classify(
      Operation::sync,
      answered(400,
               R"({"title":"Bad Request","code":"STD-00000","errors":{"SyncedEvents":["at least one"]},)"
               R"("validationErrors":[{"code":"CORR.VLD-00000","detail":"is 01017012345","paths":["A/B"]},)"
               R"({"code":"CORR.VLD-00001"}]})"));
  CHECK(invalid_body.problem.member == "A/B");
  CHECK(invalid_body.problem.message ==
        "status 400, Bad Request, STD-00000; A/B: is ***********; \"\": CORR.VLD-00001");
}
