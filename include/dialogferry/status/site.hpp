#pragma once

#include <dialogferry/http/server.hpp>
#include <dialogferry/model/result.hpp>
#include <dialogferry/status/status.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace dialogferry::status {

/// The status as an engine serves it (interfaces.md, HTTP served): the page at `/`, `/api/status`,
/// `/metrics`,
/// `/healthz`, `/readyz`, and `/api/events`, which sends an event `status` with the JSON of /api/status.
/// May be used from any thread.
class Site {
public:
  /// Makes the model anew; called by one thread at a time.
  using Source = std::function<Result<StatusModel>()>;
  using Clock = std::function<Instant()>;

  /// Readers within a second of `clock` share one model, so that many of them cost as much as one.
  Site(Source source, Clock clock);

  /// For http::Server; they may outlive the site.
  std::vector<http::Route> routes() const;

  /// Sends the status to those who listen to events; called every second or so. Costs nothing without them.
  void publish() const;

private:
  struct State;
  std::shared_ptr<State> state_;
};

} // namespace dialogferry::status
