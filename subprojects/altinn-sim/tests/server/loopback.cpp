#include "loopback.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <optional>
#include <sstream>

namespace altinn_sim::test {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

RunningServer::RunningServer(HttpServer::Options options, std::function<Answer(const Incoming&)> handler)
    : server_(options,
              [handler = std::move(handler)](const Incoming& in, Answer& answer) { answer = handler(in); })
    , thread_([this] { server_.run(); }) {}

RunningServer::~RunningServer() {
  server_.stop();
  thread_.join();
}

struct Client::Impl {
  asio::io_context context;
  tcp::endpoint endpoint;
  std::optional<tcp::socket> socket;
  boost::beast::flat_buffer buffer;

  tcp::socket& connected() {
    if (!socket) {
      buffer.clear();
      socket.emplace(context);
      socket->connect(endpoint);
    }
    return *socket;
  }
};

Client::Client(std::uint16_t port)
    : impl_(std::make_unique<Impl>()) {
  impl_->endpoint = tcp::endpoint(asio::ip::address_v4::loopback(), port);
}

Client::~Client() = default;

Reply Client::get(std::string_view target, const std::vector<std::pair<std::string, std::string>>& headers) {
  return send("GET", target, {}, headers);
}

Reply Client::post(std::string_view target, std::string body) {
  return send("POST", target, std::move(body));
}

Reply Client::send(std::string_view method, std::string_view target, std::string body,
                   const std::vector<std::pair<std::string, std::string>>& headers) {
  http::request<http::string_body> request;
  request.method_string({method.data(), method.size()});
  request.target({target.data(), target.size()});
  request.set(http::field::host, "localhost");
  for (const auto& [name, value] : headers)
    request.set(name, value);
  request.body() = std::move(body);
  request.prepare_payload();
  http::response_parser<http::string_body> parser;
  parser.body_limit(1ULL << 30U);
  boost::system::error_code error;
  http::write(impl_->connected(), request, error);
  if (!error) http::read(impl_->connected(), impl_->buffer, parser, error);
  if (error || !parser.get().keep_alive()) impl_->socket.reset();
  if (error) return {};
  std::ostringstream head;
  head << parser.get().base();
  return {static_cast<int>(parser.get().result_int()), parser.get().body(), head.str()};
}

std::string Client::raw(std::string_view bytes) {
  tcp::socket socket(impl_->context);
  socket.connect(impl_->endpoint);
  asio::write(socket, asio::buffer(bytes));
  std::string answer;
  boost::system::error_code error;
  asio::read(socket, asio::dynamic_buffer(answer), error);
  return answer;
}

} // namespace altinn_sim::test
