#include <dialogferry/source/register.hpp>

namespace dialogferry::source::registry {

namespace {

using std::to_string;

template <class Id>
void add(std::string& urns, std::string_view urn, std::span<const Id> ids) {
  for (const auto& id : ids) {
    if (urns.back() != '[') urns += ',';
    urns.append("\"").append(urn).append(to_string(id)).append("\"");
  }
}

http::Request query_of(std::string urns) {
  http::Request request;
  request.method = http::Method::post;
  request.target = "/register/api/v1/dialogporten/parties/query";
  request.content_type = "application/json";
  request.accept = "application/json";
  request.repeatable = true;
  request.body = "{\"data\":" + std::move(urns) + "]}";
  return request;
}

} // namespace

http::Request query(std::span<const std::int64_t> parties, std::span<const std::int64_t> users) {
  std::string urns = "[";
  add(urns, "urn:altinn:party:id:", parties);
  add(urns, "urn:altinn:user:id:", users);
  return query_of(std::move(urns));
}

http::Request query(std::span<const Uuid> parties) {
  std::string urns = "[";
  add(urns, "urn:altinn:party:uuid:", parties);
  return query_of(std::move(urns));
}

http::Request probe() {
  return query({}, {});
}

} // namespace dialogferry::source::registry
