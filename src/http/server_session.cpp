#include "server_session.hpp"

#include <dialogferry/http/url.hpp>

#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>

#include <array>

namespace dialogferry::http {
namespace {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
using Error = boost::system::error_code;

constexpr std::chrono::milliseconds linger_time{2'000};
constexpr std::size_t piece = 4 << 10;
constexpr std::size_t most_buffered = 64 << 10; ///< read and not taken yet: a header, a chunk's first line
constexpr int stream_send_buffer = 64 << 10;    ///< so that it shows soon that nobody reads

/// 0 where the connection ended by itself.
int status_for(const Error& error) {
  if (error == beast_http::error::body_limit) return 413;
  if (error == beast_http::error::header_limit || error == beast_http::error::buffer_overflow) return 431;
  if (error == beast_http::error::end_of_stream || error == beast_http::error::partial_message) return 0;
  return error.category() == beast_http::make_error_code(beast_http::error::bad_method).category() ? 400 : 0;
}

std::optional<Method> method_of(beast_http::verb verb) {
  switch (verb) {
  case beast_http::verb::get: return Method::get;
  case beast_http::verb::head: return Method::head;
  case beast_http::verb::post: return Method::post;
  case beast_http::verb::put: return Method::put;
  case beast_http::verb::patch: return Method::patch;
  case beast_http::verb::delete_: return Method::remove;
  case beast_http::verb::options: return Method::options;
  default: return std::nullopt;
  }
}

std::string text_of(boost::beast::string_view view) {
  return {view.data(), view.size()};
}

bool is_clean(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

bool is_clean(const ServerResponse& response) {
  bool clean = is_clean(response.content_type);
  for (const auto& header : response.headers)
    clean = clean && is_clean(header.name) && is_clean(header.value);
  return clean;
}

void write_answer_head(std::string& head, const ServerResponse& response, bool keep) {
  const auto reason =
      beast_http::obsolete_reason(beast_http::int_to_status(static_cast<unsigned>(response.status)));
  head = "HTTP/1.1 " + std::to_string(response.status) + ' ' + text_of(reason) + "\r\n";
  if (!response.content_type.empty()) head += "Content-Type: " + response.content_type + "\r\n";
  for (const auto& header : response.headers)
    head += header.name + ": " + header.value + "\r\n";
  if (response.status != 204 && response.status != 304) {
    head += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
  }
  head += keep ? "\r\n" : "Connection: close\r\n\r\n";
}

} // namespace

ServerSession::ServerSession(std::shared_ptr<ServerCore> core, ServerSocket socket)
    : core_(std::move(core))
    , socket_(std::move(socket))
    , connection_(core_->newcomers(), 1)
    , buffer_(std::max(most_buffered, 2 * core_->options().max_header)) {}

// -- reading -----------------------------------------------------------------------

void ServerSession::begin() {
  expect_within(core_->options().read_timeout);
  next();
}

void ServerSession::next() {
  phase_ = Phase::reading;
  keeps_waiting();
  ++turn_;
  parser_.reset();
  idle_ = buffer_.size() == 0;
  if (!idle_) return read_header();
  socket_.async_wait(ServerSocket::wait_read, [self = shared_from_this()](const Error& error) {
    if (self->phase_ == Phase::closed) return;
    if (error) return self->close();
    self->idle_ = false;
    self->read_header();
  });
}

void ServerSession::read_header() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(core_->options().max_header));
  parser_->body_limit(core_->options().max_body);
  expect_within(core_->options().read_timeout);
  beast_http::async_read_header(socket_, buffer_, *parser_,
                                [self = shared_from_this()](const Error& error, std::size_t) {
                                  if (self->phase_ != Phase::closed) self->header_read(error);
                                });
}

void ServerSession::header_read(const Error& error) {
  if (error) {
    const int status = status_for(error);
    return status == 0 ? close() : refuse(status, "this request is not served\n");
  }
  if (!parser_->is_done()) {
    const auto size = static_cast<std::size_t>(parser_->content_length().value_or(core_->options().max_body));
    if (!core_->bodies().make_room(size)) return refuse(503, "too many bodies at a time\n");
    body_place_ = Places::Held(core_->bodies(), size);
    body_place_.waits_for(*this);
  }
  const auto expect = parser_->get()[beast_http::field::expect];
  if (!parser_->is_done() && boost::beast::iequals(expect, "100-continue")) return invite_body();
  read_body();
}

void ServerSession::invite_body() {
  static const std::string text = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(socket_, asio::buffer(text),
                    [self = shared_from_this()](const Error& error, std::size_t) {
                      if (self->phase_ == Phase::closed) return;
                      if (error) return self->close();
                      self->read_body();
                    });
}

void ServerSession::read_body() {
  beast_http::async_read(
      socket_, buffer_, *parser_, [self = shared_from_this()](const Error& error, std::size_t) {
        if (self->phase_ == Phase::closed) return;
        if (!error) return self->serve();
        const int status = status_for(error);
        return status == 0 ? self->close() : self->refuse(status, "this request is not served\n");
      });
}

void ServerSession::serve() {
  auto message = parser_->release();
  const auto method = method_of(message.method());
  const auto target = text_of(message.target());
  const auto question = target.find('?');
  auto path = percent_decode(std::string_view(target).substr(0, question));
  if (!path || path->empty() || path->front() != '/') return refuse(400, "this is not a path\n");
  if (!method) return refuse(501, "this method is not known here\n");

  ServerRequest request;
  request.method = *method;
  request.path = std::move(*path);
  if (question != std::string::npos) request.query = target.substr(question + 1);
  for (const auto& field : message)
    request.headers.push_back({text_of(field.name_string()), text_of(field.value())});
  request.body = std::move(message.body());
  if (!known_) look_at_peer();
  request.from_loopback = from_loopback_;

  phase_ = Phase::answering;
  head_only_ = *method == Method::head;
  keep_ = message.keep_alive();
  deadline_ = Clock::time_point::max();
  waits_itself();
  body_place_.give_back();
  if (!make_acquaintance()) return refuse(503, "too many connections\n");
  ServerResponse otherwise;
  const auto* route = core_->find(request, otherwise);
  if (!take_place(core_->places_of(route)))
    return reply(turn_,
                 {503, "text/plain; charset=utf-8", "too many requests at a time\n", {{"Retry-After", "1"}}});
  if (route == nullptr) return reply(turn_, std::move(otherwise));
  route->handler(request,
                 Reply(std::make_shared<Reply::State>(weak_from_this(), turn_, core_->worker(),
                                                      core_->options().max_stream_backlog, core_->pool())));
}

/// Not before it has sent a request: a flood of connections is to cost little.
void ServerSession::look_at_peer() {
  Error error;
  socket_.set_option(asio::ip::tcp::no_delay(true), error);
  const auto peer = socket_.remote_endpoint(error).address();
  from_loopback_ = !error && (peer.is_loopback() ||
                              (peer.is_v6() && peer.to_v6().is_v4_mapped() &&
                               asio::ip::make_address_v4(asio::ip::v4_mapped, peer.to_v6()).is_loopback()));
}

// -- places ------------------------------------------------------------------------

bool ServerSession::make_acquaintance() {
  if (known_) return true;
  if (!core_->connections().make_room()) return false;
  connection_ = Places::Held(core_->connections(), 1);
  return known_ = true;
}

bool ServerSession::take_place(Places& places) {
  if (!places.make_room()) return false;
  request_ = Places::Held(places, 1);
  return true;
}

/// It is the client's turn.
void ServerSession::keeps_waiting() {
  connection_.waits_for(*this);
  request_.waits_for(*this);
  stream_place_.waits_for(*this);
}

void ServerSession::waits_itself() {
  connection_.waits_no_more();
  request_.waits_no_more();
  stream_place_.waits_no_more();
}

// -- answering -----------------------------------------------------------------------

void ServerSession::reply(std::uint64_t turn, ServerResponse response) {
  if (turn != turn_ || phase_ != Phase::answering) return;
  if (!is_clean(response)) response = {500, "text/plain; charset=utf-8", "a header holds a line break\n", {}};
  const bool keep = keep_ && !core_->stopping();
  write_answer_head(head_, response, keep);
  body_ = head_only_ ? std::string() : std::move(response.body);
  write(!keep);
}

void ServerSession::refuse(int status, std::string body) {
  body_place_.give_back();
  parser_.reset();
  write_answer_head(head_, {status, "text/plain; charset=utf-8", body, {}}, false);
  body_ = std::move(body);
  write(true);
}

void ServerSession::write(bool then_close) {
  phase_ = Phase::writing;
  keeps_waiting();
  expect_within(core_->options().write_timeout);
  const std::array<asio::const_buffer, 2> buffers{asio::buffer(head_), asio::buffer(body_)};
  asio::async_write(socket_, buffers,
                    [self = shared_from_this(), then_close](const Error& error, std::size_t) {
                      if (self->phase_ != Phase::closed) self->written(error, then_close);
                    });
}

void ServerSession::written(const Error& error, bool then_close) {
  if (error) return close();
  waits_itself();
  request_.give_back();
  if (then_close || core_->stopping()) return linger();
  expect_within(core_->options().max_idle);
  next();
}

/// A close while the client still sends would become a reset and could take the answer with it.
void ServerSession::linger() {
  const bool reading = phase_ == Phase::streaming; // already
  phase_ = Phase::lingering;
  keeps_waiting();
  expect_within(linger_time);
  Error error;
  socket_.shutdown(asio::socket_base::shutdown_send, error);
  if (error) return close();
  if (!reading) discard_input();
}

void ServerSession::discard_input() {
  buffer_.consume(buffer_.size());
  socket_.async_read_some(buffer_.prepare(piece),
                          [self = shared_from_this()](const Error& error, std::size_t) {
                            if (self->phase_ == Phase::closed) return;
                            if (error) return self->close();
                            self->discard_input();
                          });
}

// -- events --------------------------------------------------------------------------

void ServerSession::open_stream(std::uint64_t turn, std::shared_ptr<EventStream::State> stream) {
  if (turn != turn_ || phase_ != Phase::answering || core_->stopping()) {
    stream->open = false;
    return phase_ == Phase::answering ? close() : void();
  }
  if (!core_->streams().make_room()) {
    stream->open = false;
    return reply(turn, {503, "text/plain; charset=utf-8", "too many streams\n", {{"Retry-After", "10"}}});
  }
  head_ = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"
          "Connection: close\r\n\r\n";
  body_.clear();
  if (head_only_) {
    stream->open = false;
    return write(true);
  }
  phase_ = Phase::streaming;
  request_.give_back();
  stream_place_ = Places::Held(core_->streams(), 1);
  stream_ends_ = Clock::now() + core_->options().max_stream_time;
  Error ignored;
  socket_.set_option(asio::socket_base::send_buffer_size(stream_send_buffer), ignored);
  stream_ = std::move(stream);
  stream_->backlog += head_.size();
  stream_more(head_);
  discard_input(); // sees the client go
}

void ServerSession::stream_more(const std::string& text) {
  if (phase_ != Phase::streaming) return;
  events_ += text;
  if (!writing_events_) write_events();
}

void ServerSession::end_stream() {
  if (phase_ != Phase::streaming) return;
  stream_->open = false;
  ending_ = true;
  if (!writing_events_) linger();
}

void ServerSession::write_events() {
  if (events_.empty() && ending_) {
    writing_events_ = false;
    return linger();
  }
  deadline_ = Clock::now() + (events_.empty() ? core_->options().event_ping : core_->options().write_timeout);
  writing_events_ = !events_.empty();
  if (!writing_events_) return waits_itself();
  keeps_waiting();
  body_ = std::exchange(events_, {});
  asio::async_write(socket_, asio::buffer(body_),
                    [self = shared_from_this()](const Error& error, std::size_t) {
                      if (self->phase_ == Phase::closed) return;
                      if (error) return self->close();
                      self->stream_->backlog -= self->body_.size();
                      self->write_events();
                    });
}

// -- the end ---------------------------------------------------------------------------

void ServerSession::wind_down() {
  if (phase_ == Phase::streaming) return end_stream();
  if (phase_ == Phase::reading && idle_) close();
}

void ServerSession::close() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  if (stream_) stream_->open = false;
  for (auto* held : {&connection_, &request_, &body_place_, &stream_place_})
    held->give_back();
  Error ignored;
  socket_.close(ignored);
  core_->forget(shared_from_this());
}

void ServerSession::sweep(Clock::time_point now) {
  if (phase_ == Phase::streaming && now >= stream_ends_ && !ending_) return end_stream();
  if (now < deadline_) return;
  if (phase_ != Phase::streaming || writing_events_) return close();
  const std::string ping = ":\n\n";
  stream_->backlog += ping.size();
  stream_more(ping);
}

} // namespace dialogferry::http
