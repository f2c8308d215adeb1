#pragma once

#include "live/agenda.hpp"
#include "live/orders.hpp"
#include "live/push.hpp"
#include "live/subscriptions.hpp"
#include "storage/changes.hpp"

#include <boost/json/object.hpp>

#include <atomic>
#include <memory>
#include <mutex>

namespace altinn_sim::live {

/// How the world hears of a change.
struct Announcement {
  std::int64_t copies = 1;
  storage::Ticks delay = 0;
};

/// Lets things happen on the simulated platform and tells of them with CloudEvents (storage.md 4.5). Safe to
/// use from several threads.
class Emitter {
public:
  /// Called just before an event is sent for the first time.
  using FirstSent = std::function<void(const storage::Changed&)>;

  Emitter(storage::World& world, storage::Changes& changes, PlatformClock& clock);
  ~Emitter();

  void on_first_sent(FirstSent action) { first_sent_ = std::move(action); }

  Subscriptions& subscriptions() { return subscriptions_; }
  void deliver_to(const Endpoint& endpoint);
  void set_retry_scale(double scale) { push_.set_retry_scale(scale); }

  /// Makes a change now and tells of it; a text that says why it cannot be.
  std::variant<storage::Changed, std::string> change(const OneChange& order);

  /// `{"changes","events","delivered","pending","retried","given_up"}`
  boost::json::object counts() const;

private:
  void announce(const storage::Changed& change, const OneChange& order);
  void send(const storage::Changed& change, const CloudEvent& event);
  void later(const OneChange& order, storage::Guid instance);

  storage::World& world_;
  storage::Changes& changes_;
  Agenda agenda_;
  Push push_;
  Subscriptions subscriptions_;
  FirstSent first_sent_;
  mutable std::mutex mutex_;
  std::optional<Endpoint> deliver_to_;
  std::atomic<std::uint64_t> changes_made_{0};
  std::atomic<std::uint64_t> events_{0};
};

} // namespace altinn_sim::live
