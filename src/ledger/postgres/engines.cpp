#include "engines.hpp"

#include "table.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <thread>
#include <unistd.h>

namespace dialogferry::ledger::postgres {

namespace {

using std::chrono::milliseconds;

constexpr std::int64_t door = 0x44467279; ///< advisory lock, in the database: "DFry"
constexpr milliseconds look_again{20};
constexpr milliseconds patience_at_the_door{10'000};

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

/// Where a process id means what it does here: this boot of this machine, and this container.
std::string machine_name() {
  std::string boot;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
  std::array<char, 64> processes{};
  if (::readlink("/proc/self/ns/pid", processes.data(), processes.size() - 1) < 0) return {};
  return boot.empty() ? std::string() : boot + ' ' + processes.data();
}

/// Where an engine runs.
struct Home {
  std::string host;
  std::string machine;
  std::int64_t process = 0;

  static Home of_this_process() { return {host_name(), machine_name(), ::getpid()}; }

  /// Known to be gone; what runs elsewhere is not known.
  bool is_gone() const {
    return process > 0 && !machine.empty() && host == host_name() && machine == machine_name() &&
           ::kill(static_cast<pid_t>(process), 0) != 0 && errno == ESRCH;
  }
};

/// An engine that has not left.
struct Present {
  EngineEntry entry;
  Home home;
  bool is_expired = false;
  bool is_overdue = false; ///< expired, while whoever looks was heard of for as long as a lease lasts
};

constexpr std::string_view present_sql = R"sql(
SELECT id, name, host, machine, process, seen, (expires < ticks())::int,
  (expires < ticks() AND (SELECT steady FROM engine me WHERE me.id = $1 AND me.left_at IS NULL)
    < ticks() - (SELECT lease FROM ledger) * 10000)::int
FROM engine WHERE left_at IS NULL AND id <> $1)sql";

std::vector<Present> present(Connection& connection, std::int64_t seen_by) {
  const auto found = connection.ask(present_sql, Parameters::of(seen_by));
  std::vector<Present> all;
  for (int row = 0; row < found.rows(); ++row) {
    auto& one = all.emplace_back();
    one.entry.id = found.integer(row, 0);
    one.entry.name = found.text(row, 1);
    one.home = {std::string(found.text(row, 2)), std::string(found.text(row, 3)), found.integer(row, 4)};
    one.entry.host = one.home.host;
    one.entry.process = one.home.process;
    one.entry.seen_at = {found.integer(row, 5)};
    one.is_expired = found.integer(row, 6) != 0;
    one.is_overdue = found.integer(row, 7) != 0;
  }
  return all;
}

constexpr std::string_view share_sql = R"sql(
INSERT INTO duty (name, engine, pool)
SELECT name, $1, pool FROM (
  SELECT pool, name, row_number() OVER (PARTITION BY pool ORDER BY name) AS nth, all_of_it
  FROM (SELECT pool, name, count(*) OVER (PARTITION BY pool) AS all_of_it FROM unnest($2, $3) AS w (pool, name)) w
  WHERE NOT EXISTS (SELECT FROM duty d WHERE d.name = w.name)) free
WHERE nth <= fair_share(pool, all_of_it, $1) - (SELECT count(*) FROM duty d WHERE d.engine = $1 AND d.pool = free.pool)
ORDER BY name ON CONFLICT DO NOTHING)sql";

constexpr std::string_view duties_sql = R"sql(
SELECT d.name, (d.pool <> '' AND row_number() OVER (PARTITION BY d.pool ORDER BY d.name) > fair_share(d.pool, w.duties, $1))::int
FROM duty d LEFT JOIN (SELECT pool, count(*) AS duties FROM unnest($2, $3) AS n (pool, name) GROUP BY pool) w USING (pool)
WHERE d.engine = $1 ORDER BY d.name)sql";

bool end(Connection& connection, Present& engine, std::string_view why) {
  end_sessions(connection, engine.entry.id);
  engine.entry.left_why = why;
  return connection.ask("SELECT end_engine($1, $2)::int", Parameters::of(engine.entry.id, why))
             .integer(0, 0) != 0;
}

constexpr std::string_view enter_sql = R"sql(
INSERT INTO engine (name, host, machine, process, version, configuration, started, seen, expires, steady)
SELECT $1, $2, $3, $4, $5, $6, t, t, t + (SELECT lease FROM ledger) * 10000, t FROM ticks() t
ON CONFLICT DO NOTHING RETURNING id)sql";

