#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <functional>
#include <memory>

namespace altinn_sim {

/// A plain stream socket with the concrete executor: no type erasure and no timers on the way of a request.
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

/// Accepts connections on loopback and deals them out, in turn, to event loops with one thread each.
class Listener {
public:
  /// Called in the thread that the connection belongs to from then on.
  using Welcome = std::function<void(Socket)>;

  /// Binds 127.0.0.1:`port` (0 = any free port) and accepts from `run` on. Throws boost::system::system_error
  /// if the port is taken.
  Listener(std::uint16_t port, unsigned threads, Welcome welcome);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  std::uint16_t port() const;

  /// Serves until `stop`; the calling thread is the first of the server's threads.
  void run();

  /// Also stops on SIGINT and SIGTERM.
  void stop_on_signals();

  /// Ends `run`; from any thread, also before it began.
  void stop();

private:
  struct Loops;
  std::unique_ptr<Loops> loops_;
};

} // namespace altinn_sim
