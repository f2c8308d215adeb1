#include "dialogporten/api/problem.hpp"

#include "dialogporten/model/uuid.hpp"
#include "dialogporten/wire/writer.hpp"

#include <functional>
#include <unordered_map>

namespace altinn_sim::dialogporten {

namespace {

struct ProblemKind {
  int status;
  std::string_view title;
  std::string_view type;
  std::string_view detail;
};

constexpr ProblemKind kinds[] = {
    {400, "One or more validation errors occurred.",
     "https://datatracker.ietf.org/doc/html/rfc7231#section-6.5.1", ""},
    {403, "Forbidden.", "https://datatracker.ietf.org/doc/html/rfc7231#section-6.5.3", ""},
    {404, "Resource not found.", "https://datatracker.ietf.org/doc/html/rfc7231#section-6.5.4", ""},
    {409, "Conflict.", "https://datatracker.ietf.org/doc/html/rfc7231#section-6.5.8", ""},
    {410, "Resource no longer available.", "https://datatracker.ietf.org/doc/html/rfc7231#section-6.5.9", ""},
    {412, "Precondition failed.", "https://datatracker.ietf.org/doc/html/rfc7232#section-4.2", ""},
    {413, "Payload too large. The maximum allowed size is 20000000 bytes.",
     "https://datatracker.ietf.org/doc/html/rfc7231#section-6.5.11", ""},
    {422, "Unprocessable request.", "https://datatracker.ietf.org/doc/html/rfc4918#section-11.2", ""},
    {502, "Bad gateway.", "https://datatracker.ietf.org/doc/html/rfc7231#section-6.6.3",
     "Something went wrong during the request."},
    {500, "An error occurred while processing the request.",
     "https://datatracker.ietf.org/doc/html/rfc7231#section-6.6.1",
     "Something went wrong during the request."},
};

const ProblemKind& kind_of(int status) {
  for (const auto& kind : kinds)
    if (kind.status == status) return kind;
  return std::end(kinds)[-1];
}

/// The same for the same request at the same time: enough to look like a trace id.
std::string trace_id(const Request& request) {
  UuidSource source{std::hash<std::string_view>{}(request.body) ^ static_cast<std::uint64_t>(request.now)};
  std::string hex;
  for (const auto& id : {source.version_4(), source.version_4()})
    for (const char c : to_string(id))
      if (c != '-') hex += c;
  return "00-" + hex.substr(0, 32) + '-' + hex.substr(32, 16) + "-00";
}

} // namespace

std::string errors_object(const Complaints& errors) {
  std::vector<std::pair<std::string_view, std::vector<std::string_view>>> grouped;
  std::unordered_map<std::string_view, std::size_t> positions;
  for (const auto& error : errors) {
    const auto [found, is_new] = positions.try_emplace(error.key, grouped.size());
    if (is_new) grouped.push_back({error.key, {}});
    grouped[found->second].second.push_back(error.message);
  }
  std::string out = "{";
  for (const auto& [key, messages] : grouped) {
    if (out.size() > 1) out += ',';
    write_string(out, key);
    out += ':';
    write(out, messages);
  }
  return out += '}';
}

Response problem(const Request& request, int status, const Complaints& errors) {
  const auto& kind = kind_of(status);
  Response response;
  response.status = status;
  const bool is_problem = status != 413 && status < 500; // observed.md OD-10
  response.content_type =
      is_problem ? "application/problem+json; charset=utf-8" : "application/json; charset=utf-8";
  if (status == 500) response.refusal = "breaks";
  Writer writer{response.body};
  writer("type", kind.type);
  writer("title", kind.title);
  writer("status", status);
  if (!kind.detail.empty()) writer("detail", kind.detail);
  writer("instance", request.path);
  writer("traceId", trace_id(request));
  if (!errors.empty()) writer.raw("errors", errors_object(errors));
  writer.close();
  return response;
}

Response unauthorized(std::string_view detail) {
  Response response;
  response.status = 401;
  response.content_type.clear();
  for (int scheme = 0; scheme < 3; ++scheme)
    response.headers.emplace_back("WWW-Authenticate", "Bearer" + std::string{detail});
  return response;
}

Response not_found(const Request& request, std::string_view entity, std::string_view key) {
  return problem(
      request, 404,
      {{std::string{entity}, "Entity '" + std::string{entity} +
                                 "' with the following key(s) was not found: (" + std::string{key} + ")."}});
}

Response gone(const Request& request, std::string_view key) {
  return problem(request, 410,
                 {{"DialogEntity", "Entity 'DialogEntity' with the following key(s) is removed: (" +
                                       std::string{key} + ")."}});
}

Response forbidden(const Request& request, std::string message) {
  return problem(request, 403, {{"Forbidden", std::move(message)}});
}

Response lost_race(const Request& request) {
  return problem(request, 409,
                 {{"", "The request conflicted with a concurrent operation. Please try again."}});
}

Response invalid_id(const Request& request, std::string_view parameter, std::string_view text) {
  return problem(
      request, 400,
      {{std::string{parameter}, "Value [" + std::string{text} + "] is not valid for a [Guid] property!"}});
}

} // namespace altinn_sim::dialogporten
