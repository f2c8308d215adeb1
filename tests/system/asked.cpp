#include "asked.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace dialogferry::system {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

Answer ask(const std::string& url, const AskedFor& what) {
  asio::io_context context;
  beast::tcp_stream stream(context);
  stream.expires_after(std::chrono::seconds{30});
  const auto port = static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
  stream.connect({asio::ip::address_v4::loopback(), port});
  const auto verb = http::string_to_verb({what.method.data(), what.method.size()});
  http::request<http::string_body> request(verb, what.target, 11);
  request.set(http::field::host, url.substr(url.find("//") + 2));
  if (!what.body.empty()) request.set(http::field::content_type, what.content_type);
  for (const auto& [name, value] : what.headers)
    request.set(name, value);
  request.body() = what.body;
  request.prepare_payload();
  http::write(stream, request);
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(boost::none);
  http::read(stream, buffer, parser);
  return {static_cast<int>(parser.get().result_int()), std::move(parser.get().body())};
}

} // namespace dialogferry::system
