#pragma once

#include "pending.hpp"

#include <dialogferry/model/time.hpp>

#include <memory>
#include <string>

namespace boost::asio::ssl {
class context;
}

namespace dialogferry::http {

class BodyStore;
class Lane;

/// What all connections of a client share; never changes.
struct Peer {
  std::string name; ///< "apis.storage"
  bool tls = false;
  std::string host;
  std::uint16_t port = 0;
  std::string prefix;
  std::string fixed_head;
  std::string plain_head; ///< the same for what must come as it is: without Accept-Encoding
  std::size_t max_response = 0;
  std::chrono::milliseconds timeout{};
  std::chrono::milliseconds max_idle{};
  std::function<Instant()> now;
  std::shared_ptr<TokenSource> tokens;
  std::shared_ptr<BodyStore> bodies;                ///< may be null
  std::shared_ptr<boost::asio::ssl::context> trust; ///< where tls
};

/// One keep-alive connection of a lane, with at most one request at a time. Lives on the lane's thread.
class Connection {
public:
  Connection() = default;
  virtual ~Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Carries this request, connecting first where needed. The connection must be free.
  virtual void carry(Pending pending) = 0;

  /// Closes at once; nothing is reported.
  virtual void close() = 0;

  /// Takes away the request under way, to be answered by the caller.
  virtual Pending abandon() = 0;

  /// The last moment for the request under way, or for an unused connection to be used.
  virtual Clock::time_point deadline() const = 0;
  virtual bool busy() const = 0;
  /// Whether the request under way may have reached the server.
  virtual bool sent() const = 0;

  /// "while connecting", for people.
  virtual std::string_view phase() const = 0;
};

std::shared_ptr<Connection> make_connection(Lane& lane, std::shared_ptr<const Peer> peer);

} // namespace dialogferry::http
