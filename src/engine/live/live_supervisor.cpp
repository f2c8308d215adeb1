#include <dialogferry/engine/live/live_supervisor.hpp>

#include <utility>

namespace dialogferry::engine {

LiveSupervisor::LiveSupervisor(caf::actor_config& config, LiveSupervisorSetup setup)
    : actor_base(config)
    , setup_(std::move(setup))
    , policy_(setup_.restarts) {}

LiveSupervisor::behavior_type LiveSupervisor::make_behavior() {
  set_down_handler([this](const caf::down_msg& down) {
    if (feed_ && feed_.address() == down.source) on_down();
  });
  await_duty();
  return {
      [this](NoteEvents& note) { return take_in(note); },
      [this](Proceed) {
        if (!draining_ && !feed_) start();
      },
      [this](NewEvents) {
        if (feed_) send(feed_, NewEvents{});
      },
      [this](NewOrganisations& more) {
        new_organisations_ = std::move(more.names);
        if (feed_) send(feed_, NewOrganisations{new_organisations_});
      },
      [this](Steer) {
        if (feed_) send(feed_, Steer{});
      },
      [this](Drain) {
        draining_ = true;
        if (feed_)
          send(feed_, Drain{});
        else if (setup_.engine)
          send(setup_.engine, RowIdle{setup_.row});
      },
  };
}

void LiveSupervisor::on_exit() {
  if (feed_) caf::anon_send_exit(feed_, caf::exit_reason::kill);
  feed_ = nullptr;
  for (auto& [number, promise] : std::exchange(noting_, {}))
    promise.deliver(ended_unanswered());
  setup_ = {};
}

caf::result<Noted> LiveSupervisor::take_in(NoteEvents& note) {
  const auto number = next_note_++;
  auto promise = noting_.emplace(number, make_response_promise<Noted>()).first->second;
  const auto settle = [this, number](Noted noted) {
    auto noting = noting_.extract(number);
    if (!noting.empty()) noting.mapped().deliver(std::move(noted));
  };
  request(setup_.ledger, caf::infinite, std::move(note))
      .then(
          [this, settle](const Noted& noted) {
            settle(noted);
            if (feed_ && !noted.problem) send(feed_, NewEvents{});
          },
          [this, settle](const caf::error& error) {
            settle(Noted{Problem{"ledger", home_system().render(error), {}}});
          });
  return promise;
}

void LiveSupervisor::await_duty() {
  if (setup_.duty.empty()) return start();
  request(setup_.ledger, caf::infinite, AwaitDuty{setup_.duty})
      .then(
          [this](const Noted&) {
            if (!draining_) start();
          },
          [this](const caf::error& error) {
            if (setup_.engine) send(setup_.engine, Fatal{{"ledger", home_system().render(error), {}}});
          });
}

void LiveSupervisor::start() {
  feed_ = setup_.spawn_feed();
  monitor(feed_);
  if (!new_organisations_.empty()) send(feed_, NewOrganisations{new_organisations_});
}

void LiveSupervisor::on_down() {
  feed_ = nullptr;
  if (draining_) {
    if (setup_.engine) send(setup_.engine, RowIdle{setup_.row});
    return;
  }
  if (const auto wait = policy_.on_failure(setup_.clock(), setup_.random())) {
    if (setup_.probe) ++setup_.probe->restarts;
    delayed_send(this, *wait, Proceed{});
  } else if (setup_.engine) {
    send(setup_.engine, Fatal{{"rows." + setup_.row, "its live feed failed too often", "see the log"}});
  }
}

} // namespace dialogferry::engine
