#include "session.hpp"

#include "schema.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <thread>
#include <unistd.h>

namespace dialogferry::ledger::postgres {

namespace {

using std::chrono::milliseconds;

constexpr int oldest_server = 150'000;
constexpr std::int64_t engine_lock = 0x44467279; ///< advisory, in the database: "DFry"
constexpr milliseconds look_again{20};
constexpr milliseconds patience_with_the_living{500};
constexpr milliseconds patience_with_the_dead{10'000}; ///< until the database knows that they are
constexpr milliseconds first_wait{100};
constexpr milliseconds longest_wait{2'000};

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

/// The engine that has, or had, the ledger.
struct Holder {
  std::string host;
  std::int64_t process = 0;

  bool is_dead() const {
    return process > 0 && host == host_name() && ::kill(static_cast<pid_t>(process), 0) != 0 &&
           errno == ESRCH;
  }
};

bool lock(Connection& connection) {
  const auto taken = connection.ask("SELECT pg_try_advisory_lock($1)::int", Parameters::of(engine_lock));
  return taken.integer(0, 0) != 0;
}

Holder holder_of(Connection& connection) {
  if (connection.ask("SELECT (to_regclass('writer') IS NOT NULL)::int").integer(0, 0) == 0) return {};
  const auto writer = connection.ask("SELECT host, process FROM writer");
  if (writer.rows() == 0) return {};
  return {std::string(writer.text(0, 0)), writer.integer(0, 1)};
}

} // namespace

std::unique_ptr<Connection> connect(const Place& place, const Setup& setup) {
  auto connection = std::make_unique<Connection>(place.uri, setup.patience);
  if (const auto version = connection->server_version(); version < oldest_server)
    throw sql::Refusal{{"ledger " + place.label,
                        "is on PostgreSQL " + std::to_string(version / 10'000) + ", which is too old",
                        "use PostgreSQL 15 or a newer one"}};
  // Few rows meet many: loops over an index are right from the first row on, before anything was analyzed.
  std::string settings =
      "SET search_path = " + std::string(schema_name) + "; SET jit = off; SET timezone = 'UTC';";
  if (setup.mode == OpenMode::engine)
    settings += "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;";
  if (setup.mode == OpenMode::read_only) settings += "SET default_transaction_read_only = on;";
  connection->run(settings.c_str());
  return connection;
}

// -- one engine -------------------------------------------------------------------------

void Session::take_lock(Connection& connection) const {
  const auto begun = std::chrono::steady_clock::now();
  while (!lock(connection)) {
    const auto holder = holder_of(connection);
    const auto patience = holder.is_dead() ? patience_with_the_dead : patience_with_the_living;
    if (std::chrono::steady_clock::now() - begun > patience) {
      const auto who = holder.process > 0
                           ? ", process " + std::to_string(holder.process) + " on " + holder.host
                           : std::string();
      throw sql::Refusal{{"ledger " + place_.label, "is in use by another engine" + who,
                          "stop that engine first, or give this one a ledger of its own"}};
    }
    std::this_thread::sleep_for(look_again);
  }
}

void Session::take_over(Connection& connection) {
  epoch_ = connection.ask("SELECT epoch FROM writer").integer(0, 0);
  number_ = continue_with(connection).value_or(0);
}

std::optional<std::int64_t> Session::continue_with(Connection& connection) {
  const auto writer =
      connection.ask("UPDATE writer SET epoch = epoch + 1, host = $1, process = $2 WHERE epoch = $3 "
                     "RETURNING epoch, committed",
                     Parameters::of(std::string_view(host_name()), std::int64_t{::getpid()}, epoch_));
  if (writer.rows() == 0) return std::nullopt;
  epoch_ = writer.integer(0, 0);
  process_ = connection.process();
  begun_ = connection.ask("SELECT backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()")
               .text(0, 0);
  return writer.integer(0, 1);
}

void Session::begin_writing(Connection& connection) {
  if (setup_.mode == OpenMode::engine)
    connection.send("SELECT fence($1, $2)", Parameters::of(epoch_, ++number_));
  else
    connection.send("UPDATE written_by_tools SET times = times + 1");
}

// -- outages ------------------------------------------------------------------------------

void Session::note_success() {
  if (!is_away_) return;
  is_away_ = false;
  setup_.outage->end();
}

sql::Recovery Session::recover(const Error& error, Database& db) {
  if (error.is_conflict()) return sql::Recovery::again;
  if (!error.is_outage() || !setup_.outage) return sql::Recovery::none;
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

std::optional<sql::Recovery> Session::come_back(Database& db, Problem& problem) {
  try {
    auto connection = connect(place_, setup_);
    end_old(*connection);
    take_lock(*connection);
    const auto committed = continue_with(*connection);
    if (!committed) throw sql::Refusal{problem_of(Error("DF002", ""), place_)};
    db.replace(std::move(connection));
    return db.is_writing() && *committed == number_ ? sql::Recovery::happened : sql::Recovery::again;
  } catch (const Error& error) {
    problem = problem_of(error, place_);
    return std::nullopt;
  } catch (const sql::Refusal& refusal) {
    lost_to_ = refusal.problem;
    return sql::Recovery::none;
  }
}

/// The old connection may live on at the server, behind a network that is cut.
void Session::end_old(Connection& connection) const {
  connection.ask(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND backend_start::text = $2",
      Parameters::of(std::int64_t{process_}, std::string_view(begun_)));
}

// -- what it means --------------------------------------------------------------------------

Problem problem_of(const Error& error, const Place& place) {
  const auto about = "ledger " + place.label;
  const std::string what = error.what();
  if (error.state.empty())
    return {about, "cannot be reached: " + what, "check that PostgreSQL runs, and that ledger.url names it"};
  if (error.state == "DF002")
    return {about, "was taken over by another engine", "let one engine alone work on a ledger"};
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
