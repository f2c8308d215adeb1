#include "archive/load.hpp"

#include <algorithm>

namespace altinn_sim {

using archive::Happening;
using archive::Message;
using archive::Status;
using archive::Ticks;

namespace {

constexpr std::size_t remembered = 20'000;
constexpr std::size_t longest_burst = 4;
constexpr auto pace = std::chrono::milliseconds(5);

/// What of a message decides what may happen to it next.
struct State {
  bool needs_confirmation = false;
  bool confirmed = false;
  bool archived = false;
  bool in_bin = false;
  bool purged = false;
};

State state_of(const Message& message) {
  State out;
  out.needs_confirmation = message.needs_confirmation;
  std::optional<Ticks> binned;
  std::optional<Ticks> restored;
  for (const auto& each : message.events) {
    if (each.status == Status::confirmed) out.confirmed = true;
    if (each.status == Status::archived) out.archived = true;
    if (archive::is_purge(each.status)) out.purged = true;
    auto* last = each.status == Status::soft_deleted ? &binned
                 : each.status == Status::restored   ? &restored
                                                     : nullptr;
    if (last != nullptr && (!*last || **last < each.at)) *last = each.at;
  }
  out.in_bin = binned && (!restored || *binned > *restored);
  return out;
}

bool suits(Happening what, const State& state) {
  switch (what) {
  case Happening::confirm: return state.needs_confirmation && !state.confirmed;
  case Happening::archive: return !state.archived && !state.in_bin;
  case Happening::bin: return !state.in_bin;
  case Happening::restore: return state.in_bin;
  default: return true;
  }
}

void follow(Happening what, State& state) {
  if (what == Happening::confirm) state.confirmed = true;
  if (what == Happening::archive) state.archived = true;
  if (what == Happening::bin) state.in_bin = true;
  if (what == Happening::restore) state.in_bin = false;
  if (what == Happening::purge) state.purged = true;
}

const std::map<Happening, double> usual = {{Happening::read, 4},
                                           {Happening::read_by_other, 0.5},
                                           {Happening::confirm, 2},
                                           {Happening::archive, 1},
                                           {Happening::bin, 1},
                                           {Happening::restore, 1},
                                           {Happening::purge, 0.1},
                                           {Happening::notify, 1.5},
                                           {Happening::remind, 0.3},
                                           {Happening::forward_to_user, 0.3},
                                           {Happening::forward_to_email, 0.2},
                                           {Happening::forward_to_mailbox, 0.1}};

double sum_of(const std::map<Happening, double>& weights) {
  double out = 0;
  for (const auto& [what, weight] : weights)
    out += weight;
  return out;
}

} // namespace

MessageLife::Run::Run(const archive::Archive& archive, MessageLife& life, const MessageLoad& load)
    : archive_(archive)
    , life_(life)
    , load_(load)
    , dice_(storage::mix(load.seed, 0xa21)) {
  if (load_.events.empty()) load_.events = usual;
}

void MessageLife::Run::start(live::Agenda& agenda) {
  running_ = true;
  last_ = Clock::now();
  end_ = last_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(load_.seconds));
  agenda.repeat(pace, [self = shared_from_this()] { return self->tick(); });
}

bool MessageLife::Run::tick() {
  catch_up();
  if (last_ >= end_) running_ = false;
  return running_;
}

void MessageLife::Run::catch_up() {
  const auto now = std::min(Clock::now(), end_);
  const std::chrono::duration<double> passed = now - last_;
  last_ = now;
  owed_ = std::min(owed_ + passed.count() * load_.rate, load_.rate + 1); // never more than a second behind
  while (owed_ >= 1 && running_) {
    owed_ -= 1;
    one_thing();
  }
}

bool MessageLife::Run::chance(double share) {
  return static_cast<double>(dice_.below(1'000'000)) < share * 1'000'000;
}

void MessageLife::Run::one_thing() {
  const auto events = sum_of(load_.events);
  chance(load_.create / (load_.create + events)) ? create() : go_on();
}

void MessageLife::Run::create() {
  const auto& range = load_.publish_after;
  const auto after =
      range.low + static_cast<Ticks>(dice_.next() % static_cast<std::uint64_t>(range.high - range.low + 1));
  const auto id = life_.create(1, load_.message, after).front();
  if (own_.size() < remembered)
    own_.push_back(id);
  else
    own_[next_own_++ % remembered] = id;
}

std::optional<std::int64_t> MessageLife::Run::somebody() {
  if (chance(load_.history) || own_.empty()) {
    if (const auto old = archive_.some_of_history(dice_.next())) {
      own_.push_back(*old);
      return old;
    }
  }
  if (own_.empty()) return {};
  return own_[static_cast<std::size_t>(dice_.below(std::ssize(own_)))];
}

std::vector<Happening> MessageLife::Run::steps(const Message& message, std::size_t count) {
  auto state = state_of(message);
  std::vector<Happening> out;
  while (out.size() < count && !state.purged) {
    auto left = static_cast<double>(dice_.below(1'000'000)) / 1'000'000 * sum_of(load_.events);
    auto what = Happening::read;
    for (const auto& [each, weight] : load_.events) {
      what = each;
      if (left < weight) break;
      left -= weight;
    }
    const bool is_there = std::find(out.begin(), out.end(), what) != out.end();
    if (is_there || !suits(what, state)) what = Happening::read_by_other;
    out.push_back(what);
    follow(what, state);
  }
  return out;
}

void MessageLife::Run::go_on() {
  const auto id = somebody();
  if (!id) return create();
  const auto message = archive_.find(*id);
  if (!message || !message->ever(Status::published)) return;
  const bool is_burst = chance(load_.bursts);
  const bool at_once = dice_.percent(50);
  const auto count = is_burst ? static_cast<std::size_t>(dice_.between(2, longest_burst)) : 1;
  std::vector<archive::NewEvent> events;
  for (const auto what : steps(*message, count))
    events.push_back({*id, what, {}, {}});
  if (!is_burst || at_once) {
    if (!events.empty()) life_.happen(std::move(events), 0);
    return;
  }
  Ticks after = 0;
  for (const auto& each : events) {
    life_.happen({each}, after);
    after += dice_.between(20, 400) * storage::millisecond;
  }
}

} // namespace altinn_sim
