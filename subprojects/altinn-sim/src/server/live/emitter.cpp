#include "live/emitter.hpp"

#include "storage/dice.hpp"

namespace altinn_sim::live {

using namespace storage;

Emitter::Emitter(World& world, Changes& changes, PlatformClock& clock)
    : world_(world)
    , changes_(changes)
    , agenda_(clock)
    , push_(agenda_)
    , subscriptions_(push_, world.options().hostname) {
  clock.on_jump([this] { agenda_.look_again(); });
}

Emitter::~Emitter() {
  agenda_.stop();
}

void Emitter::deliver_to(const Endpoint& endpoint) {
  const std::lock_guard lock(mutex_);
  deliver_to_ = endpoint;
}

std::variant<Changed, std::string> Emitter::change(const OneChange& order) {
  if (order.during_write_back) {
    auto now = order;
    now.during_write_back = false;
    changes_.during_next_write(order.change.instance, [this, now] { change(now); });
    Changed waiting;
    waiting.instance = order.change.instance;
    return waiting;
  }
  auto change = order.change;
  change.now = agenda_.now();
  change.with_receipt = order.receipt_after == 0;
  auto made = changes_.apply(change);
  const auto* changed = std::get_if<Changed>(&made);
  if (changed == nullptr) return made;
  ++changes_made_;
  if (order.event) announce(*changed, order);
  if (change.kind == ChangeKind::submit && order.receipt_after > 0) later(order, changed->instance);
  return made;
}

/// The receipt is made some time after the submission, and told of as that was.
void Emitter::later(const OneChange& submission, Guid instance) {
  OneChange receipt;
  receipt.change.kind = ChangeKind::receipt;
  receipt.change.instance = instance;
  receipt.event = submission.event;
  agenda_.at(agenda_.now() + submission.receipt_after, [this, receipt] { change(receipt); });
}

void Emitter::announce(const Changed& change, const OneChange& order) {
  const auto number = ++events_;
  const auto seed = world_.options().seed;
  const auto id = random_guid(mix(seed, 0xc1, number), mix(seed, 0xc2, number));
  const auto event = event_of(change, id, agenda_.now(), world_.options().hostname);
  for (std::int64_t copy = 0; copy < order.copies; ++copy) {
    if (order.delay == 0) {
      send(change, event);
    } else {
      agenda_.at(agenda_.now() + order.delay, [this, change, event] { send(change, event); });
    }
  }
}

void Emitter::send(const Changed& change, const CloudEvent& event) {
  const auto body = std::make_shared<const std::string>(event.body);
  const auto push = [&](const Endpoint& to, std::function<bool()> still_wanted) {
    Delivery delivery;
    delivery.to = to;
    delivery.body = body;
    delivery.still_wanted = std::move(still_wanted);
    if (first_sent_) delivery.on_first_try = [this, change] { first_sent_(change); };
    push_.send(std::move(delivery));
  };
  std::optional<Endpoint> fixed;
  {
    const std::lock_guard lock(mutex_);
    fixed = deliver_to_;
  }
  if (fixed) push(*fixed, {});
  subscriptions_.for_each_match(event, push);
}

boost::json::object Emitter::counts() const {
  const auto& pushed = push_.counts();
  return {{"changes", changes_made_.load()},      {"events", events_.load()},
          {"delivered", pushed.delivered.load()}, {"pending", pushed.pending.load()},
          {"retried", pushed.retried.load()},     {"given_up", pushed.given_up.load()}};
}

} // namespace altinn_sim::live
