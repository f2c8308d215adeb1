#pragma once

#include <dialogferry/http/server.hpp>
#include <dialogferry/model/problem.hpp>
#include <dialogferry/model/progress_snapshot.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dialogferry::source {

struct WebhookOptions {
  /// Each is a good `?code=`. Where there are any, everybody must give one, wherever the request comes from;
  /// without them loopback alone is let in.
  std::vector<std::string> secrets;
  std::size_t most_under_way = 5'000;   ///< events on their way to the ledger; past it: 429
  std::uint64_t most_waiting = 100'000; ///< records in the ledger that wait to be looked at; past it: 503
  std::chrono::seconds retry_after{10}; ///< asked of who is turned away
};

/// `POST /events`: takes CloudEvents 1.0 in, structured, in batches and in binary mode (storage.md 4.7,
/// observed.md OE-1, OR-11). It answers
///
///     200  once every event is noted durably, or names no instance
///     400  no CloudEvents; the problem names the member and what is allowed. Of a batch with broken entries
///     the
///          others are noted durably first, and `problems` names the broken ones. Also 415 for another
///          content type and 413 for a batch of more than `most_under_way` records
///     401  no good secret, or from outside loopback where there is none
///     429, 503  with Retry-After: too many wait, or the ledger does not take them
///
/// A request that has come through a proxy (`Forwarded`, `X-Forwarded-…`, `X-Real-IP`, `Via`) is from
/// outside, whatever its peer's address. An event that is listed twice in a batch counts once. May be used
/// from any thread.
class Webhook {
public:
  using Noted = std::function<void(std::optional<Problem>)>;
  /// Notes record ids (`{party id}/{guid}`) and calls back once they are on the disk, or with the problem why
  /// not, from whichever thread.
  using Note = std::function<void(std::vector<std::string>, Noted)>;
  /// How many records wait in the ledger; asked on the server's thread, so it must be cheap.
  using Waiting = std::function<std::uint64_t()>;

  Webhook(WebhookOptions options, Note note, Waiting waiting);

  /// For http::Server; may outlive the webhook.
  http::Route route() const;

  /// Other secrets from now on.
  void set_secrets(std::vector<std::string> secrets);

  /// What has come in since the start.
  EventsProgress intake() const;

  struct State;

private:
  std::shared_ptr<State> state_;
};

} // namespace dialogferry::source
