#include "live/agenda.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <map>
#include <thread>
#include <utility>

namespace altinn_sim::live {

namespace asio = boost::asio;

namespace {

/// Something that is done again and again; its timer keeps it.
struct Repeated : std::enable_shared_from_this<Repeated> {
  Repeated(asio::io_context& context, std::chrono::milliseconds time, std::function<bool()> what)
      : timer(context)
      , pause(time)
      , action(std::move(what)) {}

  void run() {
    if (!action()) return;
    timer.expires_after(pause);
    timer.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (!error) self->run();
    });
  }

  asio::steady_timer timer;
  std::chrono::milliseconds pause;
  std::function<bool()> action;
};

} // namespace

struct Agenda::Thread {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{asio::make_work_guard(context)};
  asio::steady_timer timer{context};
  std::multimap<storage::Ticks, std::function<void()>> entries; // the thread's own
  std::thread thread{[this] { context.run(); }};
};

Agenda::Agenda(PlatformClock& clock)
    : clock_(clock)
    , thread_(std::make_unique<Thread>()) {}

Agenda::~Agenda() {
  stop();
}

asio::io_context& Agenda::context() {
  return thread_->context;
}

void Agenda::stop() {
  thread_->context.stop();
  if (thread_->thread.joinable()) thread_->thread.join();
}

void Agenda::at(storage::Ticks time, std::function<void()> action) {
  asio::post(thread_->context, [this, time, action = std::move(action)]() mutable {
    thread_->entries.emplace(time, std::move(action));
    do_what_is_due();
  });
}

void Agenda::repeat(std::chrono::milliseconds pause, std::function<bool()> action) {
  auto repeated = std::make_shared<Repeated>(thread_->context, pause, std::move(action));
  asio::post(thread_->context, [repeated] { repeated->run(); });
}

void Agenda::look_again() {
  asio::post(thread_->context, [this] { do_what_is_due(); });
}

void Agenda::do_what_is_due() {
  auto& entries = thread_->entries;
  while (!entries.empty() && entries.begin()->first <= clock_.now()) {
    auto due = entries.extract(entries.begin());
    due.mapped()();
  }
  if (entries.empty()) return;
  const auto wait = std::min(entries.begin()->first - clock_.now(), storage::hour);
  thread_->timer.expires_after(std::chrono::microseconds(wait / storage::microsecond + 1));
  thread_->timer.async_wait([this](const boost::system::error_code& error) {
    if (!error) do_what_is_due();
  });
}

} // namespace altinn_sim::live
