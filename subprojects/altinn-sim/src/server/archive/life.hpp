#pragma once

#include "archive/archive.hpp"
#include "live/agenda.hpp"
#include "live/orders.hpp"

#include <atomic>
#include <map>
#include <mutex>

namespace altinn_sim {

/// Messages that come and change by themselves for a while.
struct MessageLoad {
  double rate = 10; ///< things a second
  double seconds = 10;
  std::uint64_t seed = 1;
  double history = 0.2; ///< share of events on messages that were there before
  double bursts = 0.1;  ///< share of events that come several at once, or one soon after the other
  double create = 1;    ///< weights of what happens: a new message, or an event
  std::map<archive::Happening, double> events; ///< empty: all
  archive::NewMessage message;
  live::Range publish_after; ///< how long after its creation a message is published; 0: at once
};

/// Lets messages come, and things happen to them, now and later. Safe to use from several threads.
class MessageLife {
public:
  MessageLife(archive::Archive& archive, live::PlatformClock& clock);
  ~MessageLife();
  MessageLife(const MessageLife&) = delete;
  MessageLife& operator=(const MessageLife&) = delete;

  /// They come now, and are published so long after; never where that is negative. Their ids.
  std::vector<std::int64_t> create(std::size_t count, archive::NewMessage wanted,
                                   archive::Ticks publish_after);
  /// At once, or so long from now. False for an unknown message.
  bool happen(std::vector<archive::NewEvent> events, archive::Ticks after);
  /// Takes the place of the load before.
  void start(const MessageLoad& load);
  void stop();

  struct Counts {
    bool running = false;
    std::uint64_t created = 0;
    std::uint64_t events = 0;
    std::uint64_t waiting = 0; ///< that are to happen yet
  };
  Counts counts() const;

private:
  class Run;
  void later(archive::Ticks after, std::function<void()> action);

  archive::Archive& archive_;
  mutable std::mutex mutex_;
  std::shared_ptr<Run> run_;
  std::atomic<std::uint64_t> created_{0}, events_{0}, waiting_{0};
  live::Agenda agenda_; // the last: ends before the rest
};

} // namespace altinn_sim
