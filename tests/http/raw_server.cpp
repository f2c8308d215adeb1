#include "raw_server.hpp"

#include <boost/asio/read.hpp>

#include <algorithm>
#include <cstdlib>
#include <sys/socket.h>

namespace raw {
namespace {

template <class Stream>
class StreamSession final : public Session {
public:
  StreamSession(Stream& stream, tcp::socket& socket)
      : stream_(stream)
      , socket_(socket) {}

  bool read_head(Request& request) override {
    boost::system::error_code error;
    const auto size = asio::read_until(stream_, asio::dynamic_buffer(buffer_), "\r\n\r\n", error);
    if (error) return false;
    request.head = buffer_.substr(0, size - 4);
    buffer_.erase(0, size);
    return true;
  }

  std::size_t take(char* to, std::size_t most) override {
    if (buffer_.empty()) {
      boost::system::error_code error;
      return stream_.read_some(asio::buffer(to, most), error);
    }
    const auto count = buffer_.copy(to, most);
    buffer_.erase(0, count);
    return count;
  }

  bool read(Request& request) override {
    boost::system::error_code error;
    if (!read_head(request)) return false;
    const auto at = request.head.find("Content-Length: ");
    const std::size_t length = at == std::string::npos ? 0 : std::stoul(request.head.substr(at + 16));
    if (buffer_.size() < length) {
      asio::read(stream_, asio::dynamic_buffer(buffer_), asio::transfer_exactly(length - buffer_.size()),
                 error);
    }
    if (buffer_.size() < length) return false;
    request.body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    return true;
  }

  bool write(std::string_view bytes) override {
    boost::system::error_code error;
    asio::write(stream_, asio::buffer(bytes), error);
    return !error;
  }

  void reset() override {
    boost::system::error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
  }

private:
  Stream& stream_;
  tcp::socket& socket_;
  std::string buffer_;
};

} // namespace

Server::Server(Script script, asio::ssl::context* tls, std::uint16_t port)
    : script_(std::move(script))
    , tls_(tls)
    , acceptor_(context_, tcp::endpoint(asio::ip::address_v4::loopback(), port))
    , port_(acceptor_.local_endpoint().port())
    , acceptor_thread_([this] { accept(); }) {}

Server::~Server() {
  stop();
}

void Server::accept() {
  for (;;) {
    auto socket = std::make_shared<tcp::socket>(context_);
    boost::system::error_code error;
    acceptor_.accept(*socket, error);
    if (error || stopping_) return;
    const int number = ++accepted_;
    const std::lock_guard lock(mutex_);
    sockets_.push_back(socket);
    threads_.emplace_back([this, socket, number] { run(*socket, number); });
  }
}

void Server::run(tcp::socket& socket, int number) {
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  if (tls_) {
    asio::ssl::stream<tcp::socket&> stream(socket, *tls_);
    stream.handshake(asio::ssl::stream_base::server, ignored);
    if (!ignored) {
      StreamSession session(stream, socket);
      session.number = number;
      script_(session);
    }
  } else {
    StreamSession session(socket, socket);
    session.number = number;
    script_(session);
  }
  // Only shut here: the descriptor stays ours until all threads are joined.
  socket.shutdown(tcp::socket::shutdown_both, ignored);
}

void Server::stop() {
  if (stopping_.exchange(true)) return;
  ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
  acceptor_thread_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const auto& socket : sockets_) {
      if (socket->is_open()) ::shutdown(socket->native_handle(), SHUT_RDWR);
    }
  }
  for (auto& thread : threads_)
    thread.join();
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  sockets_.clear();
}

} // namespace raw
