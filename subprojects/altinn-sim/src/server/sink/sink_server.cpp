#include "sink_server.hpp"

#include "listener.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <cstring>
#include <vector>

namespace altinn_sim::sink {

namespace asio = boost::asio;
using Error = boost::system::error_code;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                               asio::io_context::executor_type>;

namespace {

constexpr std::size_t first_room = 16 * 1024;
constexpr std::string_view bad_request =
    "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

std::int64_t steady_us() {
  auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

/// What all connections share.
struct Shared {
  const Sink& sink;
  RequestLog& log;
  HttpServer::Handler control;
  std::chrono::microseconds latency;
};

class Session : public std::enable_shared_from_this<Session> {
public:
  Session(Socket socket, const Shared& shared)
      : socket_(std::move(socket))
      , timer_(socket_.get_executor())
      , shared_(shared)
      , buffer_(first_room) {
    socket_.non_blocking(true);
  }

  void read() {
    auto room = asio::buffer(buffer_.data() + filled_, buffer_.size() - filled_);
    socket_.async_read_some(room, [self = shared_from_this()](const Error& error, std::size_t size) {
      if (error) return;
      self->filled_ += size;
      self->handle();
    });
  }

private:
  /// Answers every request that is complete, then waits for more.
  void handle() {
    out_.clear();
    delayed_ = false;
    std::size_t used = 0;
    while (open_) {
      auto request = scan_request({buffer_.data() + used, filled_ - used});
      if (request.state == Scanned::State::incomplete) {
        make_room(request.size);
        break;
      }
      if (request.state == Scanned::State::malformed) {
        out_ += bad_request;
        open_ = false;
        break;
      }
      answer(request);
      open_ = request.keep_alive;
      used += request.size;
    }
    std::memmove(buffer_.data(), buffer_.data() + used, filled_ - used);
    filled_ -= used;
    if (out_.empty()) return read();
    if (!delayed_) return write();
    timer_.expires_after(shared_.latency);
    timer_.async_wait([self = shared_from_this()](const Error& error) {
      if (!error) self->write();
    });
  }

  void answer(const Scanned& request) {
    std::size_t endpoint = 0;
    int status = shared_.sink.answer(request, out_, endpoint);
    if (status == 0) return answer_control(request);
    shared_.log.note(endpoint, status, steady_us());
    delayed_ = shared_.latency.count() > 0;
  }

  void answer_control(const Scanned& request) {
    Incoming in;
    in.method = request.method;
    in.target = request.target;
    in.body = request.body;
    auto answer = shared_.control(in);
    const auto& response = answer.response;
    out_ += with_head(std::to_string(response.status) + " -",
                      "Content-Type: " + response.content_type + "\r\n", response.body, response.body.size());
  }

  /// A request larger than the buffer: its size is known once its header is there.
  void make_room(std::size_t size) {
    if (size > buffer_.size()) buffer_.resize(size);
    if (filled_ == buffer_.size()) buffer_.resize(2 * buffer_.size());
  }

  /// Most answers fit into the socket's buffer: no round through the event loop for them.
  void write() {
    Error error;
    auto sent = socket_.write_some(asio::buffer(out_), error);
    if (error == asio::error::would_block) sent = 0;
    if (error && error != asio::error::would_block) return;
    if (sent == out_.size()) return next();
    asio::async_write(socket_, asio::buffer(out_.data() + sent, out_.size() - sent),
                      [self = shared_from_this()](const Error& failed, std::size_t) {
                        if (!failed) self->next();
                      });
  }

  void next() {
    if (open_) return read();
    Error ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
  }

  Socket socket_;
  Timer timer_;
  const Shared& shared_;
  std::vector<char> buffer_;
  std::size_t filled_ = 0;
  std::string out_;
  bool open_ = true;
  bool delayed_ = false;
};

} // namespace

struct SinkServer::Impl {
  Impl(Options options, const Sink& sink, RequestLog& log, HttpServer::Handler control)
      : shared{sink, log, std::move(control), options.latency}
      , listener(options.port, options.threads,
                 [this](Socket socket) { std::make_shared<Session>(std::move(socket), shared)->read(); }) {}

  Shared shared;
  Listener listener;
};

SinkServer::SinkServer(Options options, const Sink& sink, RequestLog& log, HttpServer::Handler control)
    : impl_(std::make_unique<Impl>(options, sink, log, std::move(control))) {}

SinkServer::~SinkServer() = default;

std::uint16_t SinkServer::port() const {
  return impl_->listener.port();
}
void SinkServer::run() {
  impl_->listener.run();
}
void SinkServer::stop_on_signals() {
  impl_->listener.stop_on_signals();
}
void SinkServer::stop() {
  impl_->listener.stop();
}

} // namespace altinn_sim::sink
