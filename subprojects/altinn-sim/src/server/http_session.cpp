#include "http_session.hpp"

#include "gzip.hpp"
#include "received_body.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace altinn_sim {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Error = boost::system::error_code;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                               asio::io_context::executor_type>;

namespace {

constexpr std::size_t header_room = 16 * 1024; // an unreserved buffer halves the speed
constexpr auto longest_drain = std::chrono::seconds(2);
constexpr std::size_t worth_compressing = 1024;
constexpr int pieces = 20; // a dribbled body comes in so many
constexpr std::size_t file_piece = 256UL * 1024;

std::string_view view(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

Incoming incoming(http::request<ReceivedBody>& request) {
  Incoming in;
  in.method = view(request.method_string());
  in.target = view(request.target());
  in.if_match = view(request[http::field::if_match]);
  in.content_type = view(request[http::field::content_type]);
  in.authorization = view(request[http::field::authorization]);
  in.host = view(request[http::field::host]);
  auto& body = request.body();
  in.body = body.text;
  in.body_size = body.size;
  in.body_md5 = body.finish();
  in.has_length = !request.chunked();
  in.accepts_gzip = view(request[http::field::accept_encoding]).find("gzip") != std::string_view::npos;
  return in;
}

void append(std::string& text, std::string_view name, std::string_view value) {
  text += name;
  text += ": ";
  text += value;
  text += "\r\n";
}

std::uint64_t size_of(const Response& response) {
  return response.file ? response.file->size() : response.body.size();
}

std::string head_of(const Response& response, bool keep_alive) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
  head.reserve(256);
  head += view(http::obsolete_reason(static_cast<http::status>(response.status)));
  head += "\r\n";
  bool bodyless = response.status == 204 || response.status == 304;
  if (size_of(response) > 0) append(head, "Content-Type", response.content_type);
  for (const auto& [name, value] : response.headers)
    append(head, name, value);
  if (!keep_alive) append(head, "Connection", "close");
  if (!bodyless) append(head, "Content-Length", std::to_string(size_of(response)));
  return head += "\r\n";
}

void compress(Response& response) {
  response.body = gzipped(response.body);
  response.headers.emplace_back("Content-Encoding", "gzip");
}

/// Whether what came is no HTTP, rather than a connection that ended.
bool is_bad_request(const Error& error) {
  return error && error.category() == http::make_error_code(http::error::bad_target).category() &&
         error != http::error::end_of_stream && error != http::error::partial_message;
}

class Session : public std::enable_shared_from_this<Session> {
public:
  Session(Socket socket, const HttpServer::Handler& handler, SessionOptions options)
      : socket_(std::move(socket))
      , timer_(socket_.get_executor())
      , handler_(handler)
      , options_(options) {
    buffer_.reserve(header_room);
  }

  void read() {
    parser_.emplace();
    parser_->get().body().has_digest = options_.digests;
    parser_->body_limit(boost::none); // which limit there is follows from the target
    http::async_read_header(socket_, buffer_, *parser_,
                            [self = shared_from_this()](const Error& error, std::size_t) {
                              if (is_bad_request(error)) return self->refuse(400);
                              if (!error) self->read_body();
                            });
  }

private:
  /// Takes what of the body came with the head, then reads what is left of it.
  void read_body() {
    if (is_too_long()) return refuse(413);
    Error error;
    if (!parser_->is_done() && buffer_.size() > 0) {
      parser_->eager(true);
      buffer_.consume(parser_->put(buffer_.data(), error));
    }
    if (error == http::error::body_limit) return refuse(413);
    if (error && error != http::error::need_more) return refuse(400);
    if (parser_->is_done()) return handle();
    http::async_read(socket_, buffer_, *parser_,
                     [self = shared_from_this()](const Error& failed, std::size_t) {
                       if (failed == http::error::body_limit) return self->refuse(413);
                       if (is_bad_request(failed)) return self->refuse(400);
                       if (!failed) self->handle();
                     });
  }

  bool is_too_long() const {
    const auto length = parser_->content_length();
    return length && *length > ReceivedBody::longest_text && !kept_nowhere(view(parser_->get().target()));
  }

  /// Answers what is no HTTP request we could read, then closes.
  void refuse(int status) {
    keep_alive_ = false;
    answer_ = Answer{};
    answer_.response.status = status;
    if (status == 413) {
      answer_.response.body = R"({"title":"Payload too large. The maximum allowed size is 20000000 bytes.",)"
                              R"("status":413})";
      drains_ = true;
    }
    deliver();
  }

  void handle() {
    auto& request = parser_->get();
    keep_alive_ = request.keep_alive();
    auto in = incoming(request);
    accepts_gzip_ = in.accepts_gzip;
    clear_answer();
    handler_(in, answer_);
    answer_.response.work ? work() : respond();
  }

  /// Goes on with what is left of the request, for as long as the caller is there.
  void work() {
    const auto at_work = answer_.response.work; // kept: the answer it gives may be another one, without it
    if (!at_work) return;                       // the caller left while this was on its way
    auto rest = at_work->next(answer_.response);
    while (rest && rest->count() == 0)
      rest = at_work->next(answer_.response);
    if (!rest) return end_work();
    answer_.response.work = at_work;
    if (!is_watched_) watch_caller();
    wait(*rest, &Session::work);
  }

  void end_work() {
    answer_.response.work.reset();
    Error ignored;
    if (is_watched_) socket_.cancel(ignored);
    is_watched_ = false;
    respond();
  }

