#include "connection.hpp"

#include "door.hpp"
#include "lane.hpp"
#include "request_head.hpp"
#include "response_parser.hpp"

#include <dialogferry/http/stream.hpp>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <algorithm>
#include <array>
#include <netinet/tcp.h>
#include <optional>
#include <type_traits>
#include <utility>

namespace dialogferry::http {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using Error = boost::system::error_code;
/// The concrete executor: any_io_executor costs a quarter of the throughput (toolchain.md 4).
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<tcp, Executor>;
using TlsStream = asio::ssl::stream<Socket>;
using Resolver = asio::ip::basic_resolver<tcp, Executor>;

/// A peer that is gone acknowledges nothing; one that is slow does, so its answer can be awaited for minutes.
using KeepAliveAfter = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPIDLE>;
using KeepAliveEvery = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPINTVL>;
using UnacknowledgedFor = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>;
constexpr int silence = 10;                 ///< seconds
constexpr int most_unacknowledged = 30'000; ///< milliseconds

constexpr std::size_t smallest_read = 16 << 10;
constexpr std::size_t largest_read = 32 << 10; ///< every connection may come to keep so much

/// Why the peer's certificate was not accepted, where that is the reason.
std::string tls_reason(SSL* ssl, const Error& error) {
  const auto verdict = SSL_get_verify_result(ssl);
  if (verdict != X509_V_OK) return X509_verify_cert_error_string(verdict);
  return error.message();
}

template <class Stream>
class StreamConnection final : public Connection,
                               public std::enable_shared_from_this<StreamConnection<Stream>> {
  static constexpr bool secure = std::is_same_v<Stream, TlsStream>;
  enum class Phase : unsigned char { fresh, resolving, connecting, handshake, idle, carrying, closed };

public:
  StreamConnection(Lane& lane, std::shared_ptr<const Peer> peer)
      : lane_(lane)
      , peer_(std::move(peer))
      , resolver_(lane.worker().context())
      , stream_(make_stream()) {
    buffer_.reserve(smallest_read);
  }

  void carry(Pending pending) override {
    pending_ = std::move(pending);
    busy_ = true;
    ++turn_;
    deadline_ = pending_.deadline;
    if (phase_ == Phase::fresh) {
      connect();
    } else {
      transmit();
    }
  }

  void close() override {
    if (phase_ == Phase::closed) return;
    phase_ = Phase::closed;
    reader_.reset();
    if (door_) door_->close();
    resolver_.cancel();
    Error ignored;
    socket().close(ignored);
  }

  Pending abandon() override {
    busy_ = false;
    paused_ = false;
    return std::move(pending_);
  }

  Clock::time_point deadline() const override { return deadline_; }
  bool busy() const override { return busy_; }

  bool sent() const override { return phase_ == Phase::carrying && !holding_head_; }

  std::string_view phase() const override {
    switch (phase_) {
    case Phase::resolving: return "while looking up the host";
    case Phase::connecting: return "while connecting";
    case Phase::handshake: return "in the TLS handshake";
    default:
      return parser_ && parser_->begun() ? "in the middle of the answer" : "while waiting for the answer";
    }
  }

private:
  Stream make_stream() {
    if constexpr (secure) {
      return Stream(Socket(lane_.worker().context()), *peer_->trust);
    } else {
      return Stream(lane_.worker().context());
    }
  }

  Socket& socket() {
    if constexpr (secure) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }

  auto self() { return this->shared_from_this(); }

  // -- opening -------------------------------------------------------------------

  void connect() {
    Error not_numeric;
    const auto address = asio::ip::make_address(peer_->host, not_numeric);
    if (!not_numeric) return dial(std::array{tcp::endpoint(address, peer_->port)});
    phase_ = Phase::resolving;
    resolver_.async_resolve(peer_->host, std::to_string(peer_->port),
                            [self = self()](const Error& error, const tcp::resolver::results_type& found) {
                              if (self->phase_ == Phase::closed) return;
                              if (error) return self->fail(TransportFault::resolve, error.message());
                              self->dial(found);
                            });
  }

  template <class Endpoints>
  void dial(const Endpoints& endpoints) {
    phase_ = Phase::connecting;
    asio::async_connect(socket(), endpoints, [self = self()](const Error& error, const auto&) {
      if (self->phase_ == Phase::closed) return;
      if (error) return self->fail(TransportFault::connect, error.message());
      self->connected();
    });
  }

  void connected() {
    Error ignored;
    socket().set_option(tcp::no_delay(true), ignored);
    socket().set_option(asio::socket_base::keep_alive(true), ignored);
    socket().set_option(KeepAliveAfter(silence), ignored);
    socket().set_option(KeepAliveEvery(silence), ignored);
    socket().set_option(UnacknowledgedFor(most_unacknowledged), ignored);
    if constexpr (secure) {
      handshake();
    } else {
      opened();
    }
  }

  void handshake() {
    phase_ = Phase::handshake;
    auto* const ssl = stream_.native_handle();
    auto* const wanted = SSL_get0_param(ssl);
    if (X509_VERIFY_PARAM_set1_ip_asc(wanted, peer_->host.c_str()) != 1) {
      SSL_set_tlsext_host_name(ssl, peer_->host.c_str());
      SSL_set1_host(ssl, peer_->host.c_str());
    }
    stream_.async_handshake(asio::ssl::stream_base::client, [self = self(), ssl](const Error& error) {
      if (self->phase_ == Phase::closed) return;
      if (error) return self->fail(TransportFault::tls, tls_reason(ssl, error));
      self->opened();
    });
  }

  void opened() {
    phase_ = Phase::idle;
    receive(); // one read is always under way, so that a close by the server is seen at once
    transmit();
  }

  // -- sending -------------------------------------------------------------------

  void transmit() {
    phase_ = Phase::carrying;
    if (pending_.limit.count() > 0) deadline_ = Clock::now() + pending_.limit;
    await_answer();
    sending_ = pending_.request;
    write_head(head_, *sending_, peer_->prefix, sending_->sink ? peer_->plain_head : peer_->fixed_head,
               pending_.token ? std::string_view(*pending_.token) : std::string_view(), pending_.trace);
    if (sending_->stream) return open_stream();
    auto done = [self = self()](const Error& error, std::size_t) { self->sent(error); };
    if constexpr (secure) { // one record, one packet
      head_ += sending_->body;
      asio::async_write(stream_, asio::buffer(head_), std::move(done));
    } else {
      asio::async_write(stream_,
                        std::array<asio::const_buffer, 2>{asio::buffer(head_), asio::buffer(sending_->body)},
                        std::move(done));
    }
  }

  /// A write that fails says little: the read tells whether an answer came before the connection ended.
  void sent(const Error& error) {
    sending_.reset();
    if (error) spoilt_ = true;
  }

  // -- sending a stream ------------------------------------------------------------

  /// The head waits for the first block: nothing is sent where there is none.
  void open_stream() {
    holding_head_ = true;
    left_ = sending_->stream->size();
    reader_ = sending_->stream->open();
    if (!reader_) return source_failed();
    pull();
  }

  void pull() {
    const auto reader = reader_; // may end in the midst
    reader->read(
        [weak = this->weak_from_this(), door = door(), turn = turn_](std::optional<std::string_view> block) {
          door->pass([weak, turn, block] {
            const auto self = weak.lock();
            if (self && self->is_at(turn)) self->pulled(block);
          });
        });
  }

  void pulled(std::optional<std::string_view> block) {
    if (!block || block->size() > left_ || (block->empty() && left_ > 0)) return source_failed();
    if (!holding_head_) head_.clear();
    holding_head_ = false;
    left_ -= block->size();
    note_progress();
    // The reader keeps the block for as long as it is being written.
    auto done = [self = self(), reader = reader_](const Error& error, std::size_t) {
      self->block_sent(error);
    };
    if constexpr (secure) { // one buffer: else every record is cut where the head ends
      if (!head_.empty()) return write_first(*block, std::move(done));
      asio::async_write(stream_, asio::buffer(block->data(), block->size()), std::move(done));
    } else {
      asio::async_write(
          stream_,
          std::array<asio::const_buffer, 2>{asio::buffer(head_), asio::buffer(block->data(), block->size())},
          std::move(done));
    }
  }

  template <class Done>
  void write_first(std::string_view block, Done done) {
    head_ += block;
    asio::async_write(stream_, asio::buffer(head_), std::move(done));
  }

  /// Until all is written `sending_` stands, so that an answer that comes before closes the connection.
  void block_sent(const Error& error) {
    if (error) spoilt_ = true;
    if (error || phase_ == Phase::closed || !busy_) return;
    note_progress();
    if (left_ > 0) return pull();
    head_ = {}; // may hold a whole block
    reader_.reset();
    sending_.reset();
  }

  /// Never the last byte of a body that is not what it should be.
  void source_failed() {
    const bool untouched = std::exchange(holding_head_, false);
    auto pending = abandon();
    reader_.reset();
    sending_.reset();
    if (untouched) {
      rest();
      lane_.freed(self());
    } else {
      discard();
    }
    lane_.answer(pending,
                 fault(TransportFault::source, "the bytes to be sent could not be had as announced"));
  }

  void note_progress() {
    deadline_ = Clock::now() + (pending_.limit.count() > 0 ? pending_.limit : peer_->timeout);
  }

  // -- receiving into a sink ---------------------------------------------------------

  BodySink::Back way_back() {
    const auto back = [weak = this->weak_from_this(), door = door(), turn = turn_](auto act) {
      return [weak, door, turn, act] {
        door->post([weak, turn, act] {
          const auto self = weak.lock();
          if (self && self->is_at(turn)) act(*self);
        });
      };
    };
    return {back([](StreamConnection& self) { self.read_on(); }), back([](StreamConnection& self) {
              self.fail(TransportFault::sink, "the answer's bytes were not wanted to the end");
            })};
  }

  /// Who waits for the sink has no deadline: that is another's fault.
  void pause() {
    paused_ = true;
    deadline_ = Clock::time_point::max();
  }

  void read_on() {
    if (!std::exchange(paused_, false)) return;
    note_progress();
    receive();
  }

  // -- reached from elsewhere ----------------------------------------------------------

  const std::shared_ptr<Door>& door() {
    if (!door_) door_ = std::make_shared<Door>(lane_.worker());
    return door_;
  }

  /// Whether it is still that request which is under way.
  bool is_at(std::uint64_t turn) const { return busy_ && turn_ == turn && phase_ == Phase::carrying; }

  // -- receiving -----------------------------------------------------------------

  void await_answer() {
    parser_.emplace(pending_.request->method, ResponseParser::Limits{peer_->max_response},
                    peer_->bodies.get());
    if (pending_.request->sink) parser_->into(pending_.request->sink, way_back());
  }

  void receive() {
    stream_.async_read_some(buffer_.prepare(read_size_),
                            [self = self()](const Error& error, std::size_t count) {
                              if (self->phase_ != Phase::closed) self->received(error, count);
                            });
  }

  void received(const Error& error, std::size_t count) {
    buffer_.commit(count);
    if (!busy_) return discard(); // closed by the server, or bytes nobody asked for
    if (count == read_size_) read_size_ = std::min(2 * read_size_, largest_read);
    if (pending_.request->sink) note_progress();
    if (count > 0 && !parse()) return;
    if (error) return ended(error);
    if (parser_->sink_is_full()) return pause();
    receive();
  }

  /// Returns whether more has to be read for this answer.
  bool parse() {
    for (;;) {
      std::size_t used = 0;
      const auto bytes = buffer_.data();
      const auto step = parser_->feed({static_cast<const char*>(bytes.data()), bytes.size()}, used);
      buffer_.consume(used);
      switch (step) {
      case ResponseParser::Step::more: return true;
      case ResponseParser::Step::broken: fail(TransportFault::protocol, parser_->reason()); return false;
      case ResponseParser::Step::too_large: fail(TransportFault::too_large, parser_->reason()); return false;
      case ResponseParser::Step::done: break;
      }
      if (!parser_->informational()) {
        complete();
        return false;
      }
      await_answer();
    }
  }

  /// The stream has ended while an answer was awaited.
  void ended(const Error& error) {
    if (parser_->begun()) {
      if (error == asio::error::eof && parser_->finish() == ResponseParser::Step::done) return complete();
      return fail(TransportFault::reset, "the connection ended in the middle of the answer");
    }
    if (reused_ && may_repeat(pending_)) {
      auto pending = abandon();
      close();
      return lane_.repeat(self(), std::move(pending));
    }
    fail(TransportFault::reset, "the connection ended before an answer came");
  }

  void complete() {
    auto pending = abandon();
    auto answer = parser_->take(peer_->now);
    const bool reusable = parser_->keep_alive() && !sending_ && !spoilt_ && buffer_.size() == 0;
    if (pending.request->sink) parser_.reset(); // lets go of the sink
    if (reusable) {
      rest();
      receive();
      lane_.freed(self());
    } else {
      discard();
    }
    lane_.answer(pending, std::move(answer));
  }

  void rest() {
    phase_ = Phase::idle;
    reused_ = true;
    deadline_ = Clock::now() + peer_->max_idle;
  }

  void fail(TransportFault kind, std::string text) {
    const bool was_sent = sent();
    auto pending = abandon();
    discard();
    lane_.answer(pending, fault(kind, std::move(text), was_sent));
  }

  void discard() {
    close();
    lane_.lost(self());
  }

  Lane& lane_;
  const std::shared_ptr<const Peer> peer_;
  Resolver resolver_;
  Stream stream_;
  boost::beast::flat_buffer buffer_;
  std::size_t read_size_ = smallest_read;
  std::optional<ResponseParser> parser_;
  std::string head_;
  std::shared_ptr<const Request> sending_; ///< its body is being written
  std::shared_ptr<BodyReader> reader_;     ///< of the stream that is being sent
  std::uint64_t left_ = 0;                 ///< bytes of it
  bool holding_head_ = false;              ///< nothing of the request is sent yet
  bool paused_ = false;                    ///< until the sink has room
  std::shared_ptr<Door> door_;             ///< where streams need one
  std::uint64_t turn_ = 0;                 ///< counts requests, so that what comes late meets the right one
  Pending pending_;
  Clock::time_point deadline_;
  Phase phase_ = Phase::fresh;
  bool busy_ = false;
  bool reused_ = false;
  bool spoilt_ = false; ///< a write failed: not to be used again
};

} // namespace

std::shared_ptr<Connection> make_connection(Lane& lane, std::shared_ptr<const Peer> peer) {
  if (peer->tls) return std::make_shared<StreamConnection<TlsStream>>(lane, std::move(peer));
  return std::make_shared<StreamConnection<Socket>>(lane, std::move(peer));
}

} // namespace dialogferry::http
