#pragma once

#include <dialogferry/http/io_pool.hpp>
#include <dialogferry/http/message.hpp>
#include <dialogferry/http/trace.hpp>
#include <dialogferry/model/result.hpp>
#include <dialogferry/model/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace dialogferry::http {

class BodyStore;
class TokenSource;

/// How one API is reached: [apis.*] of the configuration.
struct ClientOptions {
  std::string name = "api";                   ///< "apis.storage": what problems name
  std::string base_url;                       ///< targets are appended to it as they are
  std::size_t connections = 32;               ///< keep-alive connections at the most, 1 to 10 000
  std::chrono::milliseconds timeout{10'000};  ///< per request, from send() to the last byte of the answer
                                              ///< unless a request has a limit of its own
  std::chrono::milliseconds max_idle{60'000}; ///< an unused connection is closed after this
  std::size_t max_waiting = 10'000;           ///< requests that wait for a connection; past it: overload
  std::size_t max_response = 32 << 20;        ///< bytes of a body, unpacked
  std::string ca_file;                        ///< trust anchors besides the system's, PEM
  std::string subscription_key;               ///< sent as Ocp-Apim-Subscription-Key where set
  std::string user_agent = "dialogferry";
  bool gzip = false;                         ///< ask for packed answers
  std::shared_ptr<TokenSource> tokens;       ///< adds `Authorization: Bearer`; a 401 invalidates the token
  std::shared_ptr<BodyStore> bodies;         ///< where buffers of large answers come from; may be null
  std::function<Instant()> now = system_now; ///< for Retry-After dates alone
};

/// A moment's view of a client, for metrics.
struct ClientStats {
  std::size_t connections = 0; ///< open or being opened
  std::size_t outstanding = 0; ///< requests not answered yet
  std::uint64_t connects = 0;  ///< connections begun since the start
  std::uint64_t repeats = 0;   ///< requests repeated because a kept-alive connection was closed
};

/// Keep-alive HTTP/1.1 client of one API. Its connections are spread over the pool's threads and are opened
/// when needed. All functions may be called from any thread.
class Client {
public:
  /// Fails on a bad base URL, a CA file that cannot be read, or a number out of range; connects to nothing.
  static Result<std::unique_ptr<Client>> create(IoPool& pool, ClientOptions options);

  /// Closes.
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Sends as soon as a connection is free, first come first served, and calls `handler` exactly once.
  /// When a kept-alive connection ends before anything of the answer was read, a request that only asks (GET,
  /// HEAD, OPTIONS or `repeatable`) is sent once more on a new connection.
  void send(std::shared_ptr<const Request> request, Handler handler);

  /// The same with a limit of its own for the answer, from the moment the request is on its way; until then
  /// it has ClientOptions::timeout. A server that is gone is noticed long before: it acknowledges nothing.
  /// Says in `traceparent` where it belongs.
  void send(std::shared_ptr<const Request> request, Handler handler, std::chrono::milliseconds limit,
            const Trace& trace = {});

  /// Changes the number of connections; surplus ones are closed as they become free.
  void set_connections(std::size_t connections);

  /// Cancels whatever is under way; every handler is still called (cancelled), on the I/O threads;
  /// for a request that waits for a token, when the fetch of that token ends.
  void close();

  ClientStats stats() const;

private:
  struct Impl;
  explicit Client(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

} // namespace dialogferry::http
