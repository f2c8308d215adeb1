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
  std::function<Instant()> clock = system_now; ///< compared with the database's
};

/// Opens a connection that finds the ledger's tables by their names. Throws Error, and Refusal where the
/// server is older than 15.
std::unique_ptr<Connection> connect(const Place& place, const Setup& setup);

/// What an Error means, and what to do.
Problem problem_of(const Error& error, const Place& place);

/// Who may write. The engine holds a lock as long as its connection lives, and an epoch that rises with each
/// connection: whatever an older one still sends is refused, so that it is known what has happened and what
/// has not, also of a commit whose answer was lost.
class Session {
public:
  Session(Place place, Setup setup);

  /// Takes the lock of the ledger's one engine; a Refusal where another has it.
  void take_lock(Connection& connection) const;
  /// With the lock: takes over from the engine that was there before.
  void take_over(Connection& connection);

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

  /// Why it could not go on: another engine has the ledger.
  const std::optional<Problem>& lost_to() const { return lost_to_; }
  const Place& place() const { return place_; }

private:
  std::optional<sql::Recovery> come_back(Database& db, Problem& problem);
  bool take_lock_back(Connection& connection) const;

  Place place_;
  Setup setup_;
  std::string engine_; ///< a name that no other has
  std::int64_t epoch_ = 0;
  std::int64_t number_ = 0; ///< of the transaction that writes
  bool is_away_ = false;
  bool has_tried_ = false; ///< once more, since the last success
  std::chrono::steady_clock::time_point not_before_{};
  std::optional<Problem> lost_to_;
};

} // namespace dialogferry::ledger::postgres