  void watch_caller() {
    is_watched_ = true;
    socket_.async_wait(Socket::wait_read, [self = shared_from_this()](const Error& error) {
      if (error || !self->is_watched_) return;
      Error gone;
      const bool has_more = self->socket_.available(gone) > 0;
      if (gone || !has_more) self->leave();
    });
  }

  /// The caller went away: what is left is not done.
  void leave() {
    is_watched_ = false;
    timer_.cancel();
    answer_.response.work.reset();
    Error ignored;
    socket_.close(ignored);
  }

  void respond() {
    if (options_.gzip && accepts_gzip_ && answer_.response.body.size() > worth_compressing)
      compress(answer_.response);
    if (answer_.delivery.delay.count() == 0) return deliver();
    wait(answer_.delivery.delay, &Session::deliver);
  }

  void clear_answer() {
    answer_.raw.clear();
    answer_.response.work.reset();
    answer_.response.file.reset();
    answer_.delivery = {};
    answer_.response.body.clear();
    answer_.response.headers.clear();
  }

  void wait(std::chrono::microseconds time, void (Session::*then)()) {
    timer_.expires_after(time);
    timer_.async_wait([self = shared_from_this(), then](const Error& error) {
      if (!error) (self.get()->*then)();
    });
  }

  void deliver() {
    if (!answer_.raw.empty()) return write_whole(std::array{asio::const_buffer(asio::buffer(answer_.raw))});
    head_ = head_of(answer_.response, keep_alive_);
    sent_ = 0;
    switch (answer_.delivery.way) {
    case Delivery::Way::whole:
      if (answer_.response.file) return write_up_to(size(), &Session::next);
      return write_whole(
          std::array<asio::const_buffer, 2>{asio::buffer(head_), asio::buffer(answer_.response.body)});
    case Delivery::Way::reset: return reset();
    case Delivery::Way::dribble: return write_up_to(size() / pieces, &Session::dribble_on);
    case Delivery::Way::stall: return write_up_to(size() / 2, &Session::stall);
    case Delivery::Way::cut: return write_up_to(cut_at(), &Session::reset);
    }
  }

  template <class Parts>
  void write_whole(const Parts& parts) {
    asio::async_write(socket_, parts, [self = shared_from_this()](const Error& error, std::size_t) {
      if (!error) self->next();
    });
  }

  /// Writes the body up to `end`, with the head in front of its first byte.
  void write_up_to(std::uint64_t end, void (Session::*then)()) {
    const auto until = answer_.response.file ? std::min(end, sent_ + file_piece) : end;
    std::array<asio::const_buffer, 2> parts = {asio::buffer(head_), asio::buffer(body_up_to(until))};
    asio::async_write(socket_, parts,
                      [self = shared_from_this(), until, end, then](const Error& error, std::size_t) {
                        if (error) return;
                        self->head_.clear();
                        self->sent_ = until;
                        until < end ? self->write_up_to(end, then) : (self.get()->*then)();
                      });
  }

  /// What of the body stands between what was sent and `end`; of a file it is made now.
  std::string_view body_up_to(std::uint64_t end) {
    const auto length = static_cast<std::size_t>(end - sent_);
    const auto* file = answer_.response.file.get();
    if (file == nullptr) return std::string_view(answer_.response.body).substr(sent_, length);
    answer_.response.body.resize(length);
    file->read(sent_, answer_.response.body.data(), length);
    return answer_.response.body;
  }

  std::uint64_t size() const { return size_of(answer_.response); }

  std::uint64_t cut_at() const {
    const auto& delivery = answer_.delivery;
    const auto wanted = delivery.cut_share
                            ? static_cast<std::uint64_t>(static_cast<double>(size()) * *delivery.cut_share)
                            : delivery.cut_at;
    return std::min(size(), wanted);
  }

  void dribble_on() {
    if (sent_ == size()) return next();
    wait(answer_.delivery.over / pieces, &Session::dribble);
  }

  void dribble() {
    const auto whole = size();
    write_up_to(std::min(whole, sent_ + std::max<std::uint64_t>(whole / pieces, 1)), &Session::dribble_on);
  }

  void stall() { wait(answer_.delivery.over, &Session::reset); }

  /// Closes so that the peer sees a reset, not an orderly end.
  void reset() {
    Error ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
  }

  void next() {
    if (keep_alive_) return read();
    Error ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    if (drains_) drain();
  }

  /// Throws away what still comes for a while: closed at once, the connection would be reset before the
  /// answer is read.
  void drain() {
    wait(longest_drain, &Session::reset);
    drain_on();
  }

  void drain_on() {
    buffer_.clear();
    socket_.async_read_some(buffer_.prepare(header_room),
                            [self = shared_from_this()](const Error& error, std::size_t) {
                              error ? static_cast<void>(self->timer_.cancel()) : self->drain_on();
                            });
  }

  Socket socket_;
  Timer timer_;
  const HttpServer::Handler& handler_;
  SessionOptions options_;
  bool keep_alive_ = true;
  bool accepts_gzip_ = false;
  bool is_watched_ = false; ///< the caller is, while there is work left
  bool drains_ = false;     ///< a body that nobody reads is still coming
  boost::beast::flat_buffer buffer_;
  std::optional<http::request_parser<ReceivedBody>> parser_;
  Answer answer_;
  std::string head_;
  std::uint64_t sent_ = 0; ///< of the body
};

} // namespace

void serve_connection(Socket socket, const HttpServer::Handler& handler, SessionOptions options) {
  std::make_shared<Session>(std::move(socket), handler, options)->read();
}

} // namespace altinn_sim
