#pragma once

#include "exchange.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace altinn_sim {

/// A request off the wire; views live as long as the call.
struct Incoming {
  std::string_view method;
  std::string_view target;
  std::string_view if_match;
  std::string_view content_type;
  std::string_view authorization;
  std::string_view host;
  std::string_view body;
  bool accepts_gzip = false;
  bool has_length = true;      ///< Content-Length is there
  std::uint64_t body_size = 0; ///< of a body that was not kept, with its MD5 (see kept_nowhere)
  std::string_view body_md5;
};

/// Whether a body sent there is a file: read and forgotten, but for its length and MD5.
bool kept_nowhere(std::string_view target);

/// How an answer travels.
struct Delivery {
  enum class Way : std::uint8_t {
    whole,
    reset,   ///< nothing is sent, the connection is reset
    dribble, ///< the body comes in small pieces, spread over `over`
    stall,   ///< half of the body comes, nothing after it; the connection is reset after `over`
    cut      ///< the body comes up to `cut_at`, then the connection is reset
  };
  Way way = Way::whole;
  std::chrono::microseconds delay{0}; ///< before the first byte
  std::chrono::milliseconds over{0};
  std::uint64_t cut_at = 0;             ///< bytes of the body
  std::optional<double> cut_share = {}; ///< of the body, in the place of `cut_at`
};

struct Answer {
  Response response;
  Delivery delivery;
  std::string
      raw; ///< where not empty, a complete answer, head and body, that is sent whole in the response's place
};

/// An HTTP/1.1 keep-alive server on loopback. Delays and slow bodies hold no thread.
class HttpServer {
public:
  /// Called in any of the server's threads, one request of a connection at a time. The answer comes empty,
  /// with the room of the connection's last one.
  using Handler = std::function<void(const Incoming&, Answer&)>;

  struct Options {
    std::uint16_t port = 0; ///< 0 = any free port
    unsigned threads = 1;
    bool gzip = false;   ///< compress bodies over 1 kB for clients that accept it
    bool digests = true; ///< MD5 of the files that are sent here
  };

  HttpServer(Options options, Handler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;
  void run();             ///< serves until `stop`
  void stop_on_signals(); ///< SIGINT and SIGTERM stop it
  void stop();            ///< from any thread

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace altinn_sim
