#include <dialogferry/engine/actors.hpp>
#include <dialogferry/engine/later.hpp>
#include <dialogferry/engine/roster.hpp>

#include <catch2/catch.hpp>

#include <chrono>
#include <future>

using namespace dialogferry::engine;
using namespace std::chrono_literals;

namespace {

using alarmed_actor = actor_of<takes<Proceed>, takes<Drain>>;

/// Has a thread of its own; tells itself to proceed after a while, and ends when told to drain.
class Alarmed : public actor_base<alarmed_actor> {
public:
  Alarmed(caf::actor_config& config, std::chrono::milliseconds pause, std::promise<void>& proceeds)
      : actor_base(config)
      , pause_(pause)
      , proceeds_(proceeds) {}

  behavior_type make_behavior() override {
    send_later(*this, pause_, Proceed{});
    return {[this](Proceed) { proceeds_.set_value(); }, [this](Drain) { quit(); }};
  }

private:
  std::chrono::milliseconds pause_;
  std::promise<void>& proceeds_;
};

} // namespace

TEST_CASE("What is sent later arrives", "[engine][later]") {
  std::promise<void> proceeds;
  caf::actor_system_config config;
  caf::actor_system system(config);
  const auto actor = system.spawn<Alarmed, caf::detached>(20ms, proceeds);
  CHECK(proceeds.get_future().wait_for(10s) == std::future_status::ready);
  caf::anon_send(actor, Drain{});
}

TEST_CASE("Who ends before what it has sent itself for later is gone at once", "[engine][later]") {
  std::promise<void> proceeds;
  caf::actor_system_config config;
  caf::actor_system system(config);
  Roster roster{[](const dialogferry::Problem&) {}};
  {
    const auto actor = system.spawn<Alarmed, caf::detached>(20s, proceeds);
    roster.add("alarmed", actor, Roster::Role::supervised);
    caf::anon_send(actor, Drain{});
  }
  CHECK(roster.wait_until_gone(10s).empty());
}
