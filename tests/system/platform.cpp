#include "platform.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <poll.h>
#include <stdexcept>

namespace dialogferry::system {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr std::chrono::seconds start_time{20};
constexpr std::chrono::milliseconds look_every{5};

std::vector<std::string> with_port(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--port", "0"});
  return arguments;
}

/// The port in `listening on 127.0.0.1:PORT`, once the line is there.
std::uint16_t wait_for_port(Process& process, const std::string& file) {
  const auto deadline = std::chrono::steady_clock::now() + start_time;
  while (std::chrono::steady_clock::now() < deadline) {
    const auto text = contents(file);
    if (const auto colon = text.rfind(':'); colon != std::string::npos && text.back() == '\n')
      return static_cast<std::uint16_t>(std::stoul(text.substr(colon + 1)));
    if (process.wait_for(look_every)) break;
  }
  throw std::runtime_error("altinn-sim did not come up: " + contents(file));
}

std::uint64_t number(const json::value& value) {
  return value.to_number<std::uint64_t>();
}

} // namespace

/// One kept-alive connection, blocking.
struct Platform::Connection {
  explicit Connection(std::uint16_t port)
      : stream(context) {
    stream.connect({asio::ip::address_v4::loopback(), port});
  }

  Answer send(std::string_view method, const std::string& target, std::string body) {
    http::request<http::string_body> request(http::string_to_verb({method.data(), method.size()}), target,
                                             11);
    request.set(http::field::host, "127.0.0.1");
    request.set(http::field::content_type, "application/json");
    request.body() = std::move(body);
    request.prepare_payload();
    http::write(stream, request);
    http::response_parser<http::string_body> parser;
    parser.body_limit(boost::none);
    http::read(stream, buffer, parser);
    return {static_cast<int>(parser.get().result_int()), std::move(parser.get().body())};
  }

  asio::io_context context;
  beast::tcp_stream stream;
  beast::flat_buffer buffer;
};

Platform::Platform(std::vector<std::string> arguments)
    : process_(ALTINN_SIM, with_port(std::move(arguments)), {folder_.path("out"), folder_.path("err")})
    , port_(wait_for_port(process_, folder_.path("out")))
    , base_url_("http://127.0.0.1:" + std::to_string(port_))
    , connection_(std::make_unique<Connection>(port_)) {}

Platform::~Platform() = default;

Answer Platform::request(std::string_view method, const std::string& target, const json::value& body) {
  return connection_->send(method, target, body.is_null() ? std::string() : json::serialize(body));
}

json::value Platform::get(const std::string& target) {
  const auto answer = connection_->send("GET", target, {});
  if (answer.status != 200) throw std::runtime_error(target + ": " + answer.body);
  return json::parse(answer.body);
}

void Platform::command(std::string_view method, const std::string& target, std::string_view body) {
  const auto answer = connection_->send(method, target, std::string(body));
  if (answer.status != 204) throw std::runtime_error(target + ": " + answer.body);
}

Audit Platform::audit(std::string_view of_row) {
  const auto told = get("/_sim/audit");
  for (const auto& row : told.at("rows").as_array()) {
    if (row.at("id").as_string() != json::string_view(of_row.data(), of_row.size())) continue;
    const auto count = [&](const char* name) { return number(row.at(name)); };
    return {count("expected"), count("excluded"), count("failed"), count("present"),
            count("missing"),  count("doubled"),  count("stale"),  count("wrong")};
  }
  throw std::runtime_error("no audit of " + std::string(of_row));
}

std::uint64_t Platform::requests_to(std::string_view endpoint) {
  const auto told = get("/_sim/requests");
  for (const auto& one : told.at("endpoints").as_array())
    if (one.at("endpoint").as_string() == json::string_view(endpoint.data(), endpoint.size()))
      return number(one.at("requests"));
  return 0;
}

std::uint64_t Platform::requests(std::string_view api) {
  return number(get("/_sim/requests").at("apis").at({api.data(), api.size()}).at("requests"));
}

std::uint64_t Platform::most_in_a_second(std::string_view api) {
  return number(get("/_sim/requests").at("apis").at({api.data(), api.size()}).at("max_per_second"));
}

std::uint64_t Platform::requests() {
  return number(get("/_sim/requests").at("total"));
}

void Platform::forget_requests() {
  command("POST", "/_sim/requests/reset", {});
}

void Platform::faults(std::string_view plan) {
  command("POST", "/_sim/faults", plan);
}

void Platform::put_rule(const std::string& name, std::string_view rule) {
  command("PUT", "/_sim/faults/rules/" + name, rule);
}

void Platform::remove_rule(const std::string& name) {
  command("DELETE", "/_sim/faults/rules/" + name, {});
}

} // namespace dialogferry::system
