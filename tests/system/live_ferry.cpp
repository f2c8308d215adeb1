#include "live_ferry.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include <csignal>
#include <stdexcept>

namespace dialogferry::system {

namespace asio = boost::asio;
namespace beast = boost::beast;

namespace {

constexpr std::chrono::milliseconds look_every{20};

std::uint16_t free_port() {
  asio::io_context context;
  const asio::ip::tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  return acceptor.local_endpoint().port();
}

/// The answer's body; nothing where nobody answers 200.
std::optional<std::string> fetch(std::uint16_t port, const std::string& target) {
  try {
    asio::io_context context;
    beast::tcp_stream stream(context);
    stream.connect({asio::ip::address_v4::loopback(), port});
    beast::http::request<beast::http::empty_body> request(beast::http::verb::get, target, 11);
    request.set(beast::http::field::host, "127.0.0.1");
    beast::http::write(stream, request);
    beast::flat_buffer buffer;
    beast::http::response<beast::http::string_body> response;
    beast::http::read(stream, buffer, response);
    if (response.result_int() != 200) return std::nullopt;
    return response.body();
  } catch (const boost::system::system_error&) {
    return std::nullopt;
  }
}

} // namespace

LiveFerry::LiveFerry(Platform& platform, const Days& days, const std::string& settings,
                     const std::string& ledger)
    : port_(free_port())
    , url_(fmt::format("http://127.0.0.1:{}", port_))
    , ferry_(platform, days, fmt::format("[rows.{}]\norganisations = []\n{}", live_row, settings), ledger) {}

void LiveFerry::start(const std::vector<std::string>& sets) {
  auto all = sets;
  all.push_back(fmt::format("status.listen=127.0.0.1:{}", port_));
  engine_ = ferry_.stay(all);
  if (!eventually([&] { return fetch(port_, "/healthz").has_value(); }))
    throw std::runtime_error("the engine does not listen");
}

void LiveFerry::kill() {
  engine_->signal(SIGKILL);
  engine_->wait_for(std::chrono::seconds{10});
}

int LiveFerry::stop() {
  engine_->signal(SIGTERM);
  return engine_->wait_for(std::chrono::seconds{60}).value_or(-1);
}

bool LiveFerry::is_ready() const {
  return fetch(port_, "/readyz").has_value();
}

json::value LiveFerry::row(std::string_view id) {
  const auto status = fetch(port_, "/api/status");
  if (!status) throw std::runtime_error("the engine tells no status");
  const auto told = json::parse(*status);
  for (const auto& each : told.at("rows").as_array())
    if (each.at("id").as_string() == json::string_view(id.data(), id.size())) return each;
  throw std::runtime_error("the status names no row " + std::string(id));
}

bool LiveFerry::eventually(const std::function<bool()>& done, std::chrono::milliseconds within) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  while (!done())
    if (std::chrono::steady_clock::now() > deadline || engine_->wait_for(look_every)) return false;
  return true;
}

json::value emit(Platform& platform, std::string_view order) {
  const auto answer = platform.request("POST", "/_sim/emit", json::parse({order.data(), order.size()}));
  if (answer.status / 100 != 2) throw std::runtime_error(answer.body);
  return json::parse(answer.body);
}

bool all_delivered(Platform& platform) {
  const auto told = platform.get("/_sim/emit");
  return !told.at("running").as_bool() && told.at("pending").to_number<std::uint64_t>() == 0;
}

} // namespace dialogferry::system
