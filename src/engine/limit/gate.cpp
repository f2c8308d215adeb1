#include <dialogferry/engine/limit/gate.hpp>
#include <dialogferry/engine/log.hpp>

#include <algorithm>
#include <bit>
#include <utility>

namespace dialogferry::engine {

namespace {

constexpr std::uint32_t throttle_patience = 200; ///< 429 and 503 in a row that one call sits out
constexpr std::uint64_t every_trouble = 0;       ///< no call: calls count from 1
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

/// By what it does, and by its body, which is longer the more is asked for at once: within a factor of four.
RequestKind kind_of(const Call& call) {
  constexpr unsigned sizes = 16;
  const auto& request = *call.request;
  const auto bits = static_cast<unsigned>(std::bit_width(request.body.size()));
  const auto number = static_cast<unsigned>(call.operation) * sizes + std::min(bits / 2, sizes - 1);
  return {static_cast<std::uint8_t>(number), request.stream == nullptr && request.sink == nullptr};
}

/// splitmix64: small, and its whole state is the seed.
std::uint64_t next_bits(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

void put_bits(Uuid& id, std::size_t at, std::uint64_t bits) {
  for (std::size_t i = 0; i < 8; ++i)
    id.bytes[at + i] = static_cast<std::uint8_t>(bits >> (8 * i));
}

} // namespace

Gate::Gate(caf::actor_config& config, GateSetup setup)
    : actor_base(config)
    , setup_(std::move(setup))
    , rate_(setup_.rate, [this] { return random(); })
    , random_state_(setup_.seed) {
  if (setup_.shares) rate_.begin_sharing(setup_.clock());
}

Gate::behavior_type Gate::make_behavior() {
  return {
      [this](Call& call) { return on_call(call); },
      [this](Calls& calls) { on_calls(calls); },
      [this](SendOut) { answers_.send_out(*this); },
      [this](Collect) { collect(); },
      [this](TryAgain again) {
        again.call == every_trouble ? look_after_troubles() : come_back(again.call);
        pump();
      },
      [this](Pump) {
        if (setup_.clock() >= pump_at_) pump_due_ = false;
        pump();
      },
      [this](ProbeNow) { send_probe(); },
      [this](const Probed& probed) { on_probed(probed); },
      [this](const Reconfigure& options) { reconfigure(options); },
      [this](Drain) { drain(); },
      [this](const TellUse& asked) { return tell_use(asked); },
      [this](const HearShare& heard) {
        rate_.hear(heard.share, heard.told, setup_.clock());
        pump();
      },
  };
}

void Gate::on_exit() {
  troubles_.clear();
  pending_.for_each([this](std::uint64_t, Pending& pending) {
    rest(pending, false);
    if (!pending.reply.asker) pending.reply.promise.deliver(ended_unanswered());
  });
  pending_.clear();
  answers_.clear();
  setup_.send = nullptr;
  exchange_ = nullptr;
}

void Gate::reconfigure(const Reconfigure& options) {
  rate_.configure(options.rate, setup_.clock());
  pump_due_ = false; // the one that is due was timed by the old figures
  if (std::exchange(setup_.paused, options.paused) && !options.paused) {
    be_patient_again();
    if (std::exchange(probe_due_, false)) send_probe();
  }
  published_ = {};
  pump();
}

UseTold Gate::tell_use(const TellUse& asked) {
  const auto now = setup_.clock();
  UseTold told{rate_.tell(queue_.empty(), now), now};
  told.use.api = setup_.api;
  exchange_ = asked.exchange;
  return told;
}

/// Once: the exchange asks for the rest.
void Gate::tell_news() {
  if (exchange_ && rate_.has_news()) anon_send(std::exchange(exchange_, nullptr), News{});
}

/// What waits to be tried once more is not in flight: it is its caller's business at once, who keeps it for
/// later. One that is asked to come slower only waits for its turn.
void Gate::drain() {
  draining_ = true;
  std::vector<std::uint64_t> over;
  pending_.for_each([&](std::uint64_t id, const Pending& pending) {
    if (pending.waits && pending.refused && pending.call.patience == Patience::record) over.push_back(id);
  });
  for (auto& [alike, waiting] : troubles_)
    std::erase_if(waiting.calls,
                  [&](std::uint64_t id) { return std::find(over.begin(), over.end(), id) != over.end(); });
  for (const auto id : over)
    give_up(id);
}

/// What happens while the API is down or paused counts against nobody.
void Gate::be_patient_again() {
  pending_.for_each([](std::uint64_t, Pending& pending) {
    pending.attempts = 0;
    pending.refused.reset();
  });
}

double Gate::random() {
  return static_cast<double>(next_bits(random_state_) >> 11) * 0x1.0p-53;
}

/// The record's own, so that all that was asked for it is found together; else one of its own.
Uuid Gate::trace_of(const Call& call) {
  if (call.trail && call.trail->trace != Uuid{}) return call.trail->trace;
  Uuid id;
  put_bits(id, 0, next_bits(random_state_));
  put_bits(id, 8, next_bits(random_state_));
  return id;
}

// -- calls --------------------------------------------------------------------

caf::result<Answered> Gate::on_call(Call& call) {
  const auto promise = make_response_promise<Answered>();
  take(std::move(call), {promise});
  pump();
  return promise;
}

void Gate::on_calls(Calls& calls) {
  const auto asker = current_sender();
  for (auto& [number, call] : calls.items)
    take(std::move(call), {{}, asker, number});
  pump();
}

void Gate::take(Call call, ReplyTo<Answered> reply) {
  const auto priority = call.priority;
  const auto trace = trace_of(call);
  const auto id = pending_.put({std::move(call), std::move(reply)});
  pending_.at(id).trace = trace;
  queue_.push_back(priority, id);
}

void Gate::queue_again(std::uint64_t id) {
  auto* pending = pending_.find(id);
  if (pending == nullptr) return;
  pending->waits = false;
  queue_.push_front(pending->call.priority, id);
}

/// Live first, but only for its share of the turns while history waits as well.
std::uint64_t Gate::take_next() {
  const auto live = queue_.size(Priority::live);
  if (live == 0 || live == queue_.size()) return queue_.pop();
  live_turns_ += setup_.live_share;
  if (live_turns_ < 1.0) return queue_.pop(Priority::first);
  live_turns_ -= 1.0;
  return queue_.pop();
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
  const auto waiting = queue_.size();
  if (waiting > 0 && !setup_.paused && outage_.state() == OutageDetector::State::up) {
    auto places = rate_.acquire_up_to(static_cast<std::uint32_t>(waiting), now);
    const bool refused = places < waiting;
    for (; places > 0; --places)
      dispatch(take_next(), now);
    if (refused) pump_later(now);
  }
  tell_news();
  publish(now);
}

void Gate::pump_later(Moment now) {
  const auto when = rate_.next_chance(now);
  if (!when) return; // the next answer makes room
  if (pump_due_ && *when >= pump_at_) return;
  pump_due_ = true;
  pump_at_ = *when;
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
  setup_.send(pending.call.request, std::move(handler), limit_of(pending),
              {pending.trace, next_bits(random_state_)});
}

std::chrono::milliseconds Gate::limit_of(const Pending& pending) const {
  const auto& limits = setup_.limits;
  if (http::is_write(pending.call.operation)) return limits.write;
  constexpr std::uint32_t most_doublings = 16;
  const auto longer = limits.read * (1 << std::min(pending.timeouts, most_doublings));
  return std::max(limits.read, std::min(longer, limits.write));
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
  auto* found = pending_.find(attempted.call);
  rate_.on_answer(attempted.sent, attempted.received, signal_of(answer), retry_after(answer),
                  found != nullptr ? kind_of(found->call) : RequestKind{0, false});
  if (retry_after(answer)) published_ = {}; // a pause is told at once: there may be nothing to tell in it
  note_health(answer);
  if (found == nullptr) return;
  auto& pending = *found;
  const auto now = setup_.clock();
  auto verdict = http::classify(pending.call.operation, answer);
  if (setup_.metrics)
    setup_.metrics->answered(pending.call.operation, verdict, attempted.received - attempted.sent);
  if (verdict.reason == http::Verdict::Reason::timeout) ++pending.timeouts;
  if (verdict.kind != http::Verdict::Kind::again) {
    leave_trouble(pending, now);
    return this->answer(attempted.call, pending, std::move(verdict), std::move(attempted.answer));
  }
  log_debug("a request is to be sent again", pending.call.trail, [&](LogLine& line) {
    line.field("api", setup_.api).field("attempt", std::to_string(pending.sent));
    line.field("why", http::name_of(verdict.reason)).field("status", std::to_string(verdict.status));
  });
  note_refusal(pending, verdict, now);
  const bool crowded = pending.trouble != nullptr && pending.trouble->trouble.on() &&
                       pending.trouble->calls.size() >= Trouble::most_waiting;
  if (crowded || !may_retry(pending, verdict.reason, now)) {
    auto* others = pending.trouble; // those that wait for this one's turn to end
    this->answer(attempted.call, pending, std::move(verdict), std::move(attempted.answer));
    return others != nullptr ? release(*others, now) : void();
  }
  if (pending.trouble != nullptr && pending.trouble->trouble.on())
    return wait_for_turn(attempted.call, pending, std::move(attempted.answer));
  retry(attempted.call, pending, answer);
  pending.last = std::move(attempted.answer);
}

/// What happens while the API is down counts against nobody; while that is in question nobody gives up.
bool Gate::may_retry(Pending& pending, http::Verdict::Reason why, Moment now) {
  if (pending.call.patience == Patience::once) return false;
  const auto state = outage_.state();
  if (state == OutageDetector::State::down) return true;
  if (why == http::Verdict::Reason::throttled)
    return ++pending.throttled < throttle_patience || state == OutageDetector::State::suspect;
  ++pending.attempts;
  if (!pending.refused) pending.refused = now;
  const auto& rules = setup_.patience;
  if (draining_ && pending.call.patience == Patience::record && state == OutageDetector::State::up)
    return false;
  const bool patient = pending.call.patience == Patience::page ? pending.attempts < rules.page_attempts
                                                               : now - *pending.refused < rules.record_for;
  return patient || state == OutageDetector::State::suspect;
}

void Gate::retry(std::uint64_t id, Pending& pending, const http::Answer& answer) {
  pending.waits = true;
  const auto& rules = setup_.patience;
  const auto wait = http::next_delay(std::max(1U, pending.attempts), rules.first, rules.last,
                                     retry_after(answer), random());
  rest(pending, retry_after(answer).has_value());
  delayed_send(this, wait, TryAgain{id});
}

void Gate::rest(Pending& pending, bool rests) {
  if (std::exchange(pending.rests, rests) == rests || !setup_.resting) return;
  const auto records = pending.call.records;
  if (rests)
    *setup_.resting += records;
  else
    *setup_.resting -= records;
}

void Gate::answer(std::uint64_t id, Pending& pending, http::Verdict verdict,
                  std::shared_ptr<http::Answer> answer) {
  ++counts_.answers;
  rest(pending, false);
  log(LogLevel::trace, "answered", pending.call.trail, [&](LogLine& line) {
    line.field("api", setup_.api).field("attempt", std::to_string(pending.sent));
    line.field("request", pending.call.request->target).field("status", std::to_string(verdict.status));
  });
  Answered answered{std::move(verdict), std::move(answer), pending.sent};
  if (answered.verdict.kind != http::Verdict::Kind::success) answered.api = setup_.api;
  pending.reply.give(*this, answers_, std::move(answered));
  pending_.take(id);
}

// -- calls that are refused alike -----------------------------------------------

/// An API that is down is an outage, not a trouble; a page has a shard that restarts instead.
void Gate::note_refusal(Pending& pending, const http::Verdict& verdict, Moment now) {
  using Reason = http::Verdict::Reason;
  const auto why = verdict.reason;
  const bool shared =
      why == Reason::server || why == Reason::behind || why == Reason::actor || why == Reason::token;
  const bool counts = shared && verdict.status != 0 && pending.call.patience == Patience::record &&
                      outage_.state() != OutageDetector::State::down;
  auto* trouble = counts ? &troubles_[{pending.call.operation, verdict.status, why}] : nullptr;
  if (pending.trouble != trouble) leave_trouble(pending, now);
  if (trouble == nullptr) return;
  trouble->trouble.refused(std::exchange(pending.let_go, false), now);
  pending.trouble = trouble;
}

void Gate::leave_trouble(Pending& pending, Moment now) {
  auto* trouble = std::exchange(pending.trouble, nullptr);
  if (trouble == nullptr) return;
  trouble->trouble.passed(std::exchange(pending.let_go, false), now);
  release(*trouble, now);
}

void Gate::wait_for_turn(std::uint64_t id, Pending& pending, std::shared_ptr<http::Answer> answer) {
  pending.waits = true;
  pending.last = std::move(answer);
  pending.trouble->calls.push_back(id);
  release(*pending.trouble, setup_.clock());
}

/// A call whose pause is over, unless others that were refused alike wait for their turn by now.
void Gate::come_back(std::uint64_t id) {
  auto* found = pending_.find(id);
  if (found == nullptr) return;
  auto& pending = *found;
  rest(pending, false);
  if (pending.trouble == nullptr || !pending.trouble->trouble.on()) return queue_again(id);
  pending.trouble->calls.push_back(id);
  release(*pending.trouble, setup_.clock());
}

void Gate::release(Waiting& waiting, Moment now) {
  auto count = waiting.trouble.may_go(static_cast<std::uint32_t>(waiting.calls.size()), now);
  for (; count > 0; --count) {
    const auto id = waiting.calls.front();
    waiting.calls.pop_front();
    pending_.at(id).let_go = waiting.trouble.on();
    queue_again(id);
  }
  if (waiting.calls.empty() || turn_due_ || waiting.trouble.next() <= now) return;
  turn_due_ = true;
  delayed_send(this, waiting.trouble.next() - now, TryAgain{every_trouble});
}

void Gate::look_after_troubles() {
  turn_due_ = false;
  const auto now = setup_.clock();
  for (auto& [alike, waiting] : troubles_) {
    if (!setup_.paused) give_up_late(waiting, now);
    release(waiting, now);
  }
}

void Gate::give_up_late(Waiting& waiting, Moment now) {
  const auto late = [&](std::uint64_t id) {
    const auto& refused = pending_.at(id).refused;
    return refused && now - *refused >= setup_.patience.record_for && pending_.at(id).last;
  };
  const auto rest = std::stable_partition(waiting.calls.begin(), waiting.calls.end(),
                                          [&](std::uint64_t id) { return !late(id); });
  const std::vector<std::uint64_t> over(rest, waiting.calls.end());
  waiting.calls.erase(rest, waiting.calls.end());
  for (const auto id : over)
    give_up(id);
}

/// With what it was refused last.
void Gate::give_up(std::uint64_t id) {
  auto& pending = pending_.at(id);
  auto verdict = http::classify(pending.call.operation, *pending.last);
  answer(id, pending, std::move(verdict), std::move(pending.last));
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
  probe_due_ = setup_.paused;
  if (setup_.paused) return;
  const auto done = [gate = gate_actor{this}](http::Answer answer) {
    caf::anon_send(gate, Probed{std::make_shared<http::Answer>(std::move(answer))});
  };
  setup_.send(setup_.probe, done, setup_.limits.read, {});
}

void Gate::on_probed(const Probed& probed) {
  const auto now = setup_.clock();
  const bool was_down = outage_.state() == OutageDetector::State::down;
  const auto pause = outage_.on_probe(shows_life(*probed.answer), now);
  tell_outage(was_down);
  if (outage_.state() == OutageDetector::State::down) {
    be_patient_again();
    counts_.since = outage_.since();
    counts_.probe_at = now + pause;
    delayed_send(this, pause, ProbeNow{});
  }
  published_ = {};
  pump();
}

void Gate::tell_outage(bool was_down) const {
  const bool is_down = outage_.state() == OutageDetector::State::down;
  if (is_down == was_down) return;
  const auto add = [this](LogLine& line) { line.field("api", setup_.api); };
  is_down ? log_warning("does not answer; everybody waits", nullptr, add)
          : log_info("answers again", nullptr, add);
}

void Gate::publish(Moment now) {
  if (!setup_.view || (now < published_ + publish_every && published_ != Moment{})) return;
  published_ = now;
  counts_.rate = rate_.view(now);
  counts_.down = outage_.state() == OutageDetector::State::down;
  counts_.suspect = outage_.state() == OutageDetector::State::suspect;
  counts_.paused = setup_.paused;
  counts_.waiting_live = queue_.size(Priority::live);
  counts_.waiting_history = queue_.size() - counts_.waiting_live;
  setup_.view->set(counts_);
}

sharing_gate_actor spawn_gate(caf::actor_system& system, GateSetup setup) {
  return system.spawn<Gate>(std::move(setup));
}

} // namespace dialogferry::engine
