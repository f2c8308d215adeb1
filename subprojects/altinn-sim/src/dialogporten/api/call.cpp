#include "dialogporten/api/call.hpp"

namespace altinn_sim::dialogporten {

Found find_dialog(const Call& call, bool admin_sees_all) {
  const auto text = call.arguments.front();
  const auto id = parse_any_uuid(text);
  if (!id) return {nullptr, invalid_id(call.request, "dialogId", text)};
  auto record = call.store.find(*id);
  const bool sees_all = call.caller.admin && admin_sees_all;
  if (!record || (!sees_all && *record->org != call.caller.org))
    return {nullptr, not_found(call.request, "DialogEntity", to_string(*id))};
  return {std::move(record), {}};
}

Response no_content(const Uuid& revision) {
  Response response;
  response.status = 204;
  response.content_type.clear();
  response.headers.emplace_back("Etag", to_string(revision));
  return response;
}

Response ok(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

std::optional<Response> revision_differs(const Call& call, const Uuid& revision) {
  if (!call.if_match || *call.if_match == revision) return std::nullopt;
  return problem(call.request, 412);
}

std::optional<Response> met_another_write(const Call& call) {
  const auto id = parse_any_uuid(call.arguments.front());
  const Moment free_at = id ? call.store.at_work().busy_until(*id, call.request.begins_us) : 0;
  if (free_at == 0) return std::nullopt;
  auto answer = refused(call, Commit::lost_race, {});
  answer.ready_us = free_at;
  return answer;
}

Response at_its_end(const Call& call, Response response) {
  response.ready_us = call.write_ends;
  return response;
}

Response refused(const Call& call, Commit commit, const Violation& violation) {
  if (commit == Commit::violation) return problem(call.request, 422, {{violation.table, violation.message}});
  auto answer = call.if_match ? problem(call.request, 412) : lost_race(call.request);
  answer.refusal = "parallel_write";
  return answer;
}

} // namespace altinn_sim::dialogporten
