#include "live/agenda.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>

namespace altinn_sim::live {

namespace asio = boost::asio;

Agenda::Agenda(PlatformClock& clock)
    : clock_(clock)
    , work_(asio::make_work_guard(context_))
    , timer_(context_)
    , thread_([this] { context_.run(); }) {}

Agenda::~Agenda() {
  stop();
}

void Agenda::stop() {
  context_.stop();
  if (thread_.joinable()) thread_.join();
}

void Agenda::at(storage::Ticks time, std::function<void()> action) {
  asio::post(context_, [this, time, action = std::move(action)]() mutable {
    entries_.emplace(time, std::move(action));
    do_what_is_due();
  });
}

void Agenda::look_again() {
  asio::post(context_, [this] { do_what_is_due(); });
}

void Agenda::do_what_is_due() {
  while (!entries_.empty() && entries_.begin()->first <= clock_.now()) {
    auto due = entries_.extract(entries_.begin());
    due.mapped()();
  }
  if (entries_.empty()) return;
  const auto wait = std::min(entries_.begin()->first - clock_.now(), storage::hour);
  timer_.expires_after(std::chrono::microseconds(wait / storage::microsecond + 1));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) do_what_is_due();
  });
}

} // namespace altinn_sim::live
