#include "archive/life.hpp"

#include "archive/load.hpp"

namespace altinn_sim {

using archive::NewEvent;
using archive::NewMessage;
using archive::Ticks;

MessageLife::MessageLife(archive::Archive& archive, live::PlatformClock& clock)
    : archive_(archive)
    , agenda_(clock) {
  clock.on_jump([this] { agenda_.look_again(); });
}

MessageLife::~MessageLife() {
  stop();
  agenda_.stop();
  run_.reset(); // its timer is of the agenda's context
}

void MessageLife::later(Ticks after, std::function<void()> action) {
  ++waiting_;
  agenda_.at(agenda_.now() + after, [this, action = std::move(action)] {
    --waiting_;
    action();
  });
}

std::vector<std::int64_t> MessageLife::create(std::size_t count, NewMessage wanted, Ticks publish_after) {
  wanted.published = publish_after == 0;
  auto ids = archive_.create(count, wanted, agenda_.now());
  created_ += ids.size();
  if (publish_after > 0) {
    std::vector<NewEvent> events;
    for (const auto id : ids)
      events.push_back({id, archive::Happening::publish, {}, {}});
    happen(std::move(events), publish_after);
  }
  return ids;
}

bool MessageLife::happen(std::vector<NewEvent> events, Ticks after) {
  if (after > 0) {
    later(after, [this, events = std::move(events)] { happen(events, 0); });
    return true;
  }
  if (!archive_.happen(events, agenda_.now())) return false;
  events_ += events.size();
  return true;
}

void MessageLife::start(const MessageLoad& load) {
  const std::lock_guard lock(mutex_);
  if (run_) run_->stop();
  run_ = std::make_shared<Run>(archive_, *this, load);
  run_->start(agenda_);
}

void MessageLife::stop() {
  const std::lock_guard lock(mutex_);
  if (run_) run_->stop();
}

MessageLife::Counts MessageLife::counts() const {
  const std::lock_guard lock(mutex_);
  return {run_ && run_->running(), created_, events_, waiting_};
}

} // namespace altinn_sim
