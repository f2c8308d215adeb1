#include "listener.hpp"

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>

#include <algorithm>
#include <csignal>
#include <thread>
#include <vector>

namespace altinn_sim {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using Error = boost::system::error_code;

struct Listener::Loops {
  Loops(std::uint16_t port, unsigned threads, Welcome on_connection)
      : welcome(std::move(on_connection))
      , contexts(make_contexts(threads))
      , acceptor(*contexts.front(), tcp::endpoint(asio::ip::address_v4::loopback(), port))
      , signals(*contexts.front()) {
    acceptor.listen(4096);
    accept();
  }

  static std::vector<std::unique_ptr<asio::io_context>> make_contexts(unsigned threads) {
    std::vector<std::unique_ptr<asio::io_context>> made;
    for (unsigned at = 0; at < std::max(threads, 1U); ++at)
      made.push_back(std::make_unique<asio::io_context>(1));
    return made;
  }

  void accept() {
    next = (next + 1) % contexts.size();
    acceptor.async_accept(*contexts[next], [this](const Error& error, Socket accepted) {
      if (error == asio::error::operation_aborted) return;
      if (!error) hand_over(std::move(accepted));
      accept();
    });
  }

  void hand_over(Socket accepted) {
    Error error;
    accepted.set_option(tcp::no_delay(true), error);
    auto owner = accepted.get_executor();
    asio::post(owner, [this, socket = std::move(accepted)]() mutable { welcome(std::move(socket)); });
  }

  Welcome welcome;
  std::vector<std::unique_ptr<asio::io_context>> contexts;
  tcp::acceptor acceptor;
  asio::signal_set signals;
  std::size_t next = 0;
};

Listener::Listener(std::uint16_t port, unsigned threads, Welcome welcome)
    : loops_(std::make_unique<Loops>(port, threads, std::move(welcome))) {}

Listener::~Listener() {
  stop();
}

std::uint16_t Listener::port() const {
  return loops_->acceptor.local_endpoint().port();
}

void Listener::run() {
  auto keep_open = [](asio::io_context& context) {
    auto work = asio::make_work_guard(context);
    context.run();
  };
  std::vector<std::thread> others;
  for (std::size_t at = 1; at < loops_->contexts.size(); ++at) {
    others.emplace_back(keep_open, std::ref(*loops_->contexts[at]));
  }
  keep_open(*loops_->contexts.front());
  for (auto& each : others)
    each.join();
}

void Listener::stop_on_signals() {
  loops_->signals.add(SIGINT);
  loops_->signals.add(SIGTERM);
  loops_->signals.async_wait([this](const Error& error, int) {
    if (!error) stop();
  });
}

void Listener::stop() {
  for (auto& context : loops_->contexts)
    context->stop();
}

} // namespace altinn_sim