std::optional<std::int64_t> enter_as(Connection& connection, std::string_view name,
                                     const Introduction& introduction) {
  const auto home = Home::of_this_process();
  const auto made = connection.ask(enter_sql, Parameters::of(name, std::string_view(home.host),
                                                             std::string_view(home.machine), home.process,
                                                             std::string_view(introduction.version),
                                                             std::string_view(introduction.configuration)));
  return made.rows() > 0 ? std::optional(made.integer(0, 0)) : std::nullopt;
}

std::optional<Present> holder_of(Connection& connection, std::string_view name) {
  for (auto& engine : present(connection, 0))
    if (engine.entry.name == name) return std::move(engine);
  return std::nullopt;
}

/// Whoever has the name is gone, lets its lease run out, or lives.
std::int64_t enter_by_name(Connection& connection, const Introduction& introduction) {
  std::optional<EngineEntry> before;
  while (true) {
    if (const auto id = enter_as(connection, introduction.name, introduction)) return *id;
    auto holder = holder_of(connection, introduction.name);
    if (!holder) continue;
    if (holder->home.is_gone()) {
      end(connection, *holder, gone);
    } else if (holder->is_expired) {
      end(connection, *holder, lost);
    } else if (before && before->id == holder->entry.id && before->seen_at != holder->entry.seen_at) {
      throw sql::Refusal{{"engine.name",
                          fmt::format("is the name of another engine, too: {}, process {} on {}",
                                      introduction.name, holder->entry.process, holder->entry.host),
                          "give each engine a name of its own, or none"}};
    } else {
      if (!before || before->id != holder->entry.id) before = holder->entry;
      std::this_thread::sleep_for(look_again);
    }
  }
}

std::int64_t enter_by_number(Connection& connection, const Introduction& introduction) {
  for (int number = 1;; ++number) {
    const auto name = fmt::format("{}-{}", host_name(), number);
    if (const auto id = enter_as(connection, name, introduction)) return *id;
    auto holder = holder_of(connection, name);
    if (!holder || (holder->home.is_gone() && end(connection, *holder, gone))) --number; // once more
  }
}

} // namespace

std::string session_name(std::int64_t engine) {
  return fmt::format("dialogferry engine {}", engine);
}

// -- the door ---------------------------------------------------------------------------

void pass_door(Connection& connection, const Place& place) {
  const auto until = std::chrono::steady_clock::now() + patience_at_the_door;
  while (connection.ask("SELECT pg_try_advisory_lock($1)::int", Parameters::of(door)).integer(0, 0) == 0) {
    if (std::chrono::steady_clock::now() > until)
      throw sql::Refusal{{"ledger " + place.label,
                          "is in use: it is copied, or by an engine of an older version",
                          "wait until that is done, or stop it"}};
    std::this_thread::sleep_for(look_again);
  }
}

void close_door(Connection& connection) {
  connection.ask("SELECT pg_advisory_unlock($1)", Parameters::of(door));
}

void refuse_while_used(Connection& connection, const Place& place, const std::string& what) {
  if (connection.ask("SELECT (to_regclass('engine') IS NOT NULL)::int").integer(0, 0) == 0) return;
  for (const auto& engine : present(connection, 0))
    if (!engine.is_expired && !engine.home.is_gone())
      throw sql::Refusal{{"ledger " + place.label,
                          fmt::format("is in use by another engine, process {} on {}", engine.entry.process,
                                      engine.entry.host),
                          what}};
}

// -- coming and going ---------------------------------------------------------------------

std::int64_t enter(Connection& connection, const Introduction& introduction) {
  connection.ask("DELETE FROM engine WHERE left_at < ticks() - 30 * $1", Parameters::of(Instant::per_day));
  return introduction.name.empty() ? enter_by_number(connection, introduction)
                                   : enter_by_name(connection, introduction);
}

std::vector<EngineEntry> end_the_dead(Connection& connection, std::int64_t of_engine) {
  std::vector<EngineEntry> ended;
  for (auto& engine : present(connection, of_engine)) {
    const bool is_gone = engine.home.is_gone();
    if ((is_gone || engine.is_overdue) && end(connection, engine, is_gone ? gone : lost))
      ended.push_back(std::move(engine.entry));
  }
  return ended;
}

