#pragma once

#include <dialogferry/engine/engine.hpp>
#include <dialogferry/http/server.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace dialogferry::cli {

/// `/control/…` of the status server (docs/control-api.yaml): what operators change while the engine runs,
/// and what they tell readers. Answered once the ledger has it and it is in force.
///
/// Let in is who has one of the tokens (`Authorization: Bearer`), and without a token who asks from this
/// machine, not through a proxy and not from a page of some site. May be used from any thread.
class Control {
public:
  Control(engine::Engine& engine, std::vector<std::string> tokens, std::function<Instant()> now);

  /// For http::Server; they may outlive the control, not the engine.
  std::vector<http::Route> routes() const;

  /// Other tokens from now on.
  void set_tokens(std::vector<std::string> tokens);

  struct State;

private:
  std::shared_ptr<State> state_;
};

} // namespace dialogferry::cli
