#pragma once

#include <dialogferry/http/io_pool.hpp>
#include <dialogferry/http/message.hpp>
#include <dialogferry/model/result.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::http {

/// A request to our own server.
struct ServerRequest {
  Method method = Method::get;
  std::string path;  ///< decoded; begins with `/`
  std::string query; ///< behind the `?`, as sent
  std::vector<Header> headers;
  std::string body;
  bool from_loopback = false; ///< the peer's address, not what a header claims

  /// The first header of that name, in any case; empty without one.
  std::string_view header(std::string_view name) const;
  /// The first value of a query parameter, decoded.
  std::optional<std::string> parameter(std::string_view name) const;
  /// The same as it was sent; a view into `query`.
  std::optional<std::string_view> raw_parameter(std::string_view name) const;
};

struct ServerResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<Header> headers;
};

/// An open stream of server-sent events. May be copied, kept and used from any thread, beyond the server's
/// life too.
class EventStream {
public:
  struct State;
  explicit EventStream(std::shared_ptr<State> state)
      : state_(std::move(state)) {}

  /// Sends an event; line breaks in `data` are kept. False once the stream has ended: the client has gone,
  /// the server stops, or the client reads so slowly that too much waits for it.
  bool send(std::string_view event, std::string_view data) const;
  bool is_open() const;
  /// Ends the stream once what was sent is out.
  void close() const;

private:
  std::shared_ptr<State> state_;
};

/// The way back for one request. May be copied, kept and used from any thread, beyond the server's life too.
/// The first answer counts; a request whose replies are all gone without one is answered 500.
class Reply {
public:
  struct State;
  explicit Reply(std::shared_ptr<State> state)
      : state_(std::move(state)) {}

  void operator()(ServerResponse response) const;
  /// Answers 200 with `text/event-stream` and leaves the connection open.
  EventStream stream() const;

private:
  std::shared_ptr<State> state_;
};

/// Runs on the server's I/O thread: must be cheap or hand its work to others; must not throw.
using RouteHandler = std::function<void(const ServerRequest&, Reply)>;

struct Route {
  Method method = Method::get; ///< a GET route serves HEAD too
  std::string path;            ///< "/metrics"; one that ends in "/*" serves everything below
  RouteHandler handler;
  std::size_t places = 0; ///< requests of its own side by side; 0: it shares `max_requests` with the others
};

/// What clients may take of the server. Where something is full, who keeps the server waiting for longest
/// (sends slowly, does not read, does nothing) is closed for whoever comes; only where all wait for the
/// server is 503 answered. So one client cannot keep the others out.
struct ServerOptions {
  std::string listen = "127.0.0.1:8080"; ///< address or localhost, and port; port 0 takes a free one
  std::size_t max_newcomers = 512;       ///< connections that have not sent a whole request yet
  std::size_t max_connections = 512;     ///< the others; both are less where the process may open few files
  std::size_t max_requests = 64;         ///< side by side, of routes without places of their own
  std::size_t max_streams = 32;          ///< of events
  std::size_t max_body = 1 << 20;        ///< bytes; past it: 413
  std::size_t max_bodies = 16 << 20;     ///< bytes of bodies that are being received, as announced
  std::size_t max_header = 16 << 10;     ///< bytes; past it: 431
  std::size_t max_stream_backlog = 1 << 20;           ///< bytes that may wait for a slow reader of events
  std::chrono::milliseconds read_timeout{10'000};     ///< for one whole request
  std::chrono::milliseconds write_timeout{30'000};    ///< for one whole answer
  std::chrono::milliseconds max_idle{60'000};         ///< between requests
  std::chrono::milliseconds max_stream_time{600'000}; ///< of events; the client asks anew
  std::chrono::milliseconds event_ping{
      15'000}; ///< a comment on silent streams, so that dead ones are noticed
};

/// Small HTTP/1.1 server for the status page, metrics, the webhook and tests: some clients, not
/// thousands, and never one at the cost of the others.
class Server {
public:
  /// Listens when it returns. Fails where the address is not one, is taken or is not ours.
  static Result<std::unique_ptr<Server>> start(IoPool& pool, ServerOptions options,
                                               std::vector<Route> routes);

  /// Ends everything; no route is called any more when it returns.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;
  /// `http://127.0.0.1:PORT`
  std::string url() const;

  /// Takes no more connections and requests, ends streams, lets answers under way be finished. Returns at
  /// once.
  void stop();

private:
  struct Impl;
  explicit Server(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

} // namespace dialogferry::http
