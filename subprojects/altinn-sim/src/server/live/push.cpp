#include "live/push.hpp"

#include "storage/dice.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <algorithm>

namespace altinn_sim::live {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Error = boost::system::error_code;
using storage::Ticks;

namespace {

constexpr std::size_t places = 20;
constexpr int redirections_at_most = 50;
constexpr auto answer_time = std::chrono::seconds(45);

using storage::hour;
using storage::minute;
using storage::second;
constexpr std::array<Ticks, 11> event_ladder{10 * second, 30 * second, minute,   5 * minute,
                                             10 * minute, 30 * minute, hour,     3 * hour,
                                             6 * hour,    12 * hour,   12 * hour};
constexpr std::array<Ticks, 8> validation_ladder{second, 5 * second, 10 * second, 30 * second,
                                                 minute, 2 * minute, 2 * minute,  2 * minute};

/// The pause after that many tries; null where there are to be no more.
std::optional<Ticks> pause_after(std::size_t tries, const Delivery& delivery) {
  const bool validation = delivery.validation;
  if (tries >= delivery.tries_at_most) return {};
  const auto* ladder = validation ? validation_ladder.data() : event_ladder.data();
  const auto steps = validation ? validation_ladder.size() : event_ladder.size();
  return tries > steps ? std::nullopt : std::optional(ladder[tries - 1]);
}

/// Where an answer of 3xx sends the request; null where it sends it nowhere.
std::optional<Endpoint> redirected(const http::response<http::string_body>& response, const Endpoint& from) {
  switch (response.result_int()) {
  case 301:
  case 302:
  case 303:
  case 307:
  case 308: break;
  default: return {};
  }
  const std::string_view location(response[http::field::location].data(),
                                  response[http::field::location].size());
  if (!location.starts_with('/')) return loopback_endpoint(location);
  auto out = from;
  out.target = location;
  return out;
}

/// "00-445906d7e6edfdf34afc13a477cce0dc-9ee28a4faa11a8cb-01", another one for each number.
std::string trace_parent(std::uint64_t number) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "00-";
  const auto append = [&](std::uint64_t part) {
    for (int shift = 60; shift >= 0; shift -= 4)
      out += digits[(part >> static_cast<unsigned>(shift)) & 0xfU];
  };
  append(storage::mix(number, 0x7ace));
  append(storage::mix(number, 0x1d));
  out += '-';
  append(storage::mix(number, 0x59a));
  return out + "-01";
}

} // namespace

/// One keep-alive connection; connects again where the address changes or the peer closed.
class Push::Connection {
public:
  explicit Connection(Push& push)
      : push_(push)
      , stream_(push.agenda_.context()) {}

  bool idle() const { return item_ == nullptr && !taken_; }
  /// Nobody else gets the place.
  void take() { taken_ = true; }
  void leave() { taken_ = false; }

  void send(std::shared_ptr<Item> item) {
    item_ = std::move(item);
    redirections_ = 0;
    request(http::verb::post, item_->delivery.to);
  }

private:
  /// The headers of the real service, in its order, and nothing else (observed.md OE-1).
  void request(http::verb verb, const Endpoint& to) {
    to_ = to;
    request_ = {verb, to.target, 11};
    request_.set(http::field::host, to.host);
    request_.set("traceparent", trace_parent(++push_.sent_));
    if (verb == http::verb::post) {
      request_.set(http::field::content_type, "application/json; charset=utf-8");
      request_.body() = *item_->delivery.body;
      request_.prepare_payload();
    }
    const bool kept = open_ && port_ == to.port;
    if (kept) return write(true);
    connect();
  }

  void answered() {
    const auto to = redirected(response_, to_);
    if (!to || ++redirections_ > redirections_at_most) return finish(response_.result_int() / 100 == 2);
    const bool again = response_.result_int() >= 307;
    request(again ? request_.method() : http::verb::get, *to);
  }

