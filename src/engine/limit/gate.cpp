#include <dialogferry/engine/limit/gate.hpp>

#include <algorithm>
#include <utility>

namespace dialogferry::engine {

namespace {

constexpr std::uint32_t throttle_patience = 200; ///< 429 and 503 in a row that one call sits out
constexpr Moment publish_every = std::chrono::milliseconds{200};

Signal signal_of(const http::Answer& answer) {
  if (!answer) return Signal::failed;
  if (answer->status == 429) return Signal::throttled;
  if (answer->status == 503) return Signal::overloaded;
  return answer->status >= 500 ? Signal::failed : Signal::success;
}

std::optional<std::chrono::milliseconds> retry_after(const http::Answer& answer) {
  return answer ? answer->retry_after : std::nullopt;
}

bool shows_life(const http::Answer& answer) {
  return answer && answer->status < 500;
}

/// splitmix64: small, and its whole state is the seed.
double next_random(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
}

} // namespace

Gate::Gate(caf::actor_config& config, GateSetup setup)
    : actor_base(config)
    , setup_(std::move(setup))
    , rate_(setup_.rate, [this] { return random(); })
    , random_state_(setup_.seed) {}

Gate::behavior_type Gate::make_behavior() {
  return {
      [this](Call& call) { return on_call(call); },
      [this](Collect) { collect(); },
      [this](TryAgain again) {
        queue_again(again.call);
        pump();
      },
      [this](Pump) {
        pump_due_ = false;
        pump();
      },
      [this](ProbeNow) { send_probe(); },
      [this](const Probed& probed) { on_probed(probed); },
      [this](const Reconfigure& options) {
        rate_.configure(options.rate, setup_.clock());
        pump_due_ = false; // the one that is due was timed by the old figures
        pump();
      },
  };
}

void Gate::on_exit() {
  for (auto& [id, pending] : std::exchange(pending_, {}))
    pending.promise.deliver(ended_unanswered());
  setup_.send = nullptr;
}

double Gate::random() {
  return next_random(random_state_);
}

// -- calls --------------------------------------------------------------------

caf::result<Answered> Gate::on_call(Call& call) {
  auto promise = make_response_promise<Answered>();
  const auto id = next_id_++;
  (call.priority == Priority::live ? live_ : history_).push_back(id);
  pending_.emplace(id, Pending{std::move(call), promise});
  pump();
  return promise;
}

void Gate::queue_again(std::uint64_t id) {
  const auto found = pending_.find(id);
  if (found == pending_.end()) return;
  (found->second.call.priority == Priority::live ? live_ : history_).push_front(id);
}

/// Live first, but only for its share of the turns while history waits as well.
std::uint64_t Gate::take_next() {
  const bool both = !live_.empty() && !history_.empty();
  if (both) live_turns_ += setup_.live_share;
  const bool from_live = both ? live_turns_ >= 1.0 : history_.empty();
  if (both && from_live) live_turns_ -= 1.0;
  auto& queue = from_live ? live_ : history_;
  const auto id = queue.front();
  queue.pop_front();
  return id;
}

/// What the client sends once more by itself costs a token like everything else.
void Gate::pay_for_repeats() {
  if (!setup_.repeats) return;
  const auto repeats = setup_.repeats();
  rate_.charge(repeats - repeats_paid_);
  repeats_paid_ = repeats;
}

void Gate::pump() {
  const auto now = setup_.clock();
  pay_for_repeats();
  const auto waiting = live_.size() + history_.size();
  if (waiting > 0 && outage_.state() == OutageDetector::State::up) {
    auto places = rate_.acquire_up_to(static_cast<std::uint32_t>(waiting), now);
    const bool refused = places < waiting;
    for (; places > 0; --places)
      dispatch(take_next(), now);
    if (refused) pump_later(now);
  }
  publish(now);
}

void Gate::pump_later(Moment now) {
  if (pump_due_) return;
  const auto when = rate_.next_chance(now);
  if (!when) return; // the next answer makes room
  pump_due_ = true;
  delayed_send(this, std::max(*when - now, Moment{1'000}), Pump{});
}

void Gate::dispatch(std::uint64_t id, Moment sent) {
  ++counts_.attempts;
  auto handler = [gate = gate_actor{this}, box = box_, clock = setup_.clock, id, sent](http::Answer answer) {
    if (box->put({id, sent, clock(), std::make_shared<http::Answer>(std::move(answer))}))
      caf::anon_send(gate, Collect{});
  };
  auto& pending = pending_.at(id);
  ++pending.sent;
  setup_.send(pending.call.request, std::move(handler));
}

void Gate::collect() {
  box_->take(letters_);
  for (auto& attempted : letters_)
    on_attempted(attempted);
  letters_.clear();
  pump();
}

void Gate::on_attempted(Attempted& attempted) {
  const auto& answer = *attempted.answer;
  rate_.on_answer(attempted.sent, attempted.received, signal_of(answer), retry_after(answer));
  if (retry_after(answer)) published_ = {}; // a pause is told at once: there may be nothing to tell in it
  note_health(answer);
  if (const auto found = pending_.find(attempted.call); found != pending_.end()) {
    auto& pending = found->second;
    auto verdict = http::classify(pending.call.operation, answer);
    if (verdict.kind == http::Verdict::Kind::again && may_retry(pending, verdict.reason))
      retry(attempted.call, pending, answer);
    else
      this->answer(attempted.call, pending, std::move(verdict), std::move(attempted.answer));
  }
}

/// What happens while the API is down counts against nobody; while that is in question nobody gives up.
bool Gate::may_retry(Pending& pending, http::Verdict::Reason why) {
  const auto state = outage_.state();
  if (state == OutageDetector::State::down) return true;
  const auto& rules = setup_.patience;
  const auto allowed = pending.call.patience == Patience::page ? rules.page_attempts : rules.record_attempts;
  const bool patient = why == http::Verdict::Reason::throttled ? ++pending.throttled < throttle_patience
                                                               : ++pending.attempts < allowed;
  return patient || state == OutageDetector::State::suspect;
}

void Gate::retry(std::uint64_t id, Pending& pending, const http::Answer& answer) {
  const auto& rules = setup_.patience;
  const auto wait = http::next_delay(std::max(1U, pending.attempts), rules.first, rules.last,
                                     retry_after(answer), random());
  delayed_send(this, wait, TryAgain{id});
}

void Gate::answer(std::uint64_t id, Pending& pending, http::Verdict verdict,
                  std::shared_ptr<http::Answer> answer) {
  ++counts_.answers;
  pending.promise.deliver(Answered{std::move(verdict), std::move(answer), pending.sent});
  pending_.erase(id);
}

// -- health -------------------------------------------------------------------

void Gate::note_health(const http::Answer& answer) {
  const auto signal = signal_of(answer);
  if (signal == Signal::throttled || signal == Signal::overloaded) ++counts_.throttled;
  if (signal == Signal::failed) ++counts_.failures;
  if (shows_life(answer))
    outage_.on_alive();
  else if (outage_.on_failure())
    send_probe();
}

void Gate::send_probe() {
  setup_.send(setup_.probe, [gate = gate_actor{this}](http::Answer answer) {
    caf::anon_send(gate, Probed{std::make_shared<http::Answer>(std::move(answer))});
  });
}

void Gate::on_probed(const Probed& probed) {
  const auto now = setup_.clock();
  const auto pause = outage_.on_probe(shows_life(*probed.answer), now);
  if (outage_.state() == OutageDetector::State::down) {
    for (auto& [id, pending] : pending_)
      pending.attempts = 0;
    counts_.since = outage_.since();
    counts_.probe_at = now + pause;
    delayed_send(this, pause, ProbeNow{});
  }
  published_ = {};
  pump();
}

void Gate::publish(Moment now) {
  if (!setup_.view || (now < published_ + publish_every && published_ != Moment{})) return;
  published_ = now;
  counts_.rate = rate_.view(now);
  counts_.down = outage_.state() == OutageDetector::State::down;
  counts_.suspect = outage_.state() == OutageDetector::State::suspect;
  counts_.waiting_live = live_.size();
  counts_.waiting_history = history_.size();
  setup_.view->set(counts_);
}

gate_actor spawn_gate(caf::actor_system& system, GateSetup setup) {
  return system.spawn<Gate>(std::move(setup));
}

} // namespace dialogferry::engine
