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
/// before the validation event was answered with a 2xx. Safe to use from several threads.
class Subscriptions {
public:
  Subscriptions(Push& push, std::string hostname)
      : push_(push)
      , hostname_(std::move(hostname)) {}

  /// `path` begins "/subscriptions".
  Response handle(const Request& request);

  /// Calls `use` with each endpoint that wants the event, and with what tells whether it still does.
  void for_each_match(const CloudEvent& event,
                      const std::function<void(const Endpoint&, std::function<bool()>)>& use) const;

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

  Response create(const Request& request);
  Response list() const;
  Response one(const Request& request);
  Shared kept(Shared wanted);
  void validate(const Shared& subscription);

  Push& push_;
  std::string hostname_;
  mutable std::mutex mutex_;
  std::map<std::int64_t, Shared> all_;
  std::int64_t last_id_ = 0;
};

} // namespace altinn_sim::live
