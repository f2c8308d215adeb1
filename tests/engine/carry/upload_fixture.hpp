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

mapping::Decision decision_of(std::vector<mapping::Call> calls, Outcome outcome,
                              const std::string& revision = {});

/// What a list row became.
Upload upload_of(mapping::Decision decision, const Uuid& lane = record_guid);
Upload upload_of(std::vector<mapping::Call> calls, Outcome outcome);
Upload creation(const Uuid& lane = record_guid);
Upload creation_and_removal();

/// A record to be read in its lane.
Upload reading(const Uuid& lane = record_guid);

/// What a record that was read anew is to become.
MappedAnew mapped(mapping::Decision decision);
MappedAnew mapped(std::vector<mapping::Call> calls, Outcome outcome, const std::string& revision = {});

/// A refusal with one entry in `errors`.
http::Answer refusal(int status, const std::string& key, const std::string& text);
http::Answer id_is_taken();
http::Answer lost_race();

} // namespace dialogferry::engine::test
