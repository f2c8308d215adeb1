#pragma once

#include <dialogferry/http/io_pool.hpp>

#include <tl/expected.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::http {

class BodySink;
class BodyStream;

enum class Method : std::uint8_t { get, head, post, put, patch, remove, options };

/// `GET`, `DELETE`…
std::string_view name_of(Method method);

/// One header line. Neither part may hold CR, LF or NUL; a request that does is refused with
/// TransportFault::refused.
struct Header {
  std::string name;
  std::string value;

  bool operator==(const Header&) const = default;
};

/// A request to one API. Built once and shared, so that a retry sends the same bytes again.
struct Request {
  Method method = Method::get;
  std::string target;       ///< path and query below the client's base URL, begins with `/`, already encoded
  std::string body;         ///< sent as it is; no copy is made
  std::string content_type; ///< of the body: "application/json"; not sent where empty
  std::string accept;       ///< not sent where empty
  std::string if_match;     ///< bare value (dialogporten.md 1: the UUID without quotes); not sent where empty
  std::vector<Header> headers;
  /// A POST that asks and changes nothing: like a GET, it may be repeated once by the client itself when a
  /// kept-alive connection turns out to be closed. Nothing that may have changed something is repeated before
  /// somebody has looked (observed.md OR-3).
  bool repeatable = false;
  bool authorized = true;             ///< false: no bearer token is added
  std::shared_ptr<BodyStream> stream; ///< instead of `body`: what is too large for memory
  std::shared_ptr<BodySink> sink;     ///< takes the body of a 2xx, which is then not in the Response
  /// Who made it reads the answer: it comes on this loop where a connection is free there.
  Loop made_on = loop_of_this_thread();
};

/// An answer with any status.
struct Response {
  int status = 0;
  std::string body; ///< has at least `body_padding` bytes of capacity behind its end
  std::string content_type;
  std::string etag; ///< as sent, quotes included where the server sends them
  std::string location;
  /// From seconds or an HTTP date (then counted from the answer's own `Date`, or the clock without one).
  std::optional<std::chrono::milliseconds> retry_after;
};

/// What simdjson wants readable behind the end of its input.
inline constexpr std::size_t body_padding = 64;

/// Why there is no answer.
enum class TransportFault : std::uint8_t {
  resolve,   ///< the host name has no address
  connect,   ///< refused, unreachable
  tls,       ///< handshake or certificate
  reset,     ///< the connection ended before the answer did
  timeout,   ///< the deadline passed, in whatever phase
  protocol,  ///< not HTTP, or a body that does not unpack
  too_large, ///< the answer is over the client's limit
  overload,  ///< too many requests wait already; nothing was sent
  refused,   ///< the request itself is not sendable (a line break in a header); nothing was sent
  token,     ///< no token could be had; nothing was sent
  cancelled, ///< the client was closed
  source,    ///< the request's stream had not the bytes it promised; the server has not got them all
  sink,      ///< the request's sink wanted no more
};

std::string_view name_of(TransportFault fault);

struct TransportError {
  TransportFault kind = TransportFault::cancelled;
  std::string text; ///< a short sentence for people; holds no token
  /// The request was on its way to the server, which may have done what it asks for.
  bool may_have_arrived = false;

  bool operator==(const TransportError&) const = default;
};

using Answer = tl::expected<Response, TransportError>;

/// Called exactly once for each request, on an I/O thread; must be cheap and must not throw. Only a request
/// that is turned away (overload, refused, closed client) is answered on the thread that sent it.
using Handler = std::function<void(Answer)>;

} // namespace dialogferry::http
