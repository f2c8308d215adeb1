#pragma once

#include "../sql/sql_ledger.hpp"
#include "database.hpp"

#include <dialogferry/ledger/outage.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace dialogferry::ledger::postgres {

/// Where a PostgreSQL ledger is.
struct Place {
  std::string uri;   ///< as libpq reads it; may hold a password
  std::string label; ///< the same for people: `postgresql://ferry@host:5432/db`
};

/// What opening a ledger goes by, besides where it is.
struct Setup {
  OpenMode mode = OpenMode::engine;
  std::shared_ptr<Outage> outage = {}; ///< engine: waited in; null: an outage is a Problem
  Patience patience = {};
  Introduction introduction = {};              ///< engine
  std::function<Instant()> clock = system_now; ///< compared with the database's
};

/// Opens a connection that finds the ledger's tables by their names. Throws Error, and Refusal where the
/// server is older than 15.
std::unique_ptr<Connection> connect(const Place& place, const Setup& setup);

/// What an Error means, and what to do.
Problem problem_of(const Error& error, const Place& place);

/// Who may write. An engine is entered in the ledger, with a lease and an epoch that rises with each
/// connection, and when another one ends it: whatever an older connection still sends is refused, so that it
/// is known what has happened and what has not, also of a commit whose answer was lost.
class Session {
public:
  Session(Place place, Setup setup);

  /// As an engine: enters it. A Refusal where another has its name.
  void enter(Connection& connection);
  /// Its id.
  std::int64_t engine() const { return engine_; }
  std::chrono::milliseconds lease() const { return lease_; }
  /// Tells that it is at work no more; whatever comes to that.
  void leave(Connection& connection, std::string_view why) noexcept;

  /// What every transaction that writes begins with.
  void begin_writing(Connection& connection);

  /// A transaction has come to its end.
  void note_success();

  /// After an Error: whether the transaction may go on. Waits for the ledger where it is away.
  sql::Recovery recover(const Error& error, Database& db);

  /// Another connection in the place of one that was lost, for who only reads now and then. Throws Error, at
  /// once for a while after it has failed.
  std::unique_ptr<Connection> connect_again();
  bool is_engine() const { return setup_.mode == OpenMode::engine; }

  /// Why it could not go on: other engines have its work.
  const std::optional<Problem>& lost_to() const { return lost_to_; }
  const Place& place() const { return place_; }

private:
  std::optional<sql::Recovery> come_back(Database& db, Problem& problem);
  sql::Recovery make_way(Database& db);
  void set_limits(Connection& connection) const;
  void lose();

  Place place_;
  Setup setup_;
  std::int64_t engine_ = 0;
  std::chrono::milliseconds lease_{0};
  std::int64_t epoch_ = 0;
  std::int64_t number_ = 0; ///< of the transaction that writes
  bool is_away_ = false;
  bool has_tried_ = false; ///< once more, since the last success
  std::chrono::steady_clock::time_point not_before_{};
  std::optional<Problem> lost_to_;
};

} // namespace dialogferry::ledger::postgres
