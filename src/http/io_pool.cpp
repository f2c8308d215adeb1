#include "worker.hpp"

#include <dialogferry/http/io_pool.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <exception>
#include <latch>
#include <utility>

namespace dialogferry::http {
namespace {

/// How late a deadline may be noticed.
constexpr std::chrono::milliseconds sweep_interval{20};
constexpr std::size_t handlers_per_turn = 64; ///< of a lent thread, whose owner has other work too
constexpr std::size_t most_threads = 1024;

} // namespace

// -- worker -------------------------------------------------------------------

thread_local const Worker* Worker::current_ = nullptr;

Loop loop_of_this_thread() noexcept {
  return Worker::current();
}

Worker::Worker(IoPool::Threads whose)
    : guard_(boost::asio::make_work_guard(context_))
    , timer_(context_) {
  if (whose == IoPool::Threads::own) thread_ = std::thread([this] { run(); });
}

Worker::~Worker() {
  stop();
}

void Worker::run() {
  current_ = this;
  context_.run();
  current_ = nullptr;
}

void Worker::turn(bool wait) {
  current_ = this;
  std::size_t left = handlers_per_turn;
  if (wait) context_.run_one();
  while (left > 0 && context_.poll_one() > 0)
    --left;
}

void Worker::welcome(std::shared_ptr<Guest> guest) {
  boost::asio::post(context_, [this, guest = std::move(guest)] {
    if (stopping_) {
      guest->shut();
    } else {
      guests_.push_back(guest);
    }
  });
}

void Worker::arm() {
  sweeping_ = true;
  timer_.expires_after(sweep_interval);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) sweep();
  });
}

void Worker::sweep() {
  const auto now = Clock::now();
  bool more = false;
  std::erase_if(guests_, [](const auto& guest) { return guest.expired(); });
  // By index: a guest that answers a request may bring a new one.
  for (std::size_t i = 0; i < guests_.size(); ++i) {
    if (const auto guest = guests_[i].lock()) more = guest->sweep(now) || more;
  }
  sweeping_ = false;
  if (more && !stopping_) arm();
}

void Worker::shut_guests() {
  stopping_ = true;
  for (const auto& weak : guests_) {
    if (const auto guest = weak.lock()) guest->shut();
  }
  guests_.clear();
  timer_.cancel();
}

void Worker::stop() noexcept try {
  if (std::exchange(stopped_, true)) return;
  boost::asio::post(context_, [this] {
    shut_guests();
    guard_.reset();
  });
  if (thread_.joinable())
    thread_.join();
  else
    run();
} catch (const std::exception&) {
  std::terminate(); // a thread that can be neither told nor joined
}

// -- pool ---------------------------------------------------------------------

IoPool::IoPool(std::size_t threads, Threads whose)
    : state_(std::make_shared<State>()) {
  const auto count = std::clamp<std::size_t>(threads, 1, most_threads);
  state_->workers.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    state_->workers.push_back(std::make_unique<Worker>(whose));
}

void IoPool::turn(std::size_t loop, bool wait) {
  state_->workers[loop]->turn(wait);
}

void IoPool::wake(std::size_t loop) {
  boost::asio::post(state_->workers[loop]->context(), [] {});
}

void IoPool::close() {
  const auto shut = std::make_shared<std::latch>(static_cast<std::ptrdiff_t>(threads()));
  for (const auto& worker : state_->workers)
    boost::asio::post(worker->context(), [shut, &worker = *worker] {
      worker.shut_guests();
      shut->count_down();
    });
  shut->wait();
}

IoPool::~IoPool() {
  for (const auto& worker : state_->workers)
    worker->stop();
}

std::size_t IoPool::threads() const {
  return state_->workers.size();
}

} // namespace dialogferry::http
