#include "http_server.hpp"

#include "http_session.hpp"
#include "listener.hpp"

namespace altinn_sim {

struct HttpServer::Impl {
  Impl(Options options, Handler on_request)
      : handler(std::move(on_request))
      , listener(options.port, options.threads, [this, options](Socket socket) {
        serve_connection(std::move(socket), handler, {options.gzip, options.digests});
      }) {}

  Handler handler;
  Listener listener;
};

HttpServer::HttpServer(Options options, Handler handler)
    : impl_(std::make_unique<Impl>(options, std::move(handler))) {}

HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const {
  return impl_->listener.port();
}
void HttpServer::run() {
  impl_->listener.run();
}
void HttpServer::stop_on_signals() {
  impl_->listener.stop_on_signals();
}
void HttpServer::stop() {
  impl_->listener.stop();
}

} // namespace altinn_sim
