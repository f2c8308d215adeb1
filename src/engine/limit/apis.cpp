#include "apis.hpp"

#include "client_of.hpp"

#include <dialogferry/source/a2_archive.hpp>
#include <dialogferry/source/register.hpp>
#include <dialogferry/source/storage.hpp>
#include <dialogferry/target/correspondence.hpp>
#include <dialogferry/target/dialogporten.hpp>

#include <algorithm>
#include <random>
#include <thread>

namespace dialogferry::engine {

namespace {

constexpr std::size_t most_pages_kept = 16; ///< buffers of pages that wait for the next ones

Moment steady() {
  return std::chrono::steady_clock::now().time_since_epoch();
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
  if (view.paused) return Wait{WaitCode::by_operator, api, std::nullopt};
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

GateSetup gate_of(std::string name, const ApiConfig& api, const EngineConfig& engine) {
  GateSetup gate;
  gate.probe = std::make_shared<const http::Request>(probe_of(name));
  gate.api = std::move(name);
  gate.rate = rate_of(api);
  gate.paused = api.paused;
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
                                           http::IoPool& pool, caf::actor_system& system,
                                           const std::shared_ptr<metrics::Registry>& counted,
                                           std::shared_ptr<ledger::OneRate> rates) {
  std::unique_ptr<Apis> apis(new Apis);
  apis->bodies_ = std::make_shared<http::BodyStore>(most_pages_kept);
  const auto token_source = tokens_of(config.auth, pool);
  if (!token_source) return tl::unexpected(token_source.error());
  for (const auto name : names) {
    const auto& api = config.apis.find(name)->second;
    Api made;
    made.view = std::make_shared<Shared<GateView>>();
    auto gate = gate_of(std::string(name), api, config.engine);
    const auto folder = folder_of(api);
    const auto reached =
        folder ? reach_folder(made, gate, *folder) : apis->reach_server(made, gate, api, *token_source, pool);
    if (!reached) return tl::unexpected(reached.error());
    gate.shares = rates != nullptr;
    gate.view = made.view;
    gate.resting = apis->resting_;
    gate.metrics = std::make_shared<RequestMetrics>(counted, std::string(name));
    made.gate = spawn_gate(system, std::move(gate));
    apis->apis_.emplace(name, std::move(made));
  }
  if (rates && !apis->apis_.empty()) apis->share(std::move(rates), system);
  return apis;
}

void Apis::share(std::shared_ptr<ledger::OneRate> rates, caf::actor_system& system) {
  RateExchangeSetup setup;
  setup.rates = std::move(rates);
  for (const auto& [name, api] : apis_)
    setup.gates.emplace(name, api.gate);
  setup.clock = steady;
  exchange_ = spawn_rate_exchange(system, std::move(setup));
}

Result<void> Apis::reach_server(Api& made, GateSetup& gate, const ApiConfig& api,
                                std::shared_ptr<http::TokenSource> tokens, http::IoPool& pool) {
  auto client = client_of(gate.api, api, std::move(tokens), pool, bodies_);
  if (!client) return tl::unexpected(client.error());
  made.client = std::move(*client);
  gate.send = [client = made.client](std::shared_ptr<const http::Request> request, http::Handler handler,
                                     std::chrono::milliseconds limit, const http::Trace& trace) {
    client->send(std::move(request), std::move(handler), limit, trace);
  };
  gate.repeats = [client = made.client] { return client->stats().repeats; };
  return {};
}

/// A folder that answers as the archive does.
Result<void> Apis::reach_folder(Api& made, GateSetup& gate, const std::string& folder) {
  auto exports = source::Exports::open(folder);
  if (!exports) return tl::unexpected(exports.error());
  made.exports = std::move(*exports);
  gate.send = [exports = made.exports](std::shared_ptr<const http::Request> request, http::Handler handler,
                                       std::chrono::milliseconds, const http::Trace&) {
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
    caf::anon_send(api.gate, Reconfigure{rate_of(options), options.paused});
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
    shown.waiting_live = view.waiting_live;
    shown.waiting_history = view.waiting_history;
    shown.reason = view.paused ? "operator" : view.down ? "outage" : std::string(name_of(view.rate.reason));
    if (view.rate.paused_until && *view.rate.paused_until > steady())
      shown.paused_until = instant_of(*view.rate.paused_until);
    shown.wait = wait_for(name, view);
    progress.push_back(std::move(shown));
  }
  return progress;
}

void Apis::close() {
  if (exchange_) caf::anon_send_exit(exchange_, caf::exit_reason::user_shutdown);
  exchange_ = nullptr;
  for (auto& [name, api] : apis_) {
    if (api.client) api.client->close();
    caf::anon_send_exit(api.gate, caf::exit_reason::user_shutdown);
  }
  apis_.clear();
}

} // namespace dialogferry::engine
