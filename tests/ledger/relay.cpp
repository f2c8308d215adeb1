#include "relay.hpp"

#include <arpa/inet.h>
#include <array>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace dialogferry::test {

namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool send_all(int to, const char* data, ssize_t size) {
  while (size > 0) {
    const auto sent = ::send(to, data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    data += sent;
    size -= sent;
  }
  return true;
}

} // namespace

struct Relay::Line {
  int client = -1;
  int server = -1;
  std::atomic<bool> loses_answers = false;
  std::atomic<bool> loses_requests = false;
  std::thread thread;

  void end() const {
    ::shutdown(client, SHUT_RDWR);
    ::shutdown(server, SHUT_RDWR);
  }
};

Relay::Relay(int to_port)
    : to_port_(to_port)
    , listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  auto address = loopback(0);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, any, size) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, any, &size) != 0)
    throw std::runtime_error("no relay");
  port_ = ntohs(address.sin_port);
  accepting_ = std::thread([this] { accept_all(); });
}

Relay::~Relay() {
  is_over_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  accepting_.join();
  ::close(listener_);
  for (auto& line : lines_) {
    line->end();
    line->thread.join();
    ::close(line->client);
    ::close(line->server);
  }
}

std::string Relay::instead(std::string url) const {
  const auto from = url.rfind(':') + 1;
  return url.replace(from, url.rfind('/') - from, std::to_string(port_));
}

void Relay::accept_all() {
  while (!is_over_) {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(to_port_);
    const int at_once = 1;
    ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    ::setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    if (is_cut_ || ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      ::close(client);
      ::close(server);
      continue;
    }
    const std::lock_guard lock(mutex_);
    auto& line = lines_.emplace_back(std::make_unique<Line>());
    line->client = client;
    line->server = server;
    line->loses_answers = line->loses_requests = is_dark_.load();
    if (is_cut_) line->end();
    line->thread = std::thread([this, at = line.get()] { pump(*at); });
  }
}

void Relay::pump(Line& line) {
  std::array<char, 65536> buffer{};
  std::array<pollfd, 2> ends = {pollfd{line.client, POLLIN, 0}, pollfd{line.server, POLLIN, 0}};
  while (::poll(ends.data(), ends.size(), -1) > 0) {
    for (std::size_t i = 0; i < ends.size(); ++i) {
      if (ends.at(i).revents == 0) continue;
      const bool from_client = i == 0;
      const auto size = ::recv(ends.at(i).fd, buffer.data(), buffer.size(), 0);
      if (size <= 0) return line.end();
      if (from_client ? line.loses_requests : line.loses_answers) continue;
      if (!send_all(from_client ? line.server : line.client, buffer.data(), size)) return line.end();
    }
  }
}

void Relay::cut() {
  is_cut_ = true;
  const std::lock_guard lock(mutex_);
  for (const auto& line : lines_)
    line->end();
}

void Relay::go_dark() {
  is_dark_ = true;
  lose_answers();
  lose_requests();
}

void Relay::restore() {
  is_cut_ = false;
  is_dark_ = false;
  const std::lock_guard lock(mutex_);
  for (const auto& line : lines_)
    if (line->loses_answers || line->loses_requests) line->end();
}

void Relay::lose_answers() {
  const std::lock_guard lock(mutex_);
  for (const auto& line : lines_)
    line->loses_answers = true;
}

void Relay::lose_requests() {
  const std::lock_guard lock(mutex_);
  for (const auto& line : lines_)
    line->loses_requests = true;
}

} // namespace dialogferry::test
