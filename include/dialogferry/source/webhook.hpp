#pragma once

#include <dialogferry/http/server.hpp>
#include <dialogferry/model/problem.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace dialogferry::source {

/// What has come in at `POST /events` since the start.
struct WebhookCounts {
  std::atomic<std::uint64_t> noted{0}; ///< events that name an instance and are in the ledger
  std::atomic<std::uint64_t> without_instance{
      0};                                ///< answered 200, nothing to do: validations and other types
  std::atomic<std::uint64_t> refused{0}; ///< wrong secret, not readable
  std::atomic<std::uint64_t> shed{0};    ///< too many at once, to be sent again
};

/// What the webhook works with.
struct WebhookSetup {
  /// Notes records, `{party id}/{guid}`, so that a power cut does not lose them; calls back from any thread.
  std::function<void(std::vector<std::string>, std::function<void(std::optional<Problem>)>)> note;
  std::string secret;               ///< empty: none is configured, and only loopback may send
  std::size_t most_waiting = 2'000; ///< events between arriving and being noted; past it they are shed
  std::shared_ptr<WebhookCounts> counts = std::make_shared<WebhookCounts>();
};

/// Takes CloudEvents from Altinn Events (storage.md 4.7): `POST /events?code=SECRET`, one event or a batch.
/// 200 when every one that names an instance is noted; 400 with the field for what is no event; 401 for a
/// wrong secret; 415 for another kind of body; 429 where too many wait; 503 where they cannot be noted now.
class Webhook {
public:
  explicit Webhook(WebhookSetup setup);

  /// For http::Server; may outlive the webhook.
  http::Route route() const;

  /// Another secret, from now on.
  void set_secret(std::string secret);

private:
  struct State;
  std::shared_ptr<State> state_;
};

} // namespace dialogferry::source
