#pragma once

#include "actor_fixture.hpp"

#include <dialogferry/engine/upload.hpp>

namespace dialogferry::engine::test {

inline const std::string label =
    "urn:altinn:integration:storage:50001234/0dbc1da6-f744-4fff-83bc-131e7988a1bb";
inline const Uuid dialog_id = *parse_uuid("019781c0-0ac8-7bff-83bc-131e7988a1bb");
inline const std::string dialog_path = "/api/v1/serviceowner/dialogs/" + to_string(dialog_id);
inline const std::string revision_1 = "11111111-0000-4000-8000-000000000001";
inline const std::string revision_2 = "22222222-0000-4000-8000-000000000002";

inline Upload upload_of(std::vector<mapping::Call> calls, Outcome outcome, const Uuid& dialog = dialog_id) {
  mapping::Decision decision;
  decision.calls = std::move(calls);
  decision.outcome = outcome;
  decision.silent = true;
  decision.dialog_id = dialog;
  decision.body = R"({"id":")" + to_string(dialog) + R"("})";
  return {std::make_shared<const mapping::Decision>(std::move(decision)), label, Priority::history};
}

inline Upload creation(const Uuid& dialog = dialog_id) {
  return upload_of({mapping::Call::create}, Outcome::created, dialog);
}

inline Upload creation_and_removal() {
  return upload_of({mapping::Call::create, mapping::Call::remove}, Outcome::deleted);
}

/// The dialog as Dialogporten has it.
inline http::Answer stored(const std::string& revision, bool deleted = false,
                           const std::string& bears = label) {
  return response(200, R"({"id":")" + to_string(dialog_id) + R"(","revision":")" + revision +
                           R"(","deletedAt":)" + (deleted ? R"("2025-11-17T11:00:00Z")" : "null") +
                           R"(,"serviceOwnerContext":{"serviceOwnerLabels":[{"value":")" + bears +
                           R"("}]}})");
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
