#include "live/emitter.hpp"

#include "clock.hpp"
#include "storage/dice.hpp"

namespace altinn_sim::live {

using namespace storage;

namespace {

constexpr std::uint64_t undelivered_at_most = 100'000;

} // namespace

Emitter::Emitter(World& world, Changes& changes, LiveLog& log, PlatformClock& clock)
    : world_(world)
    , changes_(changes)
    , log_(log)
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
  if (push_.counts().pending + scheduled_ >= undelivered_at_most)
    return "too much is told but not delivered yet";
  auto change = order.change;
  change.now = agenda_.now();
  change.with_receipt = order.receipt_after == 0;
  change.event_after = drawn(order.event_after);
  auto made = changes_.apply(change);
  const auto* changed = std::get_if<Changed>(&made);
  if (changed == nullptr) return made;
  ++changes_made_;
  ++made_[static_cast<std::size_t>(change.kind)];
  // An app tells the world once its instance's events are stored.
  if (order.event) announce(*changed, order, order.delay + change.event_after);
  if (change.kind == ChangeKind::submit && order.receipt_after > 0) {
    OneChange receipt; // made some time after the submission, and told of as that was
    receipt.change.kind = ChangeKind::receipt;
    receipt.change.instance = changed->instance;
    receipt.event = order.event;
    receipt.event_after = order.event_after;
    later(order.receipt_after, [this, receipt] { this->change(receipt); });
  }
  return made;
}

void Emitter::later(Ticks delay, std::function<void()> action) {
  ++scheduled_;
  agenda_.at(agenda_.now() + delay, [this, action = std::move(action)] {
    action();
    --scheduled_;
  });
}

Ticks Emitter::drawn(const Range& range) {
  const auto width = static_cast<std::uint64_t>(range.high - range.low + 1);
  return range.low + static_cast<Ticks>(mix(world_.options().seed, 0xd7a, ++draws_) % width);
}

void Emitter::announce(const Changed& change, const OneChange& order, Ticks delay) {
  const auto number = ++events_;
  const auto seed = world_.options().seed;
  const auto id = random_guid(mix(seed, 0xc1, number), mix(seed, 0xc2, number));
  const auto event = event_of(change, id, agenda_.now(), world_.options().hostname, order.party);
  const auto tries = order.one_try ? std::size_t{1} : all_tries;
  for (std::int64_t copy = 0; copy < order.copies; ++copy) {
    if (delay == 0) {
      send(change, event, tries);
    } else {
      later(delay, [this, change, event, tries] { send(change, event, tries); });
    }
  }
}

void Emitter::send(const Changed& change, const CloudEvent& event, std::size_t tries) {
  std::function<void()> on_first_try;
  if (change.sequence != 0) {
    on_first_try = [this, instance = change.instance, sequence = change.sequence] {
      log_.event_sent(instance, sequence, steady_us(), agenda_.now());
    };
  }
  deliver(event, tries, on_first_try);
}

void Emitter::deliver(const CloudEvent& event, std::size_t tries, const std::function<void()>& on_first_try) {
  const auto body = std::make_shared<const std::string>(event.body);
  const auto push = [&](const Endpoint& to) {
    Delivery delivery;
    delivery.to = to;
    delivery.body = body;
    delivery.tries_at_most = tries;
    delivery.on_first_try = on_first_try;
    push_.send(std::move(delivery));
  };
  std::optional<Endpoint> fixed;
  {
    const std::lock_guard lock(mutex_);
    fixed = deliver_to_;
  }
  if (fixed) push(*fixed);
  subscriptions_.for_each_match(event, agenda_.now(), push);
}

void Emitter::start(const Load& load) {
  LoadRun::Actions actions;
  actions.change = [this](const OneChange& order) { return change(order); };
  actions.later = [this](Ticks delay, std::function<void()> action) { later(delay, std::move(action)); };
  actions.backlog = [this] { return push_.counts().pending + scheduled_; };
  auto run = std::make_shared<LoadRun>(world_, load, std::move(actions));
  stop_load();
  const std::lock_guard lock(mutex_);
  load_ = run;
  run->start(agenda_);
}

void Emitter::stop_load() {
  const std::lock_guard lock(mutex_);
  if (load_) load_->stop();
}

boost::json::object Emitter::counts() const {
  const auto& pushed = push_.counts();
  bool running = false;
  {
    const std::lock_guard lock(mutex_);
    running = load_ && load_->running();
  }
  boost::json::object made;
  for (std::size_t kind = 0; kind < made_.size(); ++kind) {
    const auto name = name_of(static_cast<ChangeKind>(kind));
    if (made_[kind] > 0) made[{name.data(), name.size()}] = made_[kind].load();
  }
  return {{"running", running},
          {"changes", changes_made_.load()},
          {"made", std::move(made)},
          {"events", events_.load()},
          {"delivered", pushed.delivered.load()},
          {"pending", pushed.pending.load() + scheduled_.load()},
          {"retried", pushed.retried.load()},
          {"given_up", pushed.given_up.load()},
          {"latency", log_.latency()}};
}

} // namespace altinn_sim::live
