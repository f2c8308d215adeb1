#include "live/load_run.hpp"

#include <algorithm>
#include <stdexcept>

namespace altinn_sim::live {

using namespace storage;

namespace {

constexpr std::size_t remembered = 20'000;
constexpr std::uint64_t backlog_at_most = 20'000;
constexpr auto pace = std::chrono::milliseconds(5);

} // namespace

LoadRun::LoadRun(const World& world, Load load, Actions actions)
    : world_(world)
    , load_(std::move(load))
    , actions_(std::move(actions))
    , dice_(mix(load_.seed, 0x10ad)) {
  if (load_.organisations.empty()) {
    for (const auto& one : world.generator().catalogue().organisations())
      load_.organisations.push_back(one.code);
  }
  for (const auto& code : load_.organisations) {
    const auto* organisation = world.organisation(code);
    if (organisation == nullptr)
      throw std::invalid_argument("'organisations': there is no organisation " + code);
    organisations_.push_back(organisation);
    if (const auto index = world.generated_organisation(code)) generated_.push_back(*index);
  }
  if (organisations_.empty()) throw std::invalid_argument("'organisations': there is none");
}

void LoadRun::start(Agenda& agenda) {
  running_ = true;
  last_ = Clock::now();
  end_ = last_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(load_.seconds));
  agenda.repeat(pace, [self = shared_from_this()] { return self->tick(); });
}

bool LoadRun::tick() {
  catch_up();
  if (last_ >= end_) running_ = false;
  return running_;
}

void LoadRun::catch_up() {
  const auto now = std::min(Clock::now(), end_);
  const std::chrono::duration<double> passed = now - last_;
  last_ = now;
  owed_ = std::min(owed_ + passed.count() * load_.rate, load_.rate); // never more than a second behind
  while (owed_ >= 1 && running_ && actions_.backlog() < backlog_at_most) {
    owed_ -= 1;
    one_change();
  }
}

bool LoadRun::chance(double share) {
  return static_cast<double>(dice_.below(1'000'000)) < share * 1'000'000;
}

void LoadRun::one_change() {
  const auto all = load_.create + load_.change + load_.remove;
  const auto drawn = static_cast<double>(dice_.below(1'000'000)) / 1'000'000 * all;
  if (drawn < load_.create) return create();
  go_on_with(somebody(), drawn >= load_.create + load_.change);
}

void LoadRun::create() {
  OneChange order;
  order.change.kind = ChangeKind::create;
  order.change.organisation =
      organisations_[static_cast<std::size_t>(dice_.below(std::ssize(organisations_)))]->code;
  order.event_after = load_.event_after;
  order.event = !chance(load_.without_event);
  if (chance(load_.duplicates)) order.copies = dice_.between(2, 3);
  if (chance(load_.reorder)) order.delay = dice_.between(50, 1000) * millisecond;
  if (load_.one_try > 0) order.one_try = chance(load_.one_try);
  const auto made = actions_.change(order);
  const auto* changed = std::get_if<Changed>(&made);
  if (changed == nullptr) return;
  if (own_.size() < remembered) {
    own_.push_back(changed->instance);
  } else {
    own_[next_own_++ % remembered] = changed->instance;
  }
  follow(changed->instance);
}

/// What comes of a change that was made.
void LoadRun::follow(Guid instance) {
  if (chance(load_.bursts)) burst(instance);
  if (load_.text_changes > 0 && chance(load_.text_changes)) change_texts(instance);
}

Guid LoadRun::somebody() {
  const bool history = !generated_.empty() && chance(load_.history);
  if (own_.empty() || history) return somebody_of_history();
  return own_[static_cast<std::size_t>(dice_.below(std::ssize(own_)))];
}

Guid LoadRun::somebody_of_history() {
  const auto& options = world_.options();
  Place place;
  if (generated_.empty()) return {};
  place.organisation = generated_[static_cast<std::size_t>(dice_.below(std::ssize(generated_)))];
  place.day = dice_.below(options.last_day - options.first_day + 1);
  place.rank = dice_.below(std::max<std::int64_t>(options.per_day, 1));
  return world_.generator().guid(place);
}

