#pragma once

#include "http_server.hpp"
#include "listener.hpp"

namespace altinn_sim {

/// Serves one connection until it ends; `handler` outlives it.
void serve_connection(Socket socket, const HttpServer::Handler& handler, bool gzip);

} // namespace altinn_sim
