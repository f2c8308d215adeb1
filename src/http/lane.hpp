#pragma once

#include "connection.hpp"
#include "pending.hpp"
#include "worker.hpp"

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace dialogferry::http {

/// A client's share of connections on one I/O thread, with the requests that wait for them.
class Lane final : public Guest, public std::enable_shared_from_this<Lane> {
public:
  /// `elsewhere` gets the requests that wait here when this lane loses its last connection.
  Lane(Worker& worker, std::shared_ptr<const Peer> peer, std::size_t connections,
       std::function<void(Pending)> elsewhere);

  // -- from any thread ---------------------------------------------------------

  /// Posts for many requests are one wake-up of the thread.
  void submit(Pending pending);
  void resize(std::size_t connections);
  void close();

  /// Requests here that are not answered yet, those waiting for a token included.
  std::atomic<std::size_t> outstanding{0};
  std::atomic<std::size_t> limit; ///< connections at the most
  std::atomic<std::size_t> open{0};
  std::atomic<std::uint64_t> connects{0};
  std::atomic<std::uint64_t> repeats{0};

  // -- from its connections, on its thread ---------------------------------------

  /// Has its answer and can carry the next request.
  void freed(const std::shared_ptr<Connection>& connection);
  /// Is closed.
  void lost(const std::shared_ptr<Connection>& connection);
  /// Sent on a connection that was closed already: once more, on a new one.
  void repeat(const std::shared_ptr<Connection>& instead_of, Pending pending);
  void answer(Pending& pending, Answer answer);
  Worker& worker() { return worker_; }

  // -- guest ---------------------------------------------------------------------

  bool sweep(Clock::time_point now) override;
  void shut() override;

private:
  void drain();
  void place(Pending pending);
  void place_on_new(Pending pending);
  void trim();
  void expire(Pending& pending, std::string_view phase, bool sent);

  Worker& worker_;
  const std::shared_ptr<const Peer> peer_;
  const std::function<void(Pending)> elsewhere_;

  std::mutex inbox_mutex_;
  std::vector<Pending> inbox_; ///< guarded
  bool closed_ = false;        ///< guarded; once true, the inbox stays empty

  std::vector<Pending> draining_;
  std::vector<std::shared_ptr<Connection>> connections_;
  std::vector<std::shared_ptr<Connection>> idle_; ///< last used at the back
  std::deque<Pending> waiting_;
  bool shut_ = false;
};

} // namespace dialogferry::http
