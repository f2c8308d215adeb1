#pragma once

#include <dialogferry/engine/limit/gate.hpp>
#include <dialogferry/http/body_store.hpp>
#include <dialogferry/http/client.hpp>
#include <dialogferry/http/io_pool.hpp>
#include <dialogferry/http/token.hpp>
#include <dialogferry/model/config.hpp>
#include <dialogferry/model/progress_snapshot.hpp>
#include <dialogferry/source/exports.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace dialogferry::engine {

/// The APIs that rows use: for each a client and the gate that every attempt passes. Closes in the right
/// order.
class Apis {
public:
  /// Builds clients and gates for `names`; connects to nothing yet. `rates` are those that several engines
  /// keep between them; null: this one is alone.
  static Result<std::unique_ptr<Apis>> create(const Config& config,
                                              const std::vector<std::string_view>& names, http::IoPool& pool,
                                              caf::actor_system& system,
                                              const std::shared_ptr<metrics::Registry>& counted,
                                              std::shared_ptr<ledger::OneRate> rates);

  /// Null where it is not used.
  gate_actor gate(std::string_view name) const {
    const auto found = apis_.find(name);
    return found == apis_.end() ? gate_actor() : gate_actor(found->second.gate);
  }

  /// All of them, by the name of their API.
  std::map<std::string, gate_actor> gates() const;

  /// Null where the engine is alone.
  const rate_exchange_actor& exchange() const { return exchange_; }

  /// What is refused and waits, at all of them.
  const std::shared_ptr<RestingCalls>& resting() const { return resting_; }

  /// Where the pages of storage give their buffers back.
  const std::shared_ptr<http::BodyStore>& bodies() const { return bodies_; }

  /// Takes over rates and connections, and which of them are paused.
  void reconfigure(const Config& config);

  std::vector<ApiProgress> progress() const;

  /// Cancels what is under way and ends the gates.
  void close();

private:
  struct Api {
    std::shared_ptr<http::Client> client;     ///< null where it is a folder
    std::shared_ptr<source::Exports> exports; ///< null where it is a server
    sharing_gate_actor gate;
    std::shared_ptr<Shared<GateView>> view;
  };

  Apis() = default;
  Result<void> reach_server(Api& made, GateSetup& gate, const ApiConfig& api,
                            std::shared_ptr<http::TokenSource> tokens, http::IoPool& pool);
  void share(std::shared_ptr<ledger::OneRate> rates, caf::actor_system& system);
  static Result<void> reach_folder(Api& made, GateSetup& gate, const std::string& folder);

  std::shared_ptr<http::BodyStore> bodies_;
  std::shared_ptr<RestingCalls> resting_ = std::make_shared<RestingCalls>(0);
  std::map<std::string, Api, std::less<>> apis_;
  rate_exchange_actor exchange_;
};

} // namespace dialogferry::engine
