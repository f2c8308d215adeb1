#include "event_readers.hpp"

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {

namespace {

constexpr int look_every = 100; ///< milliseconds

int connect_to(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (socket < 0 || ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("a reader of events cannot connect");
  return socket;
}

} // namespace

EventReaders::EventReaders(const std::string& address, const std::string& path, std::size_t count)
    : poll_(epoll_create1(EPOLL_CLOEXEC)) {
  const auto port = static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)));
  const auto request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  for (std::size_t i = 0; i < count; ++i) {
    const int socket = connect_to(port);
    sockets_.push_back(socket);
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    wanted.data.fd = socket;
    if (::send(socket, request.data(), request.size(), MSG_NOSIGNAL) < 0 ||
        epoll_ctl(poll_, EPOLL_CTL_ADD, socket, &wanted) != 0)
      throw std::runtime_error("a reader of events cannot ask");
  }
  open_ = count;
  thread_ = std::thread([this] { read_all(); });
}

EventReaders::~EventReaders() {
  over_ = true;
  thread_.join();
  for (const int socket : sockets_)
    ::close(socket);
  ::close(poll_);
}

void EventReaders::read_all() {
  std::array<epoll_event, 64> ready{};
  std::array<char, 1 << 16> piece{};
  while (!over_) {
    const int count = epoll_wait(poll_, ready.data(), static_cast<int>(ready.size()), look_every);
    for (int i = 0; i < count; ++i) {
      const int socket = ready.at(static_cast<std::size_t>(i)).data.fd;
      const auto size = ::recv(socket, piece.data(), piece.size(), MSG_DONTWAIT);
      if (size > 0) {
        bytes_ += static_cast<std::uint64_t>(size);
        continue;
      }
      epoll_ctl(poll_, EPOLL_CTL_DEL, socket, nullptr);
      --open_;
    }
  }
}

} // namespace bench