  void connect() {
    close();
    port_ = to_.port;
    stream_.expires_after(answer_time);
    stream_.async_connect(asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), port_),
                          [this](const Error& error) {
                            if (error) return finish(false);
                            open_ = true;
                            Error ignored;
                            stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
                            write(false);
                          });
  }

  void write(bool may_be_stale) {
    stream_.expires_after(answer_time);
    http::async_write(stream_, request_, [this, may_be_stale](const Error& error, std::size_t) {
      if (error) return may_be_stale ? connect() : fail();
      read(may_be_stale);
    });
  }

  void read(bool may_be_stale) {
    buffer_.clear();
    response_ = {};
    http::async_read(stream_, buffer_, response_, [this, may_be_stale](const Error& error, std::size_t) {
      // A kept connection may have been closed by the peer meanwhile.
      if (error == http::error::end_of_stream && may_be_stale) return connect();
      if (error) return fail();
      if (!response_.keep_alive()) close();
      answered();
    });
  }

  void fail() {
    close();
    finish(false);
  }

  void close() {
    Error ignored;
    stream_.socket().close(ignored);
    open_ = false;
  }

  void finish(bool succeeded) { push_.done(*this, std::exchange(item_, nullptr), succeeded); }

  Push& push_;
  beast::tcp_stream stream_;
  Endpoint to_;
  int redirections_ = 0;
  std::uint16_t port_ = 0;
  bool open_ = false;
  bool taken_ = false;
  std::shared_ptr<Item> item_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
};

Push::Push(Agenda& agenda)
    : agenda_(agenda) {
  for (std::size_t at = 0; at < places; ++at)
    connections_.push_back(std::make_unique<Connection>(*this));
}

Push::~Push() = default;

void Push::send(Delivery delivery) {
  ++counts_.pending;
  auto item = std::make_shared<Item>();
  item->delivery = std::move(delivery);
  asio::post(agenda_.context(), [this, item = std::move(item)]() mutable { enqueue(std::move(item)); });
}

void Push::enqueue(std::shared_ptr<Item> item) {
  waiting_.push_back(std::move(item));
  hand_out();
}

void Push::hand_out() {
  while (!waiting_.empty()) {
    const auto idle = std::find_if(connections_.begin(), connections_.end(),
                                   [](const auto& connection) { return connection->idle(); });
    if (idle == connections_.end()) return;
    auto item = std::move(waiting_.front());
    waiting_.pop_front();
    give(**idle, std::move(item));
  }
}

/// False where the delivery is not wanted any more.
bool Push::give(Connection& place, std::shared_ptr<Item> item) {
  const auto& delivery = item->delivery;
  if (delivery.still_wanted && !delivery.still_wanted()) {
    --counts_.pending;
    return false;
  }
  if (++item->tries == 1 && delivery.on_first_try) delivery.on_first_try();
  place.send(std::move(item));
  return true;
}

void Push::done(Connection& place, std::shared_ptr<Item> item, bool succeeded) {
  const auto pause = succeeded ? std::nullopt : pause_after(item->tries, item->delivery);
  if (pause) {
    ++counts_.retried;
    const auto scaled = static_cast<Ticks>(static_cast<double>(*pause) * retry_scale_);
    if (item->tries == 1 && !item->delivery.validation) {
      wait_in(place, std::move(item), scaled);
    } else {
      agenda_.at(agenda_.now() + scaled, [this, item] { enqueue(item); });
    }
  } else {
    end(item, succeeded);
  }
  hand_out();
}

void Push::wait_in(Connection& place, std::shared_ptr<Item> item, Ticks pause) {
  place.take();
  agenda_.at(agenda_.now() + pause, [this, &place, item = std::move(item)] {
    place.leave();
    if (!give(place, item)) hand_out();
  });
}

void Push::end(const std::shared_ptr<Item>& item, bool succeeded) {
  --counts_.pending;
  ++(succeeded ? counts_.delivered : counts_.given_up);
  if (item->delivery.on_end) item->delivery.on_end(succeeded);
}

} // namespace altinn_sim::live
