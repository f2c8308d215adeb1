#include "archive/service.hpp"

#include "archive/bytes.hpp"
#include "archive/query.hpp"
#include "storage/json_text.hpp"

#include <charconv>

namespace altinn_sim::archive {

namespace {

Response problem(int status, std::string_view title, std::string_view detail = {}) {
  Response out;
  out.status = status;
  out.content_type = "application/problem+json";
  {
    storage::JsonMembers json(out.body);
    json.text("title", title);
    json.number("status", status);
    json.text_if("detail", detail);
  }
  return out;
}

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t out = 0;
  const auto* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, out);
  return error == std::errc{} && at == end ? std::optional(out) : std::nullopt;
}

void append_page(std::string& out, const Archive::Page& page, const std::string& next) {
  storage::JsonMembers json(out);
  json.number("count", std::ssize(page.messages));
  {
    storage::JsonElements messages(json.value("messages"));
    for (const auto& message : page.messages)
      append_json(messages.next(), message);
  }
  json.text_if("next", next);
}

Response list(const Archive& archive, const Request& request) {
  Query query;
  if (const auto wrong = read_query(request, query); !wrong.empty())
    return problem(400, "Bad Request", wrong);
  const auto page = archive.page(query.window, query.size);
  Response out;
  append_page(out.body, page, page.more ? next_page(request, query, page.messages.back()) : "");
  return out;
}

Response single(const Archive& archive, std::string_view id) {
  const auto number = number_in(id);
  const auto message = number ? archive.find(*number) : std::nullopt;
  if (!message) return problem(404, "Not Found");
  Response out;
  append_json(out.body, *message);
  return out;
}

Response attachment(const Archive& archive, std::string_view id) {
  const auto file = archive.attachment(id);
  if (!file) return problem(404, "Not Found");
  Response out;
  out.content_type = "application/octet-stream";
  out.file = std::make_shared<FileBytes>(file->seed, file->size);
  return out;
}

} // namespace

Response answer(const Archive& archive, const Request& request) {
  constexpr std::string_view messages = "/messages";
  constexpr std::string_view attachments = "/attachments/";
  auto path = request.path;
  if (request.token_expired) return problem(401, "Unauthorized");
  if (request.method != Method::get) return problem(405, "Method Not Allowed");
  if (path == messages) return list(archive, request);
  if (path.starts_with("/messages/")) return single(archive, path.substr(messages.size() + 1));
  if (path.starts_with(attachments)) return attachment(archive, path.substr(attachments.size()));
  return problem(404, "Not Found");
}

} // namespace altinn_sim::archive
