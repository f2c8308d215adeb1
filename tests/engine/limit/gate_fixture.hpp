#pragma once

#include "../actor_fixture.hpp"

#include <dialogferry/engine/limit/gate.hpp>

#include <algorithm>

namespace dialogferry::engine::test {

/// A gate in front of an API that answers when the test says so.
class GateWorld : public World {
public:
  struct Sent {
    std::string target;
    Moment at{};
    http::Handler handler;
    std::chrono::milliseconds limit{};
    http::Trace trace{};
  };

  explicit GateWorld(const std::function<void(GateSetup&)>& change = {});

  std::shared_ptr<Reply<Answered>> call(std::string target, Priority priority = Priority::history,
                                        Patience patience = Patience::record);

  /// The API answers what was sent as the `index`th.
  void answer(std::size_t index, http::Answer answer);

  std::vector<std::string> targets(std::size_t from = 0) const;
  std::size_t probes() const;

  std::vector<Sent> sent;
  std::function<void(std::size_t)> on_send; ///< told of the index into `sent`
  std::shared_ptr<Shared<GateView>> view = std::make_shared<Shared<GateView>>();
  gate_actor gate;
};

} // namespace dialogferry::engine::test
