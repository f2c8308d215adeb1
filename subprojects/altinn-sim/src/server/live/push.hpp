#pragma once

#include "live/agenda.hpp"
#include "live/endpoint.hpp"

#include <array>
#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace altinn_sim::live {

/// As many as the ladder has.
constexpr std::size_t all_tries = 12;

/// One POST to be made until a 2xx comes.
struct Delivery {
  Endpoint to;
  std::shared_ptr<const std::string> body;
  bool validation = false;               ///< goes by its own, shorter ladder
  std::size_t tries_at_most = all_tries; ///< fewer: lost after them (observed.md OE-7)
  std::function<void()> on_first_try;    ///< just before the first bytes
  std::function<void(bool)> on_end;      ///< true: a 2xx came; false: given up
  std::function<bool()> still_wanted;    ///< asked before each try; absent: always
};

/// What has become of the deliveries so far.
struct PushCounts {
  std::atomic<std::uint64_t> delivered{0}, pending{0}, retried{0}, given_up{0};
};

/// Posts events to endpoints on this machine, twenty at once, retrying on the platform's ladder
/// (storage.md 4.7, observed.md OE-5): at least once, in no order; 302 becomes a GET, 308 is posted again; an
/// event whose first try failed keeps its place among the twenty until the second one.
class Push {
public:
  explicit Push(Agenda& agenda);
  ~Push();
  Push(const Push&) = delete;
  Push& operator=(const Push&) = delete;

  /// From any thread.
  void send(Delivery delivery);

  /// What the ladder's pauses are multiplied with; 0.01 makes the first one 100 ms.
  void set_retry_scale(double scale) { retry_scale_ = scale; }

  const PushCounts& counts() const { return counts_; }

private:
  struct Item {
    Delivery delivery;
    std::size_t tries = 0;
  };
  class Connection;
  friend class Connection;

  void enqueue(std::shared_ptr<Item> item);
  void hand_out();
  void done(Connection& place, std::shared_ptr<Item> item, bool succeeded);
  void wait_in(Connection& place, std::shared_ptr<Item> item, storage::Ticks pause);
  bool give(Connection& place, std::shared_ptr<Item> item);
  void end(const std::shared_ptr<Item>& item, bool succeeded);

  Agenda& agenda_;
  std::atomic<double> retry_scale_{0.01};
  PushCounts counts_;
  std::uint64_t sent_ = 0; // requests; the agenda's thread's own, as are the two below
  std::deque<std::shared_ptr<Item>> waiting_;
  std::vector<std::unique_ptr<Connection>> connections_;
};

} // namespace altinn_sim::live
