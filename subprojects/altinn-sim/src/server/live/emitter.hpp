#pragma once

#include "live/agenda.hpp"
#include "live/cloud_event.hpp"
#include "live/load_run.hpp"
#include "live/orders.hpp"
#include "live/push.hpp"
#include "live/subscriptions.hpp"
#include "storage/changes.hpp"
#include "storage/live_log.hpp"

#include <boost/json/object.hpp>

#include <array>
#include <atomic>
#include <memory>
#include <mutex>

namespace altinn_sim::live {

/// Lets things happen on the simulated platform and tells of them with CloudEvents (storage.md 4.5). Safe to
/// use from several threads.
class Emitter {
public:
  Emitter(storage::World& world, storage::Changes& changes, storage::LiveLog& log, PlatformClock& clock);
  ~Emitter();

  Subscriptions& subscriptions() { return subscriptions_; }
  void deliver_to(const Endpoint& endpoint);
  /// What the pauses and the memory of Events are multiplied with.
  void set_retry_scale(double scale) {
    push_.set_retry_scale(scale);
    subscriptions_.set_time_scale(scale);
  }

  /// Tells of something that happened elsewhere on the platform.
  void tell(const CloudEvent& event) {
    ++events_;
    deliver(event, all_tries, {});
  }
  storage::Ticks now() const { return agenda_.now(); }

  /// What makes the changes that are not about instances; see OneChange::elsewhere. Before any request.
  using Elsewhere = std::function<boost::json::object(const boost::json::value&)>;
  void set_elsewhere(Elsewhere make) { elsewhere_ = std::move(make); }
  boost::json::object make_elsewhere(const boost::json::value& change) const { return elsewhere_(change); }

  /// Makes a change now and tells of it; a text that says why it cannot be.
  std::variant<storage::Changed, std::string> change(const OneChange& order);

  /// Takes the place of the load before. Throws std::invalid_argument for an unknown organisation.
  void start(const Load& load);
  void stop_load();

  /// `{"running","changes","made","events","delivered","pending","retried","given_up","latency"}`; `pending`
  /// counts what is to be made or delivered yet.
  boost::json::object counts() const;

private:
  storage::Ticks drawn(const Range& range);
  void announce(const storage::Changed& change, const OneChange& order, storage::Ticks delay);
  void send(const storage::Changed& change, const CloudEvent& event, std::size_t tries);
  void deliver(const CloudEvent& event, std::size_t tries, const std::function<void()>& on_first_try);
  void later(storage::Ticks delay, std::function<void()> action);

  storage::World& world_;
  storage::Changes& changes_;
  storage::LiveLog& log_;
  Agenda agenda_;
  Push push_;
  Subscriptions subscriptions_;
  mutable std::mutex mutex_;
  std::optional<Endpoint> deliver_to_;
  std::shared_ptr<LoadRun> load_;
  std::atomic<std::uint64_t> scheduled_{0};
  std::atomic<std::uint64_t> changes_made_{0};
  std::array<std::atomic<std::uint64_t>, storage::change_kinds> made_{}; // by kind
  std::atomic<std::uint64_t> draws_{0};
  std::atomic<std::uint64_t> events_{0};
  Elsewhere elsewhere_;
};

} // namespace altinn_sim::live
