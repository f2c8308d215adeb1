#include "session.hpp"

#include "engines.hpp"
#include "schema.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dialogferry::ledger::postgres {

namespace {

using std::chrono::milliseconds;

constexpr int oldest_server = 150'000;
constexpr milliseconds first_wait{100};
constexpr milliseconds longest_wait{2'000};

Problem taken_over(const Place& place) {
  return {"ledger " + place.label,
          "was taken over by other engines: this one was not heard of for longer than its lease",
          "see whether this machine stood still, or the network"};
}

} // namespace

std::unique_ptr<Connection> connect(const Place& place, const Setup& setup) {
  auto connection = std::make_unique<Connection>(place.uri, setup.patience);
  if (const auto version = connection->server_version(); version < oldest_server)
    throw sql::Refusal{{"ledger " + place.label,
                        "is on PostgreSQL " + std::to_string(version / 10'000) + ", which is too old",
                        "use PostgreSQL 15 or a newer one"}};
  // Few rows meet many: loops over an index are right from the first row on, before anything was analyzed,
  // and however many there are; planning anew would cost more than the work.
  std::string settings =
      "SET search_path = " + std::string(schema_name) + "; SET jit = off; SET timezone = 'UTC';";
  if (setup.mode == OpenMode::engine)
    settings += "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; "
                "SET plan_cache_mode = force_generic_plan;";
  if (setup.mode == OpenMode::read_only) settings += "SET default_transaction_read_only = on;";
  connection->run(settings.c_str());
  return connection;
}

Session::Session(Place place, Setup setup)
    : place_(std::move(place))
    , setup_(std::move(setup)) {}

// -- one of several engines ---------------------------------------------------------------

void Session::enter(Connection& connection) {
  engine_ = postgres::enter(connection, setup_.introduction);
  lease_ = milliseconds{connection.ask("SELECT lease FROM ledger").integer(0, 0)};
  set_limits(connection);
}

/// An engine that stands still in the midst of a commit does not hold up others for longer than its lease:
/// the server ends its connection, or they do, once they have waited for half of it.
void Session::set_limits(Connection& connection) const {
  connection.run(fmt::format("SET application_name = '{}'; SET lock_timeout = {}; "
                             "SET idle_in_transaction_session_timeout = {}",
                             session_name(engine_), lease_.count() / 2, lease_.count())
                     .c_str());
}

void Session::leave(Connection& connection, std::string_view why) noexcept {
  if (!is_engine() || engine_ == 0 || lost_to_ || connection.is_broken()) return;
  try {
    connection.ask("SELECT end_engine($1, $2)", Parameters::of(engine_, why));
  } catch (const sql::Error&) { // its lease runs out
  }
}

void Session::begin_writing(Connection& connection) {
  if (setup_.mode == OpenMode::engine)
    connection.send("SELECT fence($1, $2, $3)", Parameters::of(engine_, epoch_, ++number_));
  else
    connection.send("UPDATE written_by_tools SET times = times + 1");
}

// -- outages ------------------------------------------------------------------------------

void Session::note_success() {
  has_tried_ = false;
  if (!is_away_) return;
  is_away_ = false;
  setup_.outage->end();
}

sql::Recovery Session::recover(const Error& error, Database& db) {
  if (error.state == "DF002") lose();
  if (error.is_in_the_way() && is_engine()) return make_way(db);
  if (error.is_conflict()) return sql::Recovery::again;
  if (!error.is_outage()) return sql::Recovery::none;
  if (!is_engine() && error.is_lost() && !db.is_writing() && !std::exchange(has_tried_, true))
    return sql::Recovery::again; // over another connection
  if (!setup_.outage) return sql::Recovery::none;
  auto problem = problem_of(error, place_);
  auto wait = error.state.empty() ? milliseconds{0} : first_wait;
  while (true) {
    is_away_ = true;
    setup_.outage->begin(problem, setup_.clock());
    if (!setup_.outage->wait(wait)) return sql::Recovery::none;
    if (const auto done = come_back(db, problem)) return *done;
    wait = std::clamp(2 * wait, first_wait, longest_wait);
  }
}

std::unique_ptr<Connection> Session::connect_again() {
  if (std::chrono::steady_clock::now() < not_before_) throw Error("", "it could not be a moment ago");
  try {
    return connect(place_, setup_);
  } catch (const Error&) {
    not_before_ = std::chrono::steady_clock::now() + longest_wait;
    throw;
  }
}

/// Somebody has held a lock for long: perhaps one who will never let go of it.
sql::Recovery Session::make_way(Database& db) {
  try {
    db.connection().ask("SELECT renew($1, $2)", Parameters::of(engine_, epoch_));
    end_the_dead(db.connection(), engine_);
  } catch (const Error& error) { // what there is to it shows when it is tried again
    if (error.state == "DF002") lose();
  }
  return lost_to_ ? sql::Recovery::none : sql::Recovery::again;
}

void Session::lose() {
  lost_to_ = taken_over(place_);
  if (setup_.outage) setup_.outage->lose();
}

/// An older connection of this engine may live on at the server, behind a network that is cut: it is ended.
std::optional<sql::Recovery> Session::come_back(Database& db, Problem& problem) {
  try {
    auto connection = connect(place_, setup_);
    end_sessions(*connection, engine_);
    const auto entry =
        connection->ask("UPDATE engine SET epoch = epoch + 1 WHERE id = $1 AND left_at IS NULL "
                        "RETURNING epoch, committed",
                        Parameters::of(engine_));
    if (entry.rows() == 0) {
      lose();
      return sql::Recovery::none;
    }
    epoch_ = entry.integer(0, 0);
    connection->ask("SELECT renew($1, $2)", Parameters::of(engine_, epoch_));
    set_limits(*connection);
    db.replace(std::move(connection));
    return db.is_writing() && entry.integer(0, 1) == number_ ? sql::Recovery::happened : sql::Recovery::again;
  } catch (const Error& error) {
    problem = problem_of(error, place_);
    return std::nullopt;
  }
}

// -- what it means --------------------------------------------------------------------------

Problem problem_of(const Error& error, const Place& place) {
  const auto about = "ledger " + place.label;
  const std::string what = error.what();
  if (error.state.empty())
    return {about, "cannot be reached: " + what, "check that PostgreSQL runs, and that ledger.url names it"};
  if (error.state == "DF002") return taken_over(place);
  if (error.state == "23514") return sql::too_much_taken_back();
  if (error.state == "23505") return {about, "has what was to be added: " + what, ""};
  if (error.state == "42501")
    return {about, "may not be used: " + what,
            "as the owner of the database: CREATE SCHEMA " + std::string(schema_name) + " AUTHORIZATION …"};
  if (error.state == "25006")
    return {about, "cannot be written: " + what,
            "name the server that takes writes, not one that follows it"};
  if (error.is_outage()) return {about, "cannot be used now: " + what, "see the log of PostgreSQL"};
  return {about, what, "see the log of PostgreSQL; the ledger is as it was before"};
}

} // namespace dialogferry::ledger::postgres
