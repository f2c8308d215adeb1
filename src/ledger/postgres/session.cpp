#include "session.hpp"

#include "schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <random>
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

/// A name that no other engine has.
std::string new_name() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

Problem taken_over(const Place& place) {
  return {"ledger " + place.label, "was taken over by another engine",
          "let one engine alone work on a ledger"};
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
    , setup_(std::move(setup))
    , engine_(new_name()) {}

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
  const auto writer = connection.ask(
      "UPDATE writer SET epoch = epoch + 1, engine = $1, host = $2, process = $3 "
      "RETURNING epoch, committed",
      Parameters::of(std::string_view(engine_), std::string_view(host_name()), std::int64_t{::getpid()}));
  epoch_ = writer.integer(0, 0);
  number_ = writer.integer(0, 1);
}

void Session::begin_writing(Connection& connection) {
  if (setup_.mode == OpenMode::engine)
    connection.send("SELECT fence($1, $2)", Parameters::of(epoch_, ++number_));
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
  const auto now = std::chrono::steady_clock::now();
  if (now < not_before_) throw Error("", "it could not be a moment ago");
  not_before_ = now + longest_wait;
  auto connection = connect(place_, setup_);
  not_before_ = {};
  return connection;
}

std::optional<sql::Recovery> Session::come_back(Database& db, Problem& problem) {
  try {
    auto connection = connect(place_, setup_);
    if (!take_lock_back(*connection)) return std::nullopt;
    const auto writer =
        connection->ask("UPDATE writer SET epoch = epoch + 1 WHERE engine = $1 RETURNING epoch, committed",
                        Parameters::of(std::string_view(engine_)));
    if (writer.rows() == 0) throw sql::Refusal{taken_over(place_)};
    epoch_ = writer.integer(0, 0);
    db.replace(std::move(connection));
    return db.is_writing() && writer.integer(0, 1) == number_ ? sql::Recovery::happened
                                                              : sql::Recovery::again;
  } catch (const Error& error) {
    problem = problem_of(error, place_);
    return std::nullopt;
  } catch (const sql::Refusal& refusal) {
    lost_to_ = refusal.problem;
    return sql::Recovery::none;
  }
}

/// An older connection of this engine may live on at the server, behind a network that is cut: it is ended.
bool Session::take_lock_back(Connection& connection) const {
  const auto until = std::chrono::steady_clock::now() + setup_.patience.answer;
  while (!lock(connection)) {
    const auto ended =
        connection.ask("SELECT pg_terminate_backend(pid) FROM pg_locks, writer WHERE engine = $1 AND "
                       "locktype = 'advisory' AND objid = $2 AND granted AND database = "
                       "(SELECT oid FROM pg_database WHERE datname = current_database())",
                       Parameters::of(std::string_view(engine_), engine_lock));
    if (ended.rows() == 0 &&
        connection.ask("SELECT 1 FROM writer WHERE engine = $1", Parameters::of(std::string_view(engine_)))
                .rows() == 0)
      throw sql::Refusal{taken_over(place_)};
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(look_again);
  }
  return true;
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
