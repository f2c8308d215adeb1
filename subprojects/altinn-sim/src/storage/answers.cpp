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

Response validation_problem(std::string_view member, std::string_view reason) {
  Response out;
  out.status = 400;
  out.content_type = "application/problem+json; charset=utf-8";
  append_validation_problem(out.body, member, reason);
  return out;
}

} // namespace altinn_sim::storage
