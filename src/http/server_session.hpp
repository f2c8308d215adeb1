#pragma once

#include "server_core.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <string>

namespace dialogferry::http {

/// One connection of the server: reads a request, waits for the reply, writes it, and so on.
class ServerSession final : public std::enable_shared_from_this<ServerSession> {
public:
  ServerSession(std::shared_ptr<ServerCore> core, ServerSocket socket);

  void begin();
  /// Answers without having read a whole request, then closes.
  void refuse(int status, std::string body);
  /// The answer to request number `turn`.
  void reply(std::uint64_t turn, ServerResponse response);
  void open_stream(std::uint64_t turn, std::shared_ptr<EventStream::State> stream);
  void stream_more(const std::string& text);
  /// Ends once what waits is written.
  void end_stream();
  /// Ends once the answer under way is out.
  void wind_down();
  void close();
  void sweep(Clock::time_point now);

private:
  enum class Phase : unsigned char { reading, answering, writing, streaming, lingering, closed };
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using Error = boost::system::error_code;

  void next();
  void read_header();
  void header_read(const Error& error);
  void invite_body();
  void read_body();
  void serve();
  void look_at_peer();
  /// Of what clients may have side by side: whether the session comes by what it needs for its request.
  bool make_acquaintance();
  bool take_place(Places& places);
  void keeps_waiting();
  void waits_itself();
  void write(bool then_close);
  void written(const Error& error, bool then_close);
  void linger();
  void discard_input();
  void write_events();
  void expect_within(std::chrono::milliseconds time) { deadline_ = Clock::now() + time; }

  const std::shared_ptr<ServerCore> core_;
  ServerSocket socket_;
  bool from_loopback_ = false;
  Places::Held connection_; ///< a newcomer's, or that of one who has sent a whole request
  Places::Held request_;    ///< from the whole request to the end of its answer
  Places::Held body_place_; ///< while a body is received
  Places::Held stream_place_;
  bool known_ = false; ///< has sent a whole request
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::uint64_t turn_ = 0; ///< counts requests, so that a late reply meets the right one
  Phase phase_ = Phase::reading;
  bool idle_ = false; ///< reading, and nothing of a request is there yet
  bool head_only_ = false;
  bool keep_ = false;
  std::string head_;
  std::string body_;
  Clock::time_point deadline_;
  std::shared_ptr<EventStream::State> stream_;
  std::string events_; ///< wait to be written
  bool writing_events_ = false;
  bool ending_ = false; ///< the stream: no more events come
  Clock::time_point stream_ends_;
};

struct Reply::State {
  State(std::weak_ptr<ServerSession> session, std::uint64_t turn, Worker& worker, std::size_t max_backlog,
        std::shared_ptr<IoPool::State> pool)
      : session(std::move(session))
      , turn(turn)
      , worker(worker)
      , max_backlog(max_backlog)
      , pool(std::move(pool)) {}
  ~State();
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  std::weak_ptr<ServerSession> session;
  std::uint64_t turn;
  Worker& worker;
  std::size_t max_backlog;
  std::shared_ptr<IoPool::State> pool; ///< keeps the worker
  std::atomic<bool> used{false};
};

struct EventStream::State {
  State(std::weak_ptr<ServerSession> session, Worker& worker, std::size_t max_backlog,
        std::shared_ptr<IoPool::State> pool)
      : session(std::move(session))
      , worker(worker)
      , max_backlog(max_backlog)
      , pool(std::move(pool)) {}

  std::weak_ptr<ServerSession> session;
  Worker& worker;
  std::size_t max_backlog;
  std::shared_ptr<IoPool::State> pool; ///< keeps the worker
  std::atomic<bool> open{true};
  std::atomic<std::size_t> backlog{0}; ///< bytes handed over and not written yet
};

} // namespace dialogferry::http
