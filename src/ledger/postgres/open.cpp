#include "open.hpp"

#include "engines.hpp"
#include "postgres_ledger.hpp"
#include "schema.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <libpq-fe.h>

namespace dialogferry::ledger::postgres {

namespace {

constexpr std::int64_t clock_tolerance = 2 * Instant::per_second;

[[noreturn]] void refuse(const Place& place, std::string message, std::string hint) {
  throw sql::Refusal{{"ledger " + place.label, std::move(message), std::move(hint)}};
}

void check_server(Connection& connection, const Place& place, OpenMode mode) {
  if (const auto encoding = connection.parameter("server_encoding"); encoding != "UTF8")
    refuse(place, fmt::format("is in a database whose encoding is {}", encoding),
           "make one with: createdb --encoding UTF8 --template template0");
  if (mode != OpenMode::read_only && connection.ask("SELECT pg_is_in_recovery()::int").integer(0, 0) != 0)
    refuse(place, "is on a server that only follows another one", "name the server that takes writes");
}

void check_clock(Connection& connection, const Place& place, const Setup& setup) {
  const auto before = setup.clock();
  const auto theirs =
      connection.ask("SELECT (extract(epoch FROM clock_timestamp()) * 10000000)::bigint").integer(0, 0);
  const auto after = setup.clock();
  const auto ahead =
      theirs < before.ticks ? theirs - before.ticks : std::max<std::int64_t>(0, theirs - after.ticks);
  if (std::abs(ahead) <= clock_tolerance) return;
  refuse(place,
         fmt::format("has a clock {:.1f} s {} this machine's",
                     static_cast<double>(std::abs(ahead)) / static_cast<double>(Instant::per_second),
                     ahead > 0 ? "ahead of" : "behind"),
         "let both machines take the time from NTP");
}

bool exists(Connection& connection, const std::string& what) {
  return connection.ask("SELECT (" + what + " IS NOT NULL)::int").integer(0, 0) != 0;
}

std::string version_text(std::int64_t version) {
  return "version " + std::to_string(version);
}

/// All steps or none.
void migrate(Connection& connection, std::int64_t version, std::string_view environment, Instant now) {
  connection.ask("BEGIN");
  make_tables(connection, version);
  connection.send(
      "INSERT INTO ledger (only_one, environment, created_at) VALUES (1, $1, $2) ON CONFLICT DO NOTHING",
      Parameters::of(environment, now));
  connection.send("UPDATE ledger SET version = $1", Parameters::of(schema_version()));
  connection.ask("COMMIT");
}

void prepare_schema(Connection& connection, const Place& place, OpenMode mode, std::string_view environment,
                    Instant now) {
  const auto version = version_of(connection, place);
  if (version == schema_version()) return;
  if (mode != OpenMode::engine)
    refuse(place, version == 0 ? "does not exist yet" : "is of an older " + version_text(version),
           "start the engine once: dialogferry run");
  refuse_while_used(connection, place,
                    "it is of an older " + version_text(version) +
                        ": stop all its engines, then start the new ones");
  migrate(connection, version, environment, now);
}

void check_environment(Connection& connection, const Place& place, std::string_view environment) {
  const auto known = connection.ask("SELECT environment FROM ledger");
  if (known.text(0, 0) == environment) return;
  refuse(
      place,
      fmt::format("belongs to the environment {}, the configuration says {}", known.text(0, 0), environment),
      "give each environment a ledger of its own");
}

/// One option of what libpq has read from the uri.
std::string option(const PQconninfoOption* options, std::string_view keyword) {
  for (; options != nullptr && options->keyword != nullptr; ++options)
    if (options->keyword == keyword && options->val != nullptr) return options->val;
  return {};
}

} // namespace

std::int64_t version_of(Connection& connection, const Place& place) {
  const auto closed = connection.ask("SELECT count(*) FROM pg_namespace WHERE nspname = $1 AND NOT "
                                     "has_schema_privilege(oid, 'USAGE')",
                                     Parameters::of(schema_name));
  if (closed.integer(0, 0) > 0)
    throw Error("42501", fmt::format("permission denied for schema {}", schema_name));
  if (!exists(connection, "to_regclass('ledger')")) {
    const auto others =
        connection.ask("SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace($1)",
                       Parameters::of(schema_name));
    if (others.integer(0, 0) > 0)
      refuse(place, fmt::format("is not a ledger: the schema {} belongs to another program", schema_name),
             "point ledger.url to another database");
    return 0;
  }
  const auto version = connection.ask("SELECT version FROM ledger").integer(0, 0);
  if (version > schema_version())
    refuse(place,
           fmt::format("was written by a newer dialogferry ({}, this one knows {})", version_text(version),
                       version_text(schema_version())),
           "use the newer program");
  return version;
}

void make_tables(Connection& connection, std::int64_t version) {
  std::string sql;
  if (!exists(connection, fmt::format("to_regnamespace('{}')", schema_name)))
    sql += fmt::format("CREATE SCHEMA {};", schema_name);
  for (auto step = version; step < schema_version(); ++step)
    sql += migrations()[static_cast<std::size_t>(step)];
  connection.run(sql.c_str());
}

Result<Place> parse_url(const std::string& url) {
  char* error = nullptr;
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options(
      PQconninfoParse(url.c_str(), &error), PQconninfoFree);
  const std::unique_ptr<char, void (*)(char*)> message(error, [](char* text) { PQfreemem(text); });
  if (!options) // what libpq says may hold the password
    return fail("ledger.url", "is not a URI that PostgreSQL understands",
                "write it as postgresql://USER@HOST/DATABASE; in a password % is %25, @ is %40, / is %2F");
  const auto user = option(options.get(), "user");
  const auto host = option(options.get(), "host");
  const auto port = option(options.get(), "port");
  return Place{url, fmt::format("postgresql://{}{}{}{}/{}", user, user.empty() ? "" : "@", host,
                                port.empty() ? "" : ":" + port, option(options.get(), "dbname"))};
}

Result<std::unique_ptr<Ledger>> open(const Place& place, std::string_view environment, Instant now,
                                     const Setup& setup) {
  try {
    auto connection = connect(place, setup);
    check_server(*connection, place, setup.mode);
    auto session = std::make_unique<Session>(place, setup);
    if (setup.mode == OpenMode::engine) {
      check_clock(*connection, place, setup);
      pass_door(*connection, place);
    }
    prepare_schema(*connection, place, setup.mode, environment, now);
    check_environment(*connection, place, environment);
    if (setup.mode == OpenMode::engine) {
      session->enter(*connection);
      close_door(*connection);
    }
    return std::make_unique<PostgresLedger>(std::make_unique<Database>(std::move(connection)),
                                            std::move(session));
  } catch (const Error& error) {
    return tl::unexpected<Problem>(problem_of(error, place));
  } catch (const sql::Refusal& refusal) {
    return tl::unexpected<Problem>(refusal.problem);
  }
}

} // namespace dialogferry::ledger::postgres
