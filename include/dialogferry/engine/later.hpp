#pragma once

#include <dialogferry/engine/caf.hpp>

#include <chrono>
#include <utility>

namespace dialogferry::engine {

/// Sends `message` to `self` after `pause`, as delayed_send does, for an actor with a thread of its own
/// (caf::detached). What CAF's clock is to deliver keeps its receiver, and so its thread
/// (findings/caf-delayed-message-keeps-thread.sh), which whoever ends the engine waits for (Roster). So it is
/// delivered to a helper, which ends with `self`.
template <class Self, class Message>
void send_later(Self& self, std::chrono::nanoseconds pause, Message message) {
  const caf::actor_addr whom = caf::actor_cast<caf::actor_addr>(&self);
  self.template spawn<caf::linked>(
      [whom, pause, message = std::move(message)](caf::event_based_actor* helper) -> caf::behavior {
        helper->delayed_send(helper, pause, message);
        return {[whom, helper](Message& due) {
          if (const auto actor = caf::actor_cast<caf::actor>(whom)) caf::anon_send(actor, std::move(due));
          helper->quit();
        }};
      });
}

} // namespace dialogferry::engine
