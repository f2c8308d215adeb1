#pragma once

#include <dialogferry/engine/actors.hpp>
#include <dialogferry/engine/probes.hpp>
#include <dialogferry/engine/restart.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace dialogferry::engine {

/// What the supervisor of a live row works with.
struct LiveSupervisorSetup {
  std::string row;
  std::string duty = {}; ///< of the engine that carries the row (ledger/engines.hpp); empty: engines share it
  RestartRules restarts;
  ledger_actor ledger;
  engine_actor engine; ///< told when the feed fails too often; may be null
  std::function<feed_actor()> spawn_feed;
  std::function<Moment()> clock;
  std::function<double()> random;   ///< [0, 1), spreads restarts
  std::shared_ptr<LiveProbe> probe; ///< may be null
};

/// Keeps the feed of a live row going, where engines do not share it in the one that carries it: one that
/// ends is started again with growing delays, from what the ledger has; one that ends too often ends the
/// engine. Events are answered once the ledger has them, whether a feed is there or not.
class LiveSupervisor : public actor_base<live_supervisor_actor> {
public:
  LiveSupervisor(caf::actor_config& config, LiveSupervisorSetup setup);
  const char* name() const override { return "live supervisor"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  caf::result<Noted> take_in(NoteEvents& note);
  void await_duty();
  void start();
  void on_down();

  LiveSupervisorSetup setup_;
  RestartPolicy policy_;
  std::vector<std::string> new_organisations_; ///< those that came since the start
  feed_actor feed_; ///< null while it waits for its restart, or another engine carries the row
  std::map<std::uint64_t, caf::typed_response_promise<Noted>> noting_; ///< events on their way to the ledger
  std::uint64_t next_note_ = 0;
  bool draining_ = false;
};

} // namespace dialogferry::engine
