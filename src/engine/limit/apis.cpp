#include "apis.hpp"

#include <dialogferry/http/auth.hpp>
#include <dialogferry/http/token.hpp>
#include <dialogferry/source/a2_archive.hpp>
#include <dialogferry/source/register.hpp>
#include <dialogferry/source/storage.hpp>
#include <dialogferry/target/correspondence.hpp>
#include <dialogferry/target/dialogporten.hpp>

#include <algorithm>
#include <fstream>
#include <random>
#include <thread>

namespace dialogferry::engine {

namespace {

constexpr std::size_t most_pages_kept = 16; ///< buffers of pages that wait for the next ones

Moment steady() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

Uuid random_uuid() {
  std::random_device device;
  Uuid id;
  for (auto& byte : id.bytes)
    byte = static_cast<std::uint8_t>(device());
  return version7(id, system_now());
}

Result<std::shared_ptr<http::TokenSource>> tokens(const AuthConfig& auth, http::IoPool& pool) {
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

/// The first line of a file; empty where no file is named.
Result<std::string> first_line(const std::string& path, const std::string& key) {
  std::string line;
  if (path.empty()) return line;
  std::ifstream file(path);
  if (!std::getline(file, line) || line.empty())
    return fail(key, "cannot read a key from " + path, "the file's first line is the key");
  return line;
}

/// What the steady clock calls `at`, to the next second: what people and other machines are told.
Instant instant_of(Moment at) {
  const Instant exact = system_now() + std::chrono::duration_cast<std::chrono::milliseconds>(at - steady());
  const auto over = exact.ticks % Instant::per_second;
  return {over == 0 ? exact.ticks : exact.ticks - over + Instant::per_second};
}

/// Why an API is left alone, where that is worth telling: short pauses are how a limit is found.
std::optional<Wait> wait_for(const std::string& api, const GateView& view) {
  constexpr Moment worth_telling = std::chrono::seconds{5};
  const bool paused = view.rate.paused_until && *view.rate.paused_until > steady();
  if (view.down) {
    const auto next = paused ? std::max(view.probe_at, *view.rate.paused_until) : view.probe_at;
    return Wait{WaitCode::down, api, instant_of(next)};
  }
  if (!paused || view.rate.pause < worth_telling) return std::nullopt;
  return Wait{WaitCode::asked, api, instant_of(*view.rate.paused_until)};
}

http::Request probe_of(std::string_view api) {
  if (api == "dialogporten") return target::dialogporten::probe();
  if (api == "register") return source::registry::probe();
  if (api == "a2_archive") return source::a2_archive::probe();
  if (api == "correspondence") return target::correspondence::probe();
  return source::storage::probe();
}

RateOptions rate_of(const ApiConfig& api) {
  return {api.rate, static_cast<double>(api.burst), api.connections, api.adaptive};
}

constexpr std::string_view folder_scheme = "file:";

bool is_folder(std::string_view base_url) {
  return base_url.starts_with(folder_scheme);
}

GateSetup gate_of(std::string name, const ApiConfig& api, const EngineConfig& engine) {
  GateSetup gate;
  gate.probe = std::make_shared<const http::Request>(probe_of(name));
  gate.api = std::move(name);
  gate.rate = rate_of(api);
  gate.live_share = engine.live_share;
  gate.limits.read = api.timeout;
  gate.patience.record_for = std::min(gate.patience.record_for, engine.retry_for);
  gate.limits.write = std::max(api.timeout, api.write_timeout);
  gate.clock = steady;
  gate.seed = std::random_device{}();
  return gate;
}

} // namespace

Result<std::unique_ptr<Apis>> Apis::create(const Config& config, const std::vector<std::string_view>& names,
                                           http::IoPool& pool, caf::actor_system& system) {
  std::unique_ptr<Apis> apis(new Apis);
  apis->bodies_ = std::make_shared<http::BodyStore>(most_pages_kept);
  const auto token_source = tokens(config.auth, pool);
  if (!token_source) return tl::unexpected(token_source.error());
  for (const auto name : names) {
    const auto& api = config.apis.find(name)->second;
    Api made;
    made.view = std::make_shared<Shared<GateView>>();
    auto gate = gate_of(std::string(name), api, config.engine);
    const auto reached = is_folder(api.base_url) ? apis->reach_folder(made, gate, api)
                                                 : apis->reach_server(made, gate, api, *token_source, pool);
    if (!reached) return tl::unexpected(reached.error());
    gate.view = made.view;
    made.gate = spawn_gate(system, std::move(gate));
    apis->apis_.emplace(name, std::move(made));
  }
  return apis;
}

Result<void> Apis::reach_server(Api& made, GateSetup& gate, const ApiConfig& api,
                                std::shared_ptr<http::TokenSource> tokens, http::IoPool& pool) {
  const auto key = "apis." + gate.api;
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
  options.bodies = bodies_;
  auto client = http::Client::create(pool, std::move(options));
  if (!client) return tl::unexpected(client.error());
  made.client = std::move(*client);
  gate.send = [client = made.client](std::shared_ptr<const http::Request> request, http::Handler handler,
                                     std::chrono::milliseconds limit) {
    client->send(std::move(request), std::move(handler), limit);
  };
  gate.repeats = [client = made.client] { return client->stats().repeats; };
  return {};
}

/// A folder that answers as the archive does.
Result<void> Apis::reach_folder(Api& made, GateSetup& gate, const ApiConfig& api) {
  auto exports = source::Exports::open(api.base_url.substr(folder_scheme.size()));
  if (!exports) return tl::unexpected(exports.error());
  made.exports = std::move(*exports);
  gate.send = [exports = made.exports](std::shared_ptr<const http::Request> request, http::Handler handler,
                                       std::chrono::milliseconds) {
    exports->send(std::move(request), std::move(handler));
  };
  return {};
}

std::map<std::string, gate_actor> Apis::gates() const {
  std::map<std::string, gate_actor> gates;
  for (const auto& [name, api] : apis_)
    gates.emplace(name, api.gate);
  return gates;
}

void Apis::reconfigure(const Config& config) {
  for (auto& [name, api] : apis_) {
    const auto& options = config.apis.find(name)->second;
    if (api.client) api.client->set_connections(options.connections);
    caf::anon_send(api.gate, Reconfigure{rate_of(options)});
  }
}

std::vector<ApiProgress> Apis::progress() const {
  std::vector<ApiProgress> progress;
  for (const auto& [name, api] : apis_) {
    const auto view = api.view->get();
    ApiProgress shown;
    shown.name = name;
    shown.rate = view.rate.rate;
    shown.in_flight = view.rate.in_flight;
    shown.concurrency_limit = view.rate.concurrency_limit;
    shown.reason = view.down ? "outage" : std::string(name_of(view.rate.reason));
    if (view.rate.paused_until && *view.rate.paused_until > steady())
      shown.paused_until = instant_of(*view.rate.paused_until);
    shown.wait = wait_for(name, view);
    progress.push_back(std::move(shown));
  }
  return progress;
}

void Apis::close() {
  for (auto& [name, api] : apis_) {
    if (api.client) api.client->close();
    caf::anon_send_exit(api.gate, caf::exit_reason::user_shutdown);
  }
  apis_.clear();
}

} // namespace dialogferry::engine
