#include "narrow_line.hpp"

#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <mutex>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t piece = 64 << 10; ///< let through at once

sockaddr_in local(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

/// A socket that closes itself.
class Socket {
public:
  explicit Socket(int number)
      : number_(number) {
    if (number < 0) throw std::runtime_error("no socket");
  }
  ~Socket() { ::close(number_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  int number() const { return number_; }

private:
  int number_;
};

using SocketPtr = std::shared_ptr<Socket>;

SocketPtr connect_to(int port) {
  auto made = std::make_shared<Socket>(::socket(AF_INET, SOCK_STREAM, 0));
  const auto address = local(port);
  if (::connect(made->number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("the server behind the narrow line is not there");
  return made;
}

bool write_all(int to, const char* bytes, std::size_t size) {
  while (size > 0) {
    const auto written = ::send(to, bytes, size, MSG_NOSIGNAL);
    if (written <= 0) return false;
    bytes += written;
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

/// From one to the other until either ends; `wait` is told how much is to go on.
template <class Wait>
void pass(const Socket& from, const Socket& to, Wait wait) {
  std::array<char, piece> bytes{};
  for (;;) {
    const auto read = ::recv(from.number(), bytes.data(), bytes.size(), 0);
    if (read <= 0) break;
    wait(static_cast<std::size_t>(read));
    if (!write_all(to.number(), bytes.data(), static_cast<std::size_t>(read))) break;
  }
  ::shutdown(from.number(), SHUT_RDWR);
  ::shutdown(to.number(), SHUT_RDWR);
}

} // namespace

struct NarrowLine::Traffic : std::enable_shared_from_this<NarrowLine::Traffic> {
  Socket listener{::socket(AF_INET, SOCK_STREAM, 0)};
  int server = 0; ///< port
  double bytes_per_second = 0;
  std::mutex mutex;
  Clock::time_point next; ///< guarded: when the line is free again

  void let_through(std::size_t bytes) {
    Clock::time_point mine;
    {
      const std::lock_guard lock(mutex);
      next = std::max(next, Clock::now()) +
             std::chrono::duration_cast<Clock::duration>(
                 std::chrono::duration<double>(static_cast<double>(bytes) / bytes_per_second));
      mine = next;
    }
    std::this_thread::sleep_until(mine);
  }

  void serve() {
    for (;;) {
      const auto accepted = ::accept(listener.number(), nullptr, nullptr);
      if (accepted < 0) return;
      const auto client = std::make_shared<Socket>(accepted);
      const auto behind = connect_to(server);
      std::thread([self = shared_from_this(), client, behind] {
        pass(*client, *behind, [&](std::size_t bytes) { self->let_through(bytes); });
      }).detach();
      std::thread([client, behind] { pass(*behind, *client, [](std::size_t) {}); }).detach();
    }
  }
};

NarrowLine::NarrowLine(const std::string& url, double bytes_per_second)
    : traffic_(std::make_shared<Traffic>()) {
  traffic_->server = std::stoi(url.substr(url.rfind(':') + 1));
  traffic_->bytes_per_second = bytes_per_second;
  const auto listener = traffic_->listener.number();
  auto address = local(0);
  socklen_t size = sizeof address;
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      ::listen(listener, SOMAXCONN) != 0 ||
      ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("no port for the narrow line");
  url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  std::thread([traffic = traffic_] { traffic->serve(); }).detach();
}

NarrowLine::~NarrowLine() {
  ::shutdown(traffic_->listener.number(), SHUT_RDWR);
}

} // namespace bench
