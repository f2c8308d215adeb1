#include "worker.hpp"

#include <dialogferry/http/io_pool.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <exception>

namespace dialogferry::http {
namespace {

/// How late a deadline may be noticed.
constexpr std::chrono::milliseconds sweep_interval{20};

} // namespace

// -- worker -------------------------------------------------------------------

Worker::Worker()
    : guard_(boost::asio::make_work_guard(context_))
    , timer_(context_)
    , thread_([this] { context_.run(); }) {}

Worker::~Worker() {
  stop();
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

void Worker::stop() noexcept try {
  if (!thread_.joinable()) return;
  boost::asio::post(context_, [this] {
    stopping_ = true;
    for (const auto& weak : guests_) {
      if (const auto guest = weak.lock()) guest->shut();
    }
    guests_.clear();
    timer_.cancel();
    guard_.reset();
  });
  thread_.join();
} catch (const std::exception&) {
  std::terminate(); // a thread that can be neither told nor joined
}

// -- pool ---------------------------------------------------------------------

IoPool::IoPool(std::size_t threads)
    : state_(std::make_shared<State>()) {
  const auto count = std::clamp<std::size_t>(threads, 1, 64);
  state_->workers.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    state_->workers.push_back(std::make_unique<Worker>());
}

IoPool::~IoPool() {
  for (const auto& worker : state_->workers)
    worker->stop();
}

std::size_t IoPool::threads() const {
  return state_->workers.size();
}

} // namespace dialogferry::http
