#pragma once

#include <dialogferry/http/server.hpp>
#include <dialogferry/metrics/registry.hpp>
#include <dialogferry/model/result.hpp>
#include <dialogferry/status/status.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace dialogferry::status {

class Desk;

/// The status as an engine serves it (interfaces.md, HTTP served): the page at `/`, its style sheet and
/// script, the days of a year at `/days`, `/api/status`, `/metrics`, `/healthz`, `/readyz`, and
/// `/api/events`, which sends an event `status` with the JSON of /api/status, or with `?view=page&lang=nb` an
/// event `page` with the parts of the page that have changed. May be used from any thread.
class Site {
public:
  /// Makes the model anew; called by one thread at a time.
  using Source = std::function<Result<StatusModel>()>;
  using Clock = std::function<Instant()>;

  /// Readers within a second of `clock` share one model, so that many of them cost as much as one. It is made
  /// and drawn on a thread of the site; meanwhile the page is answered as it was up to three seconds ago.
  /// What the engine counts as it happens stands in `/metrics` too; may be null.
  Site(Source source, Clock clock, std::shared_ptr<const metrics::Registry> counted = nullptr);
  /// `source` is called no more; whoever asks is answered 503.
  ~Site();
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  /// For http::Server; they may outlive the site.
  std::vector<http::Route> routes() const;

  /// Has what is new sent to those who listen to events, without waiting for it; called every second or so.
  void publish() const;

private:
  std::shared_ptr<Desk> desk_;
  std::shared_ptr<const metrics::Registry> counted_;
};

} // namespace dialogferry::status
