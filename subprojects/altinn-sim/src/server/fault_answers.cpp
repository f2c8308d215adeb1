#include "fault_answers.hpp"

#include "dialogporten/api/problem.hpp"
#include "problem.hpp"

namespace altinn_sim {

namespace {

/// Storage's GET of an instance: a 404 for whatever went wrong inside, told apart by what follows the id
/// alone (storage.md 2.10). Elsewhere a bare 404.
Response hidden_exception(const Route& route) {
  constexpr std::string_view base = "/instances/";
  if (route.api != Api::storage || !route.path.starts_with(base)) return {404, {}, {}, {}};
  std::string text("Unable to find instance ");
  text.append(route.path.substr(base.size()));
  return json_answer(404, boost::json::value(text + ": Exception while reading from stream"));
}

/// Dialogporten's own 500 and 502 are plain JSON (observed.md OD-10).
Response server_error(int status, std::string_view title, const Route& route) {
  auto answer = problem_answer(status, title, "Something went wrong during the request.");
  if (route.api == Api::dialogporten) answer.content_type = "application/json; charset=utf-8";
  return answer;
}

Response with_retry_after(Response answer, const Effect& effect) {
  if (effect.retry_after_s) answer.headers.emplace_back("Retry-After", std::to_string(*effect.retry_after_s));
  return answer;
}

} // namespace

Response refusal_answer(const Effect& effect, const Route& route) {
  switch (effect.status) {
  case 401: {
    if (route.api == Api::dialogporten)
      return dialogporten::unauthorized(R"( error="invalid_token", error_description="expired")");
    auto answer = problem_answer(401, "Unauthorized", "The token expired.");
    answer.headers.emplace_back("WWW-Authenticate",
                                R"(Bearer error="invalid_token", error_description="expired")");
    return answer;
  }
  case 404: return hidden_exception(route);
  case 429:
    return with_retry_after(problem_answer(429, "Too many requests", "The rate limit is exceeded."), effect);
  case 503: return with_retry_after({503, "Service Unavailable", "text/plain", {}}, effect);
  case 502: return server_error(502, "Bad gateway.", route);
  default: return server_error(500, "An error occurred while processing the request.", route);
  }
}

void spoil_body(Response& response, const Effect& effect) {
  if (effect.fault == Fault::broken_json) response.body.resize(response.body.size() * 2 / 3);
}

void spoil(Answer& answer, const Effect& effect) {
  spoil_body(answer.response, effect);
  answer.delivery = effect.delivery;
}

} // namespace altinn_sim
