#include "correspondence/api/problem.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdio>
#include <functional>

namespace altinn_sim::correspondence {

namespace {

struct Kind {
  int status;
  std::string_view title;
  std::string_view section;
};

constexpr Kind kinds[] = {{400, "Bad Request", "15.5.1"},
                          {404, "Not Found", "15.5.5"},
                          {500, "Internal Server Error", "15.6.1"},
                          {502, "Bad Gateway", "15.6.3"}};

std::string trace_id(const Request& request) {
  dialogporten::UuidSource source{std::hash<std::string_view>{}(request.body) ^
                                  static_cast<std::uint64_t>(request.now)};
  std::string hex;
  for (const auto& id : {source.version_4(), source.version_4()})
    for (const char c : to_string(id))
      if (c != '-') hex += c;
  return "00-" + hex.substr(0, 32) + '-' + hex.substr(32, 16) + "-00";
}

json::object described(int status) {
  const auto* kind = std::find_if(std::begin(kinds), std::end(kinds),
                                  [&](const Kind& each) { return each.status == status; });
  return {{"type", "https://tools.ietf.org/html/rfc9110#section-" + std::string{kind->section}},
          {"title", kind->title},
          {"status", status}};
}

Response answer(const Request& request, int status, json::object body) {
  body["traceId"] = trace_id(request);
  Response response;
  response.status = status;
  response.content_type = "application/problem+json; charset=utf-8";
  response.body = json::serialize(body);
  return response;
}

} // namespace

Response problem(const Request& request, int status, int code, std::string_view detail) {
  auto body = described(status);
  char text[16];
  std::snprintf(text, sizeof text, "CORR-%05d", code);
  body["detail"] = detail;
  body["code"] = text;
  body["errorCode"] = code;
  return answer(request, status, std::move(body));
}

Response validation_problem(const Request& request, const Verdict& verdict) {
  auto body = described(400);
  body["code"] = "STD-00000";
  json::array list;
  json::object errors;
  for (const auto& each : verdict.unbound.empty() ? verdict.invalid : verdict.unbound) {
    auto path = each.path;
    std::replace(path.begin(), path.end(), '.', '/');
    list.push_back(
        {{"code", "CORR.VLD-00000"}, {"detail", each.message}, {"paths", json::array{json::value(path)}}});
    auto& texts = errors[each.path];
    if (!texts.is_array()) texts = json::array();
    texts.as_array().emplace_back(each.message);
  }
  body["validationErrors"] = std::move(list);
  body["errors"] = std::move(errors);
  return answer(request, 400, std::move(body));
}

Response unhandled(const Request& request) {
  auto body = described(500);
  body["detail"] = "";
  body["instance"] = "/correspondence/api/v1" + std::string{request.path};
  auto response = answer(request, 500, std::move(body));
  response.refusal = "breaks";
  return response;
}

Response ok(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

Response ok(const Uuid& id) {
  return ok('"' + to_string(id) + '"');
}

} // namespace altinn_sim::correspondence
