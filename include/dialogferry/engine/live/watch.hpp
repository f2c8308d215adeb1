#pragma once

#include <dialogferry/codec/document.hpp>
#include <dialogferry/engine/actors.hpp>
#include <dialogferry/engine/controls.hpp>
#include <dialogferry/engine/probes.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace dialogferry::engine {

/// What watches the direct writes works with.
struct WatchSetup {
  std::string row;
  std::string stage;
  gate_actor dialogporten;
  ledger_actor ledger;
  engine_actor engine; ///< told that nothing is to be done; may be null
  std::chrono::milliseconds interval{300'000};
  std::function<Instant()> now;
  std::shared_ptr<const RowControls> controls = std::make_shared<RowControls>(); ///< never null
  std::shared_ptr<LiveProbe> probe;                                              ///< may be null
};

/// Dialogs that service owners write themselves need no carrying. What can be told of them is when the newest
/// one was made, where the token may look: a search shows those of its own organisation alone
/// (dialogporten.md 2.2). The ledger's feed `seen` has the newest one's time and when was looked, `refused`
/// when looking was refused.
class Watch : public actor_base<live_supervisor_actor> {
public:
  Watch(caf::actor_config& config, WatchSetup setup);
  const char* name() const override { return "watch"; }
  behavior_type make_behavior() override;
  void on_exit() override { setup_ = {}; }

private:
  void load();
  void look();
  void on_found(const Answered& answered);
  void note(std::string feed, Instant at);

  WatchSetup setup_;
  codec::Parser parser_;
  Instant newest_; ///< direct write that was seen, also before it fell behind dialogs that are carried
};

} // namespace dialogferry::engine
