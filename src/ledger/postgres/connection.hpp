#pragma once

#include "parameters.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

struct pg_conn;
struct pg_result;

namespace dialogferry::ledger::postgres {

/// What PostgreSQL, or the way to it, refused.
struct Error : sql::Error {
  /// `state` is the SQLSTATE, empty where there was no answer.
  Error(std::string state, const std::string& what)
      : sql::Error(what)
      , state(std::move(state)) {}

  /// It has nothing to do with what was asked, and time may cure it: no connection or no answer, a server
  /// that stops or starts, has no room, or only follows another one.
  bool is_outage() const;
  /// There was no answer.
  bool is_lost() const { return state.empty(); }
  /// Another transaction was in the way; the same again may work.
  bool is_conflict() const;

  /// Another transaction was in the way for too long.
  bool is_in_the_way() const { return state == "55P03"; }

  std::string state;
};

/// The answer to one statement.
class Reply {
public:
  explicit Reply(pg_result* result)
      : result_(result) {}

  int rows() const;
  int columns() const;
  bool null(int row, int column) const;
  std::int64_t integer(int row, int column) const;
  /// Text or bytes; valid as long as the reply.
  std::string_view text(int row, int column) const;
  std::uint64_t changes() const;

private:
  struct Clear {
    void operator()(pg_result* result) const;
  };
  std::unique_ptr<pg_result, Clear> result_;
};

/// How long the other side is waited for.
struct Patience {
  std::chrono::milliseconds connect{5'000};
  std::chrono::milliseconds answer{15'000};
};

/// One connection. Statements are collected and go out together: one round trip, however many. After an Error
/// without a state it is of no use any more.
class Connection {
public:
  /// `uri` as libpq reads it.
  Connection(const std::string& uri, Patience patience);

  int server_version() const;
  int process() const; ///< of the server, for this connection
  /// A setting that the server reports: `server_encoding`.
  std::string_view parameter(const char* name) const;

  /// Adds a statement with `$1`, `$2` … to those that go out next; it is prepared at its first use.
  void send(std::string_view sql, const Parameters& parameters = {});

  /// Sends what was collected and waits for its answers: one for each statement. Throws the first Error, in
  /// which case the statements after it were not run, nor any that was outside of a transaction of its own.
  std::vector<Reply> flush();

  /// send() and flush(); the answer to this statement.
  Reply ask(std::string_view sql, const Parameters& parameters = {});

  /// Runs several statements without parameters; nothing may have been collected.
  void run(const char* sql);

  /// Waits until the server notifies of something that it was told to LISTEN to, or `stop` can be read: with
  /// what it notified.
  std::vector<std::string> wait_for_notices(int stop);

  bool is_broken() const { return is_broken_; }
  void set_patience(std::chrono::milliseconds answer) { patience_.answer = answer; }

private:
  struct Finish {
    void operator()(pg_conn* connection) const;
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using Clock = std::chrono::steady_clock;

  void connect(const std::string& uri);
  const std::string& prepare(std::string_view sql, const Parameters& parameters);
  void begin_sending();
  void wait_for_answer(Clock::time_point until);
  void wait_for_socket(short events, Clock::time_point until);
  std::vector<Reply> take_answers(Clock::time_point until);
  pg_result* next_answer(Clock::time_point until);
  [[noreturn]] void lose(const std::string& why);
  [[noreturn]] void lose();

  std::unique_ptr<pg_conn, Finish> connection_;
  Patience patience_;
  bool is_broken_ = false;
  bool is_sending_ = false;
  std::vector<bool> asked_;             ///< of what goes out next: false for what only prepares
  std::vector<std::string> being_made_; ///< statements prepared by what goes out next
  std::unordered_map<std::string, std::string, TextHash, std::equal_to<>> prepared_;
  std::uint64_t names_ = 0;
};

} // namespace dialogferry::ledger::postgres
