#include "answers.hpp"

namespace altinn_sim::storage {

namespace {

void append_validation_problem(std::string& out, std::string_view member, std::string_view reason) {
  JsonMembers json(out);
  json.text("type", "https://tools.ietf.org/html/rfc9110#section-15.5.1");
  json.text("title", "One or more validation errors occurred.");
  json.number("status", 400);
  JsonMembers errors(json.value("errors"));
  JsonElements reasons(errors.value(member));
  append_quoted(reasons.next(), reason);
}

} // namespace

Response problem_details(int status) {
  Response out;
  out.status = status;
  out.content_type = "application/problem+json; charset=utf-8";
  JsonMembers json(out.body);
  const bool missing = status == 404;
  json.text("type", missing ? "https://tools.ietf.org/html/rfc9110#section-15.5.5"
                            : "https://tools.ietf.org/html/rfc9110#section-15.6.1");
  json.text("title", missing ? "Not Found" : "An error occurred while processing your request.");
  json.number("status", status);
  json.text("traceId", "00-0c1e2b4f7d9a4c3e8b5f60718293a4b5-1f2e3d4c5b6a7988-00");
  return out;
}

Response validation_problem(std::string_view member, std::string_view reason) {
  Response out;
  out.status = 400;
  out.content_type = "application/problem+json; charset=utf-8";
  append_validation_problem(out.body, member, reason);
  return out;
}

} // namespace altinn_sim::storage