void LoadRun::go_on_with(Guid instance, bool deletes) {
  Record record;
  if (!world_.find(instance, record)) return;
  const auto kind = next_kind(record, deletes);
  if (!kind) return;
  make(*kind, instance);
  follow(instance);
}

/// Null where nothing can happen any more.
std::optional<ChangeKind> LoadRun::next_kind(const Record& record, bool deletes) {
  if (!load_.kinds.empty() && !deletes)
    return load_.kinds[static_cast<std::size_t>(dice_.below(std::ssize(load_.kinds)))];
  if (record.hard_deleted) {
    const bool cleaned_up = dice_.one_in(4) && !unheard_.contains(record.guid);
    return cleaned_up ? std::optional(ChangeKind::vanish) : std::nullopt;
  }
  if (record.soft_deleted) return dice_.percent(60) ? ChangeKind::bring_back : ChangeKind::erase;
  if (deletes) return dice_.percent(70) ? ChangeKind::remove : ChangeKind::erase;
  return next_step(record);
}

ChangeKind LoadRun::next_step(const Record& record) {
  const auto share = dice_.below(100);
  if (share < 4) return ChangeKind::unrelated;
  if (record.archived) {
    if (share < 50) return ChangeKind::confirm;
    return share < 80 ? ChangeKind::substatus : ChangeKind::submit;
  }
  if (share < 45) return ChangeKind::save;
  if (share < 70) return ChangeKind::submit;
  return share < 85 && record.process.has_task ? ChangeKind::task : ChangeKind::substatus;
}

void LoadRun::make(ChangeKind kind, Guid instance) {
  OneChange order;
  order.change.kind = kind;
  order.change.instance = instance;
  order.event_after = load_.event_after;
  // The physical clean-up is silent by its nature (storage.md 2.9).
  order.event = kind != ChangeKind::vanish && !chance(load_.without_event);
  if (kind == ChangeKind::erase && !order.event) unheard_.insert(instance);
  if (chance(load_.duplicates)) order.copies = dice_.between(2, 3);
  if (chance(load_.reorder)) order.delay = dice_.between(50, 1000) * millisecond;
  if (load_.one_try > 0) order.one_try = chance(load_.one_try);
  if (kind == ChangeKind::submit) {
    const auto share = dice_.below(100);
    if (share >= 60) order.receipt_after = share < 95 ? dice_.between(200, 3000) * millisecond : -1;
  }
  if (kind == ChangeKind::substatus) {
    order.change.label = dice_.one_in(3) ? "substatus.tildelt" : "Steg " + std::to_string(dice_.below(1000));
    if (dice_.one_in(2))
      order.change.description = "Saken er hos seksjon " + std::to_string(dice_.below(1000));
  }
  actions_.change(order);
}

/// What public apps do right after filling in prefilled or copied data (observed.md OS-2).
void LoadRun::change_texts(Guid instance) {
  OneChange order;
  const auto share = dice_.below(100);
  order.change.kind = share < 70 ? ChangeKind::texts : share < 85 ? ChangeKind::values : ChangeKind::read;
  order.change.instance = instance;
  order.event = false;
  actions_.later(dice_.below(801) * millisecond,
                 [self = shared_from_this(), order] { self->actions_.change(order); });
}

/// More of the same within a second; it counts as load too.
void LoadRun::burst(Guid instance) {
  for (auto left = dice_.between(2, 6); left > 0; --left) {
    owed_ -= 1;
    actions_.later(dice_.below(1000) * millisecond, [self = shared_from_this(), instance] {
      Record record;
      if (!self->world_.find(instance, record)) return;
      const auto kind = self->next_kind(record, self->dice_.one_in(10));
      if (kind) self->make(*kind, instance);
    });
  }
}

} // namespace altinn_sim::live
