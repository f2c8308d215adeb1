#include "lane.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace dialogferry::http {
namespace {

using Connections = std::vector<std::shared_ptr<Connection>>;

void forget(Connections& list, const std::shared_ptr<Connection>& connection) {
  list.erase(std::remove(list.begin(), list.end(), connection), list.end());
}

/// Takes out what is past its deadline and keeps the order of the rest.
std::vector<Pending> take_expired(std::deque<Pending>& waiting, Clock::time_point now) {
  const auto in_time = [&](const Pending& pending) { return pending.deadline > now; };
  std::vector<Pending> expired;
  if (std::all_of(waiting.begin(), waiting.end(), in_time)) return expired;
  const auto rest = std::stable_partition(waiting.begin(), waiting.end(), in_time);
  expired.assign(std::make_move_iterator(rest), std::make_move_iterator(waiting.end()));
  waiting.erase(rest, waiting.end());
  return expired;
}

} // namespace

Lane::Lane(Worker& worker, std::shared_ptr<const Peer> peer, std::size_t connections,
           std::function<void(Pending)> elsewhere)
    : limit(connections)
    , worker_(worker)
    , peer_(std::move(peer))
    , elsewhere_(std::move(elsewhere)) {}

// -- from any thread -------------------------------------------------------------

void Lane::submit(Pending pending) {
  std::unique_lock lock(inbox_mutex_);
  if (closed_) {
    lock.unlock();
    return answer(pending, fault(TransportFault::cancelled, "the client is closed"));
  }
  const bool wake = inbox_.empty();
  inbox_.push_back(std::move(pending));
  lock.unlock();
  if (wake) boost::asio::post(worker_.context(), [self = shared_from_this()] { self->drain(); });
}

void Lane::resize(std::size_t connections) {
  limit = connections;
  const std::lock_guard lock(inbox_mutex_);
  if (closed_) return;
  boost::asio::post(worker_.context(), [self = shared_from_this()] { self->trim(); });
}

void Lane::close() {
  const std::lock_guard lock(inbox_mutex_);
  if (closed_) return;
  boost::asio::post(worker_.context(), [self = shared_from_this()] { self->shut(); });
}

// -- requests ----------------------------------------------------------------------

void Lane::drain() {
  {
    const std::lock_guard lock(inbox_mutex_);
    draining_.swap(inbox_);
  }
  if (!draining_.empty()) worker_.need_sweep();
  for (auto& pending : draining_)
    place(std::move(pending));
  draining_.clear();
}

void Lane::place(Pending pending) {
  if (limit == 0) {
    --outstanding;
    elsewhere_(std::move(pending));
  } else if (!idle_.empty()) {
    const auto connection = std::move(idle_.back());
    idle_.pop_back();
    connection->carry(std::move(pending));
  } else if (connections_.size() < limit) {
    place_on_new(std::move(pending));
  } else {
    waiting_.push_back(std::move(pending));
  }
}

void Lane::place_on_new(Pending pending) {
  const auto connection = make_connection(*this, peer_);
  connections_.push_back(connection);
  open = connections_.size();
  ++connects;
  connection->carry(std::move(pending));
}

void Lane::repeat(const std::shared_ptr<Connection>& instead_of, Pending pending) {
  forget(connections_, instead_of);
  open = connections_.size();
  ++repeats;
  pending.repeated = true;
  if (connections_.size() < limit) {
    place_on_new(std::move(pending));
  } else {
    waiting_.push_front(std::move(pending));
  }
}

void Lane::answer(Pending& pending, Answer answer) {
  const auto handler = std::move(pending.handler);
  --outstanding;
  if (pending.token && answer && answer->status == 401) peer_->tokens->invalidate(pending.token);
  handler(std::move(answer));
}

// -- connections ---------------------------------------------------------------------

void Lane::freed(const std::shared_ptr<Connection>& connection) {
  if (connections_.size() > limit) {
    connection->close();
    lost(connection);
  } else if (!waiting_.empty()) {
    auto pending = std::move(waiting_.front());
    waiting_.pop_front();
    connection->carry(std::move(pending));
  } else {
    idle_.push_back(connection);
  }
}

void Lane::lost(const std::shared_ptr<Connection>& connection) {
  forget(connections_, connection);
  forget(idle_, connection);
  open = connections_.size();
  if (!waiting_.empty() && connections_.size() < limit) {
    auto pending = std::move(waiting_.front());
    waiting_.pop_front();
    place_on_new(std::move(pending));
  }
}

void Lane::trim() {
  while (connections_.size() > limit && !idle_.empty()) {
    const auto connection = idle_.front();
    connection->close();
    lost(connection);
  }
  while (!waiting_.empty() && connections_.size() < limit) {
    auto pending = std::move(waiting_.front());
    waiting_.pop_front();
    place_on_new(std::move(pending));
  }
  if (limit == 0) {
    for (auto& pending : std::exchange(waiting_, {}))
      place(std::move(pending));
  }
}

// -- deadlines and the end ---------------------------------------------------------------

bool Lane::sweep(Clock::time_point now) {
  for (auto& pending : take_expired(waiting_, now))
    expire(pending, "while waiting for a connection", false);
  for (const auto& connection : Connections(connections_)) {
    if (connection->deadline() > now) continue;
    const auto phase = connection->phase();
    const bool busy = connection->busy();
    const bool sent = connection->sent();
    auto pending = connection->abandon();
    connection->close();
    lost(connection);
    if (busy) expire(pending, phase, sent);
  }
  return !connections_.empty() || !waiting_.empty();
}

void Lane::expire(Pending& pending, std::string_view phase, bool sent) {
  const auto limit = sent && pending.limit.count() > 0 ? pending.limit : peer_->timeout;
  auto text = "no answer within " + std::to_string(limit.count()) + " ms, given up ";
  text += phase;
  answer(pending, fault(TransportFault::timeout, std::move(text), sent));
}

void Lane::shut() {
  if (shut_) return;
  shut_ = true;
  std::vector<Pending> unanswered;
  std::vector<Pending> sent;
  {
    const std::lock_guard lock(inbox_mutex_);
    closed_ = true;
    unanswered.swap(inbox_);
  }
  for (auto& pending : waiting_)
    unanswered.push_back(std::move(pending));
  waiting_.clear();
  for (const auto& connection : connections_) {
    if (connection->busy()) (connection->sent() ? sent : unanswered).push_back(connection->abandon());
    connection->close();
  }
  connections_.clear();
  idle_.clear();
  open = 0;
  for (auto& pending : unanswered)
    answer(pending, fault(TransportFault::cancelled, "the client is closed"));
  for (auto& pending : sent)
    answer(pending, fault(TransportFault::cancelled, "the client is closed", true));
}

} // namespace dialogferry::http