void end_sessions(Connection& connection, std::int64_t of_engine) {
  connection.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND "
                 "usename = current_user AND datname = current_database() AND pid <> pg_backend_pid()",
                 Parameters::of(std::string_view(session_name(of_engine))));
}

// -- what one does for all, and what they share -----------------------------------------------

void share_duties(Connection& connection, std::int64_t engine, const News& news, Heard& heard) {
  auto wanted = texts(), returned = texts(), pools = texts();
  for (const auto& duty : news.duties)
    wanted.add(duty);
  for (const auto& duty : news.returned)
    returned.add(duty);
  Table of_pools("tt");
  for (const auto& pool : news.pools) {
    pools.add(pool.name);
    for (const auto& duty : pool.duties)
      of_pools.add(pool.name, duty);
  }
  connection.send("DELETE FROM duty WHERE engine = $1 AND name = ANY ($2)", Parameters::of(engine, returned));
  connection.send("INSERT INTO duty SELECT unnest($2), $1 ON CONFLICT DO NOTHING",
                  Parameters::of(engine, wanted));
  connection.send("INSERT INTO wish SELECT unnest($2), $1 ON CONFLICT DO NOTHING",
                  Parameters::of(engine, pools));
  auto parameters = Parameters::of(engine);
  of_pools.add_to(parameters);
  connection.send(share_sql, parameters);
  const auto duties = connection.ask(duties_sql, parameters);
  for (int row = 0; row < duties.rows(); ++row) {
    heard.duties.emplace_back(duties.text(row, 0));
    if (!duties.null(row, 1) && duties.integer(row, 1) != 0) heard.too_many.emplace_back(duties.text(row, 0));
  }
}

std::set<std::string> shared_pools(Connection& connection) {
  const auto found = connection.ask("SELECT pool FROM wish GROUP BY pool HAVING count(*) > 1");
  std::set<std::string> pools;
  for (int row = 0; row < found.rows(); ++row)
    pools.emplace(found.text(row, 0));
  return pools;
}

// -- as the page shows them -----------------------------------------------------------------

std::vector<EngineEntry> engines_of(Connection& connection) {
  const auto found = connection.ask(R"sql(
SELECT id, name, host, process, version, configuration, started, seen, left_at, left_why, records, rate,
  (SELECT count(*) FROM shard s WHERE s.engine = e.id)
FROM engine e WHERE left_at IS NULL OR left_at > ticks() - 7 * $1
ORDER BY left_at IS NOT NULL, left_at DESC, name LIMIT 50)sql",
                                    Parameters::of(Instant::per_day));
  const auto duties = connection.ask("SELECT engine, name FROM duty WHERE pool = '' ORDER BY name");
  const auto shares = connection.ask(
      "SELECT engine, pool, count(*) FROM duty WHERE pool <> '' GROUP BY engine, pool ORDER BY pool");
  std::vector<EngineEntry> engines;
  for (int row = 0; row < found.rows(); ++row) {
    auto& one = engines.emplace_back();
    one.id = found.integer(row, 0);
    one.name = found.text(row, 1);
    one.host = found.text(row, 2);
    one.process = found.integer(row, 3);
    one.version = found.text(row, 4);
    one.configuration = found.text(row, 5);
    one.started_at = {found.integer(row, 6)};
    one.seen_at = {found.integer(row, 7)};
    if (!found.null(row, 8)) one.left_at = Instant{found.integer(row, 8)};
    one.left_why = found.text(row, 9);
    one.records = static_cast<std::uint64_t>(found.integer(row, 10));
    one.rate = static_cast<std::uint64_t>(found.integer(row, 11));
    one.shards = static_cast<std::uint64_t>(found.integer(row, 12));
    for (int duty = 0; duty < duties.rows(); ++duty)
      if (duties.integer(duty, 0) == one.id) one.duties.emplace_back(duties.text(duty, 1));
    for (int share = 0; share < shares.rows(); ++share)
      if (shares.integer(share, 0) == one.id)
        one.shares.push_back(
            {std::string(shares.text(share, 1)), static_cast<std::uint64_t>(shares.integer(share, 2))});
  }
  return engines;
}

} // namespace dialogferry::ledger::postgres
