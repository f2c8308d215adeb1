#pragma once

#include "http_server.hpp"
#include "listener.hpp"

namespace altinn_sim {

struct SessionOptions {
  bool gzip = false;
  bool digests = true; ///< of files, see HttpServer::Options
};

/// Serves one connection until it ends; `handler` outlives it.
void serve_connection(Socket socket, const HttpServer::Handler& handler, SessionOptions options);

} // namespace altinn_sim
