#pragma once

#include "places.hpp"
#include "worker.hpp"

#include <dialogferry/http/server.hpp>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

namespace dialogferry::http {

class ServerSession;

using ServerSocket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

/// The listening side and the table of routes; lives on one worker's thread.
class ServerCore final : public Guest, public std::enable_shared_from_this<ServerCore> {
public:
  ServerCore(std::shared_ptr<IoPool::State> pool, Worker& worker, ServerOptions options,
             std::vector<Route> routes);

  /// On any thread, before anything else.
  Result<std::uint16_t> listen();
  /// Returns once shut() has run, on whichever thread.
  void shut_and_wait();
  void stop_soon();

  // -- from its sessions ---------------------------------------------------------

  const ServerOptions& options() const { return options_; }
  const std::shared_ptr<IoPool::State>& pool() const { return pool_; }
  Worker& worker() { return worker_; }
  bool stopping() const { return stopping_; }
  void forget(const std::shared_ptr<ServerSession>& session);
  /// The route that serves it, or else the answer 404 or 405.
  const Route* find(const ServerRequest& request, ServerResponse& otherwise) const;
  /// Where requests of a route have their places; null for what no route serves.
  Places& places_of(const Route* route);
  Places& newcomers() { return newcomers_; }
  Places& connections() { return connections_; }
  Places& streams() { return streams_; }
  Places& bodies() { return bodies_; }

  bool sweep(Clock::time_point now) override;
  void shut() override;

private:
  using Acceptor =
      boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

  void accept();
  void take_in();
  void not_accepted();
  void admit(ServerSocket socket);
  void stop();

  const std::shared_ptr<IoPool::State> pool_;
  Worker& worker_;
  const ServerOptions options_;
  const std::vector<Route> routes_;
  Places newcomers_;
  Places connections_;
  Places requests_;
  Places streams_;
  Places bodies_;
  std::map<const Route*, Places> own_places_;
  Acceptor acceptor_;
  std::set<std::shared_ptr<ServerSession>> sessions_;
  bool accepting_ = false; ///< an accept is under way
  bool stopping_ = false;
  std::mutex shut_mutex_;
  std::condition_variable shut_changed_;
  bool shut_ = false; ///< guarded
};

} // namespace dialogferry::http
