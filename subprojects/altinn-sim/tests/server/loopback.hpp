#pragma once

#include "http_server.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace altinn_sim::test {

/// A server that runs in a thread of its own until it goes out of scope.
class RunningServer {
public:
  RunningServer(HttpServer::Options options, std::function<Answer(const Incoming&)> handler);
  ~RunningServer();
  std::uint16_t port() const { return server_.port(); }

private:
  HttpServer server_;
  std::thread thread_;
};

/// What came back; status 0 where the connection broke first.
struct Reply {
  int status = 0;
  std::string body;
  std::string head; ///< status line and headers
};

/// A keep-alive connection to loopback that connects again by itself after a break.
class Client {
public:
  explicit Client(std::uint16_t port);
  ~Client();
  Reply get(std::string_view target, const std::vector<std::pair<std::string, std::string>>& headers = {});
  Reply post(std::string_view target, std::string body);
  Reply send(std::string_view method, std::string_view target, std::string body,
             const std::vector<std::pair<std::string, std::string>>& headers = {});

  /// Sends these bytes as they are on a new connection and reads until the server closes it.
  std::string raw(std::string_view bytes);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace altinn_sim::test
