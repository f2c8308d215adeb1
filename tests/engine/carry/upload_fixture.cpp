#include "upload_fixture.hpp"

namespace dialogferry::engine::test {

mapping::Decision decision_of(std::vector<mapping::Call> calls, Outcome outcome,
                              const std::string& revision) {
  mapping::Decision decision;
  decision.calls = std::move(calls);
  decision.outcome = outcome;
  decision.silent = true;
  decision.dialog_id = dialog_id;
  decision.body = R"({"id":")" + to_string(dialog_id) + R"("})";
  if (!revision.empty()) decision.revision = *parse_uuid(revision);
  return decision;
}

Upload upload_of(mapping::Decision decision, const Uuid& lane) {
  Upload upload;
  upload.record_id = record_id;
  upload.lane = lane;
  upload.decision = std::make_shared<mapping::Decision>(std::move(decision));
  return upload;
}

Upload upload_of(std::vector<mapping::Call> calls, Outcome outcome) {
  return upload_of(decision_of(std::move(calls), outcome));
}

Upload creation(const Uuid& lane) {
  return upload_of(decision_of({mapping::Call::create}, Outcome::created), lane);
}

Upload creation_and_removal() {
  return upload_of({mapping::Call::create, mapping::Call::remove}, Outcome::deleted);
}

Upload reading(const Uuid& lane) {
  Upload upload;
  upload.record_id = record_id;
  upload.lane = lane;
  return upload;
}

MappedAnew mapped(mapping::Decision decision) {
  MappedAnew made;
  made.decision = std::make_shared<mapping::Decision>(std::move(decision));
  made.last_changed = *parse_instant("2025-06-18T10:00:00Z");
  made.organisation = "ttd";
  return made;
}

MappedAnew mapped(std::vector<mapping::Call> calls, Outcome outcome, const std::string& revision) {
  return mapped(decision_of(std::move(calls), outcome, revision));
}

http::Answer refusal(int status, const std::string& key, const std::string& text) {
  return response(status, R"({"title":"Refused.","status":)" + std::to_string(status) + R"(,"errors":{")" +
                              key + R"(":[")" + text + R"("]}})");
}

http::Answer id_is_taken() {
  return refusal(422, "Dialog", "Key ('Id')=(019781c0-0ac8-7bff-83bc-131e7988a1bb) already exists.");
}

http::Answer lost_race() {
  return refusal(409, "", "The entity was changed by another user.");
}

} // namespace dialogferry::engine::test
