#include "look.hpp"

#include <dialogferry/codec/json_writer.hpp>
#include <dialogferry/model/masking.hpp>

namespace dialogferry::engine {

namespace {

std::string json_text(std::string_view text) {
  codec::JsonWriter json(text.size() + 2);
  json.text(text);
  return std::move(json).take();
}

Result<std::optional<std::string>> noted(Result<Reach::Told> told, std::vector<Exchange>& in) {
  if (!told) return tl::unexpected(told.error());
  in.push_back(std::move(told->exchange));
  return std::move(told->body);
}

} // namespace

Result<std::optional<std::string>> Look::source(std::string_view api, http::Request request) const {
  return noted(reach.ask(api, std::move(request)), told.source);
}

Result<std::optional<std::string>> Look::target(std::string_view api, http::Request request) const {
  return noted(reach.ask(api, std::move(request)), told.target);
}

Result<std::optional<std::string>> Look::people(http::Request request) const {
  std::vector<Exchange> exchanges;
  auto body = noted(reach.ask("register", std::move(request)), exchanges);
  for (auto& exchange : exchanges) {
    exchange.body.clear();
    told.source.push_back(std::move(exchange));
  }
  return body;
}

void Look::would_send(std::string_view api, const http::Request& request) const {
  told.requests.push_back({std::string(api), line_of(request), 0, mask_identities(request.body)});
}

// -- a bundle -----------------------------------------------------------------------

BundleText& BundleText::raw(std::string_view name, std::string_view json) {
  if (!text_.empty()) text_ += ',';
  text_.append(json_text(name)).append(":").append(json);
  return *this;
}

BundleText& BundleText::text(std::string_view name, std::string_view value) {
  return raw(name, json_text(value));
}

BundleText& BundleText::flag(std::string_view name, bool value) {
  return raw(name, value ? "true" : "false");
}

BundleText& BundleText::body(std::string_view name, const std::optional<std::string>& json) {
  return raw(name, json ? *json : "null");
}

BundleText& BundleText::map(std::string_view name,
                            const std::vector<std::pair<std::string, std::optional<std::string>>>& entries) {
  std::string object;
  for (const auto& [key, value] : entries) {
    if (!object.empty()) object += ',';
    object.append(json_text(key)).append(":").append(value ? json_text(*value) : "null");
  }
  return raw(name, "{" + object + "}");
}

BundleText& BundleText::list(std::string_view name, const std::vector<std::string>& bodies) {
  std::string items;
  for (const auto& body : bodies)
    items.append(items.empty() ? "" : ",").append(body);
  return raw(name, "[" + items + "]");
}

} // namespace dialogferry::engine
