#pragma once

#include "http_server.hpp"
#include "request_log.hpp"
#include "sink.hpp"

#include <chrono>
#include <cstdint>
#include <memory>

namespace altinn_sim::sink {

/// The sink as an HTTP/1.1 keep-alive server: scans requests by hand instead of parsing them, writes at once.
class SinkServer {
public:
  struct Options {
    std::uint16_t port = 0;
    unsigned threads = 1;
    std::chrono::microseconds latency{0}; ///< before every answer of the platform's APIs
  };

  /// `control` answers what is below "/_sim"; log and sink outlive the server.
  SinkServer(Options options, const Sink& sink, RequestLog& log, HttpServer::Handler control);
  ~SinkServer();
  SinkServer(const SinkServer&) = delete;
  SinkServer& operator=(const SinkServer&) = delete;

  std::uint16_t port() const;
  void run();             ///< serves until `stop`
  void stop_on_signals(); ///< SIGINT and SIGTERM stop it
  void stop();            ///< from any thread

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace altinn_sim::sink
