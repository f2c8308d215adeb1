#pragma once

#include "../actor_fixture.hpp"

#include <dialogferry/engine/carry/upload.hpp>

namespace dialogferry::engine::test {

inline const std::string record_id = "50001234/0dbc1da6-f744-4fff-83bc-131e7988a1bb";
inline const Uuid record_guid = *parse_uuid("0dbc1da6-f744-4fff-83bc-131e7988a1bb");
inline const Uuid dialog_id = *parse_uuid("019781c0-0ac8-7bff-83bc-131e7988a1bb");
inline const std::string dialog_path = "/api/v1/serviceowner/dialogs/" + to_string(dialog_id);
inline const std::string revision_1 = "11111111-0000-4000-8000-000000000001";
inline const std::string revision_2 = "22222222-0000-4000-8000-000000000002";

inline mapping::Decision decision_of(std::vector<mapping::Call> calls, Outcome outcome,
                                     const std::string& revision = {}) {
  mapping::Decision decision;
  decision.calls = std::move(calls);
  decision.outcome = outcome;
  decision.silent = true;
  decision.dialog_id = dialog_id;
  decision.body = R"({"id":")" + to_string(dialog_id) + R"("})";
  if (!revision.empty()) decision.revision = *parse_uuid(revision);
  return decision;
}

/// What a list row became.
inline Upload upload_of(mapping::Decision decision, const Uuid& lane = record_guid) {
  Upload upload;
  upload.record_id = record_id;
  upload.lane = lane;
  upload.decision = std::make_shared<mapping::Decision>(std::move(decision));
  return upload;
}

inline Upload upload_of(std::vector<mapping::Call> calls, Outcome outcome) {
  return upload_of(decision_of(std::move(calls), outcome));
}

inline Upload creation(const Uuid& lane = record_guid) {
  return upload_of(decision_of({mapping::Call::create}, Outcome::created), lane);
}

inline Upload creation_and_removal() {
  return upload_of({mapping::Call::create, mapping::Call::remove}, Outcome::deleted);
}

/// A record to be read in its lane.
inline Upload reading(const Uuid& lane = record_guid) {
  Upload upload;
  upload.record_id = record_id;
  upload.lane = lane;
  return upload;
}

/// What a record that was read anew is to become.
inline MappedAnew mapped(mapping::Decision decision) {
  MappedAnew made;
  made.decision = std::make_shared<mapping::Decision>(std::move(decision));
  made.last_changed = *parse_instant("2025-06-18T10:00:00Z");
  made.organisation = "ttd";
  return made;
}

inline MappedAnew mapped(std::vector<mapping::Call> calls, Outcome outcome,
                         const std::string& revision = {}) {
  return mapped(decision_of(std::move(calls), outcome, revision));
}

/// A refusal with one entry in `errors`.
inline http::Answer refusal(int status, const std::string& key, const std::string& text) {
  return response(status, R"({"title":"Refused.","status":)" + std::to_string(status) + R"(,"errors":{")" +
                              key + R"(":[")" + text + R"("]}})");
}

inline http::Answer id_is_taken() {
  return refusal(422, "Dialog", "Key ('Id')=(019781c0-0ac8-7bff-83bc-131e7988a1bb) already exists.");
}

inline http::Answer lost_race() {
  return refusal(409, "", "The entity was changed by another user.");
}

} // namespace dialogferry::engine::test
