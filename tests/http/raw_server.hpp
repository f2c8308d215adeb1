#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace raw {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

/// One request as it came over the wire.
struct Request {
  std::string head; ///< request line and header, without the empty line
  std::string body;

  std::string line() const { return head.substr(0, head.find("\r\n")); }
  bool has(std::string_view text) const { return head.find(text) != std::string::npos; }
};

/// The server's end of one connection, driven by a test's script in blocking calls.
class Session {
public:
  virtual ~Session() = default;
  /// False once the client has closed.
  virtual bool read(Request& request) = 0;
  /// The request without its body, which take() gives piece by piece.
  virtual bool read_head(Request& request) = 0;
  /// Some bytes of a body; 0 once the client has closed.
  virtual std::size_t take(char* to, std::size_t most) = 0;
  virtual bool write(std::string_view bytes) = 0;
  /// Ends with a TCP reset instead of an orderly close.
  virtual void reset() = 0;

  bool answer(int status, std::string_view body = {}, std::string_view header = {}) {
    std::string text = "HTTP/1.1 " + std::to_string(status) + " X\r\n";
    text += header;
    text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    text += body;
    return write(text);
  }
  int number = 0; ///< connections count from 1
};

using Script = std::function<void(Session&)>;

/// Accepts on a loopback port, a free one by default, and runs the script in a thread for each connection.
class Server {
public:
  explicit Server(Script script, asio::ssl::context* tls = nullptr, std::uint16_t port = 0);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url(std::string_view host = "127.0.0.1") const {
    return (tls_ ? "https://" : "http://") + std::string(host) + ":" + std::to_string(port_);
  }
  int accepted() const { return accepted_; }
  /// Refuses new connections and ends the open ones.
  void stop();

private:
  void accept();
  void run(tcp::socket& socket, int number);

  Script script_;
  asio::ssl::context* tls_;
  asio::io_context context_;
  tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::atomic<int> accepted_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::list<std::shared_ptr<tcp::socket>> sockets_;
  std::list<std::thread> threads_;
  std::thread acceptor_thread_;
};

/// A script that answers every request through a function.
inline Script each(std::function<void(Session&, const Request&)> reply) {
  return [reply = std::move(reply)](Session& session) {
    Request request;
    while (session.read(request))
      reply(session, request);
  };
}

/// Runs until the client has closed its end.
inline void wait_for_close(Session& session) {
  Request ignored;
  while (session.read(ignored)) {
  }
}

} // namespace raw
