#include <dialogferry/http/url.hpp>
#include <dialogferry/target/correspondence.hpp>

namespace dialogferry::target::correspondence {

namespace {

constexpr std::string_view migration = "/correspondence/api/v1/migration";
constexpr std::string_view correspondences = "/correspondence/api/v1/correspondence/";

http::Request post(std::string target, std::string body) {
  http::Request made;
  made.method = http::Method::post;
  made.target = std::move(target);
  made.accept = "application/json";
  made.content_type = "application/json";
  made.body = std::move(body);
  return made;
}

http::Request get(std::string target) {
  http::Request made;
  made.target = std::move(target);
  made.accept = "application/json";
  return made;
}

} // namespace

http::Request attachment(std::span<const mapping::correspondence::QueryField> query) {
  std::string target(migration);
  target += "/attachment";
  char separator = '?';
  for (const auto& field : query) {
    target += separator;
    target.append(field.name).append("=").append(http::percent_encode(field.value));
    separator = '&';
  }
  auto made = post(std::move(target), {});
  made.content_type = "application/octet-stream";
  return made;
}

http::Request migrate(std::string body) {
  return post(std::string(migration).append("/correspondence"), std::move(body));
}

http::Request publish(std::span<const Uuid> ids) {
  std::string body = R"({"correspondenceIds":[)";
  for (const auto& id : ids) {
    body += body.back() == '[' ? "\"" : ",\"";
    append_uuid(body, id);
    body += '"';
  }
  body += "]}";
  return post(std::string(migration).append("/makemigratedcorrespondenceavailable"), std::move(body));
}

http::Request sync(const mapping::correspondence::Call& call) {
  return post(call.path, call.body);
}

http::Request details(const Uuid& correspondence) {
  return get(std::string(correspondences).append(to_string(correspondence)).append("/details"));
}

http::Request find(std::string_view resource, std::string_view altinn2_id) {
  return get(std::string(correspondences.substr(0, correspondences.size() - 1))
                 .append("?resourceId=")
                 .append(http::percent_encode(resource))
                 .append("&role=Sender&altinn2CorrespondenceId=")
                 .append(http::percent_encode(altinn2_id)));
}

http::Request probe() {
  return get(std::string(correspondences).append(to_string(Uuid{})));
}

} // namespace dialogferry::target::correspondence
