#include "open.hpp"

#include "schema.hpp"
#include "sqlite_ledger.hpp"

#include <sqlite3.h>

#include <filesystem>

namespace dialogferry::ledger::sqlite {

namespace fs = std::filesystem;

namespace {

std::string version_text(std::int64_t version) {
  return "version " + std::to_string(version);
}

} // namespace

std::string canonical(const std::string& path) {
  std::error_code error;
  auto name = fs::weakly_canonical(path, error);
  return error ? path : name.string();
}

std::int64_t version_of(Database& db, const std::string& path) {
  const auto version = db.value("PRAGMA user_version").value_or(0);
  const auto application = db.value("PRAGMA application_id").value_or(0);
  const bool empty = db.value("SELECT count(*) FROM sqlite_master") == 0;
  if (empty && application == 0 && version == 0) return 0;
  if (application != application_id || version < 1) {
    throw sql::Refusal{{"ledger " + path, "is not a ledger: the database belongs to another program",
                        "point ledger.url to another file"}};
  }
  if (version > schema_version()) {
    throw sql::Refusal{{"ledger " + path,
                        "was written by a newer dialogferry (" + version_text(version) + ", this one knows " +
                            version_text(schema_version()) + ")",
                        "use the newer program"}};
  }
  return version;
}

namespace {

std::optional<Problem> check_place(const std::string& path, OpenMode mode) {
  std::error_code error;
  const auto folder = fs::path(path).parent_path();
  if (!folder.empty() && !fs::is_directory(folder, error)) {
    return Problem{"ledger " + path,
                   error && error != std::errc::no_such_file_or_directory
                       ? "cannot be opened: " + error.message()
                       : "cannot be opened: its folder does not exist",
                   "make the folder " + folder.string() + ", or change ledger.url"};
  }
  if (fs::is_directory(path, error)) return Problem{"ledger " + path, "is a folder", "name a file in it"};
  if (mode != OpenMode::engine && !fs::exists(path, error)) {
    if (error)
      return Problem{"ledger " + path, "cannot be opened: " + error.message(), "check its permissions"};
    return Problem{"ledger " + path, "does not exist yet", "start the engine first: dialogferry run"};
  }
  return std::nullopt;
}

int flags_of(OpenMode mode) {
  switch (mode) {
  case OpenMode::engine: return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  case OpenMode::tool: return SQLITE_OPEN_READWRITE;
  case OpenMode::read_only: return SQLITE_OPEN_READONLY;
  }
  return SQLITE_OPEN_READONLY;
}

void prepare_schema(Database& db, const std::string& path, OpenMode mode) {
  const auto version = version_of(db, path);
  if (version == schema_version()) return;
  if (mode != OpenMode::engine) {
    throw sql::Refusal{{"ledger " + path,
                        version == 0 ? "holds nothing yet" : "is of an older " + version_text(version),
                        "start the engine once: dialogferry run"}};
  }
  migrate(db, version);
}

void check_environment(Database& db, const std::string& path, std::string_view environment, OpenMode mode,
                       Instant now) {
  if (mode == OpenMode::engine) {
    db.change("INSERT OR IGNORE INTO ledger (only_one, environment, created_at) VALUES (1, ?, ?)",
              environment, now);
  }
  auto row = db.query("SELECT environment FROM ledger");
  if (!row.step() || row.text(0) == environment) return;
  throw sql::Refusal{
      {"ledger " + path,
       "belongs to the environment " + row.string(0) + ", the configuration says " + std::string(environment),
       "give each environment a ledger of its own"}};
}

} // namespace

Result<std::unique_ptr<Ledger>> open(const SqlitePlace& place, std::string_view environment, OpenMode mode,
                                     Instant now) {
  const auto path = canonical(place.path);
  if (auto problem = check_place(path, mode)) return tl::unexpected<Problem>(std::move(*problem));
  WriterLock lock;
  if (mode == OpenMode::engine) {
    auto taken = WriterLock::take(path);
    if (!taken) return tl::unexpected<Problem>(taken.error());
    lock = std::move(*taken);
  }
  try {
    auto db = std::make_unique<Database>(path, flags_of(mode));
    static_cast<void>(version_of(*db, path)); // before anything is written to a file that may not be ours
    if (mode == OpenMode::engine) db->value("PRAGMA journal_mode = WAL");
    db->run(place.write_through ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    db->run("PRAGMA cache_size = -16384");
    prepare_schema(*db, path, mode);
    check_environment(*db, path, environment, mode, now);
    if (mode == OpenMode::engine) db->change("UPDATE shard SET engine = NULL WHERE engine IS NOT NULL");
    // Only an engine keeps its file: others may see it go and come between two engines.
    if (mode == OpenMode::engine) db->watch(FileWatch(path));
    return std::make_unique<SqliteLedger>(path, std::move(db), std::move(lock), place.write_through);
  } catch (const Error& error) {
    return tl::unexpected<Problem>(problem_of(error, path));
  } catch (const sql::Refusal& refusal) {
    return tl::unexpected<Problem>(refusal.problem);
  }
}

} // namespace dialogferry::ledger::sqlite
