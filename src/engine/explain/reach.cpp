#include "reach.hpp"

#include "../limit/client_of.hpp"

#include <dialogferry/model/masking.hpp>

#include <future>

namespace dialogferry::engine {

Reach::Reach(const Config& config)
    : config_(config) {}

Reach::~Reach() {
  for (auto& [name, api] : apis_)
    if (api.client) api.client->close();
}

Result<std::unique_ptr<Reach>> Reach::open(const Config& config) {
  std::unique_ptr<Reach> reach(new Reach(config));
  auto tokens = tokens_of(config.auth, reach->pool_);
  if (!tokens) return tl::unexpected(tokens.error());
  reach->tokens_ = std::move(*tokens);
  return reach;
}

Result<Reach::Api*> Reach::api(std::string_view name) {
  if (const auto known = apis_.find(name); known != apis_.end()) return &known->second;
  const auto& options = config_.apis.find(name)->second;
  if (options.base_url.empty())
    return fail("apis." + std::string(name) + ".base_url", "is not set",
                "the record cannot be read without it");
  Api api;
  if (const auto folder = folder_of(options)) {
    auto exports = source::Exports::open(*folder);
    if (!exports) return tl::unexpected(exports.error());
    api.exports = std::move(*exports);
  } else {
    auto client = client_of(name, options, tokens_, pool_, nullptr);
    if (!client) return tl::unexpected(client.error());
    api.client = std::move(*client);
  }
  return &apis_.emplace(std::string(name), std::move(api)).first->second;
}

Result<Reach::Told> Reach::ask(std::string_view name, http::Request what) {
  const auto reached = api(name);
  if (!reached) return tl::unexpected(reached.error());
  const auto request = std::make_shared<const http::Request>(std::move(what));
  const auto answered = std::make_shared<std::promise<http::Answer>>();
  auto future = answered->get_future();
  const http::Handler handler = [answered](http::Answer answer) { answered->set_value(std::move(answer)); };
  if ((*reached)->client)
    (*reached)->client->send(request, handler);
  else
    (*reached)->exports->send(request, handler);
  auto answer = future.get();
  Told told{{std::string(name), line_of(*request)}, std::nullopt};
  if (!answer) {
    told.exchange.problem = mask_identities(answer.error().text);
    return told;
  }
  told.exchange.status = answer->status;
  told.exchange.body = mask_identities(answer->body);
  if (answer->status >= 200 && answer->status < 300) told.body = std::move(answer->body);
  return told;
}

std::string line_of(const http::Request& request) {
  return std::string(http::name_of(request.method)) + ' ' + mask_identities(request.target);
}

} // namespace dialogferry::engine
