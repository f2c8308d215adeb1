#include "fault_answers.hpp"

#include "problem.hpp"

namespace altinn_sim {

Response refusal_answer(const Effect& effect) {
  switch (effect.status) {
  case 401: {
    auto answer = problem_answer(401, "Unauthorized", "The token expired.");
    answer.headers.emplace_back("WWW-Authenticate",
                                R"(Bearer error="invalid_token", error_description="expired")");
    return answer;
  }
  case 429: {
    auto answer = problem_answer(429, "Too many requests", "The rate limit is exceeded.");
    if (effect.retry_after_s)
      answer.headers.emplace_back("Retry-After", std::to_string(*effect.retry_after_s));
    return answer;
  }
  case 503: return {503, "Service Unavailable", "text/plain", {}};
  case 502: return problem_answer(502, "Bad gateway.", "An upstream server failed.");
  default:
    return problem_answer(500, "An error occurred while processing the request.",
                          "Something went wrong during the request.");
  }
}

void spoil(Answer& answer, const Effect& effect) {
  if (effect.fault == Fault::broken_json) answer.response.body.resize(answer.response.body.size() * 2 / 3);
  answer.delivery = effect.delivery;
}

} // namespace altinn_sim
