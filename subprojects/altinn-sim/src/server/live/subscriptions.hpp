#pragma once

#include "exchange.hpp"
#include "live/cloud_event.hpp"
#include "live/push.hpp"

#include <boost/json/object.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace altinn_sim::live {

/// The Events service's subscriptions (storage.md 4.7): `POST|GET /subscriptions`, `GET|DELETE
/// /subscriptions/{id}`. Endpoints lie on this machine, so http is let through; nothing else is. No pushes
/// before the validation event was answered with a 2xx. Who wants the events of one resource, subject and
/// type is remembered for an hour, none included: a new subscription waits, one that is removed goes on
/// (observed.md OE-3, OE-4). Safe to use from several threads.
class Subscriptions {
public:
  Subscriptions(Push& push, std::string hostname)
      : push_(push)
      , hostname_(std::move(hostname)) {}

  /// `path` begins "/subscriptions".
  Response handle(const Request& request);

  /// Calls `use` with each endpoint that wants the event.
  void for_each_match(const CloudEvent& event, storage::Ticks now,
                      const std::function<void(const Endpoint&)>& use);

  /// What the hour is multiplied with; 0.01 makes it 36 s, 0 remembers nothing.
  void set_time_scale(double scale) { time_scale_ = scale; }

private:
  struct Subscription {
    std::int64_t id = 0;
    std::string url;
    Endpoint endpoint;
    std::string source, resource, subject, alternative_subject, type; ///< filters; empty: none
    bool include_subunits = false;
    std::string created;
    std::atomic<bool> validated{false};
    std::atomic<bool> alive{true};

    bool same_as(const Subscription& other) const;
    bool wants(const CloudEvent& event) const;
    boost::json::object as_json() const;
  };
  using Shared = std::shared_ptr<Subscription>;
  /// Who wanted the events of a kind when it was last looked up.
  struct Remembered {
    storage::Ticks until = 0;
    std::vector<Shared> who;
  };

  Response create(const Request& request);
  Response list() const;
  Response one(const Request& request);
  Shared kept(Shared wanted);
  void validate(const Shared& subscription);
  std::vector<Shared> who_wants(const CloudEvent& event, storage::Ticks now);

  Push& push_;
  std::string hostname_;
  mutable std::mutex mutex_;
  std::map<std::int64_t, Shared> all_;
  std::map<std::string, Remembered> remembered_; // by resource, subject and type
  std::atomic<double> time_scale_{0.01};
  std::int64_t last_id_ = 0;
};

} // namespace altinn_sim::live
