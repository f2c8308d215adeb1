#include <dialogferry/source/register.hpp>

namespace dialogferry::source::registry {

namespace {

void add(std::string& body, std::string_view urn, std::span<const std::int64_t> ids) {
  for (const auto id : ids) {
    if (body.back() != '[') body += ',';
    body.append("\"").append(urn).append(std::to_string(id)).append("\"");
  }
}

} // namespace

http::Request query(std::span<const std::int64_t> parties, std::span<const std::int64_t> users) {
  http::Request request;
  request.method = http::Method::post;
  request.target = "/register/api/v1/dialogporten/parties/query";
  request.content_type = "application/json";
  request.accept = "application/json";
  request.repeatable = true;
  request.body = "{\"data\":[";
  add(request.body, "urn:altinn:party:id:", parties);
  add(request.body, "urn:altinn:user:id:", users);
  request.body += "]}";
  return request;
}

http::Request probe() {
  return query({}, {});
}

} // namespace dialogferry::source::registry
