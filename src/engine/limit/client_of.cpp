#include "client_of.hpp"

#include <dialogferry/http/auth.hpp>

#include <fstream>
#include <random>

namespace dialogferry::engine {

namespace {

Uuid random_uuid() {
  std::random_device device;
  Uuid id;
  for (auto& byte : id.bytes)
    byte = static_cast<std::uint8_t>(device());
  return version7(id, system_now());
}

/// The first line of a file; empty where no file is named.
Result<std::string> first_line(const std::string& path, const std::string& key) {
  std::string line;
  if (path.empty()) return line;
  std::ifstream file(path);
  if (!std::getline(file, line) || line.empty())
    return fail(key, "cannot read a key from " + path, "the file's first line is the key");
  return line;
}

} // namespace

Result<std::shared_ptr<http::TokenSource>> tokens_of(const AuthConfig& auth, http::IoPool& pool) {
  switch (auth.mode) {
  case AuthMode::none: return std::shared_ptr<http::TokenSource>{};
  case AuthMode::token_file: return http::token_file(auth.token_file);
  case AuthMode::maskinporten: break;
  }
  http::MaskinportenOptions options;
  options.client_id = auth.maskinporten.client_id;
  options.key_file = auth.maskinporten.key_file;
  options.key_id = auth.maskinporten.key_id;
  options.certificate_file = auth.maskinporten.certificate_file;
  options.consumer_org = auth.maskinporten.consumer_org;
  options.token_url = auth.maskinporten.token_url;
  options.exchange_url = auth.maskinporten.exchange_url;
  options.scopes = auth.maskinporten.scopes;
  options.new_id = random_uuid;
  return http::maskinporten(pool, std::move(options));
}

Result<std::unique_ptr<http::Client>> client_of(std::string_view name, const ApiConfig& api,
                                                std::shared_ptr<http::TokenSource> tokens, http::IoPool& pool,
                                                std::shared_ptr<http::BodyStore> bodies) {
  const auto key = "apis." + std::string(name);
  auto subscription_key = first_line(api.subscription_key_file, key + ".subscription_key_file");
  if (!subscription_key) return tl::unexpected(subscription_key.error());
  http::ClientOptions options;
  options.name = key;
  options.base_url = api.base_url;
  options.connections = api.connections;
  options.timeout = api.timeout;
  options.ca_file = api.ca_file;
  options.subscription_key = *subscription_key;
  options.tokens = std::move(tokens);
  options.bodies = std::move(bodies);
  return http::Client::create(pool, std::move(options));
}

std::optional<std::string> folder_of(const ApiConfig& api) {
  constexpr std::string_view scheme = "file:";
  if (!api.base_url.starts_with(scheme)) return std::nullopt;
  return api.base_url.substr(scheme.size());
}

} // namespace dialogferry::engine
